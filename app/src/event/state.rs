//! Where I stand with an event: what the server said, and what I said since.

use domain::{
    event::{Answer, Event, Reply, Rsvp},
    id::EventId,
    sync::replica::{Seen, Standing},
    time::Time,
};

/// My reply as the server knows it. A place whose time to say yes is over is not held any more, also where nobody has
/// told the device yet.
pub(super) fn reply(seen: &Seen, id: EventId, now: Time) -> Option<Reply> {
    let reply = seen.view.rsvps.get(&id)?.reply;
    Some(match reply {
        Reply::Offered { until, .. } if until <= now => Reply::Lapsed,
        it => it,
    })
}

/// An answer that would say what stands already changes nothing.
fn answer_of(reply: Reply) -> Option<Answer> {
    match reply {
        Reply::Going(way) | Reply::Waiting { way, .. } => Some(Answer::Going(way)),
        Reply::Maybe => Some(Answer::Maybe),
        Reply::Declined => Some(Answer::Declined),
        Reply::Offered { .. } | Reply::Lapsed => None,
    }
}

/// What I said and nobody has heard yet, where it is something new.
pub(super) fn pending(seen: &Seen, id: EventId) -> Option<(Answer, Standing)> {
    let (it, standing) = seen.replying.get(&id)?;
    let known = seen.view.rsvps.get(&id).map(|it| it.reply);
    (known.and_then(answer_of) != Some(it.answer)).then_some((it.answer, *standing))
}

/// The answer that stands as far as this device knows.
pub(super) fn answer(seen: &Seen, id: EventId) -> Option<Answer> {
    let pending = pending(seen, id).map(|it| it.0);
    pending.or_else(|| answer_of(seen.view.rsvps.get(&id)?.reply))
}

/// The others may read my name.
pub(super) fn is_named(seen: &Seen, id: EventId) -> bool {
    match (seen.replying.get(&id), seen.view.rsvps.get(&id)) {
        (Some((it, _)), _) => it.is_named,
        (None, Some(it)) => it.is_named,
        (None, None) => false,
    }
}

/// Somebody took my place or my turn back, and said why.
pub(super) fn is_removed(it: &Rsvp) -> bool {
    it.reply == Reply::Declined && it.word.is_some()
}

/// I let it pass: it lies apart from those that are open. What was taken from me does not.
pub(super) fn is_declined(seen: &Seen, id: EventId) -> bool {
    let is_removed = seen.view.rsvps.get(&id).is_some_and(is_removed);
    answer(seen, id) == Some(Answer::Declined) && (!is_removed || pending(seen, id).is_some())
}

/// I take part, or said so.
pub(super) fn is_going(seen: &Seen, id: EventId) -> bool {
    match pending(seen, id) {
        Some((answer, _)) => matches!(answer, Answer::Going(_)),
        None => matches!(
            seen.view.rsvps.get(&id).map(|it| it.reply),
            Some(Reply::Going(_))
        ),
    }
}

/// An invitation without an answer.
pub(super) fn is_open(seen: &Seen, it: &Event, now: Time) -> bool {
    let is_answered = seen.view.rsvps.contains_key(&it.id) || seen.replying.contains_key(&it.id);
    it.starts > now && it.cancelled.is_none() && !is_answered
}

/// All events, the earliest first.
pub(super) fn by_start(seen: &Seen) -> Vec<&Event> {
    let mut sorted: Vec<&Event> = Vec::new();
    for it in seen.view.events.values() {
        // There are few, and most come in order: the library's sort would cost more bytes than it saves steps.
        let at = sorted.iter().rposition(|other| other.starts <= it.starts);
        sorted.insert(at.map_or(0, |it| it + 1), it);
    }
    sorted
}
