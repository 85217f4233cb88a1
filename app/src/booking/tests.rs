//! What the screens of bookings must show, and must never say.

use std::sync::Arc;

use domain::{
    booking::{Ask, Booking, BookingState, Place, Slot, Wish},
    id::{BookingId, MemberId, MutationId, SlotId},
    member::{Host, Language, Role},
    refusal::Refusal,
    sync::{
        replica::{Asked, Seen, Standing},
        row::{About, Outcome, Verdict, View},
    },
    text::Name,
    time::{Clock, Day, Time},
};
use leptos::prelude::*;

use super::*;
use crate::{device::Device, page::Page, start::Start};

const MIO: u128 = 2;

fn at(day: u32, hour: u16) -> Time {
    let day = Day::from_date(2026, 11, day).expect("a day of November");
    day.at(Clock::new(hour, 0).expect("an hour"))
}

fn slot(id: u128, starts: Time) -> Slot {
    Slot {
        id: SlotId::random(id),
        host: MemberId::random(MIO),
        starts,
        place: Place::Online,
        note: None,
    }
}

/// Mio, who has three free times on Wednesday.
fn village() -> View {
    let mut view = View::default();
    let mio = MemberId::random(MIO);
    view.hosts.insert(
        mio,
        Host {
            id: mio,
            name: Name::new("中村 美緒").expect("a name"),
            role: Role::Mentor,
            team: None,
            talks_about: None,
        },
    );
    for (id, hour) in [(11, 10), (12, 11), (13, 15)] {
        view.slots
            .insert(SlotId::random(id), slot(id, at(25, hour)));
    }
    view
}

fn ask() -> Ask {
    Ask {
        booking: BookingId::random(70),
        wishes: vec![Wish::from(&slot(11, at(25, 10)))],
        topic: "配属".into(),
        talk: "\"><script>".into(),
        avoid: String::new(),
    }
}

fn asked(standing: Standing) -> Seen {
    let mut seen = Seen::confirmed(&village());
    seen.asked.push(Asked {
        mutation: MutationId::random(71),
        ask: ask(),
        standing,
        at: at(22, 9),
        doubt: None,
    });
    seen
}

/// The page of this path, with what is seen there.
fn html(path: &str, seen: Seen) -> String {
    let start = Start {
        build: "test".into(),
        now: at(22, 10),
        language: Language::Ja,
        who: None,
        rows: Vec::new(),
        lesson: None,
        online: None,
        answer: None,
    };
    Owner::new_root(None).with(|| {
        let device = Device::new(&start, Page::parse(path, ""));
        device.seen.set(Arc::new(seen));
        device.status.update(|it| it.is_loading = false);
        view! { <crate::Portal device/> }.to_html()
    })
}

#[test]
fn an_asking_is_never_called_confirmed() {
    let path = Page::Booking(BookingId::random(70)).path();
    for (standing, words) in [
        (Standing::Saved, "端末に保存"),
        (Standing::Sending, "送信中"),
    ] {
        for page in [&path, "/booking"] {
            let html = html(page, asked(standing));
            assert!(html.contains(words), "{html}");
            assert!(!html.contains("確定"), "{html}");
        }
        assert!(html("/", asked(standing)).contains(words));
    }
}

#[test]
fn a_wish_survives_its_form() {
    let slot = slot(11, at(25, 10));
    assert_eq!(parse_wish(&wish_value(&slot)), Some((slot.id, slot.starts)));
    for broken in ["", "@", "x@1", &slot.id.to_string()] {
        assert_eq!(parse_wish(broken), None, "{broken}");
    }
}

#[test]
fn a_refusal_offers_the_nearest_times_with_the_same_words() {
    let mut view = village();
    let mutation = MutationId::random(50);
    let nearest = [11, 12, 13].map(SlotId::random).to_vec();
    let outcome = Outcome {
        mutation,
        verdict: Verdict::Refused(Refusal::SlotTaken { nearest }),
        about: About::Ask(ask()),
        at: at(22, 9),
    };
    view.outcomes.insert(mutation, outcome);
    let html = html("/", Seen::confirmed(&view));
    assert!(html.contains("断られました"));
    assert!(html.contains("近い時間はこの3つです。"));
    assert_eq!(html.matches(r#"type="hidden" name="wish1""#).count(), 3);
    assert_eq!(html.matches(r#"name="topic" value="配属""#).count(), 3);
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn all_times_are_in_the_page_before_the_code_arrives() {
    let path = Page::Host(MemberId::random(MIO), None).path();
    let html = html(&path, Seen::confirmed(&village()));
    assert!(html.contains(r#"method="post" action="/booking/ask""#));
    assert_eq!(html.matches(r#"type="radio""#).count(), 3);
    for name in ["topic", "talk", "avoid"] {
        assert!(html.contains(&format!(r#"name="{name}""#)), "{html}");
    }
    assert!(html.contains("10:00–10:15"));
}

#[test]
fn a_booking_can_be_cancelled_and_moved_until_it_starts_and_not_after() {
    let booking = |starts| {
        let mut view = village();
        let id = BookingId::random(8);
        let booking = Booking {
            id,
            slot: SlotId::random(9),
            host: MemberId::random(MIO),
            host_name: Name::new("中村 美緒").expect("a name"),
            starts,
            place: Place::Online,
            link: None,
            topic: None,
            talk: None,
            avoid: None,
            state: BookingState::Booked,
            sequence: 0,
            at: at(20, 9),
            ics: String::new(),
        };
        view.bookings.insert(id, booking);
        html(&Page::Booking(id).path(), Seen::confirmed(&view))
    };
    let (ahead, past) = (booking(at(25, 14)), booking(at(21, 14)));
    assert!(ahead.contains("/cancel\"") && ahead.contains("?move="));
    assert!(ahead.contains("確定"));
    assert!(!past.contains("/cancel\"") && !past.contains("?move="));
}

#[test]
fn every_page_has_one_first_heading_and_no_inline_style() {
    let paths = [
        Page::Home.path(),
        Page::Bookings.path(),
        Page::Host(MemberId::random(MIO), None).path(),
        Page::Booking(BookingId::random(70)).path(),
        Page::Booking(BookingId::random(404)).path(),
        Page::Me.path(),
        Page::Sync.path(),
        Page::Devices.path(),
        Page::Calendar.path(),
        "/nowhere".to_owned(),
    ];
    for path in paths {
        for seen in [asked(Standing::Saved), Seen::default()] {
            let html = html(&path, seen);
            assert_eq!(html.matches("<h1").count(), 1, "{path}: {html}");
            assert!(!html.contains("style="), "{path}: {html}");
        }
    }
}
