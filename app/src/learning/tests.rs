//! What 学ぶ must show: time and size before anything is opened, that it is free, and a way to say no.

use std::sync::Arc;

use domain::{
    id::{CourseId, LessonId},
    learning::{Course, Enrollment, File, Lesson, Module, Participation, Progress},
    member::Language,
    sync::{replica::Seen, row::View},
    text::{PlaceName, Said, Short},
    time::Time,
};
use leptos::prelude::*;

use crate::{
    device::{Device, Shelf, Stop},
    page::Page,
    start::Start,
};

const PAGE: &str = "<div data-part=\"0\"><h2>席</h2></div>";

fn said(ja: &str, en: &str) -> Said<Short> {
    Said {
        ja: Short::new(ja).expect("a short text"),
        en: Some(Short::new(en).expect("a short text")),
    }
}

fn file(name: &str, bytes: u64) -> File {
    File {
        name: name.into(),
        bytes,
    }
}

fn lesson(number: u128, ja: &str, en: &str) -> Lesson {
    Lesson {
        id: LessonId::random(number),
        title: said(ja, en),
        minutes: 6,
        subsidy_yen: None,
        is_played: false,
        page: file(&format!("{number}.html"), 9_000),
        page_en: Some(file(&format!("{number}e.html"), 8_000)),
        media: Vec::new(),
    }
}

fn course() -> Course {
    Course {
        id: CourseId::random(1),
        title: said("社会人の基本マナー", "Everyday manners"),
        summary: said("はじめの一週間の話です。", "The first week."),
        participation: Participation::Optional,
        is_qualification: false,
        place: 1,
        modules: vec![Module {
            title: said("人と会う", "Meeting people"),
            lessons: vec![
                lesson(1, "あいさつ", "Greetings"),
                lesson(2, "席の順番", "Seats"),
            ],
        }],
    }
}

fn seen(course: Course) -> Seen {
    let mut view = View::default();
    view.courses.insert(course.id, course);
    Seen::confirmed(&view)
}

fn finish(seen: &mut Seen, number: u128) {
    let progress = Progress {
        course: CourseId::random(1),
        position: 1,
        completed: Some(Time::from_millis(0)),
        attempts: Vec::new(),
    };
    seen.view
        .progress
        .insert(LessonId::random(number), progress);
}

fn html(page: &Page, language: Language, seen: Seen, shelf: Shelf) -> String {
    let start = Start {
        build: "test".into(),
        now: Time::from_millis(0),
        language,
        who: None,
        rows: Vec::new(),
        lesson: matches!(page, Page::Lesson(..)).then(|| PAGE.to_owned()),
        online: None,
        answer: None,
    };
    Owner::new_root(None).with(|| {
        let device = Device::new(&start, Some(page.clone()));
        device.seen.set(Arc::new(seen));
        device.shelf.set(shelf);
        device.status.update(|it| it.is_loading = false);
        view! { <crate::Portal device/> }.to_html()
    })
}

fn ja(page: &Page, seen: Seen) -> String {
    html(page, Language::Ja, seen, Shelf::default())
}

#[test]
fn the_list_says_how_long_and_that_it_is_free() {
    let it = ja(&Page::Courses, seen(course()));
    for words in [
        "読みたいものだけ",
        "2レッスン・全部で約12分",
        "社会人の基本マナー",
    ] {
        assert!(it.contains(words), "{words}: {it}");
    }
    let en = html(
        &Page::Courses,
        Language::En,
        seen(course()),
        Shelf::default(),
    );
    assert!(en.contains("2 lessons · about 12 min in all"), "{en}");
    // Nothing is due, and nobody is behind.
    for word in ["期限", "未受講", "必須", "残り"] {
        assert!(!it.contains(word), "{word}");
    }
}

#[test]
fn what_was_declined_stands_behind_a_line() {
    let mut seen = seen(course());
    let id = course().id;
    seen.view.enrollments.insert(id, Enrollment::Declined);
    let list = ja(&Page::Courses, seen.clone());
    assert!(list.contains("やらないにした講座"), "{list}");
    assert!(!list.contains("はじめの一週間"), "{list}");
    let page = ja(&Page::Course(id), seen);
    assert!(page.contains("一覧に戻す"), "{page}");
}

#[test]
fn one_goes_on_where_one_was() {
    let mut seen = seen(course());
    finish(&mut seen, 1);
    let it = ja(&Page::Courses, seen.clone());
    let path = Page::Lesson(course().id, LessonId::random(2)).path();
    assert!(it.contains("続きから") && it.contains(&path), "{it}");
    assert!(it.contains("2のうち1を読みました"), "{it}");
    let card = [&*Page::Course(course().id).path(), "/card.pdf\" download"].concat();
    assert!(!ja(&Page::Course(course().id), seen.clone()).contains(&card));
    finish(&mut seen, 2);
    let it = ja(&Page::Course(course().id), seen);
    assert!(it.contains("全部読みました") && it.contains(&card), "{it}");
}

#[test]
fn the_size_is_said_before_and_the_true_state_after() {
    let page = Page::Course(course().id);
    let it = ja(&page, seen(course()));
    assert!(it.contains("端末に保存(34 KB)"), "{it}");
    let files: Vec<File> = course().modules[0].files().cloned().collect();
    let half = Shelf {
        kept: vec![files[0].name.clone()],
        wanted: files.clone(),
        stop: Some(Stop::Full),
        ..Shelf::default()
    };
    let it = html(&page, Language::Ja, seen(course()), half);
    assert!(it.contains("9 KB / 34 KB"), "{it}");
    assert!(it.contains("端末の空きが足りません"), "{it}");
    assert!(!it.contains("端末に保存済み"), "{it}");
    let whole = Shelf {
        kept: files.iter().map(|it| it.name.clone()).collect(),
        ..Shelf::default()
    };
    let it = html(&page, Language::Ja, seen(course()), whole);
    assert!(
        it.contains("端末に保存済み") && it.contains("削除(34 KB)"),
        "{it}"
    );
}

#[test]
fn a_lesson_has_its_text_and_one_next_button() {
    let page = Page::Lesson(course().id, LessonId::random(1));
    let it = ja(&page, seen(course()));
    assert!(it.contains(PAGE), "{it}");
    assert_eq!(it.matches("button--primary").count(), 1, "{it}");
    assert!(it.contains("読みました。次は「席の順番」"), "{it}");
    // Once it was read, nothing presses any more.
    let mut seen = seen(course());
    finish(&mut seen, 1);
    let it = ja(&page, seen);
    assert!(
        !it.contains("button--primary") && it.contains("確定"),
        "{it}"
    );
}

#[test]
fn what_is_asked_for_is_paid_and_needs_a_yes() {
    let paid = Course {
        participation: Participation::PaidRequired {
            hours: 2,
            place: PlaceName::new("本社 3階").expect("a place"),
            pay_yen: 13_000,
        },
        ..course()
    };
    let it = ja(&Page::Course(paid.id), seen(paid.clone()));
    for words in [
        "13,000円",
        "本社 3階",
        "同意する",
        "同意しない理由は要りません",
    ] {
        assert!(it.contains(words), "{words}: {it}");
    }
    let mut seen = seen(paid.clone());
    seen.view.enrollments.insert(paid.id, Enrollment::Agreed);
    let it = ja(&Page::Course(paid.id), seen);
    assert!(!it.contains("同意する<"), "{it}");
}
