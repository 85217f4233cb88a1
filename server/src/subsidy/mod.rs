//! 受験料の補助: offer-holders ask the company to pay for an exam; HR says yes, asks back, or says no with a word.
//!
//! In reading order: this file (asking and deciding), [`mod@form`] (asking without the app's code), [`mod@receipt`] (the photo),
//! [`mod@console`] (HR's page), [`queries`].

mod console;
mod form;
mod queries;
mod receipt;

pub(crate) use console::online as console;

use axum::Router;
use domain::{
    id::{CourseId, MemberId},
    refusal::{Field, Refusal},
    subsidy::{AskSubsidy, Decision, MOST_SUBSIDIES, OpenSubsidy, WithdrawSubsidy},
    visibility::Audience,
};

use crate::{
    actor::OfferHolder,
    db::{Conn, Turn},
    error::{ApiError, ApiResult},
    learning,
    services::Services,
};
use queries::SubsidyRow;

/// Routes of this feature.
pub(crate) fn routes() -> Router<Services> {
    console::routes()
        .merge(form::routes())
        .merge(receipt::routes())
}

/// An offer-holder asks, or writes anew what is not decided.
pub(crate) async fn ask(turn: &mut Turn, holder: OfferHolder, it: &AskSubsidy) -> ApiResult<()> {
    let row = it.checked(turn.now())?;
    match queries::subsidy(turn.conn(), it.subsidy).await? {
        Some(known) if known.holder != holder.id() || known.is_withdrawn => {
            return Err(ApiError::NotFound);
        }
        // Decided while this was on its way: what was decided stands.
        Some(known) if !known.subsidy.decision.is_open() => return Ok(()),
        Some(_) => {}
        None => {
            check_offer(turn.conn(), it.fee.course).await?;
            let all = queries::of_holder(turn.conn(), holder.id()).await?;
            if all.len() >= MOST_SUBSIDIES {
                let field = Field::Purpose;
                return Err(Refusal::FieldWrong { field }.into());
            }
        }
    }
    queries::put(turn.conn(), holder, it.subsidy, &row).await?;
    let known = queries::subsidy(turn.conn(), it.subsidy).await?;
    publish(turn, &known.ok_or(ApiError::NotFound)?)
}

/// Only where the company offers it.
async fn check_offer(db: &mut Conn, course: CourseId) -> ApiResult<()> {
    let course = learning::shown(db, course).await?;
    let offers = course.is_some_and(|it| it.pages().any(|it| it.is_form));
    if offers {
        Ok(())
    } else {
        Err(ApiError::NotFound)
    }
}

/// The person takes back what is not decided. Its photo goes with it.
pub(crate) async fn withdraw(
    turn: &mut Turn,
    holder: OfferHolder,
    it: &WithdrawSubsidy,
) -> ApiResult<()> {
    let known = queries::subsidy(turn.conn(), it.subsidy).await?;
    let known = known.filter(|known| known.holder == holder.id());
    take_back(turn, &known.ok_or(ApiError::NotFound)?).await
}

/// Whoever has no place here any more asks for nothing.
pub(crate) async fn take_leave(turn: &mut Turn, member: MemberId) -> ApiResult<()> {
    for row in queries::of_holder(turn.conn(), member).await? {
        take_back(turn, &row).await?;
    }
    Ok(())
}

async fn take_back(turn: &mut Turn, row: &SubsidyRow) -> ApiResult<()> {
    if row.is_withdrawn || !row.subsidy.decision.is_open() {
        return Ok(());
    }
    let now = turn.now();
    queries::withdraw(turn.conn(), row.id, now).await?;
    turn.withdraw(Audience::One(row.holder), "subsidy", row.id);
    turn.withdraw(Audience::Hr, "open_subsidy", row.id);
    Ok(())
}

/// Everything that devices are told of requests.
pub(crate) async fn rows(turn: &mut Turn) -> ApiResult<()> {
    for row in queries::all(turn.conn()).await? {
        publish(turn, &row)?;
    }
    Ok(())
}

/// How many wait for an answer.
pub(crate) async fn open(db: &mut Conn) -> ApiResult<usize> {
    let all = queries::all(db).await?;
    let open = all
        .iter()
        .filter(|it| it.subsidy.decision == Decision::Open);
    Ok(open.count())
}

/// The request for whoever made it; for HR only that one waits.
fn publish(turn: &mut Turn, row: &SubsidyRow) -> ApiResult<()> {
    turn.publish(Audience::One(row.holder), "subsidy", row.id, &row.subsidy)?;
    if row.subsidy.decision == Decision::Open {
        let asked = row.subsidy.asked.day();
        turn.publish(Audience::Hr, "open_subsidy", row.id, &OpenSubsidy { asked })?;
    } else {
        turn.withdraw(Audience::Hr, "open_subsidy", row.id);
    }
    Ok(())
}
