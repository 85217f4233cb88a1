//! `/event/ID`: what it is, when and where, my answer, and what one needs on the day. All of it reads offline.

use domain::{
    event::{Edit, Event, Instead, Reply, Rsvp, Way},
    id::EventId,
    sync::{
        replica::Seen,
        row::{About, Verdict},
    },
    time::{MINUTE, Time},
};
use leptos::prelude::*;

use super::{
    answer::{Answering, is_apart},
    line, state,
    words::{self, Words, fill},
};
use crate::{
    booking,
    device::{Device, edge},
    format,
    page::Page,
    ui::{self, Blank, Look, NotFound},
};

/// The meeting link stands out from this long before the start.
const JOIN_SOON: i64 = 15 * MINUTE;

pub(super) fn screen(id: EventId) -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    // What was ticked before the code arrived counts.
    let is_ticked = ui::typed("input[name=named]:checked").is_some();
    let is_named = device.seen.with_untracked(|seen| state::is_named(seen, id));
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
        vec![NotFound().into_any()]
    });
    ui::screen(vec![
        ui::back(device.language, Page::Events.path()),
        body,
        ui::trouble(device, answering.trouble),
        ui::fetched(device),
    ])
}

fn parts(answering: Answering, seen: &Seen, it: &Event, now: Time) -> Vec<AnyView> {
    let device = answering.device;
    let (language, words) = (device.language, words::of(device.language));
    let mut parts = vec![ui::title(it.title.in_language(language).to_string(), "")];
    let of_this = |about: &About| matches!(about, About::Reply(reply) if reply.event == it.id);
    let refused = seen.view.outcomes.values().filter(|outcome| {
        matches!(outcome.verdict, Verdict::Refused(_)) && of_this(&outcome.about)
    });
    parts.extend(refused.map(|it| booking::outcome_card(device, seen, it, answering.trouble)));
    let rsvp = seen.view.rsvps.get(&it.id);
    if rsvp.is_some() {
        parts.extend(changes(device, it));
    }
    parts.push(sheet(device, seen, it, rsvp, now));
    if it.cancelled.is_none() && it.starts > now {
        parts.extend(reply(answering, seen, it, now));
    }
    if let Some(html) = &it.html {
        let html = html.in_language(language).clone();
        let text = view! { <div class="prose event-text" inner_html=html></div> };
        parts.push(ui::section(words.about, vec![text.into_any()]));
    }
    parts.push(ui::section(words.facts, vec![ui::facts(facts(device, it))]));
    let names = seen.view.event_places.get(&it.id).map(|it| &it.names);
    if let Some(names) = names.filter(|it| !it.is_empty()) {
        let names: Vec<&str> = names.iter().map(|it| &**it).collect();
        let names = ui::p("", names.join(words.separator));
        parts.push(ui::section(
            words.names,
            vec![names, ui::note(words.names_note)],
        ));
    }
    parts
}

/// Where I stand, when and where it is, and what one needs to come in.
fn sheet(device: Device, seen: &Seen, it: &Event, rsvp: Option<&Rsvp>, now: Time) -> AnyView {
    let words = words::of(device.language);
    let (mark, state) = line::standing(device, seen, it, now);
    let mut parts = Vec::new();
    if !state.is_empty() {
        parts.push(ui::row(state));
    }
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
    if let Some(code) = rsvp.code.as_ref().filter(|_| rsvp.attended.is_none()) {
        // A drawing of the same code belongs above the letters: who cannot scan it reads them out.
        let door = vec![ui::p("note", words.code), ui::p("event-code", code.clone())];
        parts.push(ui::el("div", "event-door", door));
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
fn reply(answering: Answering, seen: &Seen, it: &Event, now: Time) -> Vec<AnyView> {
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
            parts.push(ui::more(words.change_reply, vec![all]));
        }
    } else {
        match state::pending(seen, it.id) {
            Some((_, standing)) => parts.extend(answering.pending(seen, standing)),
            None if state::reply(seen, it.id, now) == Some(Reply::Lapsed) => {
                parts.push(ui::p("", words.lapsed_line));
            }
            None => {}
        }
        parts.push(all);
    }
    if it.closes <= now {
        let closed = format::at(language, it.closes);
        parts.push(ui::note(fill(words.closed_line, &closed)));
    }
    for line in [words.free, words.no_reason, words.who_sees] {
        parts.push(ui::note(line));
    }
    vec![ui::section(words.reply, parts)]
}

/// What is not as it was, the latest first, for those who may rely on it.
fn changes(device: Device, it: &Event) -> Option<AnyView> {
    let (language, words) = (device.language, words::of(device.language));
    let change = |edit: &Edit| {
        let mut lines = Vec::new();
        if let Some((starts, _)) = edit.time {
            lines.push(fill(words.was_time, &format::at(language, starts)));
        }
        let mut was = |before: &Option<String>, was, new: &str| match before.as_deref() {
            None => {}
            Some("") => lines.push(new.to_owned()),
            Some(before) => lines.push(fill(was, before)),
        };
        was(&edit.place, words.was_place, words.new_place);
        was(&edit.bring, words.was_bring, words.new_bring);
        if edit.text {
            lines.push(words.new_text.to_owned());
        }
        let on = fill(words.changed_on, &format::day(language, edit.at.day()));
        let mut parts: Vec<_> = lines.into_iter().map(|it| ui::p("", it)).collect();
        parts.push(ui::p("caption", on));
        ui::el("div", "", parts)
    };
    let changes: Vec<_> = it.edits.iter().map(change).collect();
    (!changes.is_empty()).then(|| {
        let changes = vec![ui::heading(words.changes), ui::list(changes)];
        ui::el("div", "card event-changes", changes)
    })
}

/// What one would ask.
fn facts(device: Device, it: &Event) -> Vec<(&'static str, AnyView)> {
    let (language, words) = (device.language, words::of(device.language));
    let asked = fill(words.time_asked_is, &it.minutes.to_string());
    let hosts: Vec<&str> = it.hosts.iter().map(|it| &**it).collect();
    let bring = it
        .bring
        .as_ref()
        .map(|it| it.in_language(language).to_string());
    let instead = it.instead.as_ref().map(|it| match it {
        Instead::Recording => words.recording.to_owned(),
        Instead::Again(when) => fill(words.again, when),
    });
    let facts = [
        (words.bring, bring.unwrap_or_default()),
        (
            words.contact,
            it.contact.as_deref().unwrap_or_default().to_owned(),
        ),
        (words.hosts, hosts.join(words.separator)),
        (words.time_asked, asked),
        (words.instead, instead.unwrap_or_default()),
    ];
    let facts = facts.into_iter().filter(|it| !it.1.is_empty());
    facts.map(|(name, text)| (name, ui::text(text))).collect()
}
