//! 面談: whom I meet and met, and the record that both sides read.

mod detail;
mod fields;
mod record;

use domain::booking::HostBooking;
use leptos::prelude::*;

use super::{
    lines::{interview as line, lines, more_button, page},
    owed,
    words::{self, interviews},
};
use crate::{
    device::Device,
    page::Page,
    ui::{self, Blank, Mark},
};

pub(super) use detail::interview;

/// Past interviews drawn at once.
const STEP: usize = 50;

/// My interviews.
pub(super) fn interviews() -> AnyView {
    let device = Device::here();
    let words = interviews::of(device.language);
    let drawn = RwSignal::new(STEP);
    let parts = vec![
        ui::section(words.ahead, vec![ui::live(move || vec![ahead(device)])]),
        ui::section(words.past, vec![ui::live(move || past(device, drawn))]),
    ];
    page("screen staff-narrow", &Page::Interviews, "", parts)
}

fn ahead(device: Device) -> AnyView {
    let words = interviews::of(device.language);
    let now = device.now.get();
    let ahead = device
        .seen
        .with(|seen| owed::interviews_ahead(&seen.view, now));
    if ahead.is_empty() {
        let blank = device
            .status
            .with(|it| Blank::of(it, words.ahead_none, words.ahead_none_more));
        return ui::empty(device.language, blank);
    }
    let one = |it: &HostBooking| {
        let state = if it.is_live() {
            Vec::new()
        } else {
            vec![ui::chip(words.cancelled)]
        };
        line(device.language, it, None, state)
    };
    lines(ahead.iter().map(one).collect())
}

fn past(device: Device, drawn: RwSignal<usize>) -> Vec<AnyView> {
    let words = interviews::of(device.language);
    let (seen, now) = (device.seen.get(), device.now.get());
    let past = owed::interviews_past(&seen.view, now);
    if past.is_empty() {
        return vec![ui::note(words.past_none)];
    }
    let one = |it: &HostBooking| {
        let state = if seen.view.records.contains_key(&it.id) {
            ui::chip(words.has_record)
        } else {
            ui::standing(device.language, Mark::Owed)
        };
        line(device.language, it, None, vec![state])
    };
    let mut parts = vec![lines(past.iter().take(drawn.get()).map(one).collect())];
    let rest = past.len().saturating_sub(drawn.get());
    if rest > 0 {
        let label = (words::of(device.language).show_more)(rest.min(STEP));
        parts.push(more_button(label, drawn, STEP));
    }
    parts
}
