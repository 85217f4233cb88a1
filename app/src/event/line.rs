//! An event in a few lines: what, when, where, how full, and where I stand.

use domain::{
    event::{Answer, Event, Reply, Way},
    member::Language,
    sync::replica::Seen,
    time::Time,
};
use leptos::prelude::*;

use super::{
    state,
    words::{self, fill},
};
use crate::{
    device::Device,
    format,
    page::Page,
    ui::{self, Icon, Mark},
};

/// A card that leads to the event.
pub(super) fn card(device: Device, seen: &Seen, it: &Event, now: Time) -> AnyView {
    let (mark, mut state) = standing(device, seen, it, now);
    state.push(kind(device, it));
    let title = it.title.in_language(device.language).to_string();
    let mut parts = vec![ui::row(state), ui::heading(title)];
    parts.extend(lines(device, seen, it, false));
    ui::link_card(mark, Page::Event(it.id).path(), parts)
}

/// What kind of gathering it is.
pub(super) fn kind(device: Device, it: &Event) -> AnyView {
    ui::chip(words::of(device.language).kinds[it.kind as usize])
}

/// When, where, minutes and places.
pub(super) fn lines(device: Device, seen: &Seen, it: &Event, is_big: bool) -> Vec<AnyView> {
    let (language, words) = (device.language, words::of(device.language));
    let day = format::day(language, it.starts.day());
    let mut asks = fill(words.minutes, &it.minutes.to_string());
    let seats = seats(language, seen, it);
    if !seats.is_empty() {
        asks.push_str(" · ");
        asks.push_str(&seats);
    }
    vec![
        ui::when(is_big, day, format::range(language, it.starts, it.ends)),
        ui::note(place(language, it)),
        ui::p("caption", asks),
    ]
}

/// Where it is.
fn place(language: Language, it: &Event) -> String {
    let words = words::of(language);
    match &it.place {
        Some(place) if it.is_online => [place, " · ", words.online_too].concat(),
        Some(place) => place.to_string(),
        None => words.online.to_owned(),
    }
}

/// How full it is; empty while that is not known.
pub(super) fn seats(language: Language, seen: &Seen, it: &Event) -> String {
    let words = words::of(language);
    let mut said = String::new();
    let Some(places) = seen.view.event_places.get(&it.id) else {
        return said;
    };
    let has_both = places.on_site.is_some() && places.online.is_some();
    for way in Way::ALL {
        let Some(places) = places.of(way) else {
            continue;
        };
        if !said.is_empty() {
            said.push_str(" · ");
        }
        if has_both {
            said.push_str(if way == Way::OnSite {
                words.on_site
            } else {
                words.online
            });
            said.push(' ');
        }
        match places.most {
            None => said.push_str(words.no_limit),
            Some(most) if places.taken < most => {
                said.push_str(&fill(words.seats_left, &(most - places.taken).to_string()));
            }
            Some(_) => {
                said.push_str(words.full);
                if it.has_waitlist {
                    said.push_str(&fill(words.in_line, &places.waiting.to_string()));
                }
            }
        }
    }
    said
}

/// An answer in words. The way is said only where there are two.
pub(crate) fn answer(language: Language, answer: Answer, has_both: bool) -> &'static str {
    let words = words::of(language);
    match answer {
        Answer::Going(_) if !has_both => words.going,
        Answer::Going(Way::OnSite) => words.going_on_site,
        Answer::Going(Way::Online) => words.going_online,
        Answer::Maybe => words.maybe,
        Answer::Declined => words.declined,
    }
}

/// One can come, or take part from afar.
pub(super) fn has_both(it: &Event) -> bool {
    it.place.is_some() && it.is_online
}

/// How certain it is, and what: the mark of the paper, and what stands on it.
pub(super) fn standing(
    device: Device,
    seen: &Seen,
    it: &Event,
    now: Time,
) -> (Option<Mark>, Vec<AnyView>) {
    let (language, words) = (device.language, words::of(device.language));
    let what = |it| ui::el("strong", "", vec![ui::text(it)]);
    let said = |said| what(answer(language, said, has_both(it)).to_owned());
    if it.cancelled.is_some() {
        return (None, vec![ui::chip(words.cancelled)]);
    }
    if let Some((answer, standing)) = state::pending(seen, it.id) {
        let mark = standing.into();
        return (Some(mark), vec![ui::standing(language, mark), said(answer)]);
    }
    let rsvp = seen.view.rsvps.get(&it.id);
    if rsvp.is_some_and(|it| it.attended.is_some()) {
        let attended = ui::standing_in("standing standing--confirmed", Icon::Check, words.attended);
        return (None, vec![attended]);
    }
    let is_over = it.ends <= now;
    let replied = || ui::standing_in("standing", Icon::Check, words.replied);
    match state::reply(seen, it.id, now) {
        None => (None, Vec::new()),
        _ if is_over => (None, Vec::new()),
        Some(Reply::Going(way)) => {
            let sure = ui::standing(language, Mark::Confirmed);
            (Some(Mark::Confirmed), vec![sure, said(Answer::Going(way))])
        }
        Some(Reply::Maybe) => (None, vec![replied(), said(Answer::Maybe)]),
        Some(Reply::Declined) if rsvp.is_some_and(state::is_removed) => {
            (None, vec![ui::chip(words.removed)])
        }
        Some(Reply::Declined) => (None, vec![replied(), said(Answer::Declined)]),
        Some(Reply::Waiting { before, .. }) => {
            let line = ui::standing_in("standing", Icon::Clock, words.waiting);
            let nth = fill(words.nth, &(u32::from(before) + 1).to_string());
            (None, vec![line, what(nth)])
        }
        Some(Reply::Offered { until, .. }) => {
            let turn = ui::standing_in("standing standing--owed", Icon::Clock, words.your_turn);
            let until = fill(words.until, &format::at(language, until));
            (Some(Mark::Owed), vec![turn, what(until)])
        }
        Some(Reply::Lapsed) => (None, vec![ui::chip(words.passed_on)]),
    }
}
