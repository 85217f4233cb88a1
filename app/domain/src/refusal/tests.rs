use super::*;

/// One of each.
fn one_of_each() -> Vec<Refusal> {
    let (nearest, field) = (vec![SlotId::random(7)], Field::Talk);
    let all = vec![
        Refusal::SlotPassed,
        Refusal::SlotTaken {
            nearest: nearest.clone(),
        },
        Refusal::SlotClosed {
            nearest: nearest.clone(),
        },
        Refusal::SlotChanged,
        Refusal::TooSoon { lead_minutes: 60 },
        Refusal::AlreadyThen,
        Refusal::DayFull { most: 2 },
        Refusal::AheadFull { most: 3 },
        Refusal::HostDayFull {
            nearest: nearest.clone(),
        },
        Refusal::HostWeekFull { nearest },
        Refusal::BookingPassed,
        Refusal::BookingCancelled,
        Refusal::InterviewAhead,
        Refusal::WordNeeded,
        Refusal::SlotsOverlap,
        Refusal::PatternEmpty,
        Refusal::PatternLarge { most: 600 },
        Refusal::FieldEmpty { field },
        Refusal::FieldLong { field, most: 2_000 },
        Refusal::NotHttps { field },
        Refusal::FieldWrong { field },
        Refusal::NotThere,
        Refusal::DuePassed,
        Refusal::PromiseKept,
        Refusal::OwnersAlone,
        Refusal::OwnerNeeded,
        Refusal::OwnPlace,
        Refusal::EventPassed,
        Refusal::EventAhead,
        Refusal::EventCancelled,
        Refusal::EventFull,
        Refusal::RepliesClosed,
        Refusal::TermTime,
        Refusal::WayInUse,
        Refusal::CodeUnknown,
        Refusal::GroupsLarge { most: 500 },
        Refusal::Expired,
        Refusal::GivenUp,
        Refusal::Unknown,
    ];
    all.iter().for_each(is_listed);
    all
}

/// Whoever adds a refusal is sent here by the compiler, to list it above.
fn is_listed(it: &Refusal) {
    match it {
        Refusal::SlotPassed
        | Refusal::SlotTaken { .. }
        | Refusal::SlotClosed { .. }
        | Refusal::SlotChanged
        | Refusal::TooSoon { .. }
        | Refusal::AlreadyThen
        | Refusal::DayFull { .. }
        | Refusal::AheadFull { .. }
        | Refusal::HostDayFull { .. }
        | Refusal::HostWeekFull { .. }
        | Refusal::BookingPassed
        | Refusal::BookingCancelled
        | Refusal::InterviewAhead
        | Refusal::WordNeeded
        | Refusal::SlotsOverlap
        | Refusal::PatternEmpty
        | Refusal::PatternLarge { .. }
        | Refusal::FieldEmpty { .. }
        | Refusal::FieldLong { .. }
        | Refusal::NotHttps { .. }
        | Refusal::FieldWrong { .. }
        | Refusal::NotThere
        | Refusal::DuePassed
        | Refusal::PromiseKept
        | Refusal::OwnersAlone
        | Refusal::OwnerNeeded
        | Refusal::OwnPlace
        | Refusal::EventPassed
        | Refusal::EventAhead
        | Refusal::EventCancelled
        | Refusal::EventFull
        | Refusal::RepliesClosed
        | Refusal::TermTime
        | Refusal::WayInUse
        | Refusal::CodeUnknown
        | Refusal::GroupsLarge { .. }
        | Refusal::Expired
        | Refusal::GivenUp
        | Refusal::Unknown => {}
    }
}

#[test]
fn what_is_written_is_read_again() {
    for refusal in one_of_each() {
        let text = serde_json::to_string(&refusal).expect("a refusal always writes");
        assert_eq!(
            serde_json::from_str::<Refusal>(&text).ok(),
            Some(refusal),
            "{text}"
        );
    }
}

#[test]
fn a_no_of_a_newer_version_is_still_a_no() {
    let newer = r#"{"code":"moon_is_full","nearest":[],"phase":{"of":["what"]}}"#;
    assert_eq!(
        serde_json::from_str::<Refusal>(newer).ok(),
        Some(Refusal::Unknown)
    );
    let field = r#"{"code":"field_empty","field":"something_new"}"#;
    assert_eq!(
        serde_json::from_str::<Refusal>(field).ok(),
        Some(Refusal::FieldEmpty {
            field: Field::Unknown
        })
    );
}
