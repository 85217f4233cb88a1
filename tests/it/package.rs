//! Packages that others made: they come in as a ZIP, play on a host name of their own, and what they report is one person's.

use std::path::Path;

use app::online::Online;
use axum::http::{Method, StatusCode};
use domain::{
    id::LessonId,
    learning::{Course, Progress},
    time::{HOUR, MINUTE},
};
use serde_json::{Value, json};
use server::{command::run_words, services::Clock};
use tests::{Browser, Device, Reply, Town, both_engines, folder};

use crate::course::{courses, only, zip_of};

/// Where packages play in a town.
const PLAY: &str = "http://play.localhost:3000";

/// A sample as a ZIP; what both samples of SCORM share stands in `sco`.
fn sample(name: &str) -> Vec<u8> {
    let root = folder::root().join("tests/packages");
    let mut files = Vec::new();
    gather(&root.join(name), "", &mut files);
    if name.starts_with("scorm") {
        gather(&root.join("sco"), "", &mut files);
    }
    zip_of(&files)
}

fn gather(folder: &Path, inside: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = format!("{inside}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            gather(&entry.path(), &format!("{path}/"), files);
        } else {
            files.push((path, std::fs::read(entry.path()).unwrap()));
        }
    }
}

/// HR imports a package; everybody who may sees its course.
async fn import(town: &Town, zip: &[u8]) -> Course {
    let sato = town.browser_of("sato");
    let reply = sato.upload("/staff/courses/import", zip, &[]).await;
    let page = courses(&reply);
    assert_eq!(reply.status, StatusCode::OK, "{:?}", page.problems);
    assert!(page.courses[0].is_package);
    let course = only(&town.loaded_phone_of("aoi").await);
    // Nothing says that it could be kept: what plays needs a connection.
    assert!(course.modules.iter().all(|it| !it.is_whole_offline()));
    course
}

fn first(course: &Course) -> LessonId {
    course.lessons().next().expect("a lesson").id
}

fn page_of(course: &Course) -> String {
    format!("/learn/{}/{}/play", course.id, first(course))
}

/// Opens a lesson; gives where it plays.
async fn open(browser: &Browser, course: &Course) -> String {
    let reply = browser.get(&page_of(course)).await;
    match crate::start_of(&reply).online {
        Some(Online::Play(it)) => it.address,
        other => panic!("not the page of a play: {other:?}"),
    }
}

/// What the page around a lesson begins with.
async fn begin(town: &Town, place: &str) -> Value {
    let text = town.visitor().get(place).await.text();
    let json = text
        .split("id=\"begin\">")
        .nth(1)
        .and_then(|it| it.split("</script>").next());
    serde_json::from_str(json.expect("a page with a beginning")).unwrap()
}

async fn commit(town: &Town, place: &str, body: &Value) -> Reply {
    send(town, Method::POST, &format!("{place}commit"), body, "").await
}

/// A request of a page that plays: without cookies, from its own host.
async fn send(town: &Town, method: Method, path: &str, body: &Value, word: &str) -> Reply {
    let word = format!("Basic {word}");
    let headers = [
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
        ("x-experience-api-version", "1.0.3"),
        ("authorization", &*word),
    ];
    let body = body.to_string().into_bytes();
    town.visitor()
        .send(method, path, Some(body), &headers)
        .await
}

fn half() -> Value {
    json!({ "core": { "lesson_status": "incomplete", "lesson_location": "page-2", "score": { "raw": "20" } }, "suspend_data": "half" })
}

fn whole() -> Value {
    json!({ "core": { "lesson_status": "completed", "score": { "raw": "80" } } })
}

async fn known(phone: &Device, lesson: LessonId) -> Option<Progress> {
    phone.sync().await;
    phone.seen().view.progress.get(&lesson).cloned()
}

both_engines! {
    /// A lesson of a package is a page with a button; what it opens stands on another host, and that alone in a frame.
    async fn a_package_plays_on_a_host_of_its_own(town) {
        let course = import(&town, &sample("scorm12")).await;
        assert_eq!(&*course.title.ja, "電話の受け方");
        town.assert_projection_is_rebuild().await;
        let aoi = town.browser_of("aoi");
        let page = aoi.get(&page_of(&course)).await;
        let policy = page.header("content-security-policy").to_owned();
        assert!(policy.contains(&format!("frame-src {PLAY};")) || policy.ends_with(&format!("frame-src {PLAY}")), "{policy}");
        assert!(page.page().contains("sandbox=\"allow-scripts allow-same-origin allow-forms\""));
        let other = aoi.get("/learn").await;
        assert!(!other.header("content-security-policy").contains("frame-src"));
        let place = open(&aoi, &course).await;
        assert!(place.starts_with(&format!("{PLAY}/play/")), "{place}");
        let around = town.visitor().get(&place).await;
        assert_eq!(around.status, StatusCode::OK);
        let policy = around.header("content-security-policy");
        for part in ["connect-src 'self';", "frame-ancestors 'self' http://localhost:3000", "object-src 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{part}: {policy}");
        }
        assert_eq!(around.header("x-frame-options"), "");
        assert_eq!(around.header("referrer-policy"), "no-referrer");
        assert!(around.header("permissions-policy").contains("camera=()"));
        let begin = begin(&town, &place).await;
        assert_eq!((&begin["opens"], &begin["cmi"]), (&json!("files/index.html"), &Value::Null));
        for (path, kind) in [("files/index.html", "text/html"), ("files/shared/probe.js", "text/javascript")] {
            let reply = town.visitor().get(&format!("{place}{path}")).await;
            assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, kind), "{path}");
            assert_eq!(reply.header("x-content-type-options"), "nosniff");
        }
        let kit = format!("{PLAY}/play/kit/{}", begin["kit"].as_str().unwrap());
        assert_eq!(town.visitor().get(&kit).await.status, StatusCode::OK);
        for nothing in ["files/none.html", "files/..%2f..%2fmanifest.json", "files/", "commit", "xapi/about"] {
            let reply = town.visitor().get(&format!("{place}{nothing}")).await;
            assert!(reply.status.is_client_error(), "{nothing}: {}", reply.status);
        }
    }

    /// The host of packages knows nothing but packages, and no other host knows them.
    async fn hosts_do_not_meet(town) {
        let course = import(&town, &sample("scorm12")).await;
        let aoi = town.browser_of("aoi");
        let place = open(&aoi, &course).await;
        let path = place.strip_prefix(PLAY).unwrap();
        for path in [path.to_owned(), format!("{path}files/index.html"), "/play/kit/scorm12.1.js".into()] {
            assert_eq!(aoi.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let file = course.lessons().next().unwrap().page.path();
        for path in ["/", "/learn", "/sign-in", "/healthz", "/version", "/sw.js", "/assets/portal.1.js", "/dev/mail", &file] {
            let reply = aoi.get(&format!("{PLAY}{path}")).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(reply.headers.get("set-cookie"), None, "{path}");
        }
        let sync = send(&town, Method::POST, &format!("{PLAY}/api/v1/sync"), &json!({}), "").await;
        assert_eq!(sync.status, StatusCode::NOT_FOUND);
        // A file of a package is no file of a lesson.
        let pool = town.look().await;
        let name: (String,) = sqlx::query_as("select name from package_files limit 1").fetch_one(&pool).await.unwrap();
        assert_eq!(aoi.get(&format!("/media/{}", name.0)).await.status, StatusCode::NOT_FOUND);
    }

    /// The address of a play ends with the half day, the session, the version and the course; nobody else's begins.
    async fn a_play_ends(town) {
        let course = import(&town, &sample("scorm12")).await;
        let aoi = town.browser_of("aoi");
        for who in ["sato", "mio", "doi"] {
            assert_eq!(town.browser_of(who).get(&page_of(&course)).await.status, StatusCode::NOT_FOUND, "{who}");
        }
        let guessed = format!("{PLAY}/play/{}/", "0".repeat(64));
        assert_eq!(town.visitor().get(&guessed).await.status, StatusCode::NOT_FOUND);
        let place = open(&aoi, &course).await;
        // Kept as a hash: who reads the table cannot play.
        let token = place.trim_end_matches('/').rsplit('/').next().unwrap().to_owned();
        let pool = town.look().await;
        let kept: (i64,) = sqlx::query_as("select count(*) from plays where token_hash = $1 or body like $2")
            .bind(&token).bind(format!("%{token}%")).fetch_one(&pool).await.unwrap();
        assert_eq!(kept.0, 0);
        town.pass(11 * HOUR);
        assert_eq!(town.visitor().get(&place).await.status, StatusCode::OK);
        town.pass(HOUR);
        assert_eq!(town.visitor().get(&place).await.status, StatusCode::NOT_FOUND);
        // With the session.
        let session = town.sign_in_directly(tests::village::cast("aoi").id()).await;
        let other = Browser::signed_in(&town, &session);
        let place = open(&other, &course).await;
        assert_eq!(town.visitor().get(&place).await.status, StatusCode::OK);
        other.post("/sign-out", &[]).await;
        assert_eq!(town.visitor().get(&place).await.status, StatusCode::NOT_FOUND);
        // With the version.
        let place = open(&aoi, &course).await;
        import(&town, &sample("scorm12")).await;
        assert_eq!(town.visitor().get(&place).await.status, StatusCode::OK, "nothing has changed");
        import(&town, &sample("scorm2004")).await;
        assert_eq!(town.visitor().get(&place).await.status, StatusCode::NOT_FOUND);
        // With the course.
        let place = open(&aoi, &course).await;
        let id = course.id.to_string();
        town.browser_of("sato").post("/staff/courses/show", &[("course", &id), ("shown", "0")]).await;
        assert_eq!(town.visitor().get(&place).await.status, StatusCode::NOT_FOUND);
        assert_eq!(commit(&town, &place, &json!({ "cmi": whole() })).await.status, StatusCode::NOT_FOUND);
    }

    /// Who leaves plays no more, and what lessons kept for them goes with them.
    async fn nothing_stays_of_who_is_gone(town) {
        let course = import(&town, &sample("scorm12")).await;
        town.import("氏名,メール\n旅立 太郎,gone@example.jp\n").await;
        let pool = town.look().await;
        let gone: (String,) = sqlx::query_as("select id from members where email = 'gone@example.jp'").fetch_one(&pool).await.unwrap();
        let session = town.sign_in_directly(gone.0.parse().unwrap()).await;
        let place = open(&Browser::signed_in(&town, &session), &course).await;
        assert_eq!(commit(&town, &place, &json!({ "cmi": half() })).await.status, StatusCode::OK);
        assert_eq!(town.count("select count(*) from play_states").await, 1);
        let carry_out = async |sql: &'static str| sqlx::query(sql).bind(&gone.0).execute(&pool).await.unwrap();
        carry_out("update members set left_at = 1 where id = $1").await;
        assert_eq!(town.visitor().get(&place).await.status, StatusCode::NOT_FOUND);
        for sql in ["delete from import_rows where member_id = $1", "delete from sessions where member_id = $1", "delete from members where id = $1"] {
            carry_out(sql).await;
        }
        assert_eq!(town.count("select count(*) from play_states").await, 0);
        assert_eq!(town.count("select count(*) from plays").await, 0);
    }

    /// What a lesson reports is on all the person's devices, never goes back, and is nobody else's.
    async fn the_end_and_the_score_become_progress(town) {
        let course = import(&town, &sample("scorm12")).await;
        let lesson = first(&course);
        let (one, two) = (town.loaded_phone_of("aoi").await, town.phone_of("aoi"));
        let place = open(&town.browser_of("aoi"), &course).await;
        let reply = commit(&town, &place, &json!({ "cmi": half() })).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        assert_eq!(known(&one, lesson).await, None, "on the way");
        let now = town.now();
        commit(&town, &place, &json!({ "cmi": whole() })).await;
        commit(&town, &place, &json!({ "cmi": whole(), "over": true })).await;
        for phone in [&one, &two] {
            let it = known(phone, lesson).await.expect("progress");
            assert_eq!(it.completed, Some(now));
            let scores: Vec<_> = it.attempts.iter().map(|it| (&*it.quiz, &*it.given, it.right)).collect();
            assert_eq!(scores, [("score", "80", true)], "said once");
        }
        // Begun anew and left: what was reached stays.
        town.pass(MINUTE);
        let place = open(&town.browser_of("aoi"), &course).await;
        commit(&town, &place, &json!({ "cmi": half(), "over": true })).await;
        let it = known(&two, lesson).await.expect("progress");
        assert_eq!((it.completed, it.attempts.len()), (Some(now), 2));
        let ren = town.loaded_phone_of("ren").await;
        assert!(ren.seen().view.progress.is_empty());
        assert!(!town.browser_of("sato").get("/staff/courses").await.text().contains("\"80\""));
        town.assert_projection_is_rebuild().await;
        // The same in another version: it stays with the lesson's name.
        import(&town, &sample("scorm2004")).await;
        assert!(known(&one, lesson).await.is_some_and(|it| it.completed.is_some()));
    }

    /// What a lesson keeps for itself is there on the next phone; what lay on a phone is not put over it.
    async fn the_next_phone_goes_on(town) {
        let course = import(&town, &sample("scorm12")).await;
        let place = open(&town.browser_of("aoi"), &course).await;
        commit(&town, &place, &json!({ "cmi": half() })).await;
        let other = open(&town.browser_of("aoi"), &course).await;
        let there = begin(&town, &other).await;
        assert_eq!(there["cmi"]["suspend_data"], "half");
        assert_eq!(there["since"], town.now().millis());
        town.pass(MINUTE);
        let late = json!({ "cmi": { "suspend_data": "older", "core": { "lesson_status": "passed" } }, "late": true });
        commit(&town, &other, &late).await;
        let again = begin(&town, &other).await;
        assert_eq!(again["cmi"]["suspend_data"], "half", "another phone has been there since");
        // Its end is an end all the same.
        let aoi = town.loaded_phone_of("aoi").await;
        assert!(known(&aoi, first(&course)).await.is_some_and(|it| it.completed.is_some()));
        let since = again["since"].clone();
        commit(&town, &other, &json!({ "cmi": { "suspend_data": "newer" }, "late": true, "since": since })).await;
        assert_eq!(begin(&town, &other).await["cmi"]["suspend_data"], "newer");
        // Ren begins at the beginning.
        let ren = open(&town.browser_of("ren"), &course).await;
        assert_eq!(begin(&town, &ren).await["cmi"], Value::Null);
        let large = json!({ "cmi": { "suspend_data": "x".repeat(130 << 10) } });
        assert_eq!(commit(&town, &ren, &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        let strange = json!({ "what": 1 });
        assert_eq!(commit(&town, &ren, &strange).await.status, StatusCode::BAD_REQUEST);
    }

    /// A lesson of cmi5 is told what the specification wants, proves itself once, and its statements become progress.
    async fn a_unit_of_cmi5_speaks(town) {
        let course = import(&town, &sample("cmi5")).await;
        let lesson = first(&course);
        let place = open(&town.browser_of("aoi"), &course).await;
        let sent = town.visitor().get(&place).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        let address = sent.header("location").to_owned();
        assert!(address.starts_with("files/unit/index.html?theme=plain&endpoint="), "{address}");
        let fields: std::collections::BTreeMap<String, String> = address.split_once('?').unwrap().1.split('&')
            .filter_map(|it| it.split_once('=')).map(|(name, value)| (name.to_owned(), decoded(value))).collect();
        assert_eq!(fields["endpoint"], format!("{place}xapi/"));
        assert!(!address.contains("aoi") && !address.contains("example.jp"), "{address}");
        let actor: Value = serde_json::from_str(&fields["actor"]).unwrap();
        assert_eq!(actor["account"]["homePage"], "http://localhost:3000");
        let (activity, registration) = (&fields["activityId"], &fields["registration"]);
        let statements = format!("{place}xapi/statements");
        let none = send(&town, Method::POST, &statements, &json!([]), "guess").await;
        assert_eq!(none.status, StatusCode::UNAUTHORIZED);
        let fetched = send(&town, Method::POST, &fields["fetch"], &json!({}), "").await;
        let word = serde_json::from_slice::<Value>(&fetched.body).unwrap()["auth-token"].as_str().unwrap().to_owned();
        let again = send(&town, Method::POST, &fields["fetch"], &json!({}), "").await.text();
        assert!(again.contains("error-code") && !again.contains("auth-token"), "given once");
        let state = |name: &str| format!("{place}xapi/activities/state?activityId={activity}&agent=%7B%7D&registration={registration}&stateId={name}");
        let told = send(&town, Method::GET, &state("LMS.LaunchData"), &Value::Null, &word).await;
        assert_eq!(told.header("x-experience-api-version"), "1.0.3");
        let told: Value = serde_json::from_slice(&told.body).unwrap();
        assert_eq!((&told["launchMode"], &told["moveOn"], &told["masteryScore"]), (&json!("Normal"), &json!("CompletedAndPassed"), &json!(0.7)));
        assert_eq!(told["returnURL"], format!("{place}done"));
        let about = format!("{place}xapi/agents/profile?agent=%7B%7D&profileId=cmi5LearnerPreferences");
        assert!(send(&town, Method::GET, &about, &Value::Null, &word).await.text().contains("ja-JP"));
        let say = |verb: &str, result: Value| {
            let mut it = json!({ "actor": actor, "verb": { "id": format!("http://adlnet.gov/expapi/verbs/{verb}") }, "object": { "id": activity }, "context": told["contextTemplate"] });
            let categories: &[&str] = if result.is_null() { &["cmi5"] } else { &["cmi5", "moveon"] };
            it["context"]["contextActivities"]["category"] = categories.iter().map(|it| json!({ "id": format!("https://w3id.org/xapi/cmi5/context/categories/{it}") })).collect();
            it["result"] = result;
            it
        };
        let phone = town.loaded_phone_of("aoi").await;
        let early = send(&town, Method::POST, &statements, &say("completed", json!({ "completion": true })), &word).await;
        assert_eq!(early.status, StatusCode::FORBIDDEN);
        for it in [say("initialized", Value::Null), say("completed", json!({ "completion": true, "duration": "PT5M" }))] {
            let reply = send(&town, Method::POST, &statements, &it, &word).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        }
        assert_eq!(known(&phone, lesson).await, None, "completed and passed is asked for");
        let kept = json!({ "page": 2 });
        assert_eq!(send(&town, Method::PUT, &state("bookmark"), &kept, &word).await.status, StatusCode::NO_CONTENT);
        assert_eq!(send(&town, Method::PUT, &state("LMS.LaunchData"), &kept, &word).await.status, StatusCode::FORBIDDEN);
        let last = [say("passed", json!({ "success": true, "score": { "scaled": 0.9 } })), say("terminated", Value::Null)];
        let reply = send(&town, Method::POST, &statements, &json!(last), &word).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        let it = known(&phone, lesson).await.expect("progress");
        assert!(it.completed.is_some());
        assert_eq!(it.latest("score").map(|it| (&*it.given, it.right)), Some(("90", true)));
        // The next play is another session of the same registration: what was kept is there.
        let place = open(&town.browser_of("aoi"), &course).await;
        let address = town.visitor().get(&place).await.header("location").to_owned();
        assert!(address.contains(registration.as_str()) && !address.contains(actor["account"]["name"].as_str().unwrap()));
        let fetched = send(&town, Method::POST, &format!("{place}fetch"), &json!({}), "").await;
        let word = serde_json::from_slice::<Value>(&fetched.body).unwrap()["auth-token"].as_str().unwrap().to_owned();
        let path = format!("{place}xapi/activities/state?activityId={activity}&agent=%7B%7D&registration={registration}&stateId=bookmark");
        let there = send(&town, Method::GET, &path, &Value::Null, &word).await;
        assert_eq!(serde_json::from_slice::<Value>(&there.body).unwrap(), kept);
    }

    /// A package without a script, as another program's tests have it, comes in and is read.
    async fn a_package_of_others_comes_in(town) {
        let course = import(&town, &sample("minimal")).await;
        assert_eq!(&*course.title.ja, "Minimal Demo");
        let place = open(&town.browser_of("aoi"), &course).await;
        let page = town.visitor().get(&format!("{place}files/index.html")).await;
        assert!(page.text().contains("Minimal SCORM 1.2 fixture"));
        // It has no texts to write on, and what comes with the program can take its place.
        let page = town.browser_of("sato").get(&format!("/staff/courses/{}", course.id)).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }

    /// What is wrong with a package changes nothing; without a place to play, none is taken.
    async fn a_package_that_is_wrong_changes_nothing(town) {
        let manifest = sample_manifest().replace("href=\"index.html\" adlcp", "href=\"https://elsewhere.example\" adlcp");
        let zip = zip_of(&[("imsmanifest.xml".into(), manifest.into_bytes()), ("index.html".into(), b"x".to_vec()), ("shared/probe.js".into(), b"x".to_vec())]);
        let reply = town.browser_of("sato").upload("/staff/courses/import", &zip, &[]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        let problems = courses(&reply).problems;
        assert_eq!(problems, ["imsmanifest.xml: 「https://elsewhere.example」はパッケージの外です。使えるのは中のファイルだけです。"]);
        let file = town.folder().join("phone.zip");
        std::fs::write(&file, sample("scorm12")).unwrap();
        let (database, path) = (town.database(), file.to_str().unwrap().to_owned());
        let words = ["kakehashi", "import", "course", &path, "--database", &database];
        let clock = || Clock::set_to(town.now());
        let told = run_words(words, clock()).await.unwrap_err().to_string();
        assert!(told.contains("1 problems"), "{told}");
        for table in ["select count(*) from courses", "select count(*) from files", "select count(*) from package_files"] {
            assert_eq!(town.count(table).await, 0, "{table}");
        }
        let words = words.into_iter().chain(["--play-address", "https://play.bridge.example.jp"]);
        run_words(words, clock()).await.unwrap();
        assert_eq!(town.count("select count(*) from packages").await, 1);
    }
}

fn sample_manifest() -> String {
    std::fs::read_to_string(folder::root().join("tests/packages/scorm12/imsmanifest.xml")).unwrap()
}

/// What stood before it was encoded.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(it) = rest.next() {
        if it == b'%' {
            let hex: Vec<u8> = rest.by_ref().take(2).collect();
            let hex = String::from_utf8(hex).unwrap();
            bytes.push(u8::from_str_radix(&hex, 16).unwrap());
        } else {
            bytes.push(it);
        }
    }
    String::from_utf8(bytes).unwrap()
}
