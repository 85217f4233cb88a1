//! Booking: loads through the actor, lets the rule in `domain` decide, saves, publishes.
//!
//! A slot is shown to offer-holders only while it can be had: taking, closing, or a full day or week of its host
//! withdraws it, a cancellation brings it back. All of it in the turn that caused it.

pub(crate) mod publish;
pub(crate) mod queries;
pub(crate) mod slot;

pub(crate) use slot::{close_availability, close_slot, open_availability, open_slot, set_limits};

use domain::{
    booking::{self as rules, Ask, Asker, Cancel, Move, SlotFacts, Wish, blocks, nearest, settle},
    id::{MemberId, SlotId},
    refusal::Refusal,
    visibility::Audience,
};

use crate::{
    actor::OfferHolder,
    db::{Turn, violated},
    error::{ApiError, ApiResult},
    notification::{self, What},
};
use queries::BookingRow;
use slot::queries::SlotRow;

/// An offer-holder asks for one of up to three slots.
pub(crate) async fn ask(turn: &mut Turn, holder: OfferHolder, ask: &Ask) -> ApiResult<()> {
    let said = ask.checked()?;
    let (mut slot, facts) = settle_wishes(turn, holder, &ask.wishes, None).await?;
    let now = turn.now();
    claim(turn, holder, &slot).await?;
    queries::add(turn.conn(), holder, ask.booking, slot.id, &said, now)
        .await
        .map_err(taken)?;
    slot.taken_by = Some(ask.booking);
    publish::booking(turn, ask.booking).await?;
    publish::slots_around_at(turn, &slot, (facts.host_day + 1, facts.host_week + 1)).await?;
    notification::booking_later(turn.conn(), ask.booking, 0, What::Booked, now).await?;
    Ok(())
}

/// An offer-holder gives a booking up, until it starts, without a reason.
pub(crate) async fn cancel(turn: &mut Turn, holder: OfferHolder, cancel: &Cancel) -> ApiResult<()> {
    let booking = queries::booking_of(turn.conn(), holder, cancel.booking)
        .await?
        .ok_or(ApiError::NotFound)?;
    rules::cancel(&booking.state(), booking.starts, turn.now())?;
    end(turn, &booking, holder.id(), None).await
}

/// An offer-holder asks for another time. The old one is kept unless a new one is free.
pub(crate) async fn reschedule(turn: &mut Turn, holder: OfferHolder, it: &Move) -> ApiResult<()> {
    it.checked()?;
    let booking = queries::booking_of(turn.conn(), holder, it.booking)
        .await?
        .ok_or(ApiError::NotFound)?;
    let now = turn.now();
    rules::cancel(&booking.state(), booking.starts, now)?;
    let (mut slot, _) = settle_wishes(turn, holder, &it.wishes, Some(&booking)).await?;
    slot::queries::release(turn.conn(), holder.id(), booking.slot).await?;
    claim(turn, holder, &slot).await?;
    queries::set_slot(turn.conn(), it.booking, slot.id)
        .await
        .map_err(taken)?;
    slot.taken_by = Some(it.booking);
    publish::booking(turn, it.booking).await?;
    if slot.host != booking.host {
        turn.withdraw(Audience::One(booking.host), "host_booking", it.booking);
        notification::moved_away_later(
            turn.conn(),
            it.booking,
            booking.host,
            booking.starts,
            booking.sequence + 1,
            now,
        )
        .await?;
    }
    let old = slot::queries::slot(turn.conn(), booking.slot)
        .await?
        .ok_or(ApiError::NotFound)?;
    publish::slots_around(turn, &old).await?;
    publish::slots_around(turn, &slot).await?;
    notification::booking_later(
        turn.conn(),
        it.booking,
        booking.sequence + 1,
        What::Moved,
        now,
    )
    .await?;
    Ok(())
}

/// Ends a live booking: by the offer-holder, or by whoever closes its slot.
async fn end(
    turn: &mut Turn,
    booking: &BookingRow,
    by: MemberId,
    word: Option<&str>,
) -> ApiResult<()> {
    let now = turn.now();
    queries::cancel(turn.conn(), booking.id, by, word, now).await?;
    slot::queries::release(turn.conn(), booking.member, booking.slot).await?;
    publish::booking(turn, booking.id).await?;
    let slot = slot::queries::slot(turn.conn(), booking.slot)
        .await?
        .ok_or(ApiError::NotFound)?;
    publish::slots_around(turn, &slot).await?;
    notification::booking_later(
        turn.conn(),
        booking.id,
        booking.sequence + 1,
        What::Cancelled,
        now,
    )
    .await?;
    Ok(())
}

/// Lets the rule choose among the wishes; a refusal comes back with the nearest free slots.
async fn settle_wishes(
    turn: &mut Turn,
    holder: OfferHolder,
    wishes: &[Wish],
    moving: Option<&BookingRow>,
) -> ApiResult<(SlotRow, SlotFacts)> {
    let now = turn.now();
    let asker = asker(turn, holder, moving).await?;
    let (mut slots, mut facts) = (Vec::new(), Vec::new());
    for wish in wishes {
        let Some(slot) = slot::queries::slot(turn.conn(), wish.slot).await? else {
            continue;
        };
        facts.push(slot_facts(turn, &slot, moving).await?);
        slots.push(slot);
    }
    match settle(wishes, &facts, &asker, now) {
        Ok(id) => slots
            .into_iter()
            .zip(facts)
            .find(|it| it.0.id == id)
            .ok_or(ApiError::NotFound),
        Err(
            no @ (Refusal::SlotTaken { .. }
            | Refusal::SlotClosed { .. }
            | Refusal::HostDayFull { .. }
            | Refusal::HostWeekFull { .. }),
        ) => {
            let host = slots
                .iter()
                .find(|it| it.id == wishes[0].slot)
                .map(|it| it.host);
            Err(no
                .offering(instead(turn, &asker, &wishes[0], host, moving).await?)
                .into())
        }
        Err(no) => Err(no.into()),
    }
}

async fn asker(
    turn: &mut Turn,
    holder: OfferHolder,
    moving: Option<&BookingRow>,
) -> ApiResult<Asker> {
    let today = turn.now().day();
    let limits = queries::limits(turn).await?;
    let booked = queries::booked_starts(turn.conn(), holder, moving.map(|it| it.id), today).await?;
    Ok(Asker { booked, limits })
}

async fn slot_facts(
    turn: &mut Turn,
    slot: &SlotRow,
    moving: Option<&BookingRow>,
) -> ApiResult<SlotFacts> {
    let (host_day, host_week) =
        slot::queries::host_load(turn.conn(), slot, moving.map(|it| it.id)).await?;
    Ok(SlotFacts {
        id: slot.id,
        starts: slot.starts,
        place: slot.place.clone(),
        is_taken: slot.taken_by.is_some(),
        is_closed: slot.is_closed,
        host_day,
        host_week,
        weekly_cap: slot.weekly_cap,
    })
}

/// Up to three slots near a wish that this person could really have: each is asked of the same rule.
async fn instead(
    turn: &mut Turn,
    asker: &Asker,
    wish: &Wish,
    host: Option<MemberId>,
    moving: Option<&BookingRow>,
) -> ApiResult<Vec<SlotId>> {
    let now = turn.now();
    let mut possible = Vec::new();
    for slot in slot::queries::free_around(turn.conn(), wish.starts, now).await? {
        let candidate = Wish {
            slot: slot.id,
            starts: slot.starts,
            place: slot.place.clone(),
        };
        let facts = slot_facts(turn, &slot, moving).await?;
        if settle(std::slice::from_ref(&candidate), &[facts], asker, now).is_ok() {
            possible.push((slot.id, Some(slot.host) == host, slot.starts));
        }
        // Three of the same host, nearest in time, cannot be bettered by what lies further away.
        if possible.iter().filter(|it| it.1).count() >= 3 {
            break;
        }
    }
    Ok(nearest(wish.starts, possible, now))
}

/// Claims the holder's time, block by block.
async fn claim(turn: &mut Turn, holder: OfferHolder, slot: &SlotRow) -> ApiResult<()> {
    slot::queries::claim(turn.conn(), holder.id(), blocks(slot.starts), slot.id)
        .await
        .map_err(|error| match violated(&error) {
            Some("busy_once") => Refusal::AlreadyThen.into(),
            _ => error.into(),
        })
}

/// The constraints are the last judges.
fn taken(error: sqlx::Error) -> ApiError {
    match violated(&error) {
        Some("booking_slot_once") => Refusal::SlotTaken {
            nearest: Vec::new(),
        }
        .into(),
        // An id is made once; a second asking under the same id is not a second booking.
        Some("bookings_pkey") => Refusal::NotThere.into(),
        _ => error.into(),
    }
}
