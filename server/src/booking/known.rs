//! What a turn knows of bookings: read at once before its asks, kept true by each of them, forgotten by everything else.
//! Asks of one batch are decided on it, and what they booked is written at once, before anybody reads the tables.
//!
//! Only a turn has it, and a turn holds the company's right to write: nobody else can make it untrue.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use domain::{
    booking::{Ask, Limits},
    id::{MemberId, SlotId},
    refusal::Refusal,
};

use super::{
    queries::{self, AskerRow, BookingRow},
    slot::queries::{self as slot_queries, Claim, SlotRow},
};
use crate::{db::Turn, error::ApiResult};

/// Slots, people and limits, as they are now.
#[derive(Default)]
pub(crate) struct Known {
    pub(super) limits: Option<Limits>,
    slots: HashMap<SlotId, SlotRow>,
    askers: HashMap<MemberId, AskerRow>,
    /// Booked, and not written yet.
    booked: Vec<BookingRow>,
}

impl Known {
    fn booked(&mut self, booking: &BookingRow) {
        if let Some(asker) = self.askers.get_mut(&booking.member) {
            asker.booked.push((booking.id, booking.starts));
        }
        let (day, monday) = (booking.starts.day(), booking.starts.day().monday());
        for slot in self.slots.values_mut().filter(|it| it.host == booking.host) {
            slot.host_day += u16::from(slot.starts.day() == day);
            slot.host_week += u16::from(slot.starts.day().monday() == monday);
        }
        if let Some(slot) = self.slots.get_mut(&booking.slot) {
            slot.taken_by = Some(booking.id);
        }
    }
}

/// Books a slot that the rule gave. In a turn of many the constraints judge at [`write()`], and have the whole turn thrown
/// away; alone they judge here, with a refusal that leaves nothing behind.
pub(super) async fn book(turn: &mut Turn, booking: &BookingRow) -> ApiResult<()> {
    if turn.is_shared() {
        turn.known.booked.push(booking.clone());
    } else {
        if !slot_queries::claim(turn.conn(), &[Claim::of(booking)]).await? {
            slot_queries::release(turn.conn(), Claim::of(booking)).await?;
            return Err(Refusal::AlreadyThen.into());
        }
        if !queries::add(turn.conn(), std::slice::from_ref(booking)).await? {
            slot_queries::release(turn.conn(), Claim::of(booking)).await?;
            // The rule has seen that the slot is free: it is the id that is taken. A second asking under the same id is
            // not a second booking.
            return Err(Refusal::NotThere.into());
        }
    }
    turn.known.booked(booking);
    Ok(())
}

/// Writes what was booked so far, for whoever reads the tables next.
///
/// # Errors
/// When a constraint says no: then each push of the turn has to be carried out alone.
pub(crate) async fn write(turn: &mut Turn) -> Result<()> {
    let booked = std::mem::take(&mut turn.known.booked);
    let claims: Vec<_> = booked.iter().map(Claim::of).collect();
    ensure!(
        slot_queries::claim(turn.conn(), &claims).await?
            && queries::add(turn.conn(), &booked).await?,
        "a constraint knows better than the rule"
    );
    Ok(())
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
    if let Some(slot) = turn.known.slots.get(&id) {
        return Ok(Some(slot.clone()));
    }
    write(turn).await?;
    slot_queries::slot(turn.conn(), id).await
}

/// Who asks, as this turn knows them.
pub(super) async fn asker(turn: &mut Turn, member: MemberId) -> Result<Option<AskerRow>> {
    if let Some(asker) = turn.known.askers.get(&member) {
        return Ok(Some(asker.clone()));
    }
    write(turn).await?;
    Ok(queries::askers(turn.conn(), &[member])
        .await?
        .remove(&member))
}
