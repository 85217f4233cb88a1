//! The form that opens a single slot.

use domain::{
    booking::OpenSlot,
    id::SlotId,
    refusal::{Field, Refusal},
    sync::mutation::Mutation,
    time::{Clock, Day, Time},
};
use leptos::prelude::*;

use super::place::PlaceDrafts;
use crate::{
    device::Device,
    format,
    staff::{
        form::{Draft, Form, about},
        words::slots,
    },
    ui,
};

/// The fields, with their drafts.
#[derive(Clone)]
struct Fields {
    day: Draft,
    start: Draft,
    place: PlaceDrafts,
}

impl Fields {
    /// The start as typed, followed as it changes.
    fn starts(&self) -> Result<Time, Refusal> {
        let day = self.day.text.with(|it| it.parse::<Day>());
        let start = self.start.text.with(|it| it.parse::<Clock>());
        match (day, start) {
            (Ok(day), Ok(start)) => Ok(day.at(start)),
            (Err(_), _) => Err(Refusal::FieldWrong {
                field: Field::First,
            }),
            (_, Err(_)) => Err(Refusal::FieldWrong { field: Field::From }),
        }
    }
}

/// The form.
pub(super) fn one() -> AnyView {
    let device = Device::here();
    let words = slots::of(device.language);
    let form = Form::new(device.language);
    let tomorrow = device.now.get_untracked().day().plus(1);
    let fields = Fields {
        day: Draft::new("slots.one.day", tomorrow.to_string()),
        start: Draft::new("slots.one.start", "13:00"),
        place: PlaceDrafts::new("one"),
    };
    let sent = fields.clone();
    let followed = fields.clone();
    let said = move || {
        let starts = followed.starts().ok()?;
        Some(ui::note((words.opens_one)(&format::when(
            device.language,
            starts,
        ))))
    };
    let end = view! {
        <div class="staff-form__end">
            <div aria-live="polite">{said}</div>
            <button class="button button--primary" type="submit">{words.open_one}</button>
            {form.answer()}
        </div>
    };
    form.around(
        move || open(device, form, &sent),
        vec![
            view! {
                <div class="staff-form__pair">
                    {form.line(&fields.day, Field::First, "date", &about("one-day", words.day, ""))}
                    {form.line(&fields.start, Field::From, "time", &about("one-start", words.start, ""))}
                </div>
            }
            .into_any(),
            fields.place.fields(form, words, ["one-place", "one-link", "one-note"]),
            end.into_any(),
        ],
    )
}

fn open(device: Device, form: Form, fields: &Fields) {
    let Some(edge) = form.edge() else { return };
    let starts = match untrack(|| fields.starts()) {
        Ok(it) => it,
        Err(no) => return form.refuse(&no),
    };
    let (place, link, note) = fields.place.now();
    let wish = OpenSlot {
        slot: SlotId::born(edge.now(), edge.chance()),
        starts,
        place,
        link,
        note,
    };
    if let Err(no) = wish.checked(edge.now()) {
        return form.refuse(&no);
    }
    let start = fields.start.clone();
    form.send(Mutation::OpenSlot(wish), move || {
        start.forget("");
        form.say((slots::of(device.language).opened)(1));
    });
}
