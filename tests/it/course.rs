//! The company's side of 学ぶ: a course comes in as a folder, is written on where it stands, and nobody learns who reads it.

use std::time::{Duration, Instant};

use app::{
    online::Online,
    staff::{course_edit::Editing, courses::Courses},
};
use axum::http::StatusCode;
use domain::{
    id::CourseId,
    learning::{Course, Enroll, Enrollment},
    sync::mutation::Mutation,
    time::DAY,
};
use tests::{Browser, Device, Reply, Town, both_engines};

use crate::learning::{so_far, study};

/// HR uses a course that comes with the program.
pub(crate) async fn use_course(town: &Town, name: &str) -> Reply {
    let browser = town.browser_of("sato");
    browser.post("/staff/courses/use", &[("name", name)]).await
}

pub(crate) fn only(phone: &Device) -> Course {
    let seen = phone.seen();
    let course = seen.view.courses.values().next().expect("a course");
    course.clone()
}

pub(crate) fn courses(reply: &Reply) -> Courses {
    match crate::start_of(reply).online {
        Some(Online::Courses(it)) => it,
        other => panic!("not the page of courses: {other:?}"),
    }
}

/// HR's page of a course with one of its texts.
pub(crate) async fn editing(browser: &Browser, course: CourseId, file: &str) -> Editing {
    let path = format!("/staff/courses/{course}?file={file}");
    edited(&browser.get(&path).await)
}

fn edited(reply: &Reply) -> Editing {
    match crate::start_of(reply).online {
        Some(Online::Course(it)) => it,
        other => panic!("not the page of a course: {other:?}"),
    }
}

pub(crate) async fn write(browser: &Browser, it: &Editing, text: &str, what: &str) -> Reply {
    let path = format!("/staff/courses/{}/write", it.id);
    let fields = [
        ("file", &*it.file),
        ("text", text),
        ("seen", &it.seen),
        ("do", what),
    ];
    browser.post(&path, &fields).await
}

/// A ZIP of files by their paths.
pub(crate) fn zip_of(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(path, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A ZIP of a course with so many lessons, each saying `text`.
pub(crate) fn folder_of(lessons: usize, text: &str) -> Vec<u8> {
    let names: Vec<_> = (0..lessons).map(|it| format!("\"lesson-{it}\"")).collect();
    let course = format!(
        "title = \"長い講座\"\nsummary = \"試し\"\n[[modules]]\nid = \"all\"\ntitle = \"全部\"\nlessons = [{}]\n",
        names.join(", ")
    );
    let mut files = vec![("long/course.toml".to_owned(), course.into_bytes())];
    for it in 0..lessons {
        let page = format!("+++\ntitle = \"その{it}\"\nminutes = 5\n+++\n## はじめ\n\n{text}\n\n");
        files.push((format!("long/lesson-{it}.md"), page.into_bytes()));
    }
    zip_of(&files)
}

both_engines! {
    /// Who agrees to paid work is named to HR, and nobody else is: not who declines, not who says nothing.
    async fn the_company_reads_who_agreed_to_paid_work(town) {
        use_course(&town, "mail").await;
        let sato = town.browser_of("sato");
        let course = courses(&sato.get("/staff/courses").await).courses[0].id;
        let it = editing(&sato, course, "course.toml").await;
        let text = it.text.replacen("[[modules]]", "[paid]\nhours = 2\nplace = \"本社\"\npay_yen = 3000\n\n[[modules]]", 1);
        assert_eq!(write(&sato, &it, &text, "save").await.status, StatusCode::OK);
        for (key, enrollment) in [("aoi", Enrollment::Agreed), ("ren", Enrollment::Declined)] {
            let phone = town.loaded_phone_of(key).await;
            phone.wish(Mutation::Enroll(Enroll { course, enrollment })).await;
            assert_eq!(phone.refusals(), Vec::<String>::new());
        }
        let page = sato.get("/staff/courses").await;
        let agreed = courses(&page).courses[0].agreed.clone().unwrap();
        assert_eq!(agreed.iter().map(|it| &**it).collect::<Vec<_>>(), ["青井 葵"]);
        assert!(!page.text().contains("蓮見") && !page.text().contains("芽衣"));
        // No longer asked for, it is nobody's business any more.
        let it = editing(&sato, course, "course.toml").await;
        let text = it.text.replacen("[paid]\nhours = 2\nplace = \"本社\"\npay_yen = 3000\n\n", "", 1);
        write(&sato, &it, &text, "save").await;
        let page = sato.get("/staff/courses").await;
        assert!(courses(&page).courses[0].agreed.is_none() && !page.text().contains("青井"));
    }

    /// The company reads how many, once a week, in fives, and never of a few.
    async fn the_company_reads_how_many_and_never_who(town) {
        use_course(&town, "mail").await;
        let aoi = town.loaded_phone_of("aoi").await;
        let course = only(&aoi);
        for at in 0..course.lessons().count() {
            study(&aoi, &course, at, so_far(&course, 1, Some(town.now()))).await;
        }
        town.pass(8 * DAY);
        let page = town.browser_of("sato").get("/staff/courses").await;
        let it = &courses(&page).courses[0];
        assert_eq!((it.tally.begun, it.tally.completed), (None, None));
        assert!(!page.text().contains("青井"));
        // Forty more hold an offer; twelve read the first lesson, of whom six read all.
        let mut csv = String::from("氏名,メール,役割\n");
        for it in 0..40 {
            csv += &format!("試し {it},reader{it}@example.jp,内定者\n");
        }
        let sato = town.browser_of("sato");
        sato.upload("/staff/people/import", csv.as_bytes(), &[("do", "carry-out")]).await;
        let pool = town.look().await;
        let lessons: Vec<_> = course.lessons().map(|it| it.id.to_string()).collect();
        let now = town.now().millis();
        for it in 0..12 {
            for lesson in lessons.iter().take(if it < 6 { lessons.len() } else { 1 }) {
                sqlx::query(
                    "insert into progress (member_id, lesson_id, course_id, body, completed_at) \
                     select id, $1, $2, '{}', $3 from members where email = $4",
                )
                .bind(lesson)
                .bind(course.id.to_string())
                .bind(now)
                .bind(format!("reader{it}@example.jp"))
                .execute(&pool)
                .await
                .unwrap();
            }
        }
        // What was read this week is counted from next Monday on.
        let it = &courses(&sato.get("/staff/courses").await).courses[0];
        assert_eq!((it.tally.begun, it.tally.completed), (None, None));
        town.pass(7 * DAY);
        let sato = town.browser_of("sato");
        let it = &courses(&sato.get("/staff/courses").await).courses[0];
        assert_eq!((it.tally.begun, it.tally.completed), (Some(10), Some(5)));
    }

    /// HR writes on a course that came with the program: looked at first, then saved, then on the phones.
    async fn a_course_is_written_on_where_it_stands(town) {
        use_course(&town, "manners").await;
        let aoi = town.loaded_phone_of("aoi").await;
        let course = only(&aoi);
        let sato = town.browser_of("sato");
        let it = editing(&sato, course.id, "greeting.md").await;
        assert!(it.text.contains("あいさつ") && it.files.contains(&"course.toml".to_owned()));
        let text = format!("{}\n## 当社では\n\n朝は「おはようございます」だけで足ります。\n", it.text);
        let looked = edited(&write(&sato, &it, &text, "look").await);
        assert!(looked.preview.is_some_and(|it| it.contains("<h2>当社では</h2>")));
        assert!(!looked.is_saved);
        aoi.sync().await;
        assert_eq!(only(&aoi), course, "only looked at");
        let saved = edited(&write(&sato, &it, &text, "save").await);
        assert!(saved.is_saved && saved.problems.is_empty());
        aoi.sync().await;
        let new = only(&aoi);
        assert_ne!(new, course);
        let page = town.browser_of("aoi").get(&new.lessons().next().unwrap().page.path()).await;
        assert!(page.text().contains("当社では"));
        // What was open in another window since before is not written over it.
        let late = write(&sato, &it, "+++\ntitle = \"x\"\nminutes = 1\n+++\n古い窓", "save").await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(edited(&late).text.contains("古い窓"), "what was typed stays");
        // What is wrong is told, and changes nothing.
        let it = editing(&sato, course.id, "greeting.md").await;
        let wrong = edited(&write(&sato, &it, "題のない文章", "save").await);
        assert!(!wrong.is_saved && wrong.problems[0].contains("+++"), "{:?}", wrong.problems);
        aoi.sync().await;
        assert_eq!(only(&aoi), new);
        // The folder goes home as it is, and comes back as the same.
        let zip = sato.get(&format!("/staff/courses/{}/folder.zip", course.id)).await;
        assert_eq!(zip.header("content-type"), "application/zip");
        let again = sato.upload("/staff/courses/import", &zip.body, &[]).await;
        assert_eq!(courses(&again).imported, Some(5));
        aoi.sync().await;
        assert_eq!(only(&aoi), new);
        town.assert_projection_is_rebuild().await;
        for who in ["aoi", "mio", "doi"] {
            let browser = town.browser_of(who);
            for path in ["", "?file=greeting.md", "/folder.zip"] {
                let path = format!("/staff/courses/{}{path}", course.id);
                assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "{who} {path}");
            }
            let it = Editing { id: course.id, ..it.clone() };
            assert_eq!(write(&browser, &it, "x", "save").await.status, StatusCode::NOT_FOUND);
        }
        let outside = Editing { file: "../../etc/passwd".into(), ..it };
        assert_eq!(write(&sato, &outside, "x", "save").await.status, StatusCode::NOT_FOUND);
    }

    /// A picture joins the folder under its own name, if it is one.
    async fn a_picture_joins_a_course(town) {
        use_course(&town, "mail").await;
        let aoi = town.loaded_phone_of("aoi").await;
        let path = format!("/staff/courses/{}/add", only(&aoi).id);
        let sato = town.browser_of("sato");
        // The harness calls every file people.csv: no picture by its name, and no picture inside.
        let reply = sato.upload(&path, b"<svg onload=alert(1)>", &[]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(town.count("select count(*) from course_sources where path like 'images/%'").await, 0);
    }

    /// Everything that is wrong with a ZIP is told, in the language of whoever sent it, and nothing changes.
    async fn a_course_that_is_wrong_changes_nothing(town) {
        let browser = town.browser_of("sato");
        for rubbish in [&b"no zip"[..], &[], &folder_of(0, "x")] {
            let reply = browser.upload("/staff/courses/import", rubbish, &[]).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(!courses(&reply).problems.is_empty());
        }
        assert_eq!(town.count("select count(*) from courses").await, 0);
        assert_eq!(town.count("select count(*) from files").await, 0);
        for who in ["aoi", "mio", "doi"] {
            let reply = town.browser_of(who).upload("/staff/courses/import", &folder_of(1, "x"), &[]).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{who}");
        }
    }

    /// Forty lessons come in within two seconds.
    async fn forty_lessons_come_in_at_once(town) {
        let zip = folder_of(40, &"入社前の話です。\n\n".repeat(200));
        let began = Instant::now();
        let reply = town.browser_of("sato").upload("/staff/courses/import", &zip, &[]).await;
        let took = began.elapsed();
        assert_eq!(courses(&reply).imported, Some(40));
        assert!(took < Duration::from_secs(2), "took {took:?}");
        let aoi = town.loaded_phone_of("aoi").await;
        assert_eq!(only(&aoi).lessons().count(), 40);
    }
}
