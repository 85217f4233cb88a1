//! Signing in and out, devices, and who may open what.

use std::{collections::BTreeSet, fmt::Write as _};

use app::{online::Online, page::Page};
use axum::http::{Method, StatusCode};
use domain::{
    id::{BookingId, CourseId, EventId, LessonId, MemberId},
    sync::wire::Answer,
    time::{DAY, MINUTE},
};
use expect_test::expect_file;
use futures::future::join_all;
use tests::{Browser, Reply, Town, both_engines, device::understood, village::cast};

use crate::{mail, routes};

/// Asks for a way in and returns the mail that came.
async fn ask(town: &Town, browser: &Browser, address: &str) -> String {
    let reply = browser.post("/sign-in", &[("email", address)]).await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("location")),
        (303, "/sign-in/code"),
        "{}",
        reply.page()
    );
    town.run_jobs().await;
    mail::newest(town).text
}

fn is_signed_in(browser: &Browser) -> bool {
    browser.cookie("__Host-session").is_some()
}

both_engines! {
    /// The code of the mail, typed as a hurried thumb does, lets in, with a cookie that nothing else can read.
    async fn a_code_lets_in(town) {
        let browser = town.visitor();
        assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK);
        let text = ask(&town, &browser, "　ＡＯＩ@Example.JP ").await;
        let code = mail::code_in(&text);
        let wide: String = code.chars().map(|it| char::from_u32(it as u32 + 0xFEE0).unwrap()).collect();
        let reply = browser.post("/sign-in/code", &[("code", &format!(" {wide} "))]).await;
        assert_eq!((reply.status.as_u16(), reply.header("location")), (303, "/"), "{}", reply.page());
        let cookie = reply.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).find(|it| it.starts_with("__Host-session=")).unwrap();
        for attribute in ["; Path=/", "; Max-Age=15552000", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(attribute), "{attribute} is missing in {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert_eq!(browser.get("/me").await.status, StatusCode::OK);
        assert_eq!(town.count("select count(*) from sessions where token_hash like '%-%'").await, 0, "only hashes are stored");
        // The code is used up.
        let other = town.visitor();
        other.set_cookie("__Host-pending", "nonsense");
        assert!(other.post("/sign-in/code", &[("code", &code)]).await.status.is_client_error());
    }

    /// Five wrong codes, and the right one comes too late.
    async fn five_tries_and_no_more(town) {
        let browser = town.visitor();
        let code = mail::code_in(&ask(&town, &browser, "aoi@example.jp").await);
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            assert_eq!(browser.post("/sign-in/code", &[("code", wrong)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!is_signed_in(&browser));
    }

    /// A code works ten minutes, in the browser that asked, once.
    async fn a_code_is_for_one_browser_and_ten_minutes(town) {
        let (browser, thief) = (town.visitor(), town.visitor());
        let code = mail::code_in(&ask(&town, &browser, "aoi@example.jp").await);
        assert!(thief.post("/sign-in/code", &[("code", &code)]).await.status.is_client_error());
        town.pass(10 * MINUTE);
        assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let code = mail::code_in(&ask(&town, &browser, "aoi@example.jp").await);
        assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.status, StatusCode::SEE_OTHER);
    }

    /// Nobody learns whether an address is known.
    async fn an_unknown_address_gets_the_same_answer(town) {
        let mut seen = Vec::new();
        for address in ["aoi@example.jp", "who@example.jp"] {
            let browser = town.visitor();
            let first = browser.post("/sign-in", &[("email", address)]).await;
            let page = browser.get("/sign-in/code").await;
            let wrong = browser.post("/sign-in/code", &[("code", "123456")]).await;
            let shape = |it: &Reply| {
                let names: BTreeSet<_> = it.headers.keys().map(ToString::to_string).collect();
                let cookies = it.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap().split('=').next().unwrap().to_owned());
                let page = it.page().replace(address, "ADDRESS");
                // The nonce differs from page to page.
                let page: String = page.split("nonce=\"").map(|it| it.split_once('"').map_or(it, |it| it.1)).collect();
                (it.status, names, cookies.collect::<Vec<_>>(), page)
            };
            seen.push([shape(&first), shape(&page), shape(&wrong)]);
        }
        assert_eq!(seen[0], seen[1]);
        town.run_jobs().await;
        assert_eq!(town.mail().mails().len(), 1, "only the known one gets a mail");
    }

    /// Programs that look into mails open links; only a person presses the button.
    async fn opening_a_link_consumes_nothing(town) {
        let browser = town.visitor();
        let text = ask(&town, &browser, "aoi@example.jp").await;
        let link = mail::path_in(&text, "/sign-in/link/");
        for _ in 0..3 {
            let scanner = town.visitor();
            assert_eq!(scanner.get(&link).await.status, StatusCode::OK);
            assert!(!is_signed_in(&scanner));
        }
        let token = link.rsplit('/').next().unwrap();
        let phone = town.visitor();
        assert_eq!(phone.post("/sign-in/link", &[("token", token)]).await.status, StatusCode::SEE_OTHER);
        assert!(is_signed_in(&phone));
        // Used: neither link nor code lets in again.
        assert_eq!(town.visitor().post("/sign-in/link", &[("token", token)]).await.status, StatusCode::GONE);
        assert!(browser.post("/sign-in/code", &[("code", &mail::code_in(&text))]).await.status.is_client_error());
        assert_eq!(town.visitor().get("/sign-in/link/0000").await.status, StatusCode::GONE);
    }

    /// An invitation lives fourteen days on every device, then sends for a new one.
    async fn an_invitation_lives_fourteen_days(town) {
        let csv = "氏名,メール\n新井 新,arai@example.jp\n";
        let sato = town.browser_of("sato");
        assert_eq!(sato.upload("/staff/people/import", csv.as_bytes(), &[("do", "carry-out")]).await.status, StatusCode::OK);
        assert_eq!(sato.post("/staff/people/invite", &[]).await.status, StatusCode::OK);
        town.run_jobs().await;
        let mails = town.mail().mails();
        assert_eq!(mails.iter().map(|it| it.to.as_str()).collect::<Vec<_>>(), ["arai@example.jp"], "who was here before is not invited");
        let link = mail::path_in(&mails[0].text, "/invitation/");
        let token = link.rsplit('/').next().unwrap().to_owned();
        assert_eq!(town.visitor().get(&link).await.status, StatusCode::OK);
        for _ in 0..2 {
            let device = town.visitor();
            assert_eq!(device.post("/invitation", &[("token", &token)]).await.status, StatusCode::SEE_OTHER);
            assert!(is_signed_in(&device));
        }
        town.pass(14 * DAY);
        assert_eq!(town.visitor().get(&link).await.status, StatusCode::GONE);
        assert_eq!(town.visitor().post("/invitation", &[("token", &token)]).await.status, StatusCode::GONE);
        for old in [token.as_str(), "nobody's"] {
            let reply = town.visitor().post("/invitation/again", &[("token", old)]).await;
            assert_eq!((reply.status.as_u16(), reply.header("location")), (303, "/invitation/sent"), "the same answer for all");
        }
        town.run_jobs().await;
        let fresh = mail::path_in(&mail::newest(&town).text, "/invitation/");
        assert_ne!(fresh, link);
        assert_eq!(town.visitor().get(&fresh).await.status, StatusCode::OK);
    }

    /// Five mails for one address in a quarter of an hour, four hundred for one network: a lecture hall full of phones.
    async fn mails_have_limits(town) {
        for _ in 0..5 {
            assert_eq!(town.visitor().post("/sign-in", &[("email", "aoi@example.jp")]).await.status, StatusCode::SEE_OTHER);
        }
        let reply = town.visitor().post("/sign-in", &[("email", "AOI@example.jp")]).await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(reply.header("retry-after").parse::<u64>().is_ok_and(|it| it <= 15 * 60));
        let replies = join_all((0..400).map(|at| {
            let browser = town.visitor();
            async move { browser.post("/sign-in", &[("email", &format!("nobody-{at}@example.jp"))]).await.status.as_u16() }
        }))
        .await;
        assert_eq!(replies.iter().filter(|it| **it == 303).count(), 395, "{replies:?}");
        assert_eq!(replies.iter().filter(|it| **it == 429).count(), 5, "{replies:?}");
        town.pass(16 * MINUTE);
        assert_eq!(town.visitor().post("/sign-in", &[("email", "aoi@example.jp")]).await.status, StatusCode::SEE_OTHER);
        let plain = "select count(*) from attempts where key like '%@%' or key like '203.%'";
        assert_eq!(town.count(plain).await, 0, "no address and no network is written down");
    }

    /// A person sees their devices and ends any of them at once; nobody ends another's.
    async fn devices_are_their_owners_to_end(town) {
        let phone = town.loaded_phone_of("aoi").await;
        let tablet = town.second_phone_of("aoi").await;
        tablet.sync().await;
        let browser = town.browser_of("aoi");
        let Some(Online::Devices(lines)) = crate::start_of(&browser.get("/me/devices").await).online else { panic!("no list") };
        assert_eq!(lines.iter().map(|it| it.is_this).filter(|it| *it).count(), 1);
        let other = lines.iter().find(|it| !it.is_this).unwrap();
        assert_eq!(other.label, "Safari · iPhone");
        let path = format!("/me/devices/{}/sign-out", other.id);
        assert_eq!(town.browser_of("ren").post(&path, &[]).await.status, StatusCode::NOT_FOUND);
        tablet.sync().await;
        assert_eq!(tablet.machine().hold(), None);
        assert_eq!(browser.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(understood(&tablet.post(&tablet.pull_request()).await), Answer::SignedOut);
        assert_eq!(browser.post(&path, &[]).await.status, StatusCode::NOT_FOUND, "it is ended");
        phone.sync().await;
        assert_eq!(phone.machine().hold(), None, "this one lives on");
    }

    /// Signing out ends the session for whoever may have copied its cookie.
    async fn signing_out_ends_the_session(town) {
        let browser = town.browser_of("aoi");
        let copied = town.browser_of("aoi");
        assert_eq!(copied.get("/me").await.status, StatusCode::OK);
        let reply = browser.post("/sign-out", &[]).await;
        assert_eq!((reply.status.as_u16(), reply.header("location"), reply.header("clear-site-data")), (303, "/sign-in", "\"cache\""));
        assert!(!is_signed_in(&browser));
        assert_eq!(copied.get("/me").await.status, StatusCode::SEE_OTHER);
        assert_eq!(town.visitor().post("/sign-out", &[]).await.status, StatusCode::SEE_OTHER);
    }

    /// A hundred and eighty days from the last use, not from the first.
    async fn a_session_slides(town) {
        let browser = town.browser_of("aoi");
        for _ in 0..3 {
            town.pass(100 * DAY);
            let reply = browser.get("/me").await;
            assert_eq!(reply.status, StatusCode::OK);
            assert!(reply.headers.contains_key("set-cookie"), "the cookie is given anew");
            // The use is noted by a task of its own.
            while town.count("select count(*) from sessions where ended_at is null and last_seen_at > created_at and last_seen_at > 0").await == 0 {
                tokio::task::yield_now().await;
            }
            let noted = format!("{}", town.now().millis());
            while sqlx::query_scalar::<_, i64>("select count(*) from sessions where last_seen_at = $1")
                .bind(noted.parse::<i64>().unwrap())
                .fetch_one(&mut *town.services().db.read().await.unwrap())
                .await
                .unwrap()
                == 0
            {
                tokio::task::yield_now().await;
            }
        }
        town.pass(181 * DAY);
        assert_eq!(browser.get("/me").await.status, StatusCode::SEE_OTHER);
    }

    /// Where somebody came from is kept, and never leads elsewhere.
    async fn the_way_back_stays_in_the_house(town) {
        let visitor = town.visitor();
        let reply = visitor.get("/booking").await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
        assert!(reply.header("location").starts_with("/sign-in"), "{}", reply.header("location"));
        for (back, leads) in [("/booking", "/booking"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("/staff", "/")] {
            let browser = town.visitor();
            town.pass(4 * MINUTE);
            browser.post("/sign-in", &[("email", "aoi@example.jp"), ("back", back)]).await;
            town.run_jobs().await;
            let code = mail::code_in(&mail::newest(&town).text);
            assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.header("location"), leads, "{back}");
        }
        for back in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
            let reply = visitor.post("/language", &[("language", "en"), ("back", back)]).await;
            assert_eq!(reply.header("location"), "/", "{back}");
        }
    }

    /// The language of the browser at first, then the chosen one.
    async fn the_language_is_the_browsers_until_it_is_chosen(town) {
        let mut browser = town.visitor();
        assert!(browser.get("/sign-in").await.text().contains("<html lang=\"ja\""));
        browser.headers.push(("accept-language", "fr;q=0.9, en-GB;q=0.8, ja;q=0.1".into()));
        assert!(browser.get("/sign-in").await.text().contains("<html lang=\"en\""));
        browser.post("/language", &[("language", "ja"), ("back", "/sign-in")]).await;
        assert!(browser.get("/sign-in").await.text().contains("<html lang=\"ja\""));
        let aoi = town.browser_of("aoi");
        aoi.post("/language", &[("language", "en"), ("back", "/me")]).await;
        assert_eq!(town.count("select count(*) from members where language = 'en'").await, 1);
        assert_eq!(aoi.post("/language", &[("language", "tlh"), ("back", "/me")]).await.status, StatusCode::BAD_REQUEST);
    }

    /// No form of another site moves anything, whatever the route.
    async fn no_form_of_another_site_is_heard(town) {
        let browser = town.browser_of("sato");
        for route in routes::all().iter().filter(|it| it.method == Method::POST) {
            let path = route.filled("0");
            let foreign: [&[(&str, &str)]; 2] =
                [&[("sec-fetch-site", "cross-site")], &[("origin", "https://evil.example")]];
            for headers in foreign {
                let mut headers = headers.to_vec();
                headers.push(("content-type", "application/x-www-form-urlencoded"));
                let reply = browser.send(Method::POST, &path, Some(Vec::new()), &headers).await;
                assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            }
        }
    }

    /// What every answer carries, whatever it is.
    async fn every_answer_carries_its_armour(town) {
        let browser = town.browser_of("aoi");
        for (path, is_page) in [("/", true), ("/booking", true), ("/sign-in", false), ("/nothing-here", true), ("/assets/app.1.css", false), ("/assets/gone.css", false), ("/healthz", false), ("/shell", true)] {
            let reply = browser.get(path).await;
            let has = |name: &str, part: &str| assert!(reply.header(name).contains(part), "{path}: {name}: {}", reply.header(name));
            has("strict-transport-security", "max-age=63072000");
            has("x-content-type-options", "nosniff");
            has("x-frame-options", "DENY");
            has("referrer-policy", "same-origin");
            has("permissions-policy", "camera=(self)");
            has("content-security-policy", "frame-ancestors 'none'");
            has("content-security-policy", "default-src 'none'");
            assert!(!reply.header("content-security-policy").contains("unsafe-inline"));
            assert!(!reply.header("content-security-policy").contains("unsafe-eval") || reply.header("content-security-policy").contains("wasm-unsafe-eval"));
            if is_page {
                has("cache-control", "no-store");
                let nonce = reply.header("content-security-policy").split("'nonce-").nth(1).and_then(|it| it.split('\'').next()).unwrap_or("").to_owned();
                let again = browser.get(path).await;
                assert!(nonce.len() >= 16 && !again.header("content-security-policy").contains(&nonce), "{path}: a nonce is used once");
                assert!(!reply.text().contains(" style=\""), "{path}: no inline style");
                assert!(!reply.text().contains(" onclick="), "{path}: no inline handler");
                for tag in reply.text().split("<script").skip(1) {
                    let tag = tag.split('>').next().unwrap();
                    assert!(tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("application/json"), "{path}: <script{tag}>");
                }
            }
        }
    }

    /// Every route and page for every role: a new one without a line here fails.
    async fn every_route_for_every_role(town) {
        let roles = ["-", "aoi", "mio", "sato", "doi", "kawai"];
        let mut table = format!("{:<42}{}\n", "", roles.map(|it| format!("{it:>7}")).concat());
        for route in routes::all() {
            let mut line = format!("{:<42}", format!("{} {}", route.method, route.path));
            for role in roles {
                let browser = if role == "-" { town.visitor() } else { Browser::signed_in(&town, &town.sign_in_directly(cast(role).id()).await) };
                let path = route.filled(&"0".repeat(22));
                let reply = match route.method {
                    Method::GET if route.path.ends_with("/poke") => browser.head(&path).await,
                    Method::GET => browser.get(&path).await,
                    Method::PUT => {
                        let ours = [("sec-fetch-site", "same-origin")];
                        browser.send(Method::PUT, &path, Some(Vec::new()), &ours).await
                    }
                    _ => browser.post(&path, &[]).await,
                };
                let _ = write!(line, "{:>7}", reply.status.as_u16());
            }
            let _ = writeln!(table, "{line}");
        }
        expect_file!["./roles.txt"].assert_eq(&table);
    }
}

/// The table of pages and the table of roles speak of the same pages.
#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_page_has_a_line_in_the_table_of_roles() {
    let (host, booking, event) = (
        MemberId::random(0),
        BookingId::random(0),
        EventId::random(0),
    );
    let (course, lesson) = (CourseId::random(0), LessonId::random(0));
    let all = [
        Page::Home,
        Page::Bookings,
        Page::Host(host, None),
        Page::Booking(booking),
        Page::Events,
        Page::Event(event),
        Page::Faq,
        Page::Courses,
        Page::Course(course),
        Page::Lesson(course, lesson),
        Page::Play(course, lesson),
        Page::Me,
        Page::Sync,
        Page::Sights,
        Page::Devices,
        Page::Calendar,
        Page::Today,
        Page::Slots,
        Page::Interviews,
        Page::Interview(booking),
        Page::Promises,
        Page::Plans,
        Page::NewPlan(None),
        Page::Plan(event),
        Page::EditPlan(event),
        Page::Door(event),
        Page::People,
        Page::Import,
        Page::StaffCourses,
        Page::StaffCourse(course),
        Page::Subsidies,
        Page::Settings,
    ];
    for page in &all {
        // A page without an arm here does not compile: add it above, too.
        match page {
            Page::Home
            | Page::Bookings
            | Page::Host(..)
            | Page::Booking(_)
            | Page::Events
            | Page::Event(_)
            | Page::Faq
            | Page::Courses
            | Page::Course(_)
            | Page::Lesson(..)
            | Page::Play(..)
            | Page::Me
            | Page::Sync
            | Page::Sights
            | Page::Devices
            | Page::Calendar => {}
            Page::Today
            | Page::Slots
            | Page::Interviews
            | Page::Interview(_)
            | Page::Promises
            | Page::Plans
            | Page::NewPlan(_)
            | Page::Plan(_)
            | Page::EditPlan(_)
            | Page::Door(_)
            | Page::People
            | Page::Import
            | Page::StaffCourses
            | Page::StaffCourse(_)
            | Page::Subsidies
            | Page::Settings => {}
        }
        let path = page.path().replace(&host.to_string(), "{id}");
        assert!(
            routes::all()
                .iter()
                .any(|it| it.method == Method::GET && it.path == path),
            "{path} is not in the table of routes"
        );
    }
}
