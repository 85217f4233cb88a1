//! Events on the home screen: a place that is held for me, the next one I go to, and who invites me.

use domain::{
    event::{Event, Reply},
    sync::replica::Seen,
    time::Time,
};
use leptos::prelude::*;

use super::{answer::Answering, line, state, words};
use crate::{
    device::{Device, NotSaved},
    page::Page,
    ui::{self, Look, Mark},
};

/// Invitations on the home screen: more would be a heap.
const MOST_INVITATIONS: usize = 3;

/// The next event I go to or was going to, with its start.
pub(crate) fn next(device: Device, seen: &Seen, now: Time) -> Option<(Time, AnyView)> {
    let mut coming = state::by_start(seen).into_iter();
    let next = coming.find(|it| it.ends > now && state::is_going(seen, it.id))?;
    Some((next.starts, line::card(device, seen, next, now)))
}

/// Places that are held for me.
pub(crate) fn offered(
    device: Device,
    seen: &Seen,
    now: Time,
    trouble: RwSignal<Option<NotSaved>>,
) -> Option<AnyView> {
    let words = words::of(device.language);
    let mut cards = Vec::new();
    for it in state::by_start(seen) {
        let Some(Reply::Offered { way, until }) = state::reply(seen, it.id, now) else {
            continue;
        };
        if it.cancelled.is_none() && state::pending(seen, it.id).is_none() {
            let mut parts = head(device, seen, it);
            parts.extend(answering(device, seen, it, trouble).offered(seen, it, way, until));
            cards.push(ui::card(Some(Mark::Owed), parts));
        }
    }
    (!cards.is_empty()).then(|| ui::section(words.your_turn, vec![ui::list(cards)]))
}

/// Invitations without an answer, the next first.
pub(crate) fn invitations(
    device: Device,
    seen: &Seen,
    now: Time,
    trouble: RwSignal<Option<NotSaved>>,
) -> Option<AnyView> {
    let words = words::of(device.language);
    let (mut cards, mut count) = (Vec::new(), 0);
    for it in state::by_start(seen) {
        if !state::is_open(seen, it, now) {
            continue;
        }
        count += 1;
        if count <= MOST_INVITATIONS {
            let mut parts = head(device, seen, it);
            let answering = answering(device, seen, it, trouble);
            parts.push(answering.form_of_all(seen, it, now, false));
            cards.push(ui::card(None, parts));
        }
    }
    if count == 0 {
        return None;
    }
    let mut parts = vec![ui::note(words.free), ui::list(cards)];
    if count > MOST_INVITATIONS {
        parts.push(ui::link_button(
            Look::Plain,
            words.see_all,
            Page::Events.path(),
        ));
    }
    Some(ui::section(words.invitations, parts))
}

/// The title, which leads to the event, and its few lines.
fn head(device: Device, seen: &Seen, it: &Event) -> Vec<AnyView> {
    let title = ui::text(it.title.in_language(device.language).to_string());
    let title = ui::link("", Page::Event(it.id).path(), vec![title]);
    let mut parts = vec![line::kind(device, it), ui::el("h3", "", vec![title])];
    parts.extend(line::lines(device, seen, it, false));
    parts
}

fn answering(
    device: Device,
    seen: &Seen,
    it: &Event,
    trouble: RwSignal<Option<NotSaved>>,
) -> Answering {
    Answering {
        device,
        event: it.id,
        is_named: RwSignal::new(state::is_named(seen, it.id)),
        trouble,
    }
}
