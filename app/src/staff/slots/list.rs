//! Every slot of mine that lies ahead, by day.

use std::collections::BTreeSet;

use domain::{
    booking::{HostSlot, HostSlotState, ends},
    id::{BookingId, SlotId},
    member::Language,
    sync::{
        mutation::Mutation,
        replica::{Seen, Standing},
    },
    time::{Day, Time},
};
use leptos::prelude::*;

use super::close::{close_button, word_form};
use crate::{
    device::{Device, Status},
    format,
    page::Page,
    staff::{
        form::Form,
        lines::{mark, name_of, place},
        words::{self, slots},
    },
    ui::{self, Blank, Look},
};

/// Days drawn at once.
const STEP: usize = 6;

/// One slot, as it stands.
#[derive(Clone, PartialEq)]
struct Line {
    slot: HostSlot,
    standing: Standing,
    is_closing: bool,
    /// Who booked it, with the booking.
    taken: Option<(BookingId, String)>,
}

/// The slots of one day.
type DayOfSlots = (Day, Vec<Line>);

/// The list.
pub(super) fn list(device: Device, form: Form) -> AnyView {
    let words = slots::of(device.language);
    let me = device.who.with_value(|it| it.map(|it| it.id));
    let days = Memo::new(move |_| {
        let closing = device.status.with(closing_now);
        let now = device.now.get();
        let is_mine = |it: &&HostSlot| Some(it.host) == me && ends(it.starts) > now;
        device.seen.with(|seen| {
            let mine = seen.view.host_slots.values().filter(is_mine);
            by_day(mine.map(|it| line(seen, &closing, it, device.language)))
        })
    });
    let drawn = RwSignal::new(STEP);
    let shown =
        move || days.with(|days| days.iter().take(drawn.get()).cloned().collect::<Vec<_>>());
    // A day is drawn anew only when something in it changes, so that a half-written word keeps its field.
    let key = |(day, lines): &DayOfSlots| {
        let lines = lines.iter();
        let lines = lines.map(|it| {
            (
                it.slot.id,
                it.standing as u8,
                it.is_closing,
                it.taken.is_some(),
            )
        });
        (*day, lines.collect::<Vec<_>>())
    };
    let asking = RwSignal::new(None);
    view! {
        <section class="section">
            <h2>{words.list}</h2>
            {head(device, days)}
            {form.answer()}
            <For each=shown key=key children=move |day| draw_day(device, form, asking, day)/>
            {more(device.language, days, drawn)}
        </section>
    }
    .into_any()
}

fn line(seen: &Seen, closing: &BTreeSet<SlotId>, slot: &HostSlot, language: Language) -> Line {
    let taken = match slot.state {
        HostSlotState::Open => None,
        HostSlotState::Taken(booking) => {
            let who = seen.view.host_bookings.get(&booking);
            let name = who.map_or_else(
                || slots::of(language).somebody.to_owned(),
                |it| name_of(language, &it.member_name),
            );
            Some((booking, name))
        }
    };
    Line {
        slot: slot.clone(),
        standing: seen.standing("host_slot", slot.id),
        is_closing: closing.contains(&slot.id),
        taken,
    }
}

/// Slots whose closing has not been answered.
pub(in crate::staff) fn closing_now(status: &Status) -> BTreeSet<SlotId> {
    let wishes = status.unsent.iter().filter_map(|it| it.mutation.as_ref());
    wishes
        .filter_map(|it| match it {
            Mutation::CloseSlot(it) => Some(it.slot),
            _ => None,
        })
        .collect()
}

fn by_day(lines: impl Iterator<Item = Line>) -> Vec<DayOfSlots> {
    let mut lines: Vec<_> = lines.collect();
    lines.sort_by_key(|it| (it.slot.starts, it.slot.id));
    let mut days: Vec<DayOfSlots> = Vec::new();
    for line in lines {
        let day = line.slot.starts.day();
        match days.last_mut() {
            Some((last, of_day)) if *last == day => of_day.push(line),
            _ => days.push((day, vec![line])),
        }
    }
    days
}

/// How many there are; or that there are none.
fn head(device: Device, days: Memo<Vec<DayOfSlots>>) -> AnyView {
    let words = slots::of(device.language);
    let draw = move || {
        days.with(|days| {
            let all = days.iter().map(|it| it.1.len()).sum::<usize>();
            let is_taken = |it: &&Line| it.taken.is_some();
            let taken = days.iter().flat_map(|it| &it.1).filter(is_taken).count();
            if all > 0 {
                return ui::note((words.list_count)(all - taken, taken));
            }
            let blank = device
                .status
                .with(|it| Blank::of(it, words.none, words.none_more));
            ui::empty(device.language, blank)
        })
    };
    draw.into_any()
}

fn more(language: Language, days: Memo<Vec<DayOfSlots>>, drawn: RwSignal<usize>) -> AnyView {
    let draw = move || {
        let rest = days.with(Vec::len).saturating_sub(drawn.get());
        let press = Callback::new(move |()| drawn.update(|it| *it += STEP));
        (rest > 0).then(|| {
            ui::button(
                Look::Second,
                (words::of(language).more_days)(rest.min(STEP)),
                press,
            )
        })
    };
    draw.into_any()
}

fn draw_day(
    device: Device,
    form: Form,
    asking: RwSignal<Option<SlotId>>,
    (day, of_day): DayOfSlots,
) -> AnyView {
    let lines: Vec<_> = of_day
        .into_iter()
        .map(|it| view! { <li>{draw(device, form, asking, it)}</li> })
        .collect();
    view! {
        <div class="staff-day">
            <h3>{format::day(device.language, day)}</h3>
            <ul class="staff-lines">{lines}</ul>
        </div>
    }
    .into_any()
}

fn draw(device: Device, form: Form, asking: RwSignal<Option<SlotId>>, line: Line) -> AnyView {
    let words = slots::of(device.language);
    let Line {
        slot,
        standing,
        is_closing,
        taken,
    } = line;
    let (id, starts): (SlotId, Time) = (slot.id, slot.starts);
    let state = match &taken {
        None => ui::chip(words.free),
        Some((booking, name)) => {
            let path = Page::Interview(*booking).path();
            view! { <a class="staff-taken" href=path>{(words.taken_by)(name)}</a> }.into_any()
        }
    };
    let word = taken
        .clone()
        .filter(|_| !is_closing)
        .map(|(booking, name)| {
            move || {
                let (booking, name) = (booking, name.clone());
                (asking.get() == Some(id)).then(|| word_form(device, (id, booking), &name, starts))
            }
        });
    let button =
        (!is_closing).then(|| close_button(device.language, form, &slot, taken.is_some(), asking));
    view! {
        <div class="staff-line">
            <div class="staff-line__main">
                <span class="staff-line__time">{format::span(starts)}</span>
                <span class="staff-line__more">{place(device.language, &slot.place)}</span>
            </div>
            <div class="staff-line__acts">
                {is_closing.then(|| ui::chip(words.closing))}
                {mark(device.language, standing)}
                {state}
                {button}
            </div>
            {word}
        </div>
    }
    .into_any()
}
