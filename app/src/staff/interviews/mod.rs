//! 面談: whom I meet and met, and the record that both sides read.

mod detail;
mod record;

use domain::booking::HostBooking;
use leptos::prelude::*;

use super::{
    lines::{heading, interview as line, lines},
    owed,
    words::{self, interviews},
};
use crate::{
    device::Device,
    page::Page,
    ui::{self, Blank, Look, Mark},
};

pub(super) use detail::interview;

/// Past interviews drawn at once.
const STEP: usize = 50;

/// My interviews.
pub(super) fn interviews() -> AnyView {
    let device = Device::here();
    view! {
        <div class="screen staff-narrow">
            {heading(device, &Page::Interviews, "")}
            {ahead(device)}
            {past(device)}
            {ui::fetched(device)}
        </div>
    }
    .into_any()
}

fn ahead(device: Device) -> AnyView {
    let words = interviews::of(device.language);
    let draw = move || {
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
            let state = (!it.is_live()).then(|| ui::chip(words.cancelled));
            line(device.language, it, None, state)
        };
        lines(ahead.iter().map(one).collect())
    };
    view! { <section class="section"><h2>{words.ahead}</h2>{draw}</section> }.into_any()
}

fn past(device: Device) -> AnyView {
    let words = interviews::of(device.language);
    let drawn = RwSignal::new(STEP);
    let draw = move || {
        let now = device.now.get();
        device.seen.with(|seen| {
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
                line(device.language, it, None, Some(state))
            };
            let mut parts = vec![lines(past.iter().take(drawn.get()).map(one).collect())];
            let rest = past.len().saturating_sub(drawn.get());
            if rest > 0 {
                let label = (words::of(device.language).show_more)(rest.min(STEP));
                let press = Callback::new(move |()| drawn.update(|it| *it += STEP));
                parts.push(ui::button(Look::Second, label, press));
            }
            parts
        })
    };
    view! { <section class="section"><h2>{words.past}</h2>{draw}</section> }.into_any()
}
