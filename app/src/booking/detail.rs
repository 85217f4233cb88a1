//! `/booking/ID`: one booking, or an asking that has no answer yet, or what became of it.

use domain::{
    booking::{self, Booking, BookingState},
    id::BookingId,
    sync::{
        mutation::Mutation,
        replica::{Asked, Seen, Standing},
        row::About,
    },
    time::{MINUTE, Time},
};
use leptos::prelude::*;

use super::{
    act, line,
    outcome::outcome_card,
    record::{correction, record},
    words,
};
use crate::{
    device::{Device, NotSaved, edge},
    page::Page,
    ui::{self, Any, Blank, Look, Mark, NotFound},
};

/// The link stands first from this long before the start.
const JOIN_SOON: i64 = 15 * MINUTE;

pub(super) fn screen(id: BookingId) -> AnyView {
    let device = Device::here();
    let trouble = RwSignal::new(None);
    let body = ui::live(move || {
        let (seen, now) = (device.seen.get(), device.now.get());
        if let Some(booking) = seen.view.bookings.get(&id) {
            return booked(device, &seen, now, booking, trouble);
        }
        if let Some(asked) = seen.asked.iter().find(|it| it.ask.booking == id) {
            return asking(device, &seen, asked, trouble);
        }
        let of_this = |about: &About| matches!(about, About::Ask(ask) if ask.booking == id);
        if let Some(outcome) = seen.view.outcomes.values().find(|it| of_this(&it.about)) {
            let card = outcome_card(device, &seen, outcome, trouble);
            return vec![ui::title(words::of(device.language).detail, ""), card];
        }
        if device.status.with(|it| it.is_loading) {
            let blank = device.status.with(|it| Blank::of(it, "", ""));
            let title = ui::title(words::of(device.language).detail, "");
            return vec![title, ui::empty(device.language, blank)];
        }
        vec![NotFound().any()]
    });
    ui::screen(vec![
        ui::back(device.language, Page::Bookings.path()),
        body,
        ui::trouble(device, trouble),
        correction(device, id),
        ui::fetched(device),
    ])
}

fn booked(
    device: Device,
    seen: &Seen,
    now: Time,
    it: &Booking,
    trouble: RwSignal<Option<NotSaved>>,
) -> Vec<AnyView> {
    let words = words::of(device.language);
    let name = (words.with)(&it.host_name);
    let mut parts = vec![ui::title(words.detail, name)];
    match &it.state {
        BookingState::Cancelled(end) => {
            let by = if end.by == it.host {
                (words.cancelled_by_host)(&it.host_name)
            } else {
                words.cancelled_by_me.to_owned()
            };
            let word = end.word.as_ref().map(|it| ui::p("prose", it.to_string()));
            let mut sheet = vec![
                ui::chip(words.cancelled),
                line::when(device, it.starts, true),
                ui::note(by),
            ];
            sheet.extend(word);
            let again = Page::Host(it.host, None).path();
            sheet.push(ui::link_button(Look::Second, words.book_again, again));
            parts.push(ui::card(None, sheet));
        }
        BookingState::Booked => {
            let mark = it.is_ahead(now).then(|| line::mark(seen, it));
            parts.push(ui::card(mark, sheet(device, it, mark, now)));
            if booking::cancel(&it.state, it.starts, now).is_ok() {
                parts.extend(changes(device, seen, it, trouble));
            }
        }
    }
    let said = [
        (words.topic, it.topic.as_deref()),
        (words.talk, it.talk.as_deref()),
        (words.avoid, it.avoid.as_deref()),
    ];
    let said: Vec<_> = said
        .into_iter()
        .filter_map(|(name, text)| Some((name, ui::text(text?.to_owned()))))
        .collect();
    if !said.is_empty() {
        parts.push(ui::section(words.written, vec![ui::facts(said)]));
    }
    if it.is_live() && it.starts <= now {
        parts.push(record(device, seen, it.id));
    }
    parts
}

/// When, where, the link, the calendar.
fn sheet(device: Device, it: &Booking, mark: Option<Mark>, now: Time) -> Vec<AnyView> {
    let words = words::of(device.language);
    let standing = mark.map(|it| ui::standing(device.language, it));
    let mut parts: Vec<_> = standing.into_iter().collect();
    parts.push(line::when(device, it.starts, true));
    parts.push(ui::note(line::place(device, &it.place)));
    if !it.is_ahead(now) {
        return parts;
    }
    if let Some(link) = &it.link {
        let look = if it.starts.since(now) <= JOIN_SOON {
            Look::Primary
        } else {
            Look::Second
        };
        parts.push(ui::link_button(look, words.join, link.to_string()));
    }
    if !it.ics.is_empty() {
        let ics = it.ics.clone();
        let save = Callback::new(move |()| {
            if let Some(edge) = edge() {
                edge.download(words.calendar_file, "text/calendar", &ics);
            }
        });
        parts.push(ui::button(Look::Plain, words.add_calendar, save));
    }
    parts
}

/// Move, cancel, and what is on its way of either.
fn changes(
    device: Device,
    seen: &Seen,
    it: &Booking,
    trouble: RwSignal<Option<NotSaved>>,
) -> Vec<AnyView> {
    let words = words::of(device.language);
    let id = it.id;
    let keep = |standing: Standing, is_it: fn(&Mutation) -> Option<BookingId>| {
        let press = Callback::new(move |()| {
            act::give_up(device, |mutation| is_it(mutation) == Some(id));
        });
        (standing == Standing::Saved).then(|| ui::button(Look::Second, words.keep, press))
    };
    if let Some(standing) = seen.cancelling.get(&id) {
        let is_it = |mutation: &Mutation| match mutation {
            Mutation::Cancel(it) => Some(it.booking),
            _ => None,
        };
        let keep = keep(*standing, is_it);
        return [ui::note(words.cancelling)]
            .into_iter()
            .chain(keep)
            .collect();
    }
    if let Some(moving) = seen.moving.get(&id) {
        let is_it = |mutation: &Mutation| match mutation {
            Mutation::Move(it) => Some(it.booking),
            _ => None,
        };
        let mark = moving.standing.into();
        let mut sheet = vec![
            ui::standing(device.language, mark),
            line::wishes(device, seen, &moving.wishes),
            ui::note(words.moving_note),
        ];
        sheet.extend(keep(moving.standing, is_it));
        return vec![ui::section(words.moving, vec![ui::card(Some(mark), sheet)])];
    }
    let cancel = ui::form(
        format!("/booking/{id}/cancel"),
        Callback::new(move |()| act::cancel(id, trouble)),
        vec![
            ui::note((words.cancel_note)(&it.host_name)),
            ui::submit(Look::Second, words.cancel_send),
        ],
    );
    vec![
        ui::link_button(
            Look::Second,
            words.change,
            Page::Host(it.host, Some(id)).path(),
        ),
        ui::more("", words.cancel, vec![cancel]),
    ]
}

/// An asking without an answer.
fn asking(
    device: Device,
    seen: &Seen,
    it: &Asked,
    trouble: RwSignal<Option<NotSaved>>,
) -> Vec<AnyView> {
    let words = words::of(device.language);
    let id = it.ask.booking;
    let mark = it.standing.into();
    let doubt = it.doubt.as_ref().map(|no| {
        let no = crate::words::refusal(device.language, no);
        ui::note(format!("{} {no}", words.doubt))
    });
    let take_back = Callback::new(move |()| {
        let is_it = |it: &Mutation| matches!(it, Mutation::Ask(ask) if ask.booking == id);
        if !act::give_up(device, is_it) {
            act::cancel(id, trouble);
        }
        if let Some(edge) = edge() {
            edge.go(&Page::Bookings);
        }
    });
    let mut sheet = vec![
        ui::standing(device.language, mark),
        line::wishes(device, seen, &it.ask.wishes),
        ui::note(words.asked_note),
    ];
    sheet.extend(doubt);
    let said = [
        (words.topic, &it.ask.topic),
        (words.talk, &it.ask.talk),
        (words.avoid, &it.ask.avoid),
    ];
    let said: Vec<_> = said
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(name, text)| (name, ui::text(text.clone())))
        .collect();
    let mut parts = vec![ui::title(words.asked, ""), ui::card(Some(mark), sheet)];
    if !said.is_empty() {
        parts.push(ui::section(words.written, vec![ui::facts(said)]));
    }
    parts.push(ui::note(words.take_back_note));
    parts.push(ui::button(Look::Second, words.take_back, take_back));
    parts
}
