//! 「グループ」: with whom I sit, as far as they let their names be read, and what one could talk of. All of it reads offline.

use domain::{
    breakout::{Breakout, cards, seed},
    event::{Event, Reply, Way},
    id::EventId,
    sync::replica::Seen,
};
use leptos::prelude::AnyView;

use super::{
    detail::listed,
    line, state,
    words::{self, Words, fill},
};
use crate::{device::Device, ui, words::cards::CARDS};

/// My group, once there is one and as long as I come.
pub(super) fn section(device: Device, seen: &Seen, it: &Event) -> Option<AnyView> {
    let words = words::of(device.language);
    let group = seen.view.breakouts.get(&it.id)?;
    let reply = seen.view.rsvps.get(&it.id)?.reply;
    let comes = reply == Reply::Going(group.way) && state::pending(seen, it.id).is_none();
    if !comes || it.cancelled.is_some() {
        return None;
    }
    let mut number = fill(words.group_number, &group.number.to_string());
    if line::has_both(it) {
        number.push_str(" · ");
        number.push_str(match group.way {
            Way::OnSite => words.on_site,
            Way::Online => words.online,
        });
    }
    let card = vec![
        ui::heading(number),
        ui::p("", others(words, group)),
        ui::note(words.group_note),
    ];
    let parts = vec![ui::card(None, card), talk(device, it.id, group)];
    Some(ui::section(words.group, parts))
}

/// 「青井 葵、ほか2人」.
fn others(words: &'static Words, group: &Breakout) -> String {
    let mut others = listed(words, &group.names);
    if group.unnamed > 0 {
        if !others.is_empty() {
            others.push_str(words.separator);
        }
        others.push_str(&fill(words.group_others, &group.unnamed.to_string()));
    }
    if others.is_empty() {
        others.push_str(words.group_nobody);
    }
    others
}

/// A few questions, the same on every phone of the group.
fn talk(device: Device, event: EventId, group: &Breakout) -> AnyView {
    let words = words::of(device.language);
    let dealt = cards(seed(event), usize::from(group.number), CARDS.len());
    let said = dealt.into_iter().map(|at| {
        let (ja, en) = &CARDS[at];
        ui::text(*crate::words::of(device.language, ja, en))
    });
    let parts = vec![
        ui::heading(words.cards),
        ui::list(said.collect()),
        ui::note(words.cards_note),
    ];
    ui::card(None, parts)
}
