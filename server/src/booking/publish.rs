//! Which rows a booking, a slot and a rule become, and for whom.

use domain::{
    booking::{
        Availability, Booking, HostBooking, HostSlot, HostSlotState, Limits, OpenAvailability,
        Place, Slot,
    },
    id::{AvailabilityId, BookingId, SlotId},
    sync::row::Company,
    text::Name,
    time::{DAY, Time},
    visibility::Audience,
};

use super::{
    known,
    queries::{self, BookingRow},
    slot::queries::{self as slot_queries, SlotRow},
};
use crate::{
    actor::Host,
    db::Turn,
    error::{ApiError, ApiResult},
    notification::{CalendarEntry, calendar_entry},
    sync::queries::{fact, set_fact},
};

/// How far ahead phones carry slots: eight weeks.
pub(crate) const HORIZON: i64 = 56 * DAY;

/// Both sides of a booking after it changed.
pub(crate) async fn booking(turn: &mut Turn, id: BookingId) -> ApiResult<()> {
    let row = queries::booking(turn.conn(), id)
        .await?
        .ok_or(ApiError::NotFound)?;
    put_booking(turn, &row)
}

/// Rows of one booking: for its member and its host.
pub(super) fn put_booking(turn: &mut Turn, row: &BookingRow) -> ApiResult<()> {
    turn.publish(
        Audience::One(row.member),
        "booking",
        row.id,
        &for_member(row)?,
    )?;
    turn.publish(
        Audience::One(row.host),
        "host_booking",
        row.id,
        &for_host(row)?,
    )?;
    Ok(())
}

fn for_member(row: &BookingRow) -> ApiResult<Booking> {
    let ics = calendar_entry(&CalendarEntry {
        booking: row.id,
        sequence: row.sequence,
        starts: row.starts,
        with: &row.host_name,
        place: &row.place,
        link: row.link.as_deref(),
        is_cancelled: row.cancellation.is_some(),
        stamp: row.cancellation.as_ref().map_or(row.booked_at, |it| it.at),
        language: row.member_language,
    });
    Ok(Booking {
        id: row.id,
        slot: row.slot,
        host: row.host,
        host_name: row.host_name.clone(),
        starts: row.starts,
        place: row.place.clone(),
        link: row.link.clone(),
        topic: row.topic.clone(),
        talk: row.talk.clone(),
        avoid: row.avoid.clone(),
        state: row.state(),
        sequence: u32::try_from(row.sequence).map_err(anyhow::Error::from)?,
        at: row.booked_at,
        ics,
    })
}

fn for_host(row: &BookingRow) -> ApiResult<HostBooking> {
    Ok(HostBooking {
        id: row.id,
        slot: row.slot,
        member: row.member,
        member_name: row.member_name.clone(),
        starts: row.starts,
        place: row.place.clone(),
        link: row.link.clone(),
        topic: row.topic.clone(),
        talk: row.talk.clone(),
        avoid: row.avoid.clone(),
        state: row.state(),
        sequence: u32::try_from(row.sequence).map_err(anyhow::Error::from)?,
    })
}

/// A slot after it changed by itself.
pub(crate) async fn slot(turn: &mut Turn, id: SlotId) -> ApiResult<()> {
    let row = slot_queries::slot(turn.conn(), id)
        .await?
        .ok_or(ApiError::NotFound)?;
    let limits = queries::limits(turn).await?;
    put(turn, &row, &limits)
}

/// A slot that was taken or freed, and its neighbours when their host's day or week became full or free by it. A week
/// is counted for slots that have a cap, and filled by those that have none, too.
pub(crate) async fn slots_around(turn: &mut Turn, row: &SlotRow) -> ApiResult<()> {
    let limits = queries::limits(turn).await?;
    put(turn, row, &limits)?;
    // One booking more or less is the edge between free and full.
    let is_edge = |count: u16, most: u16| count == most || count.saturating_add(1) == most;
    let day = row.starts.day();
    let is_day_edge = is_edge(row.host_day, limits.host_per_day);
    if !is_day_edge && !known::is_week_capped(turn, row.host, day).await? {
        return Ok(());
    }
    known::write(turn).await?;
    for other in slot_queries::week_of(turn.conn(), row.host, day).await? {
        let is_at_edge = (is_day_edge && other.starts.day() == day)
            || other
                .weekly_cap
                .is_some_and(|cap| is_edge(other.host_week, cap));
        if is_at_edge && other.id != row.id && other.taken_by.is_none() && !other.is_closed {
            put(turn, &other, &limits)?;
        }
    }
    Ok(())
}

/// Can nobody book this slot because its host has enough?
fn is_full(row: &SlotRow, limits: &Limits) -> bool {
    row.host_day >= limits.host_per_day || row.weekly_cap.is_some_and(|cap| row.host_week >= cap)
}

/// Rows of one slot: for offer-holders while it can be had, for its host and HR while it is not closed.
pub(super) fn put(turn: &mut Turn, row: &SlotRow, limits: &Limits) -> ApiResult<()> {
    let now = turn.now();
    let can_be_had = !row.is_closed
        && row.taken_by.is_none()
        && !is_full(row, limits)
        && row.starts > now
        && row.starts <= now + HORIZON;
    if can_be_had {
        let slot = Slot {
            id: row.id,
            host: row.host,
            starts: row.starts,
            place: row.place.clone(),
            note: row.note.clone(),
        };
        turn.publish(Audience::OfferHolders, "slot", row.id, &slot)?;
    } else {
        turn.withdraw(Audience::OfferHolders, "slot", row.id);
    }
    for audience in [Audience::One(row.host), Audience::Hr] {
        if row.is_closed {
            turn.withdraw(audience, "host_slot", row.id);
            continue;
        }
        let slot = HostSlot {
            id: row.id,
            host: row.host,
            availability: row.availability,
            starts: row.starts,
            place: row.place.clone(),
            state: row
                .taken_by
                .map_or(HostSlotState::Open, HostSlotState::Taken),
        };
        turn.publish(audience, "host_slot", row.id, &slot)?;
    }
    Ok(())
}

/// A weekly rule, for its host and HR.
pub(crate) fn availability(
    turn: &mut Turn,
    host: Host,
    it: &OpenAvailability,
    place: &Place,
) -> ApiResult<()> {
    let rule = Availability {
        id: it.availability,
        host: host.id(),
        pattern: it.pattern.clone(),
        place: place.clone(),
    };
    turn.publish(
        Audience::One(host.id()),
        "availability",
        it.availability,
        &rule,
    )?;
    turn.publish(Audience::Hr, "availability", it.availability, &rule)?;
    Ok(())
}

/// A weekly rule that ended.
pub(crate) fn no_availability(turn: &mut Turn, host: Host, id: AvailabilityId) {
    turn.withdraw(Audience::One(host.id()), "availability", id);
    turn.withdraw(Audience::Hr, "availability", id);
}

/// What everybody may know of the company.
pub(crate) async fn company(turn: &mut Turn) -> ApiResult<()> {
    let name = fact(turn.conn(), "name")
        .await?
        .unwrap_or_else(|| "架け橋".into());
    let name =
        Name::new(&name).map_err(|_| anyhow::anyhow!("the company's name cannot be shown"))?;
    let limits = queries::limits(turn).await?;
    turn.publish(
        Audience::Everyone,
        "company",
        "only",
        &Company { name, limits },
    )?;
    Ok(())
}

/// Once a day: slots that began before today leave the phones, and those that come within eight weeks reach them. After
/// days without a server, those days are made up for.
pub(crate) async fn turn_of_day(turn: &mut Turn) -> ApiResult<()> {
    let now = turn.now();
    let today = now.day().start();
    let turned = fact(turn.conn(), "turned")
        .await?
        .and_then(|it| it.parse().ok())
        .map(Time::from_millis);
    let (past, edge) = (
        turned.unwrap_or(now.plus(-HORIZON)).min(now),
        turned.unwrap_or(now).min(now) + HORIZON,
    );
    set_fact(turn.conn(), "turned", &now.millis().to_string()).await?;
    for row in slot_queries::between(turn.conn(), past.day().start().plus(-2 * DAY), today).await? {
        // A taken or closed one has left them before.
        if row.taken_by.is_none() && !row.is_closed {
            turn.withdraw(Audience::OfferHolders, "slot", row.id);
            turn.withdraw(Audience::One(row.host), "host_slot", row.id);
            turn.withdraw(Audience::Hr, "host_slot", row.id);
        }
    }
    let limits = queries::limits(turn).await?;
    for row in
        slot_queries::between(turn.conn(), edge.plus(-2 * DAY), now + (HORIZON + DAY)).await?
    {
        put(turn, &row, &limits)?;
    }
    Ok(())
}
