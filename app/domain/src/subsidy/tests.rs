use super::*;
use crate::time::Weekday;

fn now() -> Time {
    let mut day = Day::from_number(20_700);
    while day.weekday() != Weekday::Tuesday {
        day = day.plus(1);
    }
    day.start()
}

fn aoi_asks() -> AskSubsidy {
    AskSubsidy {
        subsidy: SubsidyId::random(1),
        fee: Fee {
            course: CourseId::random(2),
            purpose: Short::new("簿記3級の受験料").expect("short"),
            yen: 3_300,
            paid: now().day(),
        },
    }
}

#[test]
fn what_was_paid_can_be_asked_for() {
    let it = aoi_asks().checked(now()).expect("in order");
    assert_eq!((it.fee.yen, it.decision), (3_300, Decision::Open));
    assert!(!it.has_receipt && it.word.is_none());
}

#[test]
fn a_field_that_is_wrong_is_named() {
    let refused = |change: fn(&mut Fee)| {
        let mut it = aoi_asks();
        change(&mut it.fee);
        it.checked(now()).expect_err("refused")
    };
    let wrong = |field| Refusal::FieldWrong { field };
    assert_eq!(refused(|it| it.yen = 0), wrong(Field::Yen));
    assert_eq!(refused(|it| it.yen = MOST_YEN + 1), wrong(Field::Yen));
    assert_eq!(
        refused(|it| it.paid = now().day().plus(1)),
        wrong(Field::Paid)
    );
}

#[test]
fn money_is_given_never_lent() {
    let it = aoi_asks().checked(now()).expect("in order");
    let row = serde_json::to_string(&it).expect("it writes");
    for word in ["repay", "return", "due", "until"] {
        assert!(!row.contains(word), "{row}");
    }
}
