//! What the console shows to whom, and what it never says.

use domain::{
    id::{BookingId, MemberId, SlotId},
    member::{Language, Role},
    sync::wire::RowChange,
    time::{DAY, Time},
};
use leptos::prelude::*;
use serde_json::{json, value::to_raw_value};

use crate::{
    Console, ConsoleProps, device_of,
    page::Page,
    start::{Start, Who},
};

pub(super) const NOW: Time = Time::from_millis(1_795_000_000_000);

/// A console page as the server writes it.
pub(super) fn html(role: Role, page: &Page, rows: Vec<RowChange>) -> String {
    html_in(Language::Ja, role, page, rows)
}

/// The same in a language.
pub(super) fn html_in(language: Language, role: Role, page: &Page, rows: Vec<RowChange>) -> String {
    let who = Who {
        id: MemberId::random(1),
        role,
    };
    let start = Start {
        build: "test".into(),
        now: NOW,
        language,
        who: Some(who),
        rows,
        lesson: None,
        online: None,
        answer: None,
    };
    Owner::new_root(None).with(|| {
        let address = page.path();
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        let device = device_of(&start, path, query);
        Console(ConsoleProps { device }).to_html()
    })
}

/// An interview with Aoi that starts at this time.
fn interview(id: BookingId, starts: Time) -> RowChange {
    let body = json!({
        "id": id, "slot": SlotId::random(2), "member": MemberId::random(3), "member_name": "青井 葵",
        "starts": starts, "place": "online", "state": "booked", "sequence": 0,
    });
    let body = to_raw_value(&body).unwrap();
    RowChange(
        "host_booking".into(),
        id.to_string().into(),
        1,
        "p:me".into(),
        Some(body),
    )
}

#[test]
fn a_menu_shows_what_the_role_may_open() {
    let mentor = html(Role::Mentor, &Page::Today, Vec::new());
    assert!(mentor.contains("/staff/slots") && mentor.contains("/me/sync"));
    assert!(mentor.contains("/staff/events"));
    assert!(!mentor.contains("/staff/people") && !mentor.contains("/staff/settings"));
    let desk = html(Role::DeskOfficer, &Page::Today, Vec::new());
    assert!(!desk.contains("/staff/slots") && !desk.contains("/staff/promises"));
    let hr = html(Role::Hr, &Page::Today, Vec::new());
    assert!(hr.contains("/staff/people") && hr.contains("/staff/settings"));
}

#[test]
fn an_interview_without_a_record_is_ours_to_write() {
    let id = BookingId::random(9);
    let past = html(Role::Hr, &Page::Today, vec![interview(id, NOW + -DAY)]);
    assert!(past.contains("こちらが書く番"), "{past}");
    let ahead = html(Role::Hr, &Page::Today, vec![interview(id, NOW + DAY / 24)]);
    assert!(!ahead.contains("こちらが書く番") && ahead.contains("青井 葵さん"));
}

#[test]
fn a_record_can_be_written_after_the_start_and_says_who_reads_it() {
    let id = BookingId::random(9);
    let page = Page::Interview(id);
    let ahead = html(Role::Hr, &page, vec![interview(id, NOW + DAY)]);
    assert!(!ahead.contains("<textarea class=\"field__input\" id=\"said\""));
    let past = html(Role::Hr, &page, vec![interview(id, NOW + -DAY)]);
    assert!(past.contains("id=\"said\"") && past.contains("すべて青井 葵さんも読めます"));
}

/// A slot of somebody of this id.
fn slot(host: u128, starts: Time, state: &serde_json::Value) -> RowChange {
    let (id, host) = (SlotId::born(starts, host), MemberId::random(host));
    let body = json!({
        "id": id, "host": host, "availability": null, "starts": starts, "place": "online", "state": state,
    });
    let body = to_raw_value(&body).unwrap();
    RowChange(
        "host_slot".into(),
        id.to_string().into(),
        1,
        "hr".into(),
        Some(body),
    )
}

#[test]
fn hr_can_close_the_slot_of_another_host() {
    let mio = MemberId::random(7);
    let booking = json!({ "taken": BookingId::random(9) });
    let person = to_raw_value(&json!({ "id": mio, "name": "森 美緒", "role": "mentor" })).unwrap();
    let rows = vec![
        slot(1, NOW + DAY, &json!("open")),
        slot(7, NOW + 2 * DAY, &booking),
        RowChange(
            "person".into(),
            mio.to_string().into(),
            2,
            "people".into(),
            Some(person),
        ),
    ];
    let hr = html(Role::Hr, &Page::Slots, rows.clone());
    let (mine, others) = hr.split_once("ほかの担当者の枠").expect("a part for it");
    assert_eq!(mine.matches("の枠を閉じる\"").count(), 1, "{mine}");
    assert_eq!(others.matches("の枠を閉じる\"").count(), 1, "{others}");
    assert!(others.contains("森 美緒") && others.contains("予約済み"));
    // Closing a booked one opens the field for the word; the interview itself is its host's.
    assert!(others.contains("aria-expanded=\"false\"") && !others.contains("/staff/interviews/"));
    let mentor = html(Role::Mentor, &Page::Slots, rows);
    assert!(!mentor.contains("ほかの担当者の枠"));
}

#[test]
fn what_is_not_here_says_why() {
    let import = html(Role::Hr, &Page::Import, Vec::new());
    assert!(import.contains("empty--offline"));
    let people = html(Role::Hr, &Page::People, Vec::new());
    assert!(people.contains("empty--unloaded"));
    let slots = html(Role::Hr, &Page::Slots, Vec::new());
    assert!(slots.contains("開いている枠はまだありません"));
}

#[test]
fn no_screen_carries_a_style_attribute() {
    let id = BookingId::random(9);
    for page in [
        Page::Today,
        Page::Slots,
        Page::Interviews,
        Page::Interview(id),
        Page::Promises,
        Page::People,
        Page::Import,
        Page::Settings,
    ] {
        let html = html(Role::Hr, &page, vec![interview(id, NOW + -DAY)]);
        assert!(!html.contains(" style="), "{page:?}");
    }
}

/// Every file of words, as it is written.
const WORDS: &[(&str, &str)] = &[
    ("event_form", include_str!("words/event_form.rs")),
    ("events", include_str!("words/events.rs")),
    ("frame", include_str!("words/mod.rs")),
    ("import", include_str!("words/import.rs")),
    ("interviews", include_str!("words/interviews.rs")),
    ("people", include_str!("words/people.rs")),
    ("settings", include_str!("words/settings.rs")),
    ("slots", include_str!("words/slots.rs")),
    ("today", include_str!("words/today.rs")),
];

#[test]
fn nobody_is_pressed_or_ranked() {
    for (file, source) in WORDS {
        // What stands between quotation marks.
        for text in source.split('"').skip(1).step_by(2) {
            for wrong in [
                "!",
                "!",
                "義務",
                "必須",
                "命令",
                "Oops",
                "ランキング",
                "inactive",
            ] {
                assert!(!text.contains(wrong), "{file}: {text}");
            }
            let is_emoji = |it: char| u32::from(it) >= 0x1_F000;
            assert!(!text.chars().any(is_emoji), "{file}: {text}");
        }
    }
}
