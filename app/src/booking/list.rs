//! `/booking`: what lies ahead, who can be met, what was.

use domain::{
    member::{Host, Role},
    sync::replica::Seen,
    time::Time,
};
use leptos::prelude::*;

use super::{
    free::first_of_each_host,
    line::{asked_card, booking_card},
    words,
};
use crate::{
    device::Device,
    format, order,
    page::Page,
    ui::{self, Blank},
};

pub(super) fn screen() -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    let body = ui::live(move || {
        let (seen, now) = (device.seen.get(), device.now.get());
        let mut parts = vec![
            ui::section(words.mine, mine(device, &seen, now)),
            ui::section(words.people, people(device, &seen, now)),
        ];
        let past = past(device, &seen, now);
        if !past.is_empty() {
            parts.push(ui::section(words.past, vec![ui::links(past)]));
        }
        parts
    });
    ui::screen(vec![
        ui::title(words.title, words.intro),
        ui::unsent(device),
        body,
        ui::fetched(device),
    ])
}

/// What is booked and asked for, the earliest first; three kinds of nothing.
fn mine(device: Device, seen: &Seen, now: Time) -> Vec<AnyView> {
    let words = words::of(device.language);
    let ahead = seen.view.bookings.values().filter(|it| it.is_ahead(now));
    let ahead = order::sorted(ahead, |it| order::by(it.starts.millis(), it.id.bits()));
    let booked = ahead.into_iter().map(|it| booking_card(device, seen, it));
    let asked = seen.asked.iter().map(|it| asked_card(device, seen, it));
    let cards: Vec<_> = asked.chain(booked).collect();
    if cards.is_empty() {
        let blank = device
            .status
            .with(|it| Blank::of(it, words.none_title, words.none));
        return vec![ui::empty(device.language, blank)];
    }
    vec![ui::list(cards)]
}

/// Hosts, those with a free time first.
fn people(device: Device, seen: &Seen, now: Time) -> Vec<AnyView> {
    let words = words::of(device.language);
    let firsts = first_of_each_host(seen, now);
    let hosts: Vec<_> = seen
        .view
        .hosts
        .values()
        .map(|host| {
            let first = firsts.iter().find(|it| it.host == host.id);
            (first.map(|it| it.starts), host)
        })
        .collect();
    if hosts.is_empty() {
        let blank = device
            .status
            .with(|it| Blank::of(it, words.no_people_title, words.no_people));
        return vec![ui::empty(device.language, blank)];
    }
    let hosts = order::sorted(hosts, |(first, host)| {
        order::by(first.map_or(i64::MAX, Time::millis), host.id.bits())
    });
    let cards = hosts
        .into_iter()
        .map(|(first, host)| host_card(device, host, first));
    vec![ui::list(cards.collect())]
}

fn host_card(device: Device, host: &Host, first: Option<Time>) -> AnyView {
    let words = words::of(device.language);
    let role = if host.role == Role::Hr {
        words.hr
    } else {
        words.mentor
    };
    let team = host.team.as_ref().map(ToString::to_string);
    let name = ui::el(
        "h3",
        "booking-host__name",
        vec![ui::text(host.name.to_string())],
    );
    let team = ui::chip(team.unwrap_or_else(|| role.to_owned()));
    let mut parts = vec![ui::el("div", "row row--apart", vec![name, team])];
    if let Some(talks) = &host.talks_about {
        let label = vec![ui::text(words.talks_about)];
        let label = ui::el("span", "booking-host__label", label);
        parts.push(ui::el(
            "p",
            "note",
            vec![label, ui::text(format!(" {talks}"))],
        ));
    }
    parts.push(match first {
        Some(starts) => {
            let when = format::when(device.language, starts);
            ui::p("booking-host__next", (words.next_free)(&when))
        }
        None => ui::p("caption", words.no_free),
    });
    ui::link_card(None, Page::Host(host.id, None).path(), parts)
}

fn past(device: Device, seen: &Seen, now: Time) -> Vec<(String, std::borrow::Cow<'static, str>)> {
    let words = words::of(device.language);
    let past = seen.view.bookings.values().filter(|it| !it.is_ahead(now));
    let past = order::sorted(past, |it| order::by(-it.starts.millis(), it.id.bits()));
    past.into_iter()
        .map(|it| {
            let when = format::when(device.language, it.starts);
            let end = if it.is_live() { "" } else { words.cancelled };
            let text = format!("{when} {} {end}", it.host_name);
            (Page::Booking(it.id).path(), text.into())
        })
        .collect()
}
