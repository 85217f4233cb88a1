use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    refusal::{Field, Refusal},
    time::{DAY, Day, HOUR, MINUTE},
};

const AOI: u128 = 1;
const REN: u128 = 2;
const MEI: u128 = 3;

fn who(number: u128) -> MemberId {
    MemberId::random(number)
}

fn at(text: &str) -> Time {
    let (day, clock) = text.split_once(' ').unwrap();
    day.parse::<Day>().unwrap().at(clock.parse().unwrap())
}

/// A dinner on a Friday evening ten days ahead, for two.
fn now() -> Time {
    at("2030-11-05 10:00")
}

fn dinner(most: u16) -> Roll {
    Roll {
        seats: Seats {
            on_site: Some(Some(most)),
            online: None,
        },
        has_waitlist: true,
        closes: at("2030-11-14 18:00"),
        starts: at("2030-11-15 18:00"),
        is_cancelled: false,
        entries: BTreeMap::new(),
    }
}

const HERE: Answer = Answer::Going(Way::OnSite);

fn going(roll: &Roll) -> Vec<MemberId> {
    let is_going = |it: &Entry| matches!(it, Entry::Going { .. });
    roll.entries
        .iter()
        .filter(|it| is_going(it.1))
        .map(|it| *it.0)
        .collect()
}

#[test]
fn the_last_place_goes_to_who_asks_first_and_the_next_waits() {
    let mut roll = dinner(1);
    assert_eq!(
        roll.reply(who(AOI), HERE, now()).unwrap(),
        [Change::Going {
            member: who(AOI),
            was_offered: false
        }]
    );
    assert_eq!(
        roll.reply(who(REN), HERE, now()).unwrap(),
        [Change::Waiting(who(REN))]
    );
    roll.reply(who(MEI), HERE, now()).unwrap();
    assert_eq!(
        roll.reply_of(who(MEI)),
        Some(Reply::Waiting {
            way: Way::OnSite,
            before: 1
        })
    );
    // Asking again changes nothing: Ren keeps the turn.
    assert_eq!(roll.reply(who(REN), HERE, now()).unwrap(), []);
    assert_eq!(roll.waiting(Way::OnSite), [who(REN), who(MEI)]);
}

#[test]
fn a_freed_place_is_offered_and_nobody_comes_without_saying_yes() {
    let mut roll = dinner(1);
    for person in [AOI, REN, MEI] {
        roll.reply(who(person), HERE, now()).unwrap();
    }
    let later = now() + HOUR;
    let until = later + HOLD;
    assert_eq!(
        roll.reply(who(AOI), Answer::Declined, later).unwrap(),
        [
            Change::Left {
                member: who(AOI),
                had_place: true
            },
            Change::Offered {
                member: who(REN),
                until
            }
        ]
    );
    assert_eq!(going(&roll), [], "Ren was asked, and has said nothing");
    // Aoi thinks again: the place is held for Ren, so Aoi is last in line.
    roll.reply(who(AOI), HERE, later).unwrap();
    assert_eq!(roll.waiting(Way::OnSite), [who(MEI), who(AOI)]);
    // Ren says no: on to Mei, not to Aoi.
    let changes = roll.reply(who(REN), Answer::Declined, later).unwrap();
    assert_eq!(
        changes[1],
        Change::Offered {
            member: who(MEI),
            until
        }
    );
    assert_eq!(
        roll.reply(who(MEI), HERE, later).unwrap(),
        [Change::Going {
            member: who(MEI),
            was_offered: true
        }]
    );
}

#[test]
fn an_offer_ends_after_two_days_and_goes_on() {
    let mut roll = dinner(1);
    for person in [AOI, REN, MEI] {
        roll.reply(who(person), HERE, now()).unwrap();
    }
    roll.reply(who(AOI), Answer::Maybe, now()).unwrap();
    assert_eq!(roll.tick(now() + HOLD + -1), []);
    let over = now() + HOLD;
    assert_eq!(
        roll.tick(over),
        [
            Change::Lapsed(who(REN)),
            Change::Offered {
                member: who(MEI),
                until: over + HOLD
            }
        ]
    );
    assert_eq!(roll.tick(over), [], "looking twice is as good as once");
    // A yes that comes too late waits again; nothing is taken from Mei.
    roll.reply(who(REN), HERE, over).unwrap();
    assert_eq!(roll.waiting(Way::OnSite), [who(REN)]);
}

#[test]
fn no_offer_reaches_into_the_last_two_hours() {
    let mut roll = dinner(1);
    for person in [AOI, REN, MEI] {
        roll.reply(who(person), HERE, now()).unwrap();
    }
    let eve = at("2030-11-15 10:00");
    let changes = roll.reply(who(AOI), Answer::Declined, eve).unwrap();
    let until = at("2030-11-15 16:00");
    assert_eq!(
        changes[1],
        Change::Offered {
            member: who(REN),
            until
        }
    );
    // From then on the place is whose says yes first.
    assert_eq!(roll.tick(until), [Change::Lapsed(who(REN))]);
    let changes = roll.reply(who(MEI), HERE, until + MINUTE).unwrap();
    assert_eq!(
        changes,
        [Change::Going {
            member: who(MEI),
            was_offered: false
        }]
    );
}

#[test]
fn more_places_are_offered_at_once_and_fewer_take_nothing_away() {
    let mut roll = dinner(2);
    for person in 1..=6 {
        roll.reply(who(person), HERE, now()).unwrap();
    }
    let offered = |changes: &[Change]| {
        let is_offer = |it: &&Change| matches!(it, Change::Offered { .. });
        changes
            .iter()
            .filter(is_offer)
            .map(Change::member)
            .collect::<Vec<_>>()
    };
    let changes = roll.replan(&plan(Some(5), None), now()).unwrap();
    assert_eq!(offered(&changes), [who(3), who(4), who(5)]);
    assert_eq!(roll.replan(&plan(Some(1), None), now()).unwrap(), []);
    assert_eq!(going(&roll), [who(1), who(2)]);
    // Held places stay held, and what they leave is not offered on: there are fewer now.
    let changes = roll.reply(who(3), Answer::Declined, now()).unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");
}

#[test]
fn an_event_refuses_in_words() {
    let mut full = dinner(1);
    full.has_waitlist = false;
    full.reply(who(AOI), HERE, now()).unwrap();
    assert_eq!(full.reply(who(REN), HERE, now()), Err(Refusal::EventFull));
    assert_eq!(
        full.reply(who(AOI), Answer::Going(Way::Online), now()),
        Err(Refusal::NotThere),
        "there is no link"
    );
    assert_eq!(
        full.reply(who(REN), Answer::Maybe, full.starts),
        Err(Refusal::EventPassed)
    );
    let closed = full.closes;
    full.reply(who(AOI), Answer::Declined, closed).unwrap();
    assert_eq!(
        full.reply(who(REN), HERE, closed),
        Err(Refusal::RepliesClosed)
    );
    full.is_cancelled = true;
    assert_eq!(
        full.reply(who(REN), HERE, now()),
        Err(Refusal::EventCancelled)
    );
    assert_eq!(full.remove(who(MEI), now()), Err(Refusal::NotThere));
}

#[test]
fn who_has_a_place_keeps_it_when_the_other_way_is_full() {
    let mut roll = dinner(5);
    roll.seats.online = Some(Some(1));
    roll.reply(who(AOI), Answer::Going(Way::Online), now())
        .unwrap();
    roll.reply(who(REN), HERE, now()).unwrap();
    assert_eq!(
        roll.reply(who(REN), Answer::Going(Way::Online), now()),
        Err(Refusal::EventFull)
    );
    assert_eq!(roll.reply_of(who(REN)), Some(Reply::Going(Way::OnSite)));
    assert_eq!(
        roll.replan(&plan(Some(5), None), now()),
        Err(Refusal::WayInUse),
        "Aoi takes part by the link"
    );
}

/// What can happen to an event.
#[derive(Debug, Clone)]
enum Happening {
    Reply(u8, u8),
    Remove(u8),
    Seats(u16, u16),
    Later(i64),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => (0..12_u8, 0..5_u8).prop_map(|(person, answer)| Happening::Reply(person, answer)),
        1 => (0..12_u8).prop_map(Happening::Remove),
        1 => (1..6_u16, 1..4_u16).prop_map(|(site, online)| Happening::Seats(site, online)),
        2 => (1..40_i64).prop_map(|hours| Happening::Later(hours * HOUR)),
    ]
}

fn plan(on_site: Option<u16>, online: Option<u16>) -> Plan {
    let mut plan = write().checked(now()).unwrap();
    plan.on_site = Some(Site {
        place: PlaceName::new("本社 3階").unwrap(),
        map: None,
        capacity: on_site,
    });
    plan.online = online.map(|capacity| Online {
        link: HttpsLink::new("https://meet.example.jp/dinner").unwrap(),
        capacity: Some(capacity),
    });
    plan.starts = at("2030-11-15 18:00");
    plan.closes = at("2030-11-14 18:00");
    plan
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// Whatever people and planners do, in whatever order: places, order and notices are as the module says.
    #[test]
    fn the_roll_is_fair(happenings in proptest::collection::vec(happening(), 1..80)) {
        let mut roll = dinner(2);
        roll.seats.online = Some(Some(1));
        let mut now = now();
        for it in happenings {
            let before = roll.clone();
            let changes = match it {
                Happening::Reply(person, answer) => {
                    let answer = [HERE, HERE, Answer::Going(Way::Online), Answer::Maybe, Answer::Declined][usize::from(answer)];
                    roll.reply(who(person.into()), answer, now).unwrap_or_default()
                }
                Happening::Remove(person) => roll.remove(who(person.into()), now).unwrap_or_default(),
                Happening::Seats(site, online) => roll.replan(&plan(Some(site), Some(online)), now).unwrap_or_default(),
                Happening::Later(by) => { now = now + by; roll.tick(now) }
            };
            holds(&before, &roll, &changes, now)?;
        }
    }
}

fn holds(before: &Roll, roll: &Roll, changes: &[Change], now: Time) -> Result<(), TestCaseError> {
    let is_over = now >= roll.starts + -LAST_OFFER;
    for way in Way::ALL {
        let Some(places) = roll.places(way) else {
            continue;
        };
        let most = places.most.unwrap_or(u16::MAX);
        let were = before.places(way).map_or(0, |it| it.taken);
        prop_assert!(
            places.taken <= most.max(were),
            "{way:?} is oversold: {places:?}"
        );
        prop_assert!(
            places.waiting == 0 || places.taken >= most || is_over,
            "{way:?}: somebody waits for a free place"
        );
        // First come, first served: whoever was in line before and is offered now stood before all who still wait.
        let line = before.waiting(way);
        let still = roll.waiting(way);
        let place_in = |it: &MemberId| line.iter().position(|other| other == it);
        for served in changes.iter().filter_map(|it| match it {
            Change::Offered { member, .. } => place_in(member),
            _ => None,
        }) {
            let first = still.iter().filter_map(place_in).min();
            prop_assert!(
                first.is_none_or(|it| served < it),
                "somebody was passed over"
            );
        }
        let numbers = roll.entries.values().filter_map(Entry::place);
        let mut numbers: Vec<_> = numbers.filter(|it| it.0 == way).collect();
        let n = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), n, "two people have one place");
    }
    for (member, entry) in &roll.entries {
        let was = before.entries.get(member);
        let said_of = changes.iter().filter(|it| it.member() == *member);
        let said: Vec<_> = said_of.collect();
        match entry {
            Entry::Offered { until, .. } => prop_assert!(
                *until > now && *until <= now + HOLD && *until <= roll.starts + -LAST_OFFER
            ),
            Entry::Going { .. } if !matches!(was, Some(Entry::Going { .. })) => {
                prop_assert!(
                    said.iter().any(|it| matches!(it, Change::Going { .. })),
                    "a place without a word"
                );
            }
            _ => {}
        }
        if matches!(entry, Entry::Offered { .. }) && !matches!(was, Some(Entry::Offered { .. })) {
            let offers = said
                .iter()
                .filter(|it| matches!(it, Change::Offered { .. }));
            prop_assert_eq!(offers.count(), 1, "an offer is told exactly once");
        }
        if was == Some(entry) {
            let is_quiet = !said.iter().any(|it| matches!(it, Change::Offered { .. }));
            prop_assert!(
                is_quiet || said.len() > 1,
                "nothing changed, and still it was told"
            );
        }
    }
    Ok(())
}

/// A round table on a Friday evening.
fn write() -> WriteEvent {
    WriteEvent {
        event: EventId::random(7),
        kind: Kind::RoundTable,
        title: "座談会".into(),
        title_en: String::new(),
        text: String::new(),
        text_en: String::new(),
        starts: at("2030-11-15 18:00"),
        ends: at("2030-11-15 19:30"),
        closes: at("2030-11-14 18:00"),
        place: "本社 3階".into(),
        map: String::new(),
        on_site: Some(20),
        link: String::new(),
        online: None,
        has_waitlist: true,
        minutes: 90,
        bring: String::new(),
        bring_en: String::new(),
        contact: String::new(),
        hosts: Vec::new(),
        invited: Invited::Everyone,
        is_recorded: false,
        again: String::new(),
    }
}

#[test]
fn an_event_in_class_hours_needs_a_way_out() {
    let mut noon = write();
    (noon.starts, noon.ends) = (at("2030-11-15 16:30"), at("2030-11-15 18:00"));
    noon.closes = noon.starts;
    assert_eq!(noon.checked(now()), Err(Refusal::TermTime));
    noon.is_recorded = true;
    assert_eq!(
        noon.checked(now()).unwrap().instead,
        Some(Instead::Recording)
    );
    noon.again = "11月22日(金) 18:00".into();
    assert!(matches!(
        noon.checked(now()).unwrap().instead,
        Some(Instead::Again(_))
    ));
}

#[test]
fn class_hours_are_working_days_of_the_term_from_nine_to_five() {
    let is = |from: &str, to: &str| is_in_term_time(at(from), at(to));
    assert!(is("2030-11-15 10:00", "2030-11-15 11:00"));
    assert!(!is("2030-11-15 17:00", "2030-11-15 19:00"), "after five");
    assert!(!is("2030-11-15 07:00", "2030-11-15 09:00"), "before nine");
    assert!(!is("2030-11-16 10:00", "2030-11-16 12:00"), "a Saturday");
    assert!(
        !is("2030-11-04 10:00", "2030-11-04 12:00"),
        "a substitute holiday"
    );
    assert!(!is("2030-08-20 10:00", "2030-08-20 12:00"), "in August");
    assert!(!is("2031-03-04 10:00", "2031-03-04 12:00"), "in March");
    assert!(
        is("2030-11-14 20:00", "2030-11-15 20:00"),
        "over the night into a Friday"
    );
}

#[test]
fn a_form_is_told_which_field() {
    let no = |change: &dyn Fn(&mut WriteEvent)| {
        let mut it = write();
        change(&mut it);
        it.checked(now()).unwrap_err()
    };
    let wrong = |field| Refusal::FieldWrong { field };
    let empty = |field| Refusal::FieldEmpty { field };
    assert_eq!(no(&|it| it.title = " ".into()), empty(Field::Title));
    assert_eq!(no(&|it| it.text_en = "Dinner".into()), empty(Field::Text));
    assert_eq!(no(&|it| it.place.clear()), empty(Field::Place));
    assert_eq!(no(&|it| it.ends = it.starts), wrong(Field::To));
    assert_eq!(no(&|it| it.ends = it.starts + 3 * DAY), wrong(Field::To));
    assert_eq!(no(&|it| it.closes = it.starts + 1), wrong(Field::Closes));
    assert_eq!(no(&|it| it.minutes = 0), wrong(Field::Minutes));
    assert_eq!(no(&|it| it.on_site = Some(0)), wrong(Field::OnSite));
    assert_eq!(no(&|it| it.starts = now()), Refusal::EventPassed);
    assert_eq!(
        no(&|it| it.map = "http://maps.example.jp".into()),
        Refusal::NotHttps { field: Field::Map }
    );
    assert_eq!(
        no(&|it| it.invited = Invited::Chosen(Vec::new())),
        empty(Field::Invited)
    );
}

#[test]
fn what_changed_is_what_was() {
    let before = write().checked(now()).unwrap();
    let mut it = write();
    assert_eq!(it.checked(now()).unwrap().edit(&before, now()), None);
    it.place = "本社 5階".into();
    it.has_waitlist = false;
    let edit = it.checked(now()).unwrap().edit(&before, now()).unwrap();
    assert_eq!(edit.place.as_deref(), Some("本社 3階"));
    assert_eq!((edit.time, edit.bring, edit.text), (None, None, false));
}

#[test]
fn a_door_code_is_read_however_it_was_typed() {
    let code = door_code(0x0123_4567_89AB_CDEF);
    assert_eq!(code.len(), 6);
    assert_eq!(typed_code(&code.to_lowercase()), code);
    assert_eq!(typed_code("ａｂ c２-3 4"), "ABC234");
    assert_ne!(door_code(1), door_code(2));
}

#[test]
fn a_guest_has_an_event_and_a_name() {
    let id = GuestId(EventId::random(5), who(AOI));
    assert_eq!(id.to_string().parse(), Ok(id));
    assert!("a".parse::<GuestId>().is_err());
}
