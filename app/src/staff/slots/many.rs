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

use super::{
    pattern::{Consequence, Typed},
    place::PlaceDrafts,
};
use crate::{
    device::Device,
    format,
    staff::{
        form::{Draft, Form, about, end, select, send_button, tick},
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
    let line = |draft: &Draft, field, kind, name, label, hint| {
        form.line(draft, field, kind, &about(name, label, hint))
    };
    let hours = vec![
        line(
            &fields.from,
            Field::From,
            "time",
            "many-from",
            words.from,
            "",
        ),
        line(&fields.to, Field::From, "time", "many-to", words.to, ""),
    ];
    let span = vec![
        line(
            &fields.first,
            Field::First,
            "date",
            "many-first",
            words.first,
            "",
        ),
        line(
            &fields.last,
            Field::Last,
            "date",
            "many-last",
            words.last,
            "",
        ),
    ];
    let mut parts = vec![
        days(language, form, &fields.days),
        ui::el("div", "staff-form__pair", hours),
        buffer(words, &fields.buffer),
        ui::el("div", "staff-form__pair", span),
        line(
            &fields.cap,
            Field::Limit,
            "number",
            "many-cap",
            words.cap,
            words.cap_hint,
        ),
    ];
    let names = ["many-place", "many-link", "many-note"];
    parts.extend(fields.place.fields(form, words, names));
    parts.push(consequence(device, form, &fields));
    Form::around(
        Callback::new(move |()| open(language, form, &fields)),
        parts,
    )
}

/// The seven days as boxes.
fn days(language: Language, form: Form, days: &Draft) -> AnyView {
    let words = slots::of(language);
    let day = |it: Weekday| {
        let bit = 1 << it as u8;
        let (text, draft) = (days.text, days.clone());
        let is_ticked = Signal::derive(move || bits(&text.read()) & bit != 0);
        let turn = Callback::new(move |()| draft.keep((bits(&draft.now()) ^ bit).to_string()));
        let name = format::weekday(language, it);
        tick("staff-day-box", ("checkbox", ""), name, is_ticked, turn)
    };
    let boxes = Weekday::ALL.into_iter().map(day).collect();
    let parts = vec![
        ui::el("legend", "", vec![ui::text(words.days)]),
        ui::el("div", "staff-days", boxes),
        form.trouble_line(Field::Days),
    ];
    ui::el("fieldset", "", parts)
}

/// The ticked days as bits; none when nothing was typed yet.
fn bits(text: &str) -> u8 {
    text.parse().unwrap_or(0)
}

fn buffer(words: &'static Words, picked: &Draft) -> AnyView {
    let option = |minutes: u16| match minutes {
        0 => ("0".to_owned(), words.no_buffer.to_owned()),
        minutes => (minutes.to_string(), (words.minutes)(minutes)),
    };
    let options = BUFFERS.into_iter().map(option).collect();
    let (text, draft) = (picked.text, picked.clone());
    let pick = Callback::new(move |value| draft.keep(value));
    select("many-buffer", words.buffer, options, text.into(), pick)
}

/// The consequence and the button.
fn consequence(device: Device, form: Form, fields: &Fields) -> AnyView {
    let words = slots::of(device.language);
    let fields = fields.clone();
    let outcome = Signal::derive(move || fields.typed().consequence(device.now.get()));
    let label = ui::live(move || {
        let label = match outcome.get() {
            Ok(it) => (words.open_many)(it.slots),
            Err(_) => words.pattern.to_owned(),
        };
        vec![ui::text(label)]
    });
    let said = ui::live(move || said(device.language, &outcome.get()));
    end(said, vec![send_button(label), form.answer()])
}

/// What would come of it, in words.
fn said(language: Language, outcome: &Result<Consequence, Refusal>) -> Vec<AnyView> {
    let words = slots::of(language);
    let it = match outcome {
        Ok(it) => it,
        Err(Refusal::FieldEmpty { field: Field::Days }) => {
            return vec![ui::note(words.no_days_yet)];
        }
        Err(no) => return vec![ui::note(crate::words::refusal(language, no))],
    };
    let opens = ui::text((words.opens)(it.slots, it.days));
    let mut parts = vec![ui::el("p", "", vec![ui::el("strong", "", vec![opens])])];
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
