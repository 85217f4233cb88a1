//! Booking: loads through the actor, lets the rule in `domain` decide, saves, publishes.
//!
//! A slot is shown to offer-holders only while it can be had: taking, closing, or a full day or week of its host
//! withdraws it, a cancellation brings it back. All of it in the turn that caused it.

pub(crate) mod known;
pub(crate) mod publish;
pub(crate) mod queries;
pub(crate) mod slot;

pub(crate) use known::{Known, look_ahead};
pub(crate) use slot::{close_availability, close_slot, open_availability, open_slot, set_limits};

use domain::{
    booking::{self as rules, Ask, Asker, Cancel, Move, SlotFacts, Wish, nearest, settle},
    id::{BookingId, MemberId, SlotId},
    refusal::Refusal,
    time::Time,
    visibility::Audience,
};

use crate::{
    actor::OfferHolder,
    db::{Turn, violated},
    error::{ApiError, ApiResult},
    notification::{self, What},
};
use queries::{AskerRow, BookingRow};
use slot::queries::{Claim, SlotRow};

/// An offer-holder asks for one of up to three slots. A refusal leaves nothing behind: see
/// [`refuses_before_it_writes`](crate::sync::apply::refuses_before_it_writes).
pub(crate) async fn ask(turn: &mut Turn, holder: OfferHolder, ask: &Ask) -> ApiResult<()> {
    let said = ask.checked()?;
    let asker = known::asker(turn, holder.id())
        .await?
        .ok_or(ApiError::NotFound)?;
    let rule = as_asker(turn, &asker, None).await?;
    let mut slot = settle_wishes(turn, &rule, &ask.wishes, None).await?;
    let booking = BookingRow {
        id: ask.booking,
        slot: slot.id,
        member: holder.id(),
        member_name: asker.name,
        member_language: asker.language,
        host: slot.host,
        host_name: slot.host_name.clone(),
        starts: slot.starts,
        place: slot.place.clone(),
        link: slot.link.clone(),
        topic: said.topic,
        talk: said.talk,
        avoid: said.avoid,
        sequence: 0,
        booked_at: turn.now(),
        cancellation: None,
    };
    known::book(turn, &booking).await?;
    slot.taken_by = Some(booking.id);
    slot.host_day += 1;
    slot.host_week += 1;
    publish::put_booking(turn, &booking)?;
    publish::slots_around(turn, &slot).await?;
    notification::booking_later(turn, booking.id, 0, What::Booked)?;
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
    let asker = known::asker(turn, holder.id())
        .await?
        .ok_or(ApiError::NotFound)?;
    let rule = as_asker(turn, &asker, Some(&booking)).await?;
    let slot = settle_wishes(turn, &rule, &it.wishes, Some(&booking)).await?;
    slot::queries::release(turn.conn(), Claim::of(&booking)).await?;
    let claim = Claim {
        member: holder.id(),
        slot: slot.id,
        starts: slot.starts,
    };
    if !slot::queries::claim(turn.conn(), &[claim]).await? {
        return Err(Refusal::AlreadyThen.into());
    }
    queries::set_slot(turn.conn(), it.booking, slot.id)
        .await
        .map_err(taken)?;
    publish::booking(turn, it.booking).await?;
    if slot.host != booking.host {
        turn.withdraw(Audience::One(booking.host), "host_booking", it.booking);
        notification::moved_away_later(
            turn,
            it.booking,
            booking.host,
            booking.starts,
            booking.sequence + 1,
        )?;
    }
    for id in [booking.slot, slot.id] {
        let slot = slot::queries::slot(turn.conn(), id)
            .await?
            .ok_or(ApiError::NotFound)?;
        publish::slots_around(turn, &slot).await?;
    }
    notification::booking_later(turn, it.booking, booking.sequence + 1, What::Moved)?;
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
    slot::queries::release(turn.conn(), Claim::of(booking)).await?;
    publish::booking(turn, booking.id).await?;
    let slot = slot::queries::slot(turn.conn(), booking.slot)
        .await?
        .ok_or(ApiError::NotFound)?;
    publish::slots_around(turn, &slot).await?;
    notification::booking_later(turn, booking.id, booking.sequence + 1, What::Cancelled)?;
    Ok(())
}

/// Lets the rule choose among the wishes; a refusal comes back with the nearest free slots.
async fn settle_wishes(
    turn: &mut Turn,
    asker: &Asker,
    wishes: &[Wish],
    moving: Option<&BookingRow>,
) -> ApiResult<SlotRow> {
    let now = turn.now();
    let mut slots = Vec::new();
    for wish in wishes {
        slots.extend(known::slot(turn, wish.slot).await?);
    }
    let facts: Vec<_> = slots.iter().map(|it| slot_facts(it, moving)).collect();
    match settle(wishes, &facts, asker, now) {
        Ok(id) => slots
            .into_iter()
            .find(|it| it.id == id)
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
                .offering(instead(turn, asker, &wishes[0], host, moving).await?)
                .into())
        }
        Err(no) => Err(no.into()),
    }
}

/// Who asks, as the rule sees them: bookings of today and later, without the one that is being moved.
async fn as_asker(
    turn: &mut Turn,
    asker: &AskerRow,
    moving: Option<&BookingRow>,
) -> ApiResult<Asker> {
    let today = turn.now().day();
    let counts = |(id, starts): &(BookingId, Time)| {
        (starts.day() >= today && moving.is_none_or(|it| it.id != *id)).then_some(*starts)
    };
    Ok(Asker {
        booked: asker.booked.iter().filter_map(counts).collect(),
        limits: queries::limits(turn).await?,
    })
}

/// A slot as the rule sees it: the booking that is being moved does not count.
fn slot_facts(slot: &SlotRow, moving: Option<&BookingRow>) -> SlotFacts {
    let moving = moving.filter(|it| it.host == slot.host);
    let is_of_day = moving.is_some_and(|it| it.starts.day() == slot.starts.day());
    let is_of_week =
        moving.is_some_and(|it| it.starts.day().monday() == slot.starts.day().monday());
    SlotFacts {
        id: slot.id,
        starts: slot.starts,
        place: slot.place.clone(),
        is_taken: slot.taken_by.is_some(),
        is_closed: slot.is_closed,
        host_day: slot.host_day.saturating_sub(is_of_day.into()),
        host_week: slot.host_week.saturating_sub(is_of_week.into()),
        weekly_cap: slot.weekly_cap,
    }
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
    known::write(turn).await?;
    let mut possible = Vec::new();
    for slot in slot::queries::free_around(turn.conn(), wish.starts, now).await? {
        let candidate = Wish {
            slot: slot.id,
            starts: slot.starts,
            place: slot.place.clone(),
        };
        let facts = slot_facts(&slot, moving);
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

/// The constraints are the last judges.
fn taken(error: sqlx::Error) -> ApiError {
    match violated(&error) {
        Some("booking_slot_once") => Refusal::SlotTaken {
            nearest: Vec::new(),
        }
        .into(),
        _ => error.into(),
    }
}
