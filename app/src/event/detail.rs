//! `/event/ID`: what it is, when and where, my answer, and what one needs on the day. All of it reads offline.

use domain::{
    event::{Event, Instead, Memo, Reply, Rsvp, Way},
    id::EventId,
    member::Language,
    sync::{
        replica::Seen,
        row::{About, Verdict},
    },
    text::{Name, Said},
    time::{MINUTE, Time},
};
use leptos::prelude::*;

use super::{
    answer::{Answering, is_apart},
    group, line, qr, state,
    words::{self, Words, fill},
};
use crate::{
    booking,
    device::{Device, edge},
    format,
    page::Page,
    question,
    ui::{self, Any, Blank, Look, NotFound},
};

/// The meeting link stands out from this long before the start.
const JOIN_SOON: i64 = 15 * MINUTE;

pub(super) fn screen(id: EventId) -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    // What was ticked before the code arrived counts.
    let is_ticked = ui::typed("input[name=named]:checked").is_some();
    let is_named = untrack(move || device.seen.with(|seen| state::is_named(seen, id)));
    let answering = Answering {
        device,
        event: id,
        is_named: RwSignal::new(is_named || is_ticked),
        trouble: RwSignal::new(None),
    };
    let body = ui::live(move || {
        let (seen, now) = (device.seen.get(), device.now.get());
        if let Some(it) = seen.view.events.get(&id) {
            return parts(answering, &seen, it, now);
        }
        if device.status.with(|it| it.is_loading) {
            let blank = device.status.with(|it| Blank::of(it, "", ""));
            return vec![
                ui::title(words.title, ""),
                ui::empty(device.language, blank),
            ];
        }
        vec![NotFound().any()]
    });
    ui::screen(vec![
        ui::back(device.language, Page::Events.path()),
        body,
        ui::trouble(device, answering.trouble),
        question::section(device, id),
        ui::fetched(device),
    ])
}

fn parts(answering: Answering, seen: &Seen, it: &Event, now: Time) -> Vec<AnyView> {
    let device = answering.device;
    let (language, words) = (device.language, words::of(device.language));
    let mut parts = vec![ui::title(it.title.in_language(language).to_string(), "")];
    for outcome in seen.view.outcomes.values() {
        let is_of_this = matches!(&outcome.about, About::Reply(reply) if reply.event == it.id);
        if is_of_this && outcome.verdict != Verdict::Ok {
            let trouble = answering.trouble;
            parts.push(booking::outcome_card(device, seen, outcome, trouble));
        }
    }
    let rsvp = seen.view.rsvps.get(&it.id);
    if rsvp.is_some() {
        changes(device, it, &mut parts);
    }
    parts.push(sheet(device, seen, it, rsvp, now));
    parts.extend(it.memo.as_ref().map(|it| memo(device, it)));
    parts.extend(group::section(device, seen, it));
    if it.cancelled.is_none() && it.starts > now {
        parts.push(reply(answering, seen, it, now));
    }
    if let Some(html) = &it.html {
        parts.push(ui::section(words.about, vec![prose(language, html)]));
    }
    let facts = facts(device, it);
    if !facts.is_empty() {
        parts.push(ui::section(words.facts, vec![ui::facts(facts)]));
    }
    let places = seen.view.event_places.get(&it.id);
    let names = places.map_or_else(String::new, |it| listed(words, &it.names));
    if !names.is_empty() && it.ends > now {
        let names = vec![ui::p("", names), ui::note(words.names_note)];
        parts.push(ui::section(words.names, names));
    }
    parts
}

/// What was said there.
fn memo(device: Device, it: &Memo<String>) -> AnyView {
    let (language, words) = (device.language, words::of(device.language));
    let mut parts: Vec<_> = it.text.iter().map(|it| prose(language, it)).collect();
    if let Some(link) = &it.recording {
        parts.push(ui::link_button(Look::Second, words.watch, link.to_string()));
    }
    parts.push(ui::p("caption", format::day(language, it.at.day())));
    ui::section(words.memo, parts)
}

/// HTML of the server's making.
fn prose(language: Language, html: &Said<String>) -> AnyView {
    let html = html.in_language(language).clone();
    view! { <div class="prose event-text" inner_html=html></div> }.any()
}

/// Where I stand, when and where it is, and what one needs to come in.
fn sheet(device: Device, seen: &Seen, it: &Event, rsvp: Option<&Rsvp>, now: Time) -> AnyView {
    let words = words::of(device.language);
    let (mark, mut state) = line::standing(device, seen, it, now);
    state.push(line::kind(device, it));
    let mut parts = vec![ui::row(state)];
    parts.extend(line::lines(device, seen, it, true));
    if let Some(map) = &it.map {
        parts.push(ui::link_button(Look::Plain, words.map, map.to_string()));
    }
    if let Some(end) = &it.cancelled {
        parts.push(ui::p("", words.cancelled_line));
        parts.extend(end.word.as_ref().map(|it| ui::p("prose", it.to_string())));
        return ui::card(mark, parts);
    }
    if let Some(word) = rsvp.and_then(|it| it.word.as_ref()) {
        let word = ui::text(word.to_string());
        parts.push(ui::facts(vec![(words.from_company, word)]));
    }
    let is_sure = state::pending(seen, it.id).is_none();
    let going = rsvp.filter(|_| is_sure && it.ends > now);
    if let Some((rsvp, Reply::Going(way))) = going.map(|it| (it, it.reply)) {
        parts.extend(pass(words, rsvp, way, it.starts.since(now) <= JOIN_SOON));
    } else if it.is_online && it.ends > now {
        parts.push(ui::note(words.link_note));
    }
    ui::card(mark, parts)
}

/// What somebody who takes part needs: the code for the door or the meeting link, and the calendar.
fn pass(words: &'static Words, rsvp: &Rsvp, way: Way, is_soon: bool) -> Vec<AnyView> {
    let mut parts = Vec::new();
    let is_at_door = way == Way::OnSite && rsvp.attended.is_none();
    if let Some(code) = rsvp.code.as_ref().filter(|_| is_at_door) {
        // Where it cannot be scanned, the letters are read out.
        let door = vec![
            ui::p("note", words.code),
            qr::drawing(&rsvp.qr, words.qr),
            ui::p("event-code", code.clone()),
        ];
        parts.push(ui::el("div", "event-pass", door));
    }
    if let (Way::Online, Some(link)) = (way, &rsvp.link) {
        let look = if is_soon { Look::Primary } else { Look::Second };
        parts.push(ui::link_button(look, words.join, link.to_string()));
    }
    if !rsvp.ics.is_empty() {
        let ics = rsvp.ics.clone();
        let save = Callback::new(move |()| {
            if let Some(edge) = edge() {
                edge.download(words.calendar_file, "text/calendar", &ics);
            }
        });
        parts.push(ui::button(Look::Plain, words.add_calendar, save));
    }
    parts
}

/// My answer: what came of it, and the buttons to give another, until it begins.
fn reply(answering: Answering, seen: &Seen, it: &Event, now: Time) -> AnyView {
    let (language, words) = (
        answering.device.language,
        words::of(answering.device.language),
    );
    let mut parts = Vec::new();
    let all = answering.form_of_all(seen, it, now, true);
    if is_apart(seen, it.id, now) {
        match state::reply(seen, it.id, now) {
            Some(Reply::Offered { way, until }) => {
                parts.extend(answering.offered(seen, it, way, until));
            }
            Some(Reply::Waiting { before, .. }) => parts.extend(answering.waiting(before)),
            _ => {}
        }
        if line::has_both(it) {
            parts.push(ui::more("", words.change_reply, vec![all]));
        }
    } else {
        let pending = state::pending(seen, it.id);
        if pending.is_none() && state::reply(seen, it.id, now) == Some(Reply::Lapsed) {
            parts.push(ui::p("", words.lapsed_line));
        }
        parts.push(all);
        // Under the buttons, so that none of them moves away from the thumb that tapped it.
        if let Some((_, standing)) = pending {
            parts.extend(answering.pending(seen, standing));
        }
    }
    if it.closes <= now {
        let closed = format::at(language, it.closes);
        parts.push(ui::note(fill(words.closed_line, &closed)));
    }
    parts.push(ui::note([words.free, words.no_reason].concat()));
    parts.push(ui::note(words.who_sees));
    ui::section(words.reply, parts)
}

/// What is not as it was, the latest first, for those who may rely on it.
fn changes(device: Device, it: &Event, parts: &mut Vec<AnyView>) {
    let (language, words) = (device.language, words::of(device.language));
    let mut lines = Vec::new();
    for edit in &it.edits {
        if let Some((starts, _)) = edit.time {
            let was = fill(words.was_time, &format::at(language, starts));
            lines.push(ui::p("", was));
        }
        for (before, was, new) in [
            (&edit.place, words.was_place, words.new_place),
            (&edit.bring, words.was_bring, words.new_bring),
        ] {
            match before.as_deref() {
                None => {}
                Some("") => lines.push(ui::p("", new)),
                Some(before) => lines.push(ui::p("", fill(was, before))),
            }
        }
        if edit.text {
            lines.push(ui::p("", words.new_text));
        }
        let on = fill(words.changed_on, &format::day(language, edit.at.day()));
        lines.push(ui::p("caption", on));
    }
    if !lines.is_empty() {
        lines.insert(0, ui::heading(words.changes));
        parts.push(ui::el("div", "card event-changes", lines));
    }
}

/// What one would ask.
fn facts(device: Device, it: &Event) -> Vec<(&'static str, AnyView)> {
    let (language, words) = (device.language, words::of(device.language));
    let mut facts = Vec::new();
    let mut fact = |name, text: String| {
        if !text.is_empty() {
            facts.push((name, ui::text(text)));
        }
    };
    if let Some(bring) = &it.bring {
        fact(words.bring, bring.in_language(language).to_string());
    }
    if let Some(contact) = &it.contact {
        fact(words.contact, contact.to_string());
    }
    fact(words.hosts, listed(words, &it.hosts));
    // The way there belongs to the time only where there is one.
    if it.place.is_some() {
        let asked = fill(words.time_asked_is, &it.minutes.to_string());
        fact(words.time_asked, asked);
    }
    match &it.instead {
        None => {}
        Some(Instead::Recording) => fact(words.instead, words.recording.to_owned()),
        Some(Instead::Again(when)) => fact(words.instead, fill(words.again, when)),
    }
    facts
}

pub(super) fn listed(words: &Words, names: &[Name]) -> String {
    let mut listed = String::new();
    for name in names {
        if !listed.is_empty() {
            listed.push_str(words.separator);
        }
        listed.push_str(name);
    }
    listed
}
