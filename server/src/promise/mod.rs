//! What the company owes: made in an interview, kept by whoever made it or by HR.

mod queries;

use domain::{
    id::PromiseId,
    promise::{self as rules, Keep, Promise},
    refusal::Refusal,
    text::Short,
    time::Day,
    visibility::Audience,
};

use crate::{
    actor::{Host, Signed},
    booking::queries::BookingRow,
    db::Turn,
    error::{ApiError, ApiResult},
};

/// A host makes a promise in an interview of theirs.
pub(crate) async fn make(
    turn: &mut Turn,
    host: Host,
    booking: &BookingRow,
    id: PromiseId,
    text: &Short,
    due: Day,
) -> ApiResult<()> {
    let now = turn.now();
    if queries::make(turn.conn(), host, booking, id, text, due, now).await? {
        return publish(turn, id).await;
    }
    // The record was rewritten with promises made before: those stay. Somebody else's id is nobody's promise.
    match queries::promise_to_keep(turn.conn(), host.signed(), id).await? {
        Some(known) if known.booking == booking.id => Ok(()),
        _ => Err(Refusal::NotThere.into()),
    }
}

/// The company did it.
pub(crate) async fn keep(turn: &mut Turn, signed: Signed, it: &Keep) -> ApiResult<()> {
    let promise = queries::promise_to_keep(turn.conn(), signed, it.promise)
        .await?
        .ok_or(ApiError::NotFound)?;
    rules::keep(promise.kept.as_ref())?;
    let now = turn.now();
    queries::keep(turn.conn(), it.promise, signed.id, now).await?;
    publish(turn, it.promise).await
}

/// The same row for the offer-holder, whoever promised, and HR.
pub(crate) async fn publish(turn: &mut Turn, id: PromiseId) -> ApiResult<()> {
    let promise: Promise = queries::promise(turn.conn(), id)
        .await?
        .ok_or(ApiError::NotFound)?;
    for audience in [
        Audience::One(promise.member),
        Audience::One(promise.by),
        Audience::Hr,
    ] {
        turn.publish(audience, "promise", id, &promise)?;
    }
    Ok(())
}
