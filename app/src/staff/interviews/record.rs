//! The record of an interview: what stands there, and the form that writes it.

use domain::{
    id::{BookingId, PromiseId},
    interview::{Correction, Promised, Record, WriteRecord},
    member::Language,
    refusal::{Field, Refusal},
    sync::{mutation::Mutation, replica::Seen},
    time::Day,
};
use leptos::prelude::*;

use super::fields::{Fields, ROWS};
use crate::{
    device::Device,
    format,
    staff::{
        form::{Draft, Form, about, end, send_button},
        lines::{line, lines, mark, more, promise_text},
        words::{self, interviews},
    },
    ui::{self, Look},
};

/// Characters of what was said.
const MOST: usize = 2000;

/// What was said, or the form that writes it.
pub(super) fn record(device: Device, id: BookingId, name: &str) -> AnyView {
    let words = interviews::of(device.language);
    let is_rewriting = RwSignal::new(false);
    let (name, writer) = (name.to_owned(), name.to_owned());
    let stands = ui::live(move || {
        let seen = device.seen.get();
        let record = seen.view.records.get(&id);
        record.map_or_else(Vec::new, |it| {
            written(device, &seen, &name, it, is_rewriting)
        })
    });
    // Only what decides whether the form is there: a form is never drawn anew under somebody's hands.
    let is_open = Memo::new(move |_| {
        is_rewriting.get()
            || device
                .seen
                .with(|seen| !seen.view.records.contains_key(&id))
    });
    let writes = ui::live(move || {
        if !is_open.get() {
            return Vec::new();
        }
        let seen = device.seen.get_untracked();
        vec![write(
            device,
            id,
            &writer,
            seen.view.records.get(&id),
            is_rewriting,
        )]
    });
    ui::section(words.record, vec![stands, writes])
}

fn written(
    device: Device,
    seen: &Seen,
    name: &str,
    it: &Record,
    is_rewriting: RwSignal<bool>,
) -> Vec<AnyView> {
    let language = device.language;
    let words = interviews::of(language);
    let at = format::moment(language, it.at, device.now.get());
    let mut facts = vec![(words.said, ui::text(it.said.to_string()))];
    if let Some(next) = &it.next {
        facts.push((words.next, ui::text(next.to_string())));
    }
    let standing = seen.standing("record", it.booking);
    let mut sheet = mark(language, standing);
    sheet.push(ui::facts(facts));
    sheet.push(ui::p("caption", (words.written)(&it.by_name, &at)));
    let mut parts = vec![ui::card(Some(standing.into()), sheet)];
    if !it.corrections.is_empty() {
        parts.push(ui::heading((words.corrections)(name)));
        let line = |it: &Correction| correction(language, it);
        parts.push(lines(it.corrections.iter().map(line).collect()));
    }
    let promises = seen
        .view
        .promises
        .values()
        .filter(|promise| promise.booking == it.booking);
    let promises: Vec<_> = promises.map(|it| promise_text(language, it)).collect();
    if !promises.is_empty() {
        parts.push(ui::heading(words.promises));
        parts.push(lines(promises));
    }
    if !is_rewriting.get() {
        let press = Callback::new(move |()| is_rewriting.set(true));
        parts.push(ui::row(vec![ui::button(
            Look::Second,
            words.rewrite,
            press,
        )]));
    }
    parts
}

fn correction(language: Language, it: &Correction) -> AnyView {
    let day = more(format::day(language, it.at.day()));
    let text = ui::el("span", "prose", vec![ui::text(it.text.to_string())]);
    line("staff-line", vec![text], vec![day])
}

fn write(
    device: Device,
    id: BookingId,
    name: &str,
    before: Option<&Record>,
    is_rewriting: RwSignal<bool>,
) -> AnyView {
    let words = interviews::of(device.language);
    let form = Form::new(device.language);
    let fields = Fields::new(id, before, device.now.get_untracked());
    let (counted, reader) = (fields.clone(), name.to_owned());
    let consequence = ui::live(move || {
        vec![ui::p(
            "",
            (words.shares)(&reader, counted.promised().count()),
        )]
    });
    let mut buttons = vec![send_button(ui::text(words.share))];
    let mut parts = vec![
        ui::note((words.record_seen)(name)),
        form.area(
            &fields.said,
            Field::Said,
            MOST,
            &about("said", words.said, words.said_hint),
        ),
        form.line(
            &fields.next,
            Field::Next,
            "text",
            &about("next", words.next, words.next_hint),
        ),
        promises(device.language, form, &fields),
    ];
    if before.is_some() {
        parts.push(ui::note(words.promises_stay));
        buttons.push(leave(device.language, is_rewriting));
    }
    parts.push(end(consequence, vec![ui::row(buttons), form.answer()]));
    let send = Callback::new(move |()| share(form, id, &fields, is_rewriting));
    ui::card(None, vec![Form::around(send, parts)])
}

fn leave(language: Language, is_rewriting: RwSignal<bool>) -> AnyView {
    let press = Callback::new(move |()| is_rewriting.set(false));
    ui::button(Look::Plain, words::of(language).never_mind, press)
}

/// As many rows as are asked for, and those that a draft still fills.
fn promises(language: Language, form: Form, fields: &Fields) -> AnyView {
    let words = interviews::of(language);
    let (rows, all) = (fields.rows, fields.promises.clone());
    let filled = {
        let all = all.clone();
        move || {
            all.iter()
                .rposition(|it| !it.0.text.read().is_empty())
                .map_or(0, |it| it + 1)
        }
    };
    let shown = Memo::new(move |_| rows.get().max(filled()));
    let row = |(n, (text, due)): (usize, &(Draft, Draft))| {
        let [text_name, due_name] = ROWS[n];
        let legend = ui::el(
            "legend",
            "only-read",
            vec![ui::text((words.promise)(n + 1))],
        );
        let text = form.line(
            text,
            Field::Promise,
            "text",
            &about(text_name, words.promise_text, ""),
        );
        let due = form.line(
            due,
            Field::Due,
            "date",
            &about(due_name, words.promise_due, ""),
        );
        let row = ui::el("fieldset", "staff-promise", vec![legend, text, due]);
        ui::shown_while(move || shown.get() > n, row)
    };
    let mut parts = vec![ui::heading(words.promises), ui::note(words.promises_hint)];
    parts.extend(all.iter().enumerate().map(row));
    parts.push(ui::live(move || {
        if shown.get() >= ROWS.len() {
            return Vec::new();
        }
        let press = Callback::new(move |()| rows.set(shown.get_untracked() + 1));
        vec![ui::row(vec![ui::button(
            Look::Plain,
            words.promise_more,
            press,
        )])]
    }));
    ui::stack(parts)
}

fn share(form: Form, id: BookingId, fields: &Fields, is_rewriting: RwSignal<bool>) {
    let Some(edge) = form.edge() else { return };
    let promised = |(text, due): (String, String)| {
        let due = due
            .parse::<Day>()
            .map_err(|_| Refusal::FieldWrong { field: Field::Due })?;
        let id = PromiseId::born(edge.now(), edge.chance());
        Ok(Promised { id, text, due })
    };
    let promises = untrack(|| {
        fields
            .promised()
            .map(promised)
            .collect::<Result<Vec<_>, Refusal>>()
    });
    let promises = match promises {
        Ok(it) => it,
        Err(no) => return form.refuse(&no),
    };
    let wish = WriteRecord {
        booking: id,
        said: fields.said.now(),
        next: fields.next.now(),
        promises,
    };
    // The form stands here only once the interview has begun; whether it truly has, the server's clock decides.
    if let Err(no) = wish.checked(edge.now(), edge.now()) {
        return form.refuse(&no);
    }
    let fields = fields.clone();
    form.send(Mutation::WriteRecord(wish), move || {
        fields.forget();
        is_rewriting.set(false);
    });
}
