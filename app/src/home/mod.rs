//! ホーム: what comes next, what the company owes me, what has been answered, who invites me. Nothing here has to be done.
//!
//! Invitations and held places stand here with their answers; see [`crate::event`].
//!
//! The form 「すぐ予約できる時間」 posts to `/booking/ask` with the fields that [`crate::booking`] names.

mod bridge;
mod quick;
mod words;

use domain::{sync::replica::Seen, time::Time};
use leptos::prelude::*;

use crate::{
    booking,
    device::Device,
    event, format, order,
    page::Page,
    ui::{self, Blank, Look},
};

/// ホーム.
#[component]
pub fn Home() -> impl IntoView {
    let device = Device::here();
    let words = words::of(device.language);
    let trouble = RwSignal::new(None);
    let upper = ui::live(move || {
        let (seen, now) = (device.seen.get(), device.now.get());
        if device.status.with(|it| it.is_loading) && seen.view.myself().is_none() {
            let blank = device.status.with(|it| Blank::of(it, "", ""));
            let title = ui::title(words.hello, words.no_hurry);
            return vec![title, ui::empty(device.language, blank)];
        }
        let mut parts = greeting(device, &seen, now);
        let answers = booking::outcomes(device, &seen, trouble);
        if !answers.is_empty() {
            parts.push(ui::section(words.answers, answers));
        }
        parts.extend(event::offered(device, &seen, now, trouble));
        parts.push(ui::section(words.next, next(device, &seen, now)));
        let owed = owed(device, &seen);
        if !owed.is_empty() {
            parts.push(ui::section(words.owed, vec![ui::list(owed)]));
        }
        parts.extend(event::invitations(device, &seen, now, trouble));
        parts
    });
    ui::screen(vec![
        upper,
        ui::trouble(device, trouble),
        ui::unsent(device),
        quick::quick(device),
        ui::link_button(Look::Second, words.more_times, Page::Bookings.path()),
        ui::fetched(device),
    ])
}

/// By name and by the time of day, with the bridge under it.
fn greeting(device: Device, seen: &Seen, now: Time) -> Vec<AnyView> {
    let words = words::of(device.language);
    let Some(me) = seen.view.myself() else {
        return vec![ui::title(words.hello, words.no_hurry)];
    };
    let hello = match now.clock().minutes() / 60 {
        4..11 => words.morning,
        11..18 => words.day,
        _ => words.evening,
    };
    let count = match me.joining.map(|it| format::days_until(it, now)) {
        None => String::new(),
        Some(0) => words.today.to_owned(),
        Some(days) if days > 0 => (words.days_left)(days),
        Some(_) => words.joined.to_owned(),
    };
    let mut parts = vec![ui::title(hello(&me.name), count)];
    if let Some(joining) = me.joining {
        parts.push(bridge::bridge(device, me.since, joining, now.day()));
    }
    parts
}

/// What was asked and has no answer, then the next booking and the next event by their time; or nothing, and that is fine.
fn next(device: Device, seen: &Seen, now: Time) -> Vec<AnyView> {
    let words = words::of(device.language);
    let booked = seen
        .view
        .bookings
        .values()
        .filter(|it| it.is_ahead(now))
        .min_by_key(|it| it.starts)
        .map(|it| (it.starts, booking::booking_card(device, seen, it)));
    let event = event::next(device, seen, now);
    let is_event_first = matches!((&event, &booked), (Some(event), Some(it)) if event.0 < it.0);
    let by_time = if is_event_first {
        [event, booked]
    } else {
        [booked, event]
    };
    let asked = seen
        .asked
        .iter()
        .map(|it| booking::asked_card(device, seen, it));
    let by_time = by_time.into_iter().flatten().map(|it| it.1);
    let cards: Vec<_> = asked.chain(by_time).collect();
    if cards.is_empty() {
        let blank = device
            .status
            .with(|it| Blank::of(it, words.nothing_title, words.nothing));
        return vec![ui::empty(device.language, blank)];
    }
    vec![ui::list(cards)]
}

/// What the company owes, the earliest date first.
fn owed(device: Device, seen: &Seen) -> Vec<AnyView> {
    let promises = seen.view.promises.values();
    let owed = promises.filter(|it| it.kept.is_none());
    let owed = order::sorted(owed, |it| order::by(it.due.number().into(), it.id.bits()));
    owed.into_iter()
        .map(|it| booking::promise_card(device, it))
        .collect()
}
