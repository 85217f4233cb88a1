//! The list: drafts, what lies ahead, and folded away what is over.

use domain::{event::EventPlan, sync::replica::Seen, time::Time};
use leptos::prelude::*;

use super::{is_planner, kind, seats, state, when};
use crate::{
    device::Device,
    order,
    page::Page,
    staff::{
        form::Form,
        lines::{lines, mark, more, page, parts_of_line, refusals, strong, time},
        words::{self, events},
    },
    ui::{self, Blank, Look},
};

/// Every event that this person plans or hosts.
pub(in crate::staff) fn list() -> AnyView {
    let device = Device::here();
    let words = events::of(device.language);
    let form = Form::new(device.language);
    let mut parts = vec![
        refusals(device, form, |name| name.starts_with("event.")),
        form.answer(),
    ];
    if is_planner(device) {
        let new = ui::link_button(Look::Second, words.new, Page::NewPlan(None).path());
        parts.push(ui::row(vec![new]));
    }
    parts.push(ui::el(
        "div",
        "screen",
        vec![ui::live(move || sections(device))],
    ));
    page("screen staff-narrow", &Page::Plans, words.lead, parts)
}

fn sections(device: Device) -> Vec<AnyView> {
    let words = events::of(device.language);
    let (seen, now) = (device.seen.get(), device.now.get());
    let all = order::sorted(seen.view.event_plans.values(), |it| {
        order::by(it.plan.starts.millis(), it.id.bits())
    });
    let of = |wanted: Part| {
        all.iter()
            .copied()
            .filter(move |it| part(it, now) == wanted)
    };
    let drawn =
        |some: Vec<&EventPlan>| lines(some.into_iter().map(|it| line(device, &seen, it)).collect());
    let (drafts, ahead): (Vec<_>, Vec<_>) = (of(Part::Draft).collect(), of(Part::Ahead).collect());
    let mut past: Vec<_> = of(Part::Past).collect();
    past.reverse();
    let mut parts = Vec::new();
    if !drafts.is_empty() {
        parts.push(ui::section(words.drafts, vec![drawn(drafts)]));
    }
    if !ahead.is_empty() {
        parts.push(ui::section(words.ahead, vec![drawn(ahead)]));
    } else if parts.is_empty() {
        let more = if is_planner(device) {
            words.none_more
        } else {
            words.none_mine
        };
        let blank = device.status.with(|it| Blank::of(it, words.none, more));
        parts.push(ui::empty(device.language, blank));
    }
    if !past.is_empty() {
        parts.push(ui::more("", words.past, vec![drawn(past)]));
    }
    parts
}

#[derive(PartialEq)]
enum Part {
    Draft,
    Ahead,
    Past,
}

/// A draft that was withdrawn is over; one whose day has come and gone still waits to be dated anew.
fn part(it: &EventPlan, now: Time) -> Part {
    match (it.published, &it.cancelled) {
        (None, None) => Part::Draft,
        (Some(_), _) if it.plan.ends > now => Part::Ahead,
        _ => Part::Past,
    }
}

/// One event, as a link to its page.
pub(in crate::staff) fn line(device: Device, seen: &Seen, it: &EventPlan) -> AnyView {
    let language = device.language;
    let words = words::of(language);
    let title = it.plan.title.in_language(language).to_string();
    let mut about = kind(language, it.plan.kind).to_owned();
    if let Some(site) = &it.plan.on_site {
        about.push_str(words.dot);
        about.push_str(&site.place);
    }
    let places = seen.view.event_places.get(&it.id);
    let main = vec![
        time(when(language, it.plan.starts, it.plan.ends)),
        strong(title),
        more(about),
    ];
    let mut acts = mark(language, seen.standing("event_plan", it.id));
    acts.push(more(seats(language, it, places)));
    if it.cancelled.is_some() {
        acts.push(state(language, it));
    }
    let class = if it.cancelled.is_some() {
        "staff-line staff-line--gone"
    } else {
        "staff-line"
    };
    ui::link(class, Page::Plan(it.id).path(), parts_of_line(main, acts))
}
