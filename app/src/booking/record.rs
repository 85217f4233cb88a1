//! After an interview: what was said, what comes next, what was promised, and how the person remembers it.

use domain::{id::BookingId, promise::Promise, sync::replica::Seen};
use leptos::prelude::*;

use super::{act, words};
use crate::{
    device::{Device, edge},
    format,
    ui::{self, Any, Blank, Look, Mark, TextArea},
};

/// The record and the promises, as they are known now.
pub(super) fn record(device: Device, seen: &Seen, id: BookingId) -> AnyView {
    let (language, words) = (device.language, words::of(device.language));
    let promises: Vec<_> = seen
        .view
        .promises
        .values()
        .filter(|it| it.booking == id)
        .map(|it| promise_card(device, it))
        .collect();
    let Some(it) = seen.view.records.get(&id) else {
        let blank = Blank::Nothing(words.record_none_title, words.record_none);
        return ui::section(words.record, vec![ui::empty(language, blank)]);
    };
    let at = format::day(language, it.at.day());
    let mut sheet = vec![
        ui::p("prose", it.said.to_string()),
        ui::note((words.record_by)(&it.by_name, &at)),
    ];
    if let Some(next) = &it.next {
        sheet.push(ui::facts(vec![(words.next, next.to_string().any())]));
    }
    let mut parts = vec![ui::card(None, sheet)];
    if !it.corrections.is_empty() {
        let mark = Mark::from(seen.standing("record", id));
        let corrections = it
            .corrections
            .iter()
            .map(|it| ui::p("prose", it.text.to_string()));
        let mut sheet = vec![ui::heading(words.corrections)];
        if mark != Mark::Confirmed {
            sheet.push(ui::standing(language, mark));
        }
        sheet.extend(corrections);
        parts.push(ui::card(Some(mark), sheet));
    }
    if !promises.is_empty() {
        parts.push(ui::heading(words.promises));
        parts.push(ui::list(promises));
    }
    ui::section(words.record, parts)
}

/// One thing the company owes, or did.
pub(crate) fn promise_card(device: Device, it: &Promise) -> AnyView {
    let (language, words) = (device.language, words::of(device.language));
    let text = ui::p("", it.text.to_string());
    let (mark, line) = match &it.kept {
        Some(kept) => (None, (words.kept)(&format::day(language, kept.at.day()))),
        None => (
            Some(Mark::Owed),
            (words.due)(&format::day(language, it.due)),
        ),
    };
    let standing = mark.map(|it| ui::standing(language, it));
    let line = ui::note(format!("{} · {line}", it.by_name));
    ui::card(mark, standing.into_iter().chain([text, line]).collect())
}

/// The form for a correction, once there is something to correct. It stands outside of what is drawn anew, so that
/// nothing typed is disturbed.
pub(super) fn correction(device: Device, id: BookingId) -> AnyView {
    let words = words::of(device.language);
    let text = RwSignal::new(String::new());
    let trouble = RwSignal::new(None);
    let writer = device.read(move |seen| {
        let record = seen.view.records.get(&id);
        record.map(|it| it.by_name.to_string())
    });
    let key = format!("correct.{id}");
    let send = {
        let key = key.clone();
        Callback::new(move |()| {
            let key = key.clone();
            act::correct(id, text, trouble, move || {
                text.set(String::new());
                if let Some(edge) = edge() {
                    edge.keep_draft(&key, "");
                }
            });
        })
    };
    let hint = ui::live(move || {
        let hint = writer.get().map(|it| (words.correct_hint)(&it));
        hint.map(ui::note).into_iter().collect()
    });
    let form = ui::form(
        format!("/booking/{id}/correct"),
        send,
        vec![
            hint,
            view! { <TextArea name="text" label=words.correct_label most=2000 text draft=key/> }
                .any(),
            ui::trouble(device, trouble),
            ui::submit(Look::Second, words.correct_send),
        ],
    );
    let form = ui::more("", words.correct, vec![form]);
    ui::shown_while(move || writer.with(Option::is_some), form)
}
