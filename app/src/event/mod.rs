//! イベント: what one is invited to, one of them with its three answers, and what of it stands on the home screen.
//! Nothing here asks for a reason, and no answer is heavier than another.
//!
//! In reading order: [`list`] (`/event`), [`detail`] (`/event/ID`), [`answer`] (the buttons), [`home`] (its parts of the
//! home screen), [`group`] (my small group), [`mod@line`] (an event in a few lines), [`state`] (where I stand with it),
//! [`words`].
//!
//! # Forms without script
//!
//! | action | fields | becomes | comes back to |
//! |---|---|---|---|
//! | `/event/ID/reply` | `answer`: `on_site`, `online`, `maybe` or `declined`; `named`: `1`? | `event.reply.v1` | `/event/ID` |

mod answer;
mod detail;
mod group;
mod home;
mod line;
mod list;
mod qr;
mod state;
mod words;

pub(crate) use home::{invitations, next, offered};

use domain::{
    event::{Answer, Reply, ReplyTo},
    id::EventId,
    sync::replica::Seen,
};
use leptos::prelude::*;

use crate::{device::Device, format, ui::Mark};

/// What one is invited to.
#[must_use]
pub fn events() -> AnyView {
    list::screen()
}

/// One of them.
#[must_use]
pub fn event(id: EventId) -> AnyView {
    detail::screen(id)
}

/// What became of a yes, in words: a place is said to be mine only where the row says so. Nothing for any other answer,
/// or when it is not so any more: the event itself says where one stands, and a no is a quiet thing.
pub(crate) fn became(
    device: Device,
    seen: &Seen,
    it: &ReplyTo,
) -> Option<(Option<Mark>, &'static str)> {
    let words = words::of(device.language);
    let reply = seen.view.rsvps.get(&it.event).map(|it| it.reply);
    match (it.answer, reply) {
        (Answer::Going(_), Some(Reply::Going(_))) => Some((Some(Mark::Confirmed), words.was_going)),
        (Answer::Going(_), Some(Reply::Waiting { .. })) => Some((None, words.was_waiting)),
        _ => None,
    }
}

/// That a reply was not accepted.
pub(crate) fn not_replied(device: Device) -> &'static str {
    words::of(device.language).not_replied
}

/// What was said to which event, in one line.
pub(crate) fn said(device: Device, seen: &Seen, it: &ReplyTo) -> String {
    let language = device.language;
    let event = seen.view.events.get(&it.event);
    let answer = line::answer(language, it.answer, event.is_some_and(line::has_both));
    let Some(event) = event else {
        return answer.to_owned();
    };
    let when = format::at(language, event.starts);
    let title = event.title.in_language(language);
    [title, "\n", &when, "\n", answer].concat()
}

#[cfg(test)]
mod tests;
