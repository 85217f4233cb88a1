//! Opening and closing: a host's own slots, or any slot for HR.

pub(crate) mod queries;

use domain::{
    booking::{self as rules, CloseAvailability, CloseSlot, Limits, OpenAvailability, OpenSlot},
    id::SlotId,
    refusal::{Field, Refusal},
    time::Time,
};

use super::{end, publish, queries as bookings};
use crate::{
    actor::{Host, Hr, Signed},
    db::Turn,
    error::{ApiError, ApiResult},
};
use queries::Claim;

/// A host opens slots by a weekly rule. One that overlaps another of the same host refuses the whole rule.
pub(crate) async fn open_availability(
    turn: &mut Turn,
    host: Host,
    it: &OpenAvailability,
) -> ApiResult<()> {
    let now = turn.now();
    let (starts, place) = it.checked(now)?;
    if !queries::add_rule(turn.conn(), host, it, &place, now).await? {
        return Err(Refusal::NotThere.into());
    }
    let rule = Some((it.availability, it.pattern.weekly_cap));
    for starts in starts {
        let id = SlotId::yielded(it.availability, starts);
        if queries::add_slot(turn.conn(), host, id, rule, starts, &place, now).await? {
            claim(turn, host, starts, id).await?;
            publish::slot(turn, id).await?;
        }
    }
    publish::availability(turn, host, it, &place.place)
}

/// A host ends a weekly rule: free slots close, booked ones stay.
pub(crate) async fn close_availability(
    turn: &mut Turn,
    host: Host,
    it: &CloseAvailability,
) -> ApiResult<()> {
    let now = turn.now();
    if !queries::close_rule(turn.conn(), host, it.availability, now).await? {
        return Err(ApiError::NotFound);
    }
    for slot in queries::free_of_rule(turn.conn(), host, it.availability, now).await? {
        queries::close_slot(turn.conn(), slot.id, host.id(), now).await?;
        queries::release(turn.conn(), slot.held()).await?;
        publish::slot(turn, slot.id).await?;
    }
    publish::no_availability(turn, host, it.availability);
    Ok(())
}

/// A host opens one slot.
pub(crate) async fn open_slot(turn: &mut Turn, host: Host, it: &OpenSlot) -> ApiResult<()> {
    let now = turn.now();
    let place = it.checked(now)?;
    if !queries::add_slot(turn.conn(), host, it.slot, None, it.starts, &place, now).await? {
        return Err(Refusal::NotThere.into());
    }
    claim(turn, host, it.starts, it.slot).await?;
    publish::slot(turn, it.slot).await
}

/// A host closes an own slot, HR any. Whoever booked it gets the word, and everything the slot held is free again.
pub(crate) async fn close_slot(turn: &mut Turn, signed: Signed, it: &CloseSlot) -> ApiResult<()> {
    let now = turn.now();
    let slot = queries::slot_to_close(turn.conn(), signed, it.slot)
        .await?
        .filter(|it| !it.is_closed)
        .ok_or(ApiError::NotFound)?;
    let word = rules::close(&it.word, slot.taken_by, slot.starts, now)?;
    queries::close_slot(turn.conn(), slot.id, signed.id, now).await?;
    queries::release(turn.conn(), slot.held()).await?;
    match slot.taken_by {
        Some(id) => {
            let booking = bookings::booking(turn.conn(), id)
                .await?
                .ok_or(ApiError::NotFound)?;
            end(turn, &booking, signed.id, word.as_deref()).await
        }
        None => publish::slot(turn, slot.id).await,
    }
}

/// HR or the owner sets how much may be booked. Slots that become full or free by it change in the same turn.
pub(crate) async fn set_limits(turn: &mut Turn, _hr: Hr, limits: Limits) -> ApiResult<()> {
    let is_sensible = |it: u16| (1..=100).contains(&it);
    if limits.lead_minutes > 7 * 24 * 60
        || ![
            limits.member_per_day,
            limits.member_ahead,
            limits.host_per_day,
        ]
        .into_iter()
        .all(is_sensible)
    {
        return Err(Refusal::FieldWrong {
            field: Field::Limit,
        }
        .into());
    }
    bookings::set_limits(turn, limits).await?;
    publish::company(turn).await?;
    let now = turn.now();
    for slot in queries::between(turn.conn(), now, now + publish::HORIZON).await? {
        publish::put(turn, &slot, &limits)?;
    }
    Ok(())
}

/// Claims the host's time: no two open slots of one host overlap.
async fn claim(turn: &mut Turn, host: Host, starts: Time, slot: SlotId) -> ApiResult<()> {
    let claim = Claim {
        member: host.id(),
        slot,
        starts,
    };
    if queries::claim(turn.conn(), &[claim]).await? {
        Ok(())
    } else {
        Err(Refusal::SlotsOverlap.into())
    }
}
