use proptest::prelude::*;

use super::*;
use crate::{
    id::AvailabilityId,
    refusal::{Field, Refusal},
    text::PlaceName,
    time::{Clock, Day, HOUR, Weekday},
};

fn clock(text: &str) -> Clock {
    text.parse().expect("a clock")
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// Tuesday 2030-11-05, nine in the morning in Tokyo.
fn now() -> Time {
    day("2030-11-05").at(clock("09:00"))
}

fn pattern() -> Pattern {
    Pattern {
        days: vec![Weekday::Monday, Weekday::Tuesday],
        from: clock("10:00"),
        to: clock("11:00"),
        buffer: 5,
        first: day("2030-11-01"),
        last: day("2030-11-12"),
        weekly_cap: None,
    }
}

fn slot(id: u128, starts: Time) -> SlotFacts {
    SlotFacts {
        id: SlotId::random(id),
        starts,
        place: Place::Online,
        is_taken: false,
        is_closed: false,
        host_day: 0,
        host_week: 0,
        weekly_cap: None,
    }
}

fn wish(slot: &SlotFacts) -> Wish {
    Wish {
        slot: slot.id,
        starts: slot.starts,
        place: slot.place.clone(),
    }
}

fn nobody() -> Asker {
    Asker {
        booked: Vec::new(),
        limits: Limits::default(),
    }
}

#[test]
fn a_pattern_yields_what_its_words_say() {
    let starts = pattern().starts(now()).expect("slots");
    let shown: Vec<_> = starts
        .iter()
        .map(|it| format!("{} {}", it.day(), it.clock()))
        .collect();
    // Monday 4 November has passed and was a substitute holiday; the last interview ends before eleven.
    assert_eq!(
        shown,
        [
            "2030-11-05 10:00",
            "2030-11-05 10:20",
            "2030-11-05 10:40",
            "2030-11-11 10:00",
            "2030-11-11 10:20",
            "2030-11-11 10:40",
            "2030-11-12 10:00",
            "2030-11-12 10:20",
            "2030-11-12 10:40"
        ]
    );
    assert_eq!(
        SlotId::yielded(AvailabilityId::random(1), starts[0]),
        SlotId::yielded(AvailabilityId::random(1), starts[0])
    );
}

#[test]
fn a_pattern_says_which_field_makes_no_sense() {
    let no = |change: fn(&mut Pattern)| {
        let mut it = pattern();
        change(&mut it);
        it.starts(now()).expect_err("refused")
    };
    assert_eq!(
        no(|it| it.days.clear()),
        Refusal::FieldEmpty { field: Field::Days }
    );
    assert_eq!(
        no(|it| it.to = it.from),
        Refusal::FieldWrong { field: Field::From }
    );
    assert_eq!(
        no(|it| it.buffer = 7),
        Refusal::FieldWrong {
            field: Field::Buffer
        }
    );
    assert_eq!(
        no(|it| it.last = it.first.plus(-1)),
        Refusal::FieldWrong { field: Field::Last }
    );
    assert_eq!(
        no(|it| it.last = it.first.plus(400)),
        Refusal::FieldWrong { field: Field::Last }
    );
    assert_eq!(
        no(|it| it.weekly_cap = Some(0)),
        Refusal::FieldWrong {
            field: Field::Limit
        }
    );
    assert_eq!(
        no(|it| it.to = Clock::new(10, 10).expect("a clock")),
        Refusal::PatternEmpty
    );
    assert_eq!(
        no(|it| {
            it.days = Weekday::ALL.to_vec();
            it.to = Clock::new(23, 0).expect("a clock");
            it.last = it.first.plus(180);
        }),
        Refusal::PatternLarge { most: MOST_SLOTS }
    );
}

#[test]
fn the_first_free_wish_wins() {
    let ten = slot(1, now() + 25 * HOUR);
    let noon = slot(2, now() + 27 * HOUR);
    let taken = SlotFacts {
        is_taken: true,
        ..ten.clone()
    };
    let wishes = [wish(&ten), wish(&noon)];
    assert_eq!(
        settle(&wishes, &[ten.clone(), noon.clone()], &nobody(), now()),
        Ok(ten.id)
    );
    assert_eq!(
        settle(&wishes, &[taken.clone(), noon.clone()], &nobody(), now()),
        Ok(noon.id)
    );
    assert_eq!(
        settle(&wishes[..1], &[taken, noon], &nobody(), now()),
        Err(Refusal::SlotTaken { nearest: vec![] })
    );
    assert_eq!(
        settle(&wishes[..1], &[], &nobody(), now()),
        Err(Refusal::NotThere)
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_rule_says_its_own_no() {
    let free = slot(1, now() + 25 * HOUR);
    let no = |slot: SlotFacts, asker: Asker| {
        settle(&[wish(&free)], &[slot], &asker, now()).expect_err("refused")
    };
    let booked = |booked: Vec<Time>| Asker { booked, ..nobody() };
    assert_eq!(
        no(
            SlotFacts {
                starts: now(),
                ..free.clone()
            },
            nobody()
        ),
        Refusal::SlotPassed
    );
    assert_eq!(
        no(
            SlotFacts {
                is_closed: true,
                ..free.clone()
            },
            nobody()
        ),
        Refusal::SlotClosed { nearest: vec![] }
    );
    assert_eq!(
        no(
            SlotFacts {
                starts: free.starts + MINUTE,
                ..free.clone()
            },
            nobody()
        ),
        Refusal::SlotChanged
    );
    assert_eq!(
        no(
            SlotFacts {
                place: Place::At(PlaceName::new("本社").expect("a name")),
                ..free.clone()
            },
            nobody()
        ),
        Refusal::SlotChanged
    );
    assert_eq!(
        no(free.clone(), booked(vec![free.starts + 14 * MINUTE])),
        Refusal::AlreadyThen
    );
    assert_eq!(
        no(
            free.clone(),
            booked(vec![free.starts + HOUR, free.starts + 2 * HOUR])
        ),
        Refusal::DayFull { most: 2 }
    );
    assert_eq!(
        no(
            free.clone(),
            booked(vec![
                now() + 50 * HOUR,
                now() + 75 * HOUR,
                now() + 100 * HOUR
            ])
        ),
        Refusal::AheadFull { most: 3 }
    );
    assert_eq!(
        no(
            SlotFacts {
                host_day: 8,
                ..free.clone()
            },
            nobody()
        ),
        Refusal::HostDayFull { nearest: vec![] }
    );
    assert_eq!(
        no(
            SlotFacts {
                host_week: 2,
                weekly_cap: Some(2),
                ..free.clone()
            },
            nobody()
        ),
        Refusal::HostWeekFull { nearest: vec![] }
    );
    let soon = slot(1, now() + 59 * MINUTE);
    assert_eq!(
        settle(&[wish(&soon)], &[soon], &nobody(), now()),
        Err(Refusal::TooSoon { lead_minutes: 60 })
    );
}

#[test]
fn a_day_ends_at_midnight_in_tokyo() {
    // 23:45 and 00:00 are fifteen minutes apart and on different days.
    let late = slot(1, day("2030-11-06").at(clock("23:45")));
    let asker = |first: Time| Asker {
        booked: vec![first],
        limits: Limits {
            member_per_day: 1,
            ..Limits::default()
        },
    };
    assert_eq!(
        settle(
            &[wish(&late)],
            std::slice::from_ref(&late),
            &asker(day("2030-11-07").start()),
            now()
        ),
        Ok(late.id)
    );
    assert_eq!(
        settle(
            &[wish(&late)],
            std::slice::from_ref(&late),
            &asker(day("2030-11-06").start()),
            now()
        ),
        Err(Refusal::DayFull { most: 1 })
    );
}

#[test]
fn until_the_start_nobody_is_held() {
    let starts = now() + HOUR;
    let ended = BookingState::Cancelled(Cancellation {
        by: MemberId::random(1),
        at: now(),
        word: None,
    });
    assert_eq!(cancel(&BookingState::Booked, starts, now()), Ok(()));
    assert_eq!(
        cancel(&BookingState::Booked, now(), now()),
        Err(Refusal::BookingPassed)
    );
    assert_eq!(
        cancel(&ended, starts, now()),
        Err(Refusal::BookingCancelled)
    );
}

#[test]
fn closing_a_booked_slot_asks_for_a_word() {
    let starts = now() + HOUR;
    let somebody = Some(BookingId::random(1));
    assert_eq!(close("", None, starts, now()), Ok(None));
    assert_eq!(
        close(" ", somebody, starts, now()),
        Err(Refusal::WordNeeded)
    );
    assert_eq!(
        close("急な会議のため", somebody, starts, now()).map(|it| it.is_some()),
        Ok(true)
    );
    assert_eq!(close("", None, now(), now()), Err(Refusal::SlotPassed));
}

#[test]
fn a_place_or_an_https_link_is_needed() {
    assert_eq!(
        Where::checked("", "", ""),
        Err(Refusal::FieldEmpty {
            field: Field::Place
        })
    );
    assert_eq!(
        Where::checked("", "http://x.jp", ""),
        Err(Refusal::NotHttps { field: Field::Link })
    );
    assert_eq!(
        Where::checked("", "https://x.jp", "").map(|it| it.place),
        Ok(Place::Online)
    );
}

#[test]
fn the_loser_is_offered_what_is_close() {
    let at = |id: u128, is_same_host, minutes: i64| {
        (SlotId::random(id), is_same_host, now() + minutes * MINUTE)
    };
    let free = [
        at(1, false, 60),
        at(2, true, 600),
        at(3, true, 45),
        at(4, true, -5),
        at(5, false, 120),
        at(6, true, 90),
    ];
    assert_eq!(
        nearest(now() + 60 * MINUTE, free, now()),
        [SlotId::random(3), SlotId::random(6), SlotId::random(2)]
    );
}

proptest! {
    #[test]
    fn whoever_gets_a_slot_keeps_every_rule(
        starts in prop::collection::vec(0_i64..2_000, 1..4),
        booked in prop::collection::vec(0_i64..2_000, 0..5),
        is_taken in any::<bool>(), host_day in 0_u16..10, cap in prop::option::of(1_u16..4), host_week in 0_u16..5,
    ) {
        let facts: Vec<_> = starts.iter().enumerate().map(|(at, minutes)| SlotFacts {
            is_taken: is_taken && at == 0, host_day, host_week, weekly_cap: cap, ..slot(at as u128, now() + minutes * 5 * MINUTE)
        }).collect();
        let wishes: Vec<_> = facts.iter().map(wish).collect();
        let asker = Asker { booked: booked.iter().map(|it| now() + it * 5 * MINUTE).collect(), limits: Limits::default() };
        if let Ok(id) = settle(&wishes, &facts, &asker, now()) {
            let slot = facts.iter().find(|it| it.id == id).expect("a wished slot");
            prop_assert!(!slot.is_taken && slot.starts > now());
            prop_assert!(slot.host_day < asker.limits.host_per_day);
            prop_assert!(slot.weekly_cap.is_none_or(|cap| slot.host_week < cap));
            let mut blocks_filled: Vec<_> = asker.booked.iter().flat_map(|it| blocks(*it)).collect();
            blocks_filled.extend(blocks(slot.starts));
            let mine = blocks(slot.starts);
            prop_assert!(asker.booked.iter().all(|it| blocks(*it).iter().all(|block| !mine.contains(block))));
        }
    }
}
