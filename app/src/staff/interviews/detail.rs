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
    let booking = device.read(move |seen| seen.view.host_bookings.get(&id).cloned());
    let form = Form::new(device.language);
    let draw = move || match booking.get() {
        Some(it) => here(device, &it),
        None => {
            let blank = device
                .status
                .with(|it| Blank::of(it, words.not_found, words.not_found_more));
            ui::empty(device.language, blank)
        }
    };
    let name = super::super::title(device.language, &Page::Interviews).unwrap_or_default();
    let heading = move || {
        let name_of = |it: &HostBooking| (words.with)(&name_of(device.language, &it.member_name));
        booking.with(|it| it.as_ref().map_or_else(|| name.to_owned(), name_of))
    };
    view! {
        <div class="screen staff-narrow">
            {ui::back(device.language, Page::Interviews.path())}
            <h1 class="title">{heading}</h1>
            {form.answer()}
            {refusals(device, form, |name| name.starts_with("interview."))}
            {draw}
            {ui::fetched(device)}
        </div>
    }
    .into_any()
}

fn here(device: Device, it: &HostBooking) -> AnyView {
    let words = interviews::of(device.language);
    let (id, starts, name) = (it.id, it.starts, name_of(device.language, &it.member_name));
    let has_begun = Memo::new(move |_| device.now.get() >= starts);
    let is_live = it.is_live();
    let slot = it.slot;
    let rest = move || match (is_live, has_begun.get()) {
        (false, _) => ().into_any(),
        (true, true) => record::record(device, id, &name),
        (true, false) => view! {
            {ui::note(words.record_ahead)}
            {close(device, (slot, id), &name, starts)}
        }
        .into_any(),
    };
    view! {
        {ui::card(None, vec![facts(device.language, it)])}
        {rest}
    }
    .into_any()
}

/// Closing the slot ends the interview; the person reads the word.
fn close(
    device: Device,
    (slot, id): (domain::id::SlotId, BookingId),
    name: &str,
    starts: domain::time::Time,
) -> AnyView {
    let words = slots::of(device.language);
    let is_closing = Memo::new(move |_| device.status.with(closing_now).contains(&slot));
    let name = name.to_owned();
    let draw = move || {
        if is_closing.get() {
            return ui::chip(words.closing);
        }
        ui::more(
            words.close_this,
            vec![word_form(device, (slot, id), &name, starts)],
        )
    };
    draw.into_any()
}

fn facts(language: Language, it: &HostBooking) -> AnyView {
    let words = interviews::of(language);
    let text = |text: &str| view! { <span>{text.to_owned()}</span> }.into_any();
    let when = view! { <span class="when">{format::when(language, it.starts)}</span> }.into_any();
    let mut pairs = vec![
        (words.when, when),
        (words.place, text(&place(language, &it.place))),
    ];
    if let Some(link) = &it.link {
        let link = link.to_string();
        let shown = link.clone();
        let way = view! { <a href=link target="_blank" rel="noreferrer">{shown}</a> };
        pairs.push((words.link, way.into_any()));
    }
    let said = [
        (words.topic, it.topic.as_deref()),
        (words.talk, it.talk.as_deref()),
        (words.avoid, it.avoid.as_deref()),
    ];
    let said: Vec<_> = said
        .into_iter()
        .filter_map(|(name, said)| Some((name, text(said?))))
        .collect();
    let nothing = said.is_empty().then(|| ui::note(words.nothing_written));
    pairs.extend(said);
    if let BookingState::Cancelled(ended) = &it.state {
        pairs.push((
            words.cancelled,
            text(&format::day(language, ended.at.day())),
        ));
        if let Some(word) = &ended.word {
            pairs.push((words.word_left, text(word)));
        }
    }
    view! { {ui::facts(pairs)} {nothing} }.into_any()
}
