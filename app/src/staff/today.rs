//! 今日: what we owe, the oldest first, and who is met next.

use domain::{booking::HostBooking, member::Role, time::Time};
use leptos::prelude::*;

use super::{
    events,
    form::Form,
    lines::{interview, lines, open_promises, page, refusals},
    owed,
    words::{self, today},
};
use crate::{
    device::Device,
    format,
    page::Page,
    ui::{self, Blank, Look, Mark},
};

/// Promises that 今日 shows; the rest stand on their own page.
const MOST: usize = 10;

/// What the company owes today.
pub(super) fn today() -> AnyView {
    let device = Device::here();
    let form = Form::new(device.language);
    let date = format::day(device.language, device.now.get_untracked().day());
    let parts = vec![
        form.answer(),
        refusals(device, form, |_| true),
        promises(device, form),
        ui::live(move || unwritten(device)),
        ui::live(move || recordings(device)),
        ui::live(move || subsidies(device)),
        ui::live(move || soon(device)),
        ui::live(move || nothing(device)),
    ];
    page("screen staff-narrow", &Page::Today, date, parts)
}

fn promises(device: Device, form: Form) -> AnyView {
    let words = today::of(device.language);
    let is_some = Memo::new(move |_| {
        device
            .seen
            .with(|seen| !owed::open_promises(&seen.view).is_empty())
    });
    ui::live(move || {
        if !is_some.get() {
            return Vec::new();
        }
        let all = ui::link_button(Look::Plain, words.all_promises, Page::Promises.path());
        let parts = vec![
            ui::note(words.owed_more),
            open_promises(device, form, MOST),
            ui::el("p", "", vec![all]),
        ];
        vec![ui::section(words.owed, parts)]
    })
}

fn unwritten(device: Device) -> Vec<AnyView> {
    let words = today::of(device.language);
    let now = device.now.get();
    let gaps = device.seen.with(|seen| owed::unwritten(&seen.view, now));
    if gaps.is_empty() {
        return Vec::new();
    }
    let line = |it: &HostBooking| {
        let owed = ui::standing(device.language, Mark::Owed);
        interview(device.language, it, None, vec![owed])
    };
    let all = lines(gaps.iter().map(line).collect());
    vec![ui::section(
        words.unwritten,
        vec![ui::note(words.unwritten_more), all],
    )]
}

fn recordings(device: Device) -> Vec<AnyView> {
    let words = today::of(device.language);
    let (seen, now) = (device.seen.get(), device.now.get());
    let owed = owed::recordings(&seen.view, now);
    if owed.is_empty() {
        return Vec::new();
    }
    let all = owed.iter().map(|it| events::line(device, &seen, it));
    let parts = vec![ui::note(words.recordings_more), lines(all.collect())];
    vec![ui::section(words.recordings, parts)]
}

fn subsidies(device: Device) -> Vec<AnyView> {
    let words = today::of(device.language);
    let open = device.seen.with(|seen| seen.view.open_subsidies.len());
    if open == 0 {
        return Vec::new();
    }
    let label = (words.subsidies_open)(open);
    let all = ui::link_button(Look::Second, label, Page::Subsidies.path());
    vec![ui::section(words.subsidies, vec![all])]
}

fn soon(device: Device) -> Vec<AnyView> {
    let words = today::of(device.language);
    let is_host = device
        .who
        .with_value(|it| it.is_some_and(|it| it.role.is_host()));
    if !is_host {
        return Vec::new();
    }
    let now = device.now.get();
    let soon = device.seen.with(|seen| owed::soon(&seen.view, now));
    let part = if soon.is_empty() {
        ui::note(words.soon_none)
    } else {
        lines(soon.iter().map(|it| met(device, it, now)).collect())
    };
    vec![ui::section(words.soon, vec![part])]
}

fn met(device: Device, it: &HostBooking, now: Time) -> AnyView {
    let words = words::of(device.language);
    let day = if it.starts.day() == now.day() {
        words.today
    } else {
        words.tomorrow
    };
    interview(device.language, it, Some(day), Vec::new())
}

/// Said when nothing is owed; hosts still read whom they meet.
fn nothing(device: Device) -> Vec<AnyView> {
    let words = today::of(device.language);
    let now = device.now.get();
    let is_owing = device.seen.with(|seen| {
        let view = &seen.view;
        !owed::open_promises(view).is_empty()
            || !owed::unwritten(view, now).is_empty()
            || !owed::recordings(view, now).is_empty()
            || !view.open_subsidies.is_empty()
    });
    if is_owing {
        return Vec::new();
    }
    let is_desk = device
        .who
        .with_value(|it| it.is_some_and(|it| it.role == Role::DeskOfficer));
    let more = if is_desk {
        words.nothing_desk
    } else {
        words.nothing_more
    };
    let blank = device.status.with(|it| Blank::of(it, words.nothing, more));
    vec![ui::empty(device.language, blank)]
}
