//! イベント: what is planned, who comes, and the door. HR and the owner write and publish; a mentor sees what they host.

mod chosen;
mod door;
mod fields;
mod groups;
mod guests;
mod list;
mod memo;
mod plan;
mod questions;
mod write;

use std::ops::Deref;

use domain::{
    event::{EventPlaces, EventPlan, Kind, Way},
    id::EventId,
    member::Language,
    text::Said,
    time::Time,
};
use leptos::prelude::*;

use super::{
    form::Form,
    lines::refusals,
    words::{self, events},
};
use crate::{
    device::Device,
    format,
    page::Page,
    ui::{self, Blank},
};

pub(super) use door::door;
pub(super) use list::{line, list};
pub(super) use plan::plan;
pub(super) use write::{edit, new};

/// May this person write, publish and call off?
fn is_planner(device: Device) -> bool {
    device
        .who
        .with_value(|it| it.is_some_and(|it| it.role.is_hr()))
}

/// A screen below the list. `inside` is drawn anew whenever the event itself changes.
fn screen(
    device: Device,
    id: EventId,
    back: &Page,
    inside: impl Fn(&EventPlan) -> Vec<AnyView> + Send + 'static,
) -> AnyView {
    let words = events::of(device.language);
    let form = Form::new(device.language);
    let event = device.read(move |seen| seen.view.event_plans.get(&id).cloned());
    let body = ui::live(move || match &*event.read() {
        Some(it) => inside(it),
        None => {
            let blank = device
                .status
                .with(|it| Blank::of(it, words.not_found, words.not_found_more));
            let noun = words::of(device.language).events;
            vec![ui::title(noun, ""), ui::empty(device.language, blank)]
        }
    });
    let parts = vec![
        ui::back(device.language, back.path()),
        refusals(device, form, |name| {
            name.starts_with("event.") || name.starts_with("question.")
        }),
        form.answer(),
        ui::el("div", "screen", vec![body]),
        ui::fetched(device),
    ];
    ui::el("div", "screen event-plan", parts)
}

/// 「懇親会」.
fn kind(language: Language, kind: Kind) -> &'static str {
    let at = Kind::ALL.iter().position(|it| *it == kind);
    events::of(language).kinds[at.unwrap_or(Kind::ALL.len() - 1)]
}

/// 「会場」「オンライン」.
fn way(language: Language, way: Way) -> &'static str {
    match way {
        Way::OnSite => events::of(language).on_site,
        Way::Online => words::of(language).online,
    }
}

/// 「11月25日(水) 18:00–20:00」; over midnight the end says its day, too.
fn when(language: Language, starts: Time, ends: Time) -> String {
    let (from, zone) = (format::day(language, starts.day()), [", ", " JST"]);
    let [gap, zone] = if language == Language::En {
        zone
    } else {
        [" ", ""]
    };
    let to = if ends.day() == starts.day() {
        ends.clock().to_string()
    } else {
        format!("{} {}", format::day(language, ends.day()), ends.clock())
    };
    format!("{from}{gap}{}–{to}{zone}", starts.clock())
}

/// Both languages of something, as it was written, with this between.
fn both<T: Deref<Target = str>>(said: &Said<T>, gap: &str) -> String {
    let mut both = said.ja.deref().to_owned();
    if let Some(en) = &said.en {
        both.push_str(gap);
        both.push_str(en);
    }
    both
}

/// 「会場 12/20 待ち3人・オンライン 4人」: taken places of each way, and who waits for one; of a draft, how many there will be.
fn seats(language: Language, event: &EventPlan, places: Option<&EventPlaces>) -> String {
    let words = events::of(language);
    let of_way = |it: Way| {
        let most = event.plan.seats().of(it).flatten();
        let here = places
            .and_then(|all| all.of(it))
            .copied()
            .unwrap_or_default();
        let taken = match (event.published, most) {
            (None, Some(most)) => (words.seats)(most),
            (None, None) => words.any_number.to_owned(),
            (_, Some(most)) => format!("{}/{most}", here.taken),
            (_, None) => (words.people)(here.taken.into()),
        };
        let waiting = match here.waiting {
            0 => String::new(),
            n => format!(" {}", (words.waiting)(n)),
        };
        format!("{} {taken}{waiting}", way(language, it))
    };
    let ways: Vec<_> = event.plan.ways().map(of_way).collect();
    ways.join(words::of(language).dot)
}

/// How it stands, in one word.
fn state(language: Language, it: &EventPlan) -> AnyView {
    let words = events::of(language);
    ui::chip(match (&it.cancelled, it.published) {
        (Some(_), _) => words.is_cancelled,
        (None, None) => words.is_draft,
        (None, Some(_)) => words.is_open,
    })
}

#[cfg(test)]
mod tests;
