//! `/me/devices` and `/me/calendar`: what only the server knows. Without it these pages say that they need a
//! connection.

use leptos::prelude::*;

use super::words;
use crate::{
    device::{Device, edge},
    format,
    page::Page,
    start::{CalendarFeed, DeviceLine, Online},
    ui::{self, Blank, Look},
};

pub(super) fn devices() -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    let body = ui::live(move || match device.online.get() {
        Some(Online::Devices(lines)) => {
            let lines = lines.iter().map(|it| device_card(device, it));
            vec![ui::list(lines.collect())]
        }
        _ => needs_connection(device, &Page::Devices),
    });
    ui::screen(vec![
        ui::back(device.language, Page::Me.path()),
        ui::title(words.devices, words.devices_note),
        body,
    ])
}

fn needs_connection(device: Device, page: &Page) -> Vec<AnyView> {
    let words = words::of(device.language);
    vec![
        ui::empty(device.language, Blank::Offline),
        ui::link_button(Look::Second, words.again, page.path()),
    ]
}

fn device_card(device: Device, it: &DeviceLine) -> AnyView {
    let (language, words) = (device.language, words::of(device.language));
    let now = device.now.get();
    let last_seen = format::moment(language, it.last_seen, now);
    let created = format::day(language, it.created.day());
    let mut parts = vec![ui::el("h2", "", vec![ui::text(it.label.clone())])];
    parts.extend(it.is_this.then(|| ui::chip(words.this_device)));
    parts.push(ui::note((words.last_seen)(&last_seen)));
    parts.push(ui::note((words.signed_in)(&created)));
    if !it.is_this {
        let action = format!("/me/devices/{}/sign-out", it.id);
        let submit = ui::submit(Look::Second, words.sign_out_device);
        parts.push(ui::post(action, vec![submit]));
    }
    ui::card(None, parts)
}

pub(super) fn calendar() -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    let body = ui::live(move || match device.online.get() {
        Some(Online::Calendar(feed)) => feed_parts(device, &feed),
        _ => needs_connection(device, &Page::Calendar),
    });
    ui::screen(vec![
        ui::back(device.language, Page::Me.path()),
        ui::title(words.calendar, words.calendar_note),
        ui::note(words.calendar_secret),
        body,
    ])
}

fn feed_parts(device: Device, feed: &CalendarFeed) -> Vec<AnyView> {
    let words = words::of(device.language);
    let mut parts = Vec::new();
    if let Some(address) = &feed.address {
        let text = address.clone();
        let copy = Callback::new(move |()| {
            if let Some(edge) = edge() {
                edge.copy(&text);
            }
        });
        parts.push(ui::card(
            None,
            vec![
                ui::el("h2", "", vec![ui::text(words.calendar_address)]),
                ui::p("me-address", address.clone()),
                ui::note(words.calendar_once),
                ui::button(Look::Second, words.calendar_copy, copy),
            ],
        ));
    }
    let (state, label) = match feed.created {
        None => (words.calendar_none.to_owned(), words.calendar_make),
        Some(at) => {
            let day = format::day(device.language, at.day());
            ((words.calendar_since)(&day), words.calendar_replace)
        }
    };
    let look = if feed.created.is_none() {
        Look::Primary
    } else {
        Look::Second
    };
    parts.push(ui::p("", state));
    let make = Page::Calendar.path();
    parts.push(ui::post(make.clone(), vec![ui::submit(look, label)]));
    if feed.created.is_some() {
        let revoke = ui::submit(Look::Plain, words.calendar_revoke);
        parts.push(ui::post(format!("{make}/revoke"), vec![revoke]));
    }
    parts
}
