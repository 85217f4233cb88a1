//! My weekly rules, and how to end one.

use domain::{
    booking::{Availability, CloseAvailability, HostSlotState},
    id::AvailabilityId,
    member::Language,
    sync::{mutation::Mutation, replica::Seen},
    time::Time,
};
use leptos::prelude::*;

use crate::{
    device::Device,
    format, order,
    staff::{
        form::{Form, heard},
        lines::{line, lines, mark, more, place, time},
        words::{self, slots},
    },
    ui::{self, Look},
};

/// The rules; nothing where there is none.
pub(super) fn rules(device: Device, form: Form) -> AnyView {
    let words = slots::of(device.language);
    let me = device.who.with_value(|it| it.map(|it| it.id));
    let ending = RwSignal::new(None);
    ui::live(move || {
        let (seen, today) = (device.seen.get(), device.now.get().day());
        let rules = seen.view.availabilities.values();
        let mine = rules.filter(|it| Some(it.host) == me && it.pattern.last >= today);
        let mine = order::sorted(mine, |it| {
            order::by(it.pattern.first.number().into(), it.id.bits())
        });
        if mine.is_empty() {
            return Vec::new();
        }
        let line = |it: &&Availability| rule(device, form, ending, it);
        vec![ui::section(
            words.rules,
            vec![lines(mine.iter().map(line).collect())],
        )]
    })
}

/// Its slots ahead: open and taken.
fn counts(seen: &Seen, id: AvailabilityId, now: Time) -> (usize, usize) {
    let slots = seen.view.host_slots.values();
    let ahead = slots.filter(|it| it.availability == Some(id) && it.starts > now);
    let (open, taken): (Vec<_>, Vec<_>) = ahead.partition(|it| it.state == HostSlotState::Open);
    (open.len(), taken.len())
}

/// 「月・水 13:00–15:00」.
fn hours(language: Language, it: &Availability) -> String {
    let days: Vec<_> = it
        .pattern
        .days
        .iter()
        .map(|it| format::weekday(language, *it))
        .collect();
    let days = days.join(words::of(language).dot);
    format!("{days} {}–{}", it.pattern.from, it.pattern.to)
}

/// 「11月25日(水)〜12月23日(水)・間隔5分・週5件まで・オンライン」.
fn details(language: Language, it: &Availability) -> String {
    let words = slots::of(language);
    let pattern = &it.pattern;
    let days = format!(
        "{} – {}",
        format::day(language, pattern.first),
        format::day(language, pattern.last)
    );
    let pause = (pattern.buffer > 0).then(|| (words.pause)(pattern.buffer));
    let cap = pattern.weekly_cap.map(words.cap_short);
    let parts = [Some(days), pause, cap, Some(place(language, &it.place))];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.join(words::of(language).dot)
}

fn rule(
    device: Device,
    form: Form,
    ending: RwSignal<Option<AvailabilityId>>,
    it: &Availability,
) -> AnyView {
    let words = slots::of(device.language);
    let id = it.id;
    let ask = Callback::new(move |()| ending.set(Some(id)));
    let seen = device.seen.get();
    let mut acts = mark(device.language, seen.standing("availability", id));
    acts.push(ui::button(Look::Plain, words.end, ask));
    let asked = ui::live(move || {
        if ending.get() == Some(id) {
            vec![end(device, form, ending, id)]
        } else {
            Vec::new()
        }
    });
    let main = vec![
        time(hours(device.language, it)),
        more(details(device.language, it)),
    ];
    ui::el("div", "", vec![line("staff-line", main, acts), asked])
}

/// What ending it does, and the two ways on.
fn end(
    device: Device,
    form: Form,
    ending: RwSignal<Option<AvailabilityId>>,
    id: AvailabilityId,
) -> AnyView {
    let words = slots::of(device.language);
    let go = Callback::new(move |()| {
        let wish = CloseAvailability { availability: id };
        form.send(Mutation::CloseAvailability(wish), move || ending.set(None));
    });
    let leave = Callback::new(move |()| ending.set(None));
    let (open, taken) = counts(&device.seen.get(), id, device.now.get());
    let buttons = vec![
        ui::button(Look::Second, words.end, go),
        ui::button(Look::Plain, words::of(device.language).never_mind, leave),
    ];
    let parts = vec![ui::p("", (words.end_more)(open, taken)), ui::row(buttons)];
    heard(ui::el("div", "staff-line__form", parts))
}
