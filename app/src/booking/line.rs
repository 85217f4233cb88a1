//! A booking, or an asking, on a sheet of its own.

use domain::{
    booking::{Booking, Place, Wish},
    sync::replica::{Asked, Seen},
    time::Time,
};
use leptos::prelude::*;

use super::words;
use crate::{
    device::Device,
    format,
    page::Page,
    ui::{self, Mark},
};

/// Day and times. `is_big` on the screen of one booking.
pub(super) fn when(device: Device, starts: Time, is_big: bool) -> AnyView {
    let day = format::day(device.language, starts.day());
    ui::when(is_big, day, format::span(starts))
}

/// Where it takes place, in words.
pub(super) fn place(device: Device, place: &Place) -> String {
    match place {
        Place::Online => words::of(device.language).online.to_owned(),
        Place::At(name) => name.to_string(),
    }
}

/// The mark of a confirmed row with what the person wishes on top of it.
pub(super) fn mark(seen: &Seen, booking: &Booking) -> Mark {
    if let Some(standing) = seen.cancelling.get(&booking.id) {
        return (*standing).into();
    }
    match seen.moving.get(&booking.id) {
        Some(moving) => moving.standing.into(),
        None => seen.standing("booking", booking.id).into(),
    }
}

/// A booking that stands on the server, with what is wished on top of it.
pub(crate) fn booking_card(device: Device, seen: &Seen, booking: &Booking) -> AnyView {
    let words = words::of(device.language);
    let mark = mark(seen, booking);
    let mut parts = vec![
        ui::standing(device.language, mark),
        when(device, booking.starts, false),
        line(
            &(words.with)(&booking.host_name),
            &place(device, &booking.place),
        ),
    ];
    if seen.cancelling.contains_key(&booking.id) {
        parts.push(ui::note(words.cancelling));
    } else if seen.moving.contains_key(&booking.id) {
        parts.push(ui::note(words.moving));
    }
    ui::link_card(Some(mark), Page::Booking(booking.id).path(), parts)
}

/// An asking that has no answer yet.
pub(crate) fn asked_card(device: Device, seen: &Seen, asked: &Asked) -> AnyView {
    let mark = asked.standing.into();
    let parts = vec![
        ui::standing(device.language, mark),
        wishes(device, seen, &asked.ask.wishes),
    ];
    ui::link_card(Some(mark), Page::Booking(asked.ask.booking).path(), parts)
}

/// The wishes in their order; a single one stands without a number.
pub(super) fn wishes(device: Device, seen: &Seen, wishes: &[Wish]) -> AnyView {
    let words = words::of(device.language);
    let lines = wishes.iter().enumerate().map(|(at, wish)| {
        let rank = if wishes.len() > 1 {
            (words.wish)(at + 1)
        } else {
            words.asked.to_owned()
        };
        let host = seen.view.slots.get(&wish.slot).map(|it| it.host);
        let host = host.and_then(|it| seen.view.hosts.get(&it));
        let host = host.map_or_else(String::new, |it| (words.with)(&it.name));
        ui::stack(vec![
            ui::p("caption", rank),
            when(device, wish.starts, false),
            line(&host, &place(device, &wish.place)),
        ])
    });
    ui::stack(lines.collect())
}

fn line(who: &str, place: &str) -> AnyView {
    let text = if who.is_empty() {
        place.to_owned()
    } else {
        format!("{who} · {place}")
    };
    ui::note(text)
}
