//! What protocol 1 learnt with courses.

use domain::{
    id::{AttemptId, CourseId, LessonId},
    learning::{
        Attempt, Course, Enroll, Enrollment, File, Lesson, Module, Participation, Progress, Study,
    },
    sync::{mutation::Mutation, wire::RowChange},
    text::{PlaceName, Said, Short},
};

use super::{AT, as_they_did, as_they_were, member, raw};

fn course() -> CourseId {
    CourseId::random(21)
}

fn lesson() -> LessonId {
    LessonId::random(22)
}

fn said(ja: &str, en: &str) -> Said<Short> {
    Said {
        ja: Short::new(ja).unwrap(),
        en: Short::optional(en).unwrap(),
    }
}

fn shown() -> Course {
    let file = |name: &str, bytes| File {
        name: name.into(),
        bytes,
    };
    Course {
        id: course(),
        title: said("マナー", "Manners"),
        summary: said("はじめの一週間の話です。", ""),
        participation: Participation::PaidRequired {
            hours: 2,
            place: PlaceName::new("本社 3階").unwrap(),
            pay_yen: 3_000,
        },
        is_qualification: false,
        place: 1,
        modules: vec![Module {
            title: said("人と会う", "Meeting people"),
            lessons: vec![Lesson {
                id: lesson(),
                title: said("席の順番", "Seats"),
                minutes: 6,
                subsidy_yen: Some(3_300),
                is_played: false,
                page: file("0a.html", 9_000),
                page_en: Some(file("0b.html", 8_000)),
                media: vec![file("0c.png", 30_000)],
            }],
        }],
    }
}

fn progress() -> Progress {
    Progress {
        course: course(),
        position: 3,
        completed: Some(AT),
        attempts: vec![Attempt {
            id: AttemptId::born(AT, 23),
            quiz: "late-train".into(),
            given: "0 2".into(),
            right: true,
            at: AT,
        }],
    }
}

/// One of each name.
pub(super) fn mutations() -> Vec<Mutation> {
    vec![
        Mutation::Enroll(Enroll {
            course: course(),
            enrollment: Enrollment::Declined,
        }),
        Mutation::Study(Study {
            lesson: lesson(),
            progress: progress(),
        }),
    ]
}

/// One of each kind.
pub(super) fn rows() -> Vec<RowChange> {
    let row = |seq, kind: &str, id: &str, audience: &str, body| {
        RowChange(kind.into(), id.into(), seq, audience.into(), Some(body))
    };
    let (course, lesson) = (course().to_string(), lesson().to_string());
    let mine = format!("p:{}", member());
    vec![
        row(70, "course", &course, "holders", raw(&shown())),
        row(71, "enrollment", &course, &mine, raw(&Enrollment::Agreed)),
        row(72, "progress", &lesson, &mine, raw(&progress())),
    ]
}

#[test]
fn todays_types_write_courses_as_they_did() {
    as_they_did("course", &mutations(), &rows());
}

#[test]
fn todays_types_read_courses_as_they_were_written() {
    let view = as_they_were("course", &mutations());
    assert_eq!(view.courses[&course()], shown());
    assert_eq!(view.enrollments[&course()], Enrollment::Agreed);
    assert_eq!(view.progress[&lesson()], progress());
}
