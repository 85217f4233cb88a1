//! One interview: when and where, what the person wrote beforehand, and after its start the record.

use domain::{
    booking::{BookingState, HostBooking},
    id::BookingId,
    member::Language,
};
use leptos::prelude::*;

use super::record;
use crate::{
    device::Device,
    format,
    page::Page,
    staff::{
        form::Form,
        lines::{name_of, place, refusals},
        slots::{closing_now, word_form},
        words::{interviews, slots},
    },
    ui::{self, Blank},
};

/// One interview.
pub(in crate::staff) fn interview(id: BookingId) -> AnyView {
    let device = Device::here();
    let words = interviews::of(device.language);
    let form = Form::new(device.language);
    let booking = Memo::new(move |_| {
        device
            .seen
            .with(|seen| seen.view.host_bookings.get(&id).cloned())
    });
    let body = ui::live(move || match booking.get() {
        Some(it) => here(device, &it),
        None => {
            let blank = device
                .status
                .with(|it| Blank::of(it, words.not_found, words.not_found_more));
            let noun = super::super::title(device.language, &Page::Interviews);
            let title = ui::title(noun.unwrap_or_default(), "");
            vec![title, ui::empty(device.language, blank)]
        }
    });
    let parts = vec![
        ui::back(device.language, Page::Interviews.path()),
        refusals(device, form, |name| name.starts_with("interview.")),
        form.answer(),
        ui::el("div", "screen", vec![body]),
        ui::fetched(device),
    ];
    ui::el("div", "screen staff-narrow", parts)
}

fn here(device: Device, it: &HostBooking) -> Vec<AnyView> {
    let words = interviews::of(device.language);
    let name = name_of(device.language, &it.member_name);
    let mut parts = vec![
        ui::title((words.with)(&name), ""),
        ui::card(None, facts(device.language, it)),
    ];
    if it.is_live() {
        let (id, slot, starts) = (it.id, it.slot, it.starts);
        let has_begun = Memo::new(move |_| device.now.get() >= starts);
        let is_closing = Memo::new(move |_| device.status.with(closing_now).contains(&slot));
        parts.push(ui::live(move || {
            match (has_begun.get(), is_closing.get()) {
                (true, _) => vec![record::record(device, id, &name)],
                (false, true) => vec![ui::chip(slots::of(device.language).closing)],
                (false, false) => {
                    // Closing the slot ends the interview; the person reads the word.
                    let word = word_form(device, (slot, id), &name, starts);
                    let close = ui::more("", slots::of(device.language).close_this, vec![word]);
                    vec![ui::note(words.record_ahead), close]
                }
            }
        }));
    }
    parts
}

fn facts(language: Language, it: &HostBooking) -> Vec<AnyView> {
    let words = interviews::of(language);
    let text = |text: &str| ui::text(text.to_owned());
    let when = ui::el(
        "span",
        "when",
        vec![ui::text(format::when(language, it.starts))],
    );
    let mut pairs = vec![
        (words.when, when),
        (words.place, ui::text(place(language, &it.place))),
    ];
    if let Some(link) = &it.link {
        pairs.push((words.link, ui::away(link, link.to_string())));
    }
    let said = [
        (words.topic, it.topic.as_deref()),
        (words.talk, it.talk.as_deref()),
        (words.avoid, it.avoid.as_deref()),
    ];
    let said = said
        .into_iter()
        .filter_map(|(name, said)| Some((name, text(said?))));
    let before = pairs.len();
    pairs.extend(said);
    let is_silent = pairs.len() == before && it.is_live();
    if let BookingState::Cancelled(ended) = &it.state {
        let day = format::day(language, ended.at.day());
        pairs.push((words.cancelled, ui::text(day)));
        if let Some(word) = &ended.word {
            pairs.push((words.word_left, text(word)));
        }
    }
    let mut parts = vec![ui::facts(pairs)];
    if is_silent {
        parts.push(ui::note(words.nothing_written));
    }
    parts
}
