//! What a turn knows of bookings: read at once before its asks, kept true by each of them, forgotten by everything else.
//!
//! Only a turn has it, and a turn holds the company's right to write: nobody else can make it untrue.

use std::collections::HashMap;

use anyhow::Result;
use domain::{
    booking::{Ask, Limits},
    id::{MemberId, SlotId},
};

use super::{
    queries::{self, AskerRow},
    slot::queries::{self as slot_queries, SlotRow},
};
use crate::db::Turn;

/// Slots, people and limits, as they are now.
#[derive(Default)]
pub(crate) struct Known {
    pub(super) limits: Option<Limits>,
    slots: HashMap<SlotId, SlotRow>,
    askers: HashMap<MemberId, AskerRow>,
}

impl Known {
    /// A slot was booked.
    pub(super) fn booked(&mut self, booked: &SlotRow, member: MemberId) {
        if let Some(asker) = self.askers.get_mut(&member) {
            asker
                .booked
                .extend(booked.taken_by.map(|id| (id, booked.starts)));
        }
        let (day, monday) = (booked.starts.day(), booked.starts.day().monday());
        for slot in self.slots.values_mut().filter(|it| it.host == booked.host) {
            slot.host_day += u16::from(slot.starts.day() == day);
            slot.host_week += u16::from(slot.starts.day().monday() == monday);
        }
        if let Some(slot) = self.slots.get_mut(&booked.id) {
            slot.taken_by = booked.taken_by;
        }
    }
}

/// Reads what these asks need to know.
pub(crate) async fn look_ahead(
    turn: &mut Turn,
    asks: impl Iterator<Item = (MemberId, &Ask)>,
) -> Result<()> {
    let (mut members, mut slots) = (Vec::new(), Vec::new());
    for (member, ask) in asks {
        members.push(member);
        slots.extend(ask.wishes.iter().map(|it| it.slot));
    }
    let slots = slot_queries::slots(turn.conn(), &slots).await?;
    turn.known.slots = slots.into_iter().map(|it| (it.id, it)).collect();
    turn.known.askers = queries::askers(turn.conn(), &members).await?;
    Ok(())
}

/// A slot, as this turn knows it.
pub(super) async fn slot(turn: &mut Turn, id: SlotId) -> Result<Option<SlotRow>> {
    match turn.known.slots.get(&id) {
        Some(slot) => Ok(Some(slot.clone())),
        None => slot_queries::slot(turn.conn(), id).await,
    }
}

/// Who asks, as this turn knows them.
pub(super) async fn asker(turn: &mut Turn, member: MemberId) -> Result<Option<AskerRow>> {
    match turn.known.askers.get(&member) {
        Some(asker) => Ok(Some(asker.clone())),
        None => Ok(queries::askers(turn.conn(), &[member])
            .await?
            .remove(&member)),
    }
}
