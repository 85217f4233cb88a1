use super::*;

/// Mondays and Wednesdays of three weeks around Labour Thanksgiving Day, a Monday.
fn typed() -> Typed {
    Typed {
        days: 0b101,
        from: "13:00".into(),
        to: "14:00".into(),
        buffer: "5".into(),
        first: "2026-11-16".into(),
        last: "2026-12-06".into(),
        cap: String::new(),
    }
}

fn now() -> Time {
    Day::from_date(2026, 11, 10).unwrap().start()
}

#[test]
fn says_how_many_slots_come_out_and_which_holidays_do_not() {
    let it = typed().consequence(now()).unwrap();
    assert_eq!((it.slots, it.days), (15, 5));
    assert_eq!(it.holidays, [Day::from_date(2026, 11, 23).unwrap()]);
}

#[test]
fn names_the_field_that_makes_no_sense() {
    let refused = |typed: Typed| typed.consequence(now()).unwrap_err();
    let wrong = |field| Refusal::FieldWrong { field };
    assert_eq!(
        refused(Typed { days: 0, ..typed() }),
        Refusal::FieldEmpty { field: Field::Days }
    );
    assert_eq!(
        refused(Typed {
            from: "x".into(),
            ..typed()
        }),
        wrong(Field::From)
    );
    assert_eq!(
        refused(Typed {
            last: String::new(),
            ..typed()
        }),
        wrong(Field::Last)
    );
    assert_eq!(
        refused(Typed {
            cap: "many".into(),
            ..typed()
        }),
        wrong(Field::Limit)
    );
    assert_eq!(
        refused(Typed {
            cap: "0".into(),
            ..typed()
        }),
        wrong(Field::Limit)
    );
}
