//! The record of an interview: what stands there, and the form that writes it.

use domain::{
    id::{BookingId, PromiseId},
    interview::{Correction, Promised, Record, WriteRecord},
    member::Language,
    refusal::{Field, Refusal},
    sync::{mutation::Mutation, replica::Standing},
    time::{Day, Time},
};
use leptos::prelude::*;

use crate::{
    device::Device,
    format,
    staff::{
        form::{Draft, Form, about},
        lines::{lines, mark, promise_text},
        words::{self, interviews},
    },
    ui::{self, Look},
};

/// Promises that one record adds at most; the names of their fields.
const ROWS: [[&str; 2]; 5] = [
    ["promise-1", "due-1"],
    ["promise-2", "due-2"],
    ["promise-3", "due-3"],
    ["promise-4", "due-4"],
    ["promise-5", "due-5"],
];
/// Days until a promise is due when nothing else was typed.
const DUE_IN: i32 = 7;
/// Characters of what was said.
const MOST: usize = 2000;

/// What was said, or the form that writes it.
pub(super) fn record(device: Device, id: BookingId, name: &str) -> AnyView {
    let words = interviews::of(device.language);
    let record = device.read(move |seen| {
        let record = seen.view.records.get(&id)?.clone();
        Some((record, seen.standing("record", id)))
    });
    let is_rewriting = RwSignal::new(false);
    let name = StoredValue::new(name.to_owned());
    let has_record = Memo::new(move |_| record.with(Option::is_some));
    let stands = move || {
        record.with(|it| {
            let (it, standing) = it.as_ref()?;
            Some(name.with_value(|name| written(device, name, it, *standing, is_rewriting)))
        })
    };
    let writes = move || {
        let is_open = !has_record.get() || is_rewriting.get();
        is_open.then(|| {
            let before = record.with_untracked(|it| it.as_ref().map(|it| it.0.clone()));
            name.with_value(|name| write(device, id, name, before.as_ref(), is_rewriting))
        })
    };
    view! {
        <section class="section">
            <h2>{words.record}</h2>
            {stands}
            {writes}
        </section>
    }
    .into_any()
}

fn written(
    device: Device,
    name: &str,
    it: &Record,
    standing: Standing,
    is_rewriting: RwSignal<bool>,
) -> AnyView {
    let language = device.language;
    let words = interviews::of(language);
    let booking = it.booking;
    let by = (words.written)(
        &it.by_name,
        &format::moment(language, it.at, device.now.get_untracked()),
    );
    let next = it.next.as_ref().map(|it| (words.next, text(it)));
    let facts = [Some((words.said, text(&it.said))), next];
    let corrections =
        (!it.corrections.is_empty()).then(|| corrections(language, name, &it.corrections));
    let rewrite = move || {
        let press = Callback::new(move |()| is_rewriting.set(true));
        (!is_rewriting.get()).then(|| ui::button(Look::Second, words.rewrite, press))
    };
    let promises = device.read(move |seen| {
        let of_this = seen
            .view
            .promises
            .values()
            .filter(|it| it.booking == booking);
        of_this.cloned().collect::<Vec<_>>()
    });
    let promises = move || {
        promises.with(|all| {
            let all: Vec<_> = all.iter().map(|it| promise_text(language, it)).collect();
            (!all.is_empty()).then(|| view! { <h3>{words.promises}</h3>{lines(all)} })
        })
    };
    let card = ui::card(
        Some(standing.into()),
        vec![
            mark(language, standing).into_any(),
            ui::facts(facts.into_iter().flatten().collect()),
            view! { <p class="caption">{by}</p> }.into_any(),
        ],
    );
    view! { {card}{corrections}{promises}<p class="row">{rewrite}</p> }.into_any()
}

fn text(it: &str) -> AnyView {
    view! { <span>{it.to_owned()}</span> }.into_any()
}

fn corrections(language: Language, name: &str, all: &[Correction]) -> AnyView {
    let words = interviews::of(language);
    let line = |it: &Correction| {
        view! {
            <div class="staff-line">
                <p class="prose">{it.text.to_string()}</p>
                <span class="staff-line__more">{format::day(language, it.at.day())}</span>
            </div>
        }
        .into_any()
    };
    let all = lines(all.iter().map(line).collect());
    view! { <h3>{(words.corrections)(name)}</h3>{all} }.into_any()
}

/// The fields of one record, with their drafts.
#[derive(Clone)]
struct Fields {
    said: Draft,
    next: Draft,
    promises: Vec<(Draft, Draft)>,
    /// Promise rows in sight.
    rows: RwSignal<usize>,
}

impl Fields {
    fn new(id: BookingId, before: Option<&Record>, now: Time) -> Self {
        let draft = |field: &str, text: String| Draft::new(format!("record.{id}.{field}"), text);
        let due = now.day().plus(DUE_IN).to_string();
        let row = |[promise, day]: [&str; 2]| {
            let text = draft(promise, String::new()).recalled();
            (text, draft(day, due.clone()))
        };
        let said = before.map(|it| it.said.to_string());
        let next = before.and_then(|it| it.next.as_ref().map(ToString::to_string));
        Self {
            said: draft("said", said.unwrap_or_default()),
            next: draft("next", next.unwrap_or_default()),
            promises: ROWS.into_iter().map(row).collect(),
            rows: RwSignal::new(1),
        }
    }

    /// Promises that have words, each with the text of its day.
    fn promised(&self) -> impl Iterator<Item = (String, String)> {
        let rows = self.promises.iter();
        rows.map(|(text, due)| (text.text.get(), due.text.get()))
            .filter(|it| !it.0.trim().is_empty())
    }

    fn forget(&self) {
        for draft in [&self.said, &self.next] {
            draft.forget("");
        }
        for (text, due) in &self.promises {
            text.forget("");
            due.forget(&due.now());
        }
    }
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
    let (sent, counted) = (fields.clone(), fields.clone());
    let shared_with = name.to_owned();
    let consequence = move || (words.shares)(&shared_with, counted.promised().count());
    let stay = before.map(|_| ui::note(words.promises_stay));
    let end = view! {
        <div class="staff-form__end">
            <p aria-live="polite">{consequence}</p>
            <div class="row">
                {ui::submit(Look::Primary, words.share)}
                {before.map(|_| leave(device.language, is_rewriting))}
            </div>
            {form.answer()}
        </div>
    };
    let said = about("said", words.said, words.said_hint);
    let next = about("next", words.next, words.next_hint);
    let parts = vec![
        ui::note((words.record_seen)(name)),
        form.area(&fields.said, Field::Said, MOST, &said),
        form.line(&fields.next, Field::Next, "text", &next),
        promises(device.language, form, &fields),
        stay.into_any(),
        end.into_any(),
    ];
    let send = move || share(form, id, &sent, is_rewriting);
    ui::card(None, vec![form.around(send, parts)])
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
    let row = move |n: usize, (text, due): &(Draft, Draft)| {
        let [text_name, due_name] = ROWS[n];
        view! {
            <fieldset class="staff-promise" hidden=move || shown.get() <= n>
                <legend class="only-read">{(words.promise)(n + 1)}</legend>
                {form.line(text, Field::Promise, "text", &about(text_name, words.promise_text, ""))}
                {form.line(due, Field::Due, "date", &about(due_name, words.promise_due, ""))}
            </fieldset>
        }
        .into_any()
    };
    let all: Vec<_> = all.iter().enumerate().map(|(n, it)| row(n, it)).collect();
    let add = move || {
        let press = Callback::new(move |()| rows.set(shown.get_untracked() + 1));
        (shown.get() < ROWS.len()).then(|| ui::button(Look::Plain, words.promise_more, press))
    };
    view! {
        <div class="stack">
            <h3>{words.promises}</h3>
            {ui::note(words.promises_hint)}
            {all}
            <p>{add}</p>
        </div>
    }
    .into_any()
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
