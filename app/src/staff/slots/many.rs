//! The form that opens slots by a weekly rule. What it would open is said beside the button while one types.

use domain::{
    booking::OpenAvailability,
    id::AvailabilityId,
    member::Language,
    refusal::{Field, Refusal},
    sync::mutation::Mutation,
    time::{Time, Weekday},
};
use leptos::prelude::*;

use super::{pattern::Typed, place::PlaceDrafts};
use crate::{
    device::Device,
    format,
    staff::{
        form::{Draft, Form, about},
        words::slots::{self, Words},
    },
    ui,
};

/// Minutes between two interviews that the form offers.
const BUFFERS: [u16; 6] = [0, 5, 10, 15, 30, 45];
/// Days from the first to the last when nothing else was typed: four weeks.
const SPAN: i32 = 27;

/// The fields, with their drafts.
#[derive(Clone)]
struct Fields {
    /// The bits of [`Typed::days`] as a number.
    days: Draft,
    from: Draft,
    to: Draft,
    buffer: Draft,
    first: Draft,
    last: Draft,
    cap: Draft,
    place: PlaceDrafts,
}

impl Fields {
    fn new(now: Time) -> Self {
        let draft =
            |field: &str, otherwise: String| Draft::new(format!("slots.many.{field}"), otherwise);
        let first = now.day().plus(1);
        Self {
            days: draft("days", String::new()).recalled(),
            from: draft("from", "13:00".into()),
            to: draft("to", "15:00".into()),
            buffer: draft("buffer", "5".into()).recalled(),
            first: draft("first", first.to_string()),
            last: draft("last", first.plus(SPAN).to_string()),
            cap: draft("cap", String::new()),
            place: PlaceDrafts::new("many"),
        }
    }

    /// What is typed, followed as it changes.
    fn typed(&self) -> Typed {
        Typed {
            days: bits(&self.days.text.read()),
            from: self.from.text.get(),
            to: self.to.text.get(),
            buffer: self.buffer.text.get(),
            first: self.first.text.get(),
            last: self.last.text.get(),
            cap: self.cap.text.get(),
        }
    }
}

/// The form.
pub(super) fn many() -> AnyView {
    let device = Device::here();
    let language = device.language;
    let words = slots::of(language);
    let form = Form::new(language);
    let fields = Fields::new(device.now.get_untracked());
    let sent = fields.clone();
    let send = move || open(language, form, &sent);
    let names = ["many-place", "many-link", "many-note"];
    form.around(
        send,
        vec![
            days(language, form, &fields.days),
            pair(
                form.line(
                    &fields.from,
                    Field::From,
                    "time",
                    &about("many-from", words.from, ""),
                ),
                form.line(
                    &fields.to,
                    Field::From,
                    "time",
                    &about("many-to", words.to, ""),
                ),
            ),
            buffer(words, &fields.buffer),
            pair(
                form.line(
                    &fields.first,
                    Field::First,
                    "date",
                    &about("many-first", words.first, ""),
                ),
                form.line(
                    &fields.last,
                    Field::Last,
                    "date",
                    &about("many-last", words.last, ""),
                ),
            ),
            form.line(
                &fields.cap,
                Field::Limit,
                "number",
                &about("many-cap", words.cap, words.cap_hint),
            ),
            fields.place.fields(form, words, names),
            end(device, form, &fields),
        ],
    )
}

fn pair(one: AnyView, other: AnyView) -> AnyView {
    view! { <div class="staff-form__pair">{one}{other}</div> }.into_any()
}

/// The seven days as boxes.
fn days(language: Language, form: Form, days: &Draft) -> AnyView {
    let words = slots::of(language);
    let day = |it: Weekday| {
        let bit = 1 << it as u8;
        let (text, draft) = (days.text, days.clone());
        let is_ticked = move || bits(&text.read()) & bit != 0;
        let turn = move |_| draft.keep((bits(&draft.now()) ^ bit).to_string());
        view! {
            <label class="staff-day-box">
                <input type="checkbox" prop:checked=is_ticked on:change=turn/>
                {format::weekday(language, it)}
            </label>
        }
        .into_any()
    };
    let boxes: Vec<_> = Weekday::ALL.into_iter().map(day).collect();
    view! {
        <fieldset>
            <legend>{words.days}</legend>
            <div class="staff-days">{boxes}</div>
            {form.trouble_line(Field::Days)}
        </fieldset>
    }
    .into_any()
}

/// The ticked days as bits; none when nothing was typed yet.
fn bits(text: &str) -> u8 {
    text.parse().unwrap_or(0)
}

fn buffer(words: &'static Words, picked: &Draft) -> AnyView {
    let text = picked.text;
    let option = |minutes: u16| {
        let label = match minutes {
            0 => words.no_buffer.to_owned(),
            minutes => (words.minutes)(minutes),
        };
        let value = minutes.to_string();
        let is_picked = value == text.get_untracked();
        view! { <option value=value selected=is_picked>{label}</option> }
    };
    let options: Vec<_> = BUFFERS.into_iter().map(option).collect();
    let draft = picked.clone();
    let pick = move |event| draft.keep(event_target_value(&event));
    view! {
        <div class="field">
            <label class="field__label" for="many-buffer">{words.buffer}</label>
            <select class="field__input" id="many-buffer" prop:value=move || text.get() on:change=pick>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// The consequence and the button.
fn end(device: Device, form: Form, fields: &Fields) -> AnyView {
    let words = slots::of(device.language);
    let fields = fields.clone();
    let outcome = Memo::new(move |_| fields.typed().consequence(device.now.get()));
    let label = move || match outcome.read().as_ref() {
        Ok(it) => (words.open_many)(it.slots),
        Err(_) => words.pattern.to_owned(),
    };
    let said = move || said(device.language, &outcome.read());
    view! {
        <div class="staff-form__end">
            <div class="stack" aria-live="polite">{said}</div>
            <button class="button button--primary" type="submit">{label}</button>
            {form.answer()}
        </div>
    }
    .into_any()
}

/// What would come of it, in words.
fn said(
    language: Language,
    outcome: &Result<super::pattern::Consequence, Refusal>,
) -> Vec<AnyView> {
    let words = slots::of(language);
    let it = match outcome {
        Ok(it) => it,
        Err(Refusal::FieldEmpty { field: Field::Days }) => {
            return vec![ui::note(words.no_days_yet)];
        }
        Err(no) => return vec![ui::note(crate::words::refusal(language, no))],
    };
    let mut parts =
        vec![view! { <p><strong>{(words.opens)(it.slots, it.days)}</strong></p> }.into_any()];
    if !it.holidays.is_empty() {
        let days: Vec<_> = it
            .holidays
            .iter()
            .map(|it| format::day(language, *it))
            .collect();
        parts.push(ui::note((words.holidays_out)(&days.join(words.comma))));
    }
    if let Some(cap) = it.weekly_cap {
        parts.push(ui::note((words.capped)(cap)));
    }
    parts.push(ui::note(words.opens_who));
    parts
}

fn open(language: Language, form: Form, fields: &Fields) {
    let Some(edge) = form.edge() else { return };
    let pattern = match untrack(|| fields.typed()).pattern() {
        Ok(it) => it,
        Err(no) => return form.refuse(&no),
    };
    let (place, link, note) = fields.place.now();
    let wish = OpenAvailability {
        availability: AvailabilityId::born(edge.now(), edge.chance()),
        pattern,
        place,
        link,
        note,
    };
    let slots = match wish.checked(edge.now()) {
        Ok((starts, _)) => starts.len(),
        Err(no) => return form.refuse(&no),
    };
    let days = fields.days.clone();
    form.send(Mutation::OpenAvailability(wish), move || {
        // Hours and place stay, the next rule is often alike; without a day a second press opens nothing twice.
        days.forget("");
        form.say((slots::of(language).opened)(slots));
    });
}
