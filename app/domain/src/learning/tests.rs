use proptest::prelude::*;

use super::{
    progress::MOST_ATTEMPTS,
    quiz::{is_right, plain},
    *,
};
use crate::{
    id::AttemptId,
    refusal::{Field, Refusal},
    time::Time,
};

#[test]
fn a_word_may_be_wide_and_spaced() {
    let accepts = ["総支給額", "grosspay", "57000"];
    let is_right = |given: &str| is_right(accepts.into_iter(), given);
    for right in [
        "総支給額",
        " 総 支給額。",
        "ＧＲＯＳＳ　ＰＡＹ",
        "gross pay",
        "５７，０００",
    ] {
        assert!(is_right(right), "{right}");
    }
    for wrong in ["", "手取り", "支給"] {
        assert!(!is_right(wrong), "{wrong}");
    }
}

#[test]
fn a_course_knows_how_long_and_how_large_it_is() {
    let said = |ja: &str| Said {
        ja: Short::new(ja).unwrap(),
        en: None,
    };
    let file = |name: &str, bytes| File {
        name: name.into(),
        bytes,
    };
    let lesson = |number, media: Vec<File>| Lesson {
        id: LessonId::random(number),
        title: said("あいさつ"),
        minutes: 6,
        subsidy_yen: None,
        is_played: false,
        page: file("a.html", 5_000),
        page_en: Some(file("b.html", 4_000)),
        media,
    };
    let module = Module {
        title: said("人と会う"),
        lessons: vec![lesson(1, vec![]), lesson(2, vec![file("c.png", 30_000)])],
    };
    assert_eq!(module.bytes(), 48_000);
    let course = Course {
        id: CourseId::random(1),
        title: said("マナー"),
        summary: said("はじめの一週間の話です。"),
        participation: Participation::Optional,
        is_qualification: false,
        place: 1,
        modules: vec![module],
    };
    assert_eq!(course.minutes(), 12);
    // It is finished with the last of its lessons, whichever that is, and not before.
    let at = Time::from_millis;
    let [one, two] = [1, 2].map(LessonId::random);
    let times = |it| Some(at(if it == one { 9_000 } else { 5_000 }));
    assert_eq!(course.finished(times), Some(at(9_000)));
    assert_eq!(course.finished(|it| times(it).filter(|_| it != two)), None);
    // What is optional says nothing of it: no reader of an older version can take it for anything else.
    assert!(
        !serde_json::to_string(&course)
            .unwrap()
            .contains("participation")
    );
}

#[test]
fn what_no_lesson_asks_is_refused() {
    let now = Time::from_millis(1_000_000);
    let study = |given: &str| Study {
        lesson: LessonId::random(1),
        progress: Progress {
            course: CourseId::random(1),
            position: u16::MAX,
            completed: Some(Time::from_millis(9_000_000)),
            attempts: vec![Attempt {
                id: AttemptId::random(1),
                quiz: "late-train".into(),
                given: given.into(),
                right: true,
                at: Time::from_millis(8_000_000),
            }],
        },
    };
    let progress = study("1").checked(now).unwrap();
    // A phone whose clock is ahead has finished nothing in the future.
    assert_eq!(progress.completed, Some(now));
    assert_eq!(progress.attempts.first().map(|it| it.at), Some(now));
    assert!(progress.position < u16::MAX);
    let field = Field::Answer;
    let long = study(&"あ".repeat(201)).checked(now);
    assert_eq!(long, Err(Refusal::FieldWrong { field }));
}

fn report() -> impl Strategy<Value = Progress> {
    let attempt = (0..200_u128, 0..4_u8).prop_map(|(id, choice)| Attempt {
        id: AttemptId::random(id),
        quiz: "late-train".into(),
        // An id is of one answer.
        given: (id % 4).to_string().into(),
        right: choice == 9,
        at: Time::from_millis(i64::try_from(id).unwrap()),
    });
    (
        0..500_u16,
        proptest::option::of(0..1_000_i64),
        proptest::collection::vec(attempt, 0..90),
    )
        .prop_map(|(position, completed, attempts)| {
            let mut it = Progress {
                course: CourseId::random(1),
                position,
                completed: completed.map(Time::from_millis),
                attempts: Vec::new(),
            };
            let reported = Progress {
                attempts,
                ..it.clone()
            };
            it.merge(&reported);
            it
        })
}

fn merged(reports: &[&Progress]) -> Progress {
    let mut all = Progress {
        course: CourseId::random(1),
        position: 0,
        completed: None,
        attempts: Vec::new(),
    };
    reports.iter().for_each(|it| all.merge(it));
    all
}

proptest! {
    /// Two phones in two tunnels: whoever comes first, whatever comes twice, they show the same in the end.
    #[test]
    fn progress_agrees_in_any_order(one in report(), two in report(), three in report()) {
        let all = merged(&[&one, &two, &three]);
        prop_assert_eq!(&all, &merged(&[&three, &one, &two]));
        prop_assert_eq!(&all, &merged(&[&two, &two, &three, &one, &three]));
        let first = merged(&[&one, &two]);
        prop_assert_eq!(&all, &merged(&[&first, &three]));
    }

    /// Nothing that was reached is ever taken back.
    #[test]
    fn progress_never_goes_back(one in report(), two in report()) {
        let mut later = one.clone();
        later.merge(&two);
        prop_assert!(later.position >= one.position);
        prop_assert!(one.completed.is_none() || later.completed.is_some());
        prop_assert!(later.attempts.len() >= one.attempts.len());
        prop_assert!(later.attempts.len() <= MOST_ATTEMPTS);
    }

    /// Whatever words somebody types, the comparison is the same for what it made of them.
    #[test]
    fn plain_words_stay_plain(words in "\\PC{0,40}") {
        prop_assert_eq!(plain(&plain(&words)), plain(&words));
    }
}
