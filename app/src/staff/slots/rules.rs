//! My weekly rules, and how to end one.

use domain::{
    booking::{Availability, CloseAvailability, HostSlotState},
    id::AvailabilityId,
    member::Language,
    sync::{
        mutation::Mutation,
        replica::{Seen, Standing},
    },
    time::Time,
};
use leptos::prelude::*;

use crate::{
    device::Device,
    format,
    staff::{
        form::Form,
        lines::{lines, mark, place},
        words::{self, slots},
    },
    ui::{self, Look},
};

/// A rule, how certain it is, and its slots ahead: open and taken.
type Stood = (Availability, Standing, usize, usize);

/// The rules; nothing where there is none.
pub(super) fn rules(device: Device, form: Form) -> AnyView {
    let words = slots::of(device.language);
    let me = device.who.with_value(|it| it.map(|it| it.id));
    let rules = Memo::new(move |_| {
        let now = device.now.get();
        device.seen.with(|seen| {
            let rules = seen.view.availabilities.values();
            let mine = rules.filter(|it| Some(it.host) == me && it.pattern.last >= now.day());
            let mut mine: Vec<_> = mine.map(|it| stood(seen, it, now)).collect();
            mine.sort_by_key(|it| (it.0.pattern.first, it.0.id));
            mine
        })
    });
    let ending = RwSignal::new(None);
    let draw = move || {
        rules.with(|rules| {
            let line = |it: &Stood| rule(device.language, form, ending, it);
            let all: Vec<_> = rules.iter().map(line).collect();
            (!all.is_empty()).then(|| ui::section(words.rules, vec![lines(all)]))
        })
    };
    draw.into_any()
}

fn stood(seen: &Seen, it: &Availability, now: Time) -> Stood {
    let slots = seen.view.host_slots.values();
    let ahead = slots.filter(|slot| slot.availability == Some(it.id) && slot.starts > now);
    let (open, taken): (Vec<_>, Vec<_>) = ahead.partition(|it| it.state == HostSlotState::Open);
    let standing = seen.standing("availability", it.id);
    (it.clone(), standing, open.len(), taken.len())
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
    language: Language,
    form: Form,
    ending: RwSignal<Option<AvailabilityId>>,
    (it, standing, open, taken): &Stood,
) -> AnyView {
    let words = slots::of(language);
    let (id, open, taken) = (it.id, *open, *taken);
    let ask = Callback::new(move |()| ending.set(Some(id)));
    let asked =
        move || (ending.get() == Some(id)).then(|| end(language, form, ending, id, (open, taken)));
    view! {
        <div class="staff-line">
            <div class="staff-line__main">
                <span class="staff-line__time">{hours(language, it)}</span>
                <span class="staff-line__more">{details(language, it)}</span>
            </div>
            <div class="staff-line__acts">
                {mark(language, *standing)}
                {ui::button(Look::Plain, words.end, ask)}
            </div>
            {asked}
        </div>
    }
    .into_any()
}

/// What ending it does, and the two ways on.
fn end(
    language: Language,
    form: Form,
    ending: RwSignal<Option<AvailabilityId>>,
    id: AvailabilityId,
    (open, taken): (usize, usize),
) -> AnyView {
    let words = slots::of(language);
    let go = Callback::new(move |()| {
        let wish = CloseAvailability { availability: id };
        form.send(Mutation::CloseAvailability(wish), move || ending.set(None));
    });
    let leave = Callback::new(move |()| ending.set(None));
    view! {
        <div class="staff-line__form" role="status">
            <p>{(words.end_more)(open, taken)}</p>
            <div class="row">
                {ui::button(Look::Second, words.end, go)}
                {ui::button(Look::Plain, words::of(language).never_mind, leave)}
            </div>
        </div>
    }
    .into_any()
}
