//! What became of wishes, until the person has read it: a yes in a calm line, a no with what can be done instead.

use domain::{
    booking::{Slot, Wish},
    event::ReplyTo,
    id::{BookingId, MutationId},
    refusal::Refusal,
    sync::{
        replica::Seen,
        row::{About, Outcome, Verdict},
    },
};
use leptos::prelude::*;

use super::{act, free::who, line, words};
use crate::{
    device::{Device, NotSaved, edge},
    event, format, order,
    page::Page,
    ui::{self, Look, Mark},
};

/// Every outcome that was not read yet, the latest first.
pub(crate) fn outcomes(
    device: Device,
    seen: &Seen,
    trouble: RwSignal<Option<NotSaved>>,
) -> Vec<AnyView> {
    let outcomes = order::sorted(seen.view.outcomes.values(), |it| {
        order::by(-it.at.millis(), it.mutation.bits())
    });
    outcomes
        .into_iter()
        .filter(|it| !is_quiet(device, seen, it))
        .map(|it| outcome_card(device, seen, it, trouble))
        .collect()
}

/// It needs no card: the thing itself says so already.
fn is_quiet(device: Device, seen: &Seen, it: &Outcome) -> bool {
    match &it.about {
        About::Reply(said) => {
            it.verdict == Verdict::Ok && event::became(device, seen, said).is_none()
        }
        _ => false,
    }
}

/// One of them.
pub(crate) fn outcome_card(
    device: Device,
    seen: &Seen,
    it: &Outcome,
    trouble: RwSignal<Option<NotSaved>>,
) -> AnyView {
    match &it.verdict {
        Verdict::Ok => yes(device, seen, it, trouble),
        Verdict::Refused(no) => refused(device, seen, it, no, trouble),
    }
}

fn yes(device: Device, seen: &Seen, it: &Outcome, trouble: RwSignal<Option<NotSaved>>) -> AnyView {
    let words = words::of(device.language);
    let (heading, booking) = match &it.about {
        About::Ask(ask) => (words.was_booked, Some(ask.booking)),
        About::Move(it) => (words.was_moved, Some(it.booking)),
        About::Cancel(_) => (words.was_cancelled, None),
        About::Reply(said) => return replied(device, seen, it.mutation, said, trouble),
        About::Words { .. } | About::Plain { .. } => (words.was_received, None),
    };
    let mut parts = vec![ui::heading(heading)];
    let booking = booking.and_then(|it| seen.view.bookings.get(&it));
    if let Some(booking) = booking {
        parts.insert(0, ui::standing(device.language, Mark::Confirmed));
        parts.push(line::when(device, booking.starts, false));
        parts.push(ui::note((words.with)(&booking.host_name)));
    }
    let mut ways = vec![read(device, it.mutation, trouble)];
    if let Some(booking) = booking {
        let see = Page::Booking(booking.id).path();
        ways.push(ui::link_button(Look::Plain, words.see, see));
    }
    parts.push(ui::row(ways));
    ui::card(Some(Mark::Confirmed), parts)
}

/// What became of a reply to an event.
fn replied(
    device: Device,
    seen: &Seen,
    mutation: MutationId,
    said: &ReplyTo,
    trouble: RwSignal<Option<NotSaved>>,
) -> AnyView {
    let became = event::became(device, seen, said);
    let (mark, heading) = became.unwrap_or((None, words::of(device.language).was_received));
    let standing = mark.map(|it| ui::standing(device.language, it));
    let mut parts: Vec<_> = standing.into_iter().collect();
    parts.push(ui::heading(heading));
    parts.push(ui::p("prose note", event::said(device, seen, said)));
    let ways = vec![read(device, mutation, trouble), see_event(device, said)];
    parts.push(ui::row(ways));
    ui::card(mark, parts)
}

fn see_event(device: Device, said: &ReplyTo) -> AnyView {
    let path = Page::Event(said.event).path();
    ui::link_button(Look::Plain, words::of(device.language).see, path)
}

fn refused(
    device: Device,
    seen: &Seen,
    it: &Outcome,
    no: &Refusal,
    trouble: RwSignal<Option<NotSaved>>,
) -> AnyView {
    let (language, words) = (device.language, words::of(device.language));
    let mut parts = vec![ui::standing(language, Mark::Refused)];
    let wished = |wishes: &[Wish]| {
        let when = wishes.iter().map(|it| format::when(language, it.starts));
        ui::note(when.collect::<Vec<_>>().join("\n"))
    };
    match &it.about {
        About::Ask(ask) => {
            parts.push(ui::heading(words.not_booked));
            parts.push(wished(&ask.wishes));
        }
        About::Move(it) => {
            parts.push(ui::heading(words.not_moved));
            parts.push(wished(&it.wishes));
        }
        About::Cancel(_) => parts.push(ui::heading(words.not_cancelled)),
        About::Words { text, .. } => {
            parts.push(ui::heading(words.not_received));
            parts.push(ui::p("prose", text.clone()));
            let text = text.clone();
            let copy = Callback::new(move |()| {
                if let Some(edge) = edge() {
                    edge.copy(&text);
                }
            });
            parts.push(ui::button(Look::Plain, words.copy, copy));
        }
        About::Reply(said) => {
            parts.push(ui::heading(event::not_replied(device)));
            parts.push(ui::p("prose note", event::said(device, seen, said)));
        }
        About::Plain { .. } => parts.push(ui::heading(words.not_received)),
    }
    parts.push(ui::p("", crate::words::refusal(language, no)));
    let nearest: Vec<_> = no
        .nearest()
        .iter()
        .filter_map(|id| seen.view.slots.get(id))
        .filter(|slot| slot.starts > device.now.get())
        .map(|slot| instead(device, seen, it, slot, trouble))
        .collect();
    if !nearest.is_empty() {
        parts.push(ui::note(words.one_tap));
        parts.push(ui::list(nearest));
    }
    let mut ways = vec![read(device, it.mutation, trouble)];
    if let Some(other) = other_times(seen, no, &it.about) {
        ways.push(ui::link_button(Look::Plain, words.other_times, other));
    }
    if let About::Reply(said) = &it.about {
        ways.push(see_event(device, said));
    }
    parts.push(ui::row(ways));
    ui::card(Some(Mark::Refused), parts)
}

/// Where more times are: the host of the nearest ones, or everybody.
fn other_times(seen: &Seen, no: &Refusal, about: &About) -> Option<String> {
    let moving: Option<BookingId> = match about {
        About::Ask(_) => None,
        About::Move(it) => Some(it.booking),
        About::Cancel(_) | About::Reply(_) | About::Words { .. } | About::Plain { .. } => {
            return None;
        }
    };
    let moved = moving.and_then(|it| seen.view.bookings.get(&it));
    let near = no.nearest().iter().find_map(|it| seen.view.slots.get(it));
    let host = moved.map(|it| it.host).or(near.map(|it| it.host));
    Some(match host {
        Some(host) => Page::Host(host, moving).path(),
        None => Page::Bookings.path(),
    })
}

/// One tap: the same words, another time.
fn instead(
    device: Device,
    seen: &Seen,
    outcome: &Outcome,
    slot: &Slot,
    trouble: RwSignal<Option<NotSaved>>,
) -> AnyView {
    let when = format::when(device.language, slot.starts);
    let who = who(device.language, seen.view.hosts.get(&slot.host));
    let mut parts = vec![
        ui::hidden("wish1", act::wish_value(slot)),
        ui::hidden("read", outcome.mutation.to_string()),
    ];
    let action = match &outcome.about {
        About::Move(it) => format!("/booking/{}/move", it.booking),
        About::Ask(it) => {
            parts.push(ui::hidden("topic", it.topic.clone()));
            parts.push(ui::hidden("talk", it.talk.clone()));
            parts.push(ui::hidden("avoid", it.avoid.clone()));
            "/booking/ask".to_owned()
        }
        About::Cancel(_) | About::Reply(_) | About::Words { .. } | About::Plain { .. } => {
            String::new()
        }
    };
    parts.push(ui::submit(Look::Second, format!("{when} {who}")));
    let (outcome, slot) = (outcome.clone(), slot.clone());
    let send = Callback::new(move |()| act::again(&outcome, &slot, trouble));
    ui::form(action, send, parts)
}

fn read(device: Device, mutation: MutationId, trouble: RwSignal<Option<NotSaved>>) -> AnyView {
    let words = words::of(device.language);
    ui::form(
        format!("/outcome/{mutation}/read"),
        Callback::new(move |()| act::understood(mutation, trouble)),
        vec![ui::submit(Look::Second, words.understood)],
    )
}
