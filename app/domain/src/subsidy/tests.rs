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
    let it = aoi_asks().checked(3_300, now()).expect("in order");
    assert_eq!((it.fee.yen, it.decision), (3_300, Decision::Open));
    assert!(!it.has_receipt && it.word.is_none());
}

#[test]
fn a_field_that_is_wrong_is_named() {
    let refused = |change: fn(&mut Fee)| {
        let mut it = aoi_asks();
        change(&mut it.fee);
        it.checked(3_300, now()).expect_err("refused")
    };
    let wrong = |field| Refusal::FieldWrong { field };
    assert_eq!(refused(|it| it.yen = 0), wrong(Field::Yen));
    assert_eq!(refused(|it| it.yen = 3_301), wrong(Field::Yen));
    assert_eq!(
        refused(|it| it.paid = now().day().plus(1)),
        wrong(Field::Paid)
    );
}

#[test]
fn a_fee_comes_back_from_its_text() {
    let fee = aoi_asks().fee;
    let text = serde_json::to_string(&fee).expect("it writes");
    assert_eq!(
        text,
        format!("\"{} 3300 {} 簿記3級の受験料\"", fee.course, fee.paid)
    );
    assert_eq!(serde_json::from_str::<Fee>(&text).expect("it reads"), fee);
    let id = fee.course;
    for wrong in [
        "",
        "x",
        &format!("{id} 3300 2030-11-20"),
        &format!("{id} -1 2030-11-20 x"),
        &format!("{id} 1 2030-13-20 x"),
        &format!("{id} 1 2030-11-20  "),
    ] {
        assert_eq!(Fee::read(wrong), None, "{wrong}");
    }
}

#[test]
fn money_is_given_never_lent() {
    let it = aoi_asks().checked(3_300, now()).expect("in order");
    let row = serde_json::to_string(&it).expect("it writes");
    for word in ["repay", "return", "due", "until"] {
        assert!(!row.contains(word), "{row}");
    }
}
