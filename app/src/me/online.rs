//! `/me/devices` and `/me/calendar`: what only the server knows, drawn by it alone.

use domain::member::Language;
use leptos::prelude::*;

use super::words;
use crate::{
    device::Device,
    format,
    online::{CalendarFeed, DeviceLine, Online},
    page::Page,
    ui::{self, Look},
};

pub(super) fn devices() -> AnyView {
    let device = Device::here();
    let own = own(device.language);
    let body = match device.online.get_value() {
        Some(Online::Devices(lines)) => {
            let lines = lines.iter().map(|it| device_card(device, it));
            ui::list(lines.collect())
        }
        _ => ui::away_from(device.language, &Page::Devices),
    };
    ui::screen(vec![
        ui::back(device.language, Page::Me.path()),
        ui::title(words::of(device.language).devices, own.devices_note),
        body,
    ])
}

fn device_card(device: Device, it: &DeviceLine) -> AnyView {
    let (language, own) = (device.language, own(device.language));
    let now = device.now.get();
    let last_seen = format::moment(language, it.last_seen, now);
    let created = format::day(language, it.created.day());
    let mut parts = vec![ui::el("h2", "", vec![ui::text(it.label.clone())])];
    parts.extend(it.is_this.then(|| ui::chip(own.this_device)));
    parts.push(ui::note((own.last_seen)(&last_seen)));
    parts.push(ui::note((own.signed_in)(&created)));
    if !it.is_this {
        let action = format!("/me/devices/{}/sign-out", it.id);
        let submit = ui::submit(Look::Second, own.sign_out_device);
        parts.push(ui::post(action, vec![submit]));
    }
    ui::card(None, parts)
}

pub(super) fn calendar() -> AnyView {
    let device = Device::here();
    let own = own(device.language);
    let body = match device.online.get_value() {
        Some(Online::Calendar(feed)) => ui::stack(feed_parts(device, &feed)),
        _ => ui::away_from(device.language, &Page::Calendar),
    };
    ui::screen(vec![
        ui::back(device.language, Page::Me.path()),
        ui::title(words::of(device.language).calendar, own.calendar_note),
        ui::note(own.calendar_secret),
        body,
    ])
}

fn feed_parts(device: Device, feed: &CalendarFeed) -> Vec<AnyView> {
    let own = own(device.language);
    let mut parts = Vec::new();
    if let Some(address) = &feed.address {
        // What the system's own calendar answers to.
        let open = address.replacen("https:", "webcal:", 1);
        parts.push(ui::card(
            None,
            vec![
                ui::el("h2", "", vec![ui::text(own.calendar_address)]),
                ui::p("me-address", address.clone()),
                ui::note(own.calendar_once),
                ui::link_button(Look::Second, own.calendar_open, open),
            ],
        ));
    }
    let (state, label) = match feed.created {
        None => (own.calendar_none.to_owned(), own.calendar_make),
        Some(at) => {
            let day = format::day(device.language, at.day());
            ((own.calendar_since)(&day), own.calendar_replace)
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
        let revoke = ui::submit(Look::Plain, own.calendar_revoke);
        parts.push(ui::post(format!("{make}/revoke"), vec![revoke]));
    }
    parts
}

/// Words of these two pages, which no bundle carries.
struct Words {
    devices_note: &'static str,
    this_device: &'static str,
    signed_in: fn(&str) -> String,
    last_seen: fn(&str) -> String,
    sign_out_device: &'static str,
    calendar_note: &'static str,
    calendar_secret: &'static str,
    calendar_none: &'static str,
    calendar_since: fn(&str) -> String,
    calendar_address: &'static str,
    calendar_once: &'static str,
    calendar_make: &'static str,
    calendar_replace: &'static str,
    calendar_revoke: &'static str,
    calendar_open: &'static str,
}

const JA: Words = Words {
    devices_note: "心当たりのない端末は、ここからログアウトできます。この一覧が見えるのは、あなただけです。",
    this_device: "この端末",
    signed_in: |at| format!("ログイン {at}"),
    last_seen: |at| format!("最後に使った時刻 {at}"),
    sign_out_device: "この端末をログアウトする",
    calendar_note: "スマートフォンのカレンダーに、面談の予定が自動で入ります。",
    calendar_secret: "アドレスを知っている人は予定を読めます。人には教えないでください。",
    calendar_none: "まだつないでいません。",
    calendar_since: |at| format!("{at}につくったアドレスが使えます。"),
    calendar_address: "アドレス",
    calendar_once: "このアドレスは、いま一度だけ表示しています。カレンダーの「照会」に貼り付けてください。",
    calendar_make: "アドレスをつくる",
    calendar_replace: "新しいアドレスに替える",
    calendar_revoke: "アドレスを使えなくする",
    calendar_open: "この端末のカレンダーで開く",
};

const EN: Words = Words {
    devices_note: "A device you do not know can be signed out here. Only you see this list.",
    this_device: "This device",
    signed_in: |at| format!("Signed in {at}"),
    last_seen: |at| format!("Last used {at}"),
    sign_out_device: "Sign this device out",
    calendar_note: "Your interviews appear in your phone's calendar by themselves.",
    calendar_secret: "Whoever knows the address can read them. Please keep it to yourself.",
    calendar_none: "Nothing is connected yet.",
    calendar_since: |at| format!("The address made on {at} is in use."),
    calendar_address: "Address",
    calendar_once: "This address is shown this once. Paste it where your calendar subscribes to others.",
    calendar_make: "Make an address",
    calendar_replace: "Replace it with a new one",
    calendar_revoke: "End this address",
    calendar_open: "Open in this device's calendar",
};

fn own(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}
