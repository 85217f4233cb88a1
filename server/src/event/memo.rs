//! 当日のメモ: what was said at an event, for everybody who was invited, whether they were there or not.

use domain::{event::WriteMemo, refusal::Refusal};

use super::{planned_by, publish, queries, roll};
use crate::{
    actor::Signed,
    db::Turn,
    error::{ApiError, ApiResult},
};

/// Those who plan an event write its memo, or write it anew.
pub(crate) async fn memo(turn: &mut Turn, signed: Signed, it: &WriteMemo) -> ApiResult<()> {
    let mut known = roll::take(turn, it.event)
        .await?
        .ok_or(ApiError::NotFound)?;
    planned_by(signed, &known.event)?;
    let event = &mut known.event;
    if event.published.is_none() {
        return Err(Refusal::NotThere.into());
    }
    if event.cancelled.is_some() {
        return Err(Refusal::EventCancelled.into());
    }
    event.memo = it.checked(event.plan.starts, turn.now())?;
    queries::put_memo(turn.conn(), event, signed.id).await?;
    publish::event_rows(turn, &known)?;
    roll::put(turn, known);
    Ok(())
}
