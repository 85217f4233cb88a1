//! `/event`: what one is invited to, the next first; what was; what one let pass.

use domain::{event::Reply, sync::replica::Seen, time::Time};
use leptos::prelude::*;

use super::{line, state, words};
use crate::{
    device::Device,
    format,
    page::Page,
    ui::{self, Blank},
};

pub(super) fn screen() -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    let body = ui::live(move || {
        let (seen, now) = (device.seen.get(), device.now.get());
        parts(device, &seen, now)
    });
    ui::screen(vec![
        ui::title(words.title, words.free),
        ui::unsent(device),
        body,
        ui::link_button(ui::Look::Plain, words.faq, Page::Faq.path()),
        ui::fetched(device),
    ])
}

fn parts(device: Device, seen: &Seen, now: Time) -> Vec<AnyView> {
    let words = words::of(device.language);
    let (mut coming, mut declined, mut past) = (Vec::new(), Vec::new(), Vec::new());
    for it in state::by_start(seen) {
        let when = format::day(device.language, it.starts.day());
        let title = it.title.in_language(device.language);
        let line = || {
            let line = [&when, " ", title].concat();
            (Page::Event(it.id).path(), line.into())
        };
        if it.ends <= now {
            let rsvp = seen.view.rsvps.get(&it.id);
            let was_there = |reply| matches!(reply, Reply::Going(_));
            let was_there = rsvp.is_some_and(|it| it.attended.is_some() || was_there(it.reply));
            // What was said there is for those, too, who could not come.
            if it.cancelled.is_none() && (was_there || it.memo.is_some()) {
                past.insert(0, line());
            }
        } else if state::is_declined(seen, it.id) {
            declined.push(line());
        } else {
            coming.push(line::card(device, seen, it, now));
        }
    }
    let coming = if coming.is_empty() {
        let blank = device
            .status
            .with(|it| Blank::of(it, words.none_title, words.none));
        ui::empty(device.language, blank)
    } else {
        ui::list(coming)
    };
    let mut parts = vec![ui::section(words.coming, vec![coming])];
    for (label, lines) in [(words.declined_ones, declined), (words.past, past)] {
        // Each keeps its place, so that one that is open stays open when the other comes or goes.
        parts.push(if lines.is_empty() {
            ui::nothing()
        } else {
            ui::more("", label, vec![ui::links(lines)])
        });
    }
    parts
}
