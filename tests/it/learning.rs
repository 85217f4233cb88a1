//! 学ぶ: a course is read or not as each likes, on every phone of theirs, and whoever has read all of it may keep a card.

use axum::http::{Method, StatusCode};
use domain::{
    id::{AttemptId, CourseId, LessonId},
    learning::{Attempt, Course, Enroll, Enrollment, Progress, Study},
    sync::mutation::Mutation,
    time::{DAY, MINUTE, Time},
};
use tests::{Device, both_engines, pdf};

use crate::course::{courses, folder_of, only, use_course};

pub(crate) async fn study(phone: &Device, course: &Course, at: usize, progress: Progress) {
    let lesson = course.lessons().nth(at).expect("a lesson").id;
    phone
        .wish(Mutation::Study(Study { lesson, progress }))
        .await;
}

pub(crate) fn so_far(course: &Course, position: u16, completed: Option<Time>) -> Progress {
    Progress {
        course: course.id,
        position,
        completed,
        attempts: Vec::new(),
    }
}

fn attempt(number: u128, right: bool, at: Time) -> Attempt {
    Attempt {
        id: AttemptId::born(at, number),
        quiz: "late-train".into(),
        given: number.to_string().into(),
        right,
        at,
    }
}

fn known(phone: &Device, lesson: LessonId) -> Option<Progress> {
    phone.seen().view.progress.get(&lesson).cloned()
}

both_engines! {
    /// What HR puts into use stands on every offer-holder's phone, with its pages; put away, it is gone.
    async fn a_course_reaches_the_phones_of_those_who_may_take_it(town) {
        let aoi = town.loaded_phone_of("aoi").await;
        let reply = use_course(&town, "manners").await;
        assert_eq!(reply.status, StatusCode::OK);
        aoi.sync().await;
        let course = only(&aoi);
        assert_eq!(&*course.title.ja, "社会人の基本マナー");
        for file in course.modules.iter().flat_map(|it| it.files()) {
            let reply = town.browser_of("aoi").get(&file.path()).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", file.name);
            assert_eq!(reply.body.len() as u64, file.bytes);
            assert!(reply.header("content-security-policy").contains("sandbox"));
        }
        town.assert_projection_is_rebuild().await;
        let shown = courses(&town.browser_of("sato").get("/staff/courses").await);
        assert!(shown.courses[0].is_shown && shown.shipped.iter().all(|it| it.0 != "manners"));
        let id = course.id.to_string();
        let hide = [("course", id.as_str()), ("shown", "0")];
        town.browser_of("sato").post("/staff/courses/show", &hide).await;
        aoi.sync().await;
        assert!(aoi.seen().view.courses.is_empty());
        town.assert_projection_is_rebuild().await;
    }

    /// Every lesson that comes with the program travels in 30 kB, and every one has its English.
    async fn lessons_travel_small(town) {
        let sato = town.browser_of("sato");
        for (name, _) in courses(&sato.get("/staff/courses").await).shipped {
            assert_eq!(use_course(&town, &name).await.status, StatusCode::OK);
        }
        let aoi = town.loaded_phone_of("aoi").await;
        let browser = town.browser_of("aoi");
        let seen = aoi.seen();
        let (mut count, mut largest) = (0, 0);
        for lesson in seen.view.courses.values().flat_map(|it| it.pages()) {
            for page in [&lesson.page, lesson.page_en.as_ref().expect("in English, too")] {
                let asked = [("accept-encoding", "br")];
                let reply = browser.send(Method::GET, &page.path(), None, &asked).await;
                assert_eq!(reply.header("content-encoding"), "br");
                (count, largest) = (count + 1, largest.max(reply.body.len()));
            }
        }
        assert!(largest <= 30_000, "{largest} bytes");
        assert!(count >= 90, "{count}");
    }

    /// A page that was drawn by the server says the same as the one that a phone keeps.
    async fn a_lesson_reads_without_code(town) {
        use_course(&town, "mail").await;
        let aoi = town.loaded_phone_of("aoi").await;
        let course = only(&aoi);
        let lesson = course.lessons().next().unwrap();
        let browser = town.browser_of("aoi");
        let page = browser.get(&format!("/learn/{}/{}", course.id, lesson.id)).await;
        let kept = browser.get(&lesson.page.path()).await.text();
        assert!(page.text().contains(&kept), "the page holds the lesson");
        assert_eq!(crate::start_of(&page).lesson, Some(kept));
        let other = format!("/learn/{}/{}", course.id, LessonId::random(7));
        assert_eq!(crate::start_of(&browser.get(&other).await).lesson, None);
    }

    /// A part of a file, as a player or a phone that lost its signal asks for it.
    async fn the_rest_of_a_file(town) {
        let browser = town.browser_of("sato");
        let reply = browser.upload("/staff/courses/import", &folder_of(1, &"長い文章です。".repeat(2_600)), &[]).await;
        assert_eq!(reply.status, StatusCode::OK, "{:?}", courses(&reply).problems);
        let aoi = town.loaded_phone_of("aoi").await;
        let file = only(&aoi).lessons().next().unwrap().page.clone();
        let browser = town.browser_of("aoi");
        let whole = browser.get(&file.path()).await.body;
        for (range, from, until) in [
            ("bytes=0-99", 0, 100),
            ("bytes=100-", 100, whole.len()),
            ("bytes=-7", whole.len() - 7, whole.len()),
        ] {
            let part = browser.send(Method::GET, &file.path(), None, &[("range", range)]).await;
            assert_eq!(part.status, StatusCode::PARTIAL_CONTENT, "{range}");
            assert_eq!(part.body, whole[from..until], "{range}");
            let said = format!("bytes {from}-{}/{}", until - 1, whole.len());
            assert_eq!(part.header("content-range"), said);
        }
        let past = format!("bytes={}-", whole.len());
        let past = browser.send(Method::GET, &file.path(), None, &[("range", &past)]).await;
        assert_eq!(past.status, StatusCode::RANGE_NOT_SATISFIABLE);
        for nothing in ["/media/none.html", "/media/..%2f..%2fetc%2fpasswd", "/media/x"] {
            assert_eq!(browser.get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
        }
    }

    /// Two phones in two tunnels, and a third that is new: what was reached by either is there on all, and stays.
    async fn what_was_reached_is_found_on_every_phone(town) {
        use_course(&town, "manners").await;
        let (one, two) = (town.loaded_phone_of("aoi").await, town.phone_of("aoi"));
        two.sync().await;
        let course = only(&one);
        let lesson = course.lessons().next().unwrap().id;
        let now = town.now();
        one.offline();
        two.offline();
        let mut first = so_far(&course, 4, None);
        first.attempts.push(attempt(1, false, now));
        study(&one, &course, 0, first).await;
        let mut second = so_far(&course, 2, Some(now));
        second.attempts.push(attempt(2, true, now + MINUTE));
        study(&two, &course, 0, second).await;
        // Before anybody knows, each shows its own.
        assert_eq!(known(&one, lesson).map(|it| it.position), Some(4));
        assert!(known(&two, lesson).is_some_and(|it| it.completed.is_some()));
        two.online().await;
        one.online().await;
        two.sync().await;
        let third = town.loaded_phone_of("aoi").await;
        for phone in [&one, &two, &third] {
            let it = known(phone, lesson).expect("progress");
            assert_eq!((it.position, it.completed), (4, Some(now)));
            assert_eq!(it.attempts.len(), 2);
            assert_eq!(it.latest("late-train").map(|it| it.right), Some(true));
        }
        // Somebody else's phone knows nothing of it.
        let ren = town.loaded_phone_of("ren").await;
        assert!(ren.seen().view.progress.is_empty());
        let sato = town.loaded_phone_of("sato").await;
        assert!(sato.rows().iter().all(|it| &*it.0 != "progress"));
        town.assert_projection_is_rebuild().await;
        // The same course in another version: who had finished a lesson still has.
        assert_eq!(use_course(&town, "manners").await.status, StatusCode::OK);
        third.sync().await;
        assert!(known(&third, lesson).is_some_and(|it| it.completed.is_some()));
    }

    /// やらない is an answer like any other; agreeing to what nobody asks for is none.
    async fn no_is_easy(town) {
        use_course(&town, "money").await;
        let aoi = town.loaded_phone_of("aoi").await;
        let course = only(&aoi).id;
        let say = |course, enrollment| Mutation::Enroll(Enroll { course, enrollment });
        aoi.wish(say(course, Enrollment::Declined)).await;
        let other = town.loaded_phone_of("aoi").await;
        assert_eq!(other.seen().view.enrollments.get(&course), Some(&Enrollment::Declined));
        aoi.wish(say(course, Enrollment::Listed)).await;
        other.sync().await;
        assert_eq!(other.seen().view.enrollments.get(&course), Some(&Enrollment::Listed));
        aoi.wish(say(course, Enrollment::Agreed)).await;
        aoi.wish(say(CourseId::random(9), Enrollment::Declined)).await;
        assert_eq!(aoi.refusals(), ["not_there", "not_there"]);
        town.assert_projection_is_rebuild().await;
        // No job was made, no mail sent: nobody is told, and nobody is reminded.
        assert_eq!(town.count("select count(*) from jobs where body like '%course%' or kind like '%course%'").await, 0);
    }

    /// A study plan is a course of its own kind: the exam first, then a week after the other.
    async fn a_study_plan_has_a_lesson_for_each_week(town) {
        use_course(&town, "boki-3").await;
        let aoi = town.loaded_phone_of("aoi").await;
        let course = only(&aoi);
        assert!(course.is_qualification);
        assert_eq!(course.lessons().count(), 9);
        let exam = course.lessons().next().unwrap();
        let page = town.browser_of("aoi").get(&exam.page.path()).await.text();
        for words in ["3300円(税込)", "70点以上", "2026-08-13 時点", "www.kentei.ne.jp"] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }

    /// Whoever has read all of a course may keep a card. It is theirs alone, and says nothing that compares.
    async fn a_card_for_whoever_has_read_everything(town) {
        use_course(&town, "manners").await;
        let (aoi, ren) = (town.loaded_phone_of("aoi").await, town.loaded_phone_of("ren").await);
        let course = only(&aoi);
        let (path, last) = (format!("/learn/{}/card.pdf", course.id), course.lessons().count() - 1);
        let status = async |who: &str| town.browser_of(who).get(&path).await.status;
        for at in 0..last {
            study(&aoi, &course, at, so_far(&course, 3, Some(town.now()))).await;
        }
        // Begun is not finished, and somebody else's lesson is not one's own.
        study(&aoi, &course, last, so_far(&course, 3, None)).await;
        study(&ren, &course, last, so_far(&course, 3, Some(town.now()))).await;
        assert_eq!((status("aoi").await, status("ren").await), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        town.pass(DAY);
        study(&aoi, &course, last, so_far(&course, 3, Some(town.now()))).await;
        town.pass(DAY);
        let mut browser = town.browser_of("aoi");
        let reply = browser.get(&path).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert!(reply.body.starts_with(b"%PDF-1.7") && reply.body.len() < 60_000);
        for (name, value) in [
            ("content-type", "application/pdf"),
            ("cache-control", "private, no-store"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(reply.header(name), value);
        }
        assert!(reply.header("content-disposition").starts_with("attachment; filename=\"card.pdf\"; filename*=UTF-8''"));
        let read = pdf::read(&reply.body);
        for words in ["修了カード", "社会人の基本マナー", "青井 葵", "架け橋商事", "2030年11月6日(水)", "5レッスン・約", "会社に届くものではありません。"] {
            assert!(read.contains(words), "{words}: {read}");
        }
        let facts = pdf::facts(&reply.body);
        assert!(facts.contains("修了カード – 社会人の基本マナー") && facts.contains("Tagged:          yes"), "{facts}");
        assert_eq!(browser.get(&path).await.body, reply.body, "the same card at the same moment");
        browser.headers.push(("accept-language", "en".into()));
        let read = pdf::read(&browser.get(&path).await.body);
        for words in ["Completion card", "Wed 6 Nov 2030", "5 lessons, about", "Nobody at the company receives it."] {
            assert!(read.contains(words), "{words}: {read}");
        }
        for who in ["ren", "mei", "mio", "sato", "doi", "kawai"] {
            assert_eq!(status(who).await, StatusCode::NOT_FOUND, "{who}");
        }
        assert_eq!(town.visitor().get(&path).await.status, StatusCode::UNAUTHORIZED);
        // Not wanting to see a course any more takes nothing away; what the company has put away is there for nobody.
        aoi.wish(Mutation::Enroll(Enroll { course: course.id, enrollment: Enrollment::Declined })).await;
        assert_eq!(status("aoi").await, StatusCode::OK);
        let id = course.id.to_string();
        town.browser_of("sato").post("/staff/courses/show", &[("course", &*id), ("shown", "0")]).await;
        assert_eq!(status("aoi").await, StatusCode::NOT_FOUND);
        for nothing in ["/learn/x/card.pdf", "/learn/card.pdf/card.pdf"] {
            assert_eq!(browser.get(nothing).await.status, StatusCode::NOT_FOUND);
        }
    }

    /// A course that has grown is finished again when its new lesson is.
    async fn a_new_lesson_is_read_before_the_next_card(town) {
        let sato = town.browser_of("sato");
        sato.upload("/staff/courses/import", &folder_of(1, "x"), &[]).await;
        let aoi = town.loaded_phone_of("aoi").await;
        let course = only(&aoi);
        let path = format!("/learn/{}/card.pdf", course.id);
        let browser = town.browser_of("aoi");
        study(&aoi, &course, 0, so_far(&course, 1, Some(town.now()))).await;
        assert_eq!(browser.get(&path).await.status, StatusCode::OK);
        sato.upload("/staff/courses/import", &folder_of(2, "x"), &[]).await;
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
        aoi.sync().await;
        let course = only(&aoi);
        study(&aoi, &course, 1, so_far(&course, 1, Some(town.now()))).await;
        let card = browser.get(&path).await;
        assert!(pdf::read(&card.body).contains("2レッスン・約10分"));
    }
}
