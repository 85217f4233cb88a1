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
        form::{Draft, Form, about, end, send_button},
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
    let followed = fields.clone();
    let said = ui::live(move || match followed.starts() {
        Ok(starts) => vec![ui::note((words.opens_one)(&format::when(
            device.language,
            starts,
        )))],
        Err(_) => Vec::new(),
    });
    let day = about("one-day", words.day, "");
    let start = about("one-start", words.start, "");
    let pair = vec![
        form.line(&fields.day, Field::First, "date", &day),
        form.line(&fields.start, Field::From, "time", &start),
    ];
    let mut parts = vec![ui::el("div", "staff-form__pair", pair)];
    parts.extend(
        fields
            .place
            .fields(form, words, ["one-place", "one-link", "one-note"]),
    );
    let button = send_button(ui::text(words.open_one));
    parts.push(end(said, vec![button, form.answer()]));
    Form::around(Callback::new(move |()| open(device, form, &fields)), parts)
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
