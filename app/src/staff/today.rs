//! 今日: what we owe, the oldest first, and who is met next.

use domain::{booking::HostBooking, member::Role, time::Time};
use leptos::prelude::*;

use super::{
    form::Form,
    lines::{heading, interview, lines, open_promises, refusals},
    owed,
    words::{self, today},
};
use crate::{
    device::Device,
    format,
    page::Page,
    ui::{self, Blank, Look, Mark},
};

/// Promises that 今日 shows; the rest stand on their own page.
const MOST: usize = 10;

/// What the company owes today.
pub(super) fn today() -> AnyView {
    let device = Device::here();
    let form = Form::new(device.language);
    let date = format::day(device.language, device.now.get_untracked().day());
    view! {
        <div class="screen staff-narrow">
            {heading(device, &Page::Today, date)}
            {form.answer()}
            {refusals(device, form, |_| true)}
            {promises(device, form)}
            {unwritten(device)}
            {soon(device)}
            {nothing(device)}
            {ui::fetched(device)}
        </div>
    }
    .into_any()
}

fn promises(device: Device, form: Form) -> AnyView {
    let words = today::of(device.language);
    let count = device.read(|seen| owed::open_promises(&seen.view).len());
    let draw = move || {
        (count.get() > 0).then(|| {
            let all = view! { <p>{ui::link_button(Look::Plain, words.all_promises, Page::Promises.path())}</p> };
            ui::section(
                words.owed,
                vec![
                    ui::note(words.owed_more),
                    open_promises(device, form, MOST),
                    all.into_any(),
                ],
            )
        })
    };
    draw.into_any()
}

fn unwritten(device: Device) -> AnyView {
    let words = today::of(device.language);
    let draw = move || {
        let now = device.now.get();
        let gaps = device.seen.with(|seen| owed::unwritten(&seen.view, now));
        (!gaps.is_empty()).then(|| {
            let line = |it: &HostBooking| {
                let owed = ui::standing(device.language, Mark::Owed);
                interview(device.language, it, None, Some(owed))
            };
            let all = lines(gaps.iter().map(line).collect());
            ui::section(words.unwritten, vec![ui::note(words.unwritten_more), all])
        })
    };
    draw.into_any()
}

fn soon(device: Device) -> AnyView {
    let words = today::of(device.language);
    let is_host = device
        .who
        .with_value(|it| it.is_some_and(|it| it.role.is_host()));
    if !is_host {
        return ().into_any();
    }
    let draw = move || {
        let now = device.now.get();
        let soon = device.seen.with(|seen| owed::soon(&seen.view, now));
        let part = if soon.is_empty() {
            ui::note(words.soon_none)
        } else {
            lines(soon.iter().map(|it| met(device, it, now)).collect())
        };
        ui::section(words.soon, vec![part])
    };
    draw.into_any()
}

fn met(device: Device, it: &HostBooking, now: Time) -> AnyView {
    let words = words::of(device.language);
    let day = if it.starts.day() == now.day() {
        words.today
    } else {
        words.tomorrow
    };
    interview(device.language, it, Some(day), None)
}

/// Said when nothing is owed; hosts still read whom they meet.
fn nothing(device: Device) -> AnyView {
    let words = today::of(device.language);
    let is_desk = device
        .who
        .with_value(|it| it.is_some_and(|it| it.role == Role::DeskOfficer));
    let draw = move || {
        let now = device.now.get();
        let is_free = device.seen.with(|seen| {
            owed::open_promises(&seen.view).is_empty()
                && owed::unwritten(&seen.view, now).is_empty()
        });
        let more = if is_desk {
            words.nothing_desk
        } else {
            words.nothing_more
        };
        is_free.then(|| {
            let blank = device.status.with(|it| Blank::of(it, words.nothing, more));
            ui::empty(device.language, blank)
        })
    };
    draw.into_any()
}
