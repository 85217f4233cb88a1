//! 面談メモ: one record per interview, read by both sides; the offer-holder can correct it. Promises become dated items.

mod queries;

use domain::{
    interview::{Correct, MOST_CORRECTIONS, Record, WriteRecord},
    refusal::{Field, Refusal},
    visibility::Audience,
};

use crate::{
    actor::{Host, OfferHolder},
    booking::queries::{BookingRow, booking_of, booking_of_host},
    db::Turn,
    error::{ApiError, ApiResult},
    notification, promise,
};

/// A host writes, or rewrites, what was said.
pub(crate) async fn write(turn: &mut Turn, host: Host, it: &WriteRecord) -> ApiResult<()> {
    let booking = booking_of_host(turn.conn(), host, it.booking)
        .await?
        .ok_or(ApiError::NotFound)?;
    if booking.cancellation.is_some() {
        return Err(Refusal::BookingCancelled.into());
    }
    let now = turn.now();
    let written = it.checked(booking.starts, now)?;
    queries::write(turn.conn(), host, booking.id, &written, now).await?;
    for (id, text, due) in &written.promises {
        promise::make(turn, host, &booking, *id, text, *due).await?;
    }
    publish(turn, &booking).await?;
    notification::record_later(turn, booking.id)?;
    Ok(())
}

/// An offer-holder adds how they remember it.
pub(crate) async fn correct(turn: &mut Turn, holder: OfferHolder, it: &Correct) -> ApiResult<()> {
    let booking = booking_of(turn.conn(), holder, it.booking)
        .await?
        .ok_or(ApiError::NotFound)?;
    let text = it.checked()?;
    if queries::record_of(turn.conn(), booking.id).await?.is_none() {
        return Err(ApiError::NotFound);
    }
    let known = queries::corrections(turn.conn(), booking.id).await?;
    if known.len() >= MOST_CORRECTIONS && known.iter().all(|known| known.id != it.correction) {
        let field = Field::Correction;
        return Err(Refusal::FieldWrong { field }.into());
    }
    let now = turn.now();
    queries::correct(turn.conn(), it, &text, now).await?;
    publish(turn, &booking).await
}

/// The record, for both sides of its interview and nobody else.
pub(crate) async fn publish(turn: &mut Turn, booking: &BookingRow) -> ApiResult<()> {
    let Some(row) = queries::record_of(turn.conn(), booking.id).await? else {
        return Ok(());
    };
    let corrections = queries::corrections(turn.conn(), booking.id).await?;
    let record = Record {
        booking: booking.id,
        by: row.by,
        by_name: row.by_name,
        said: row.said,
        next: row.next,
        at: row.at,
        corrections,
    };
    turn.publish(Audience::One(booking.member), "record", booking.id, &record)?;
    turn.publish(Audience::One(booking.host), "record", booking.id, &record)?;
    Ok(())
}
