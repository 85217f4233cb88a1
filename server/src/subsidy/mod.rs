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
    id::MemberId,
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
    let known = queries::subsidy(turn.conn(), it.subsidy).await?;
    let course = learning::shown(turn.conn(), it.fee.course).await?;
    let offered = course.and_then(|it| it.subsidy_yen());
    match &known {
        Some(known) if known.holder != holder.id() || known.is_withdrawn => {
            return Err(ApiError::NotFound);
        }
        // Decided while this was on its way: what was decided stands.
        Some(known) if !known.subsidy.decision.is_open() => return Ok(()),
        Some(_) => {}
        None => {
            let all = queries::of_holder(turn.conn(), holder.id()).await?;
            if all.len() >= MOST_SUBSIDIES {
                let field = Field::Purpose;
                return Err(Refusal::FieldWrong { field }.into());
            }
        }
    }
    // Where the company stopped offering it meanwhile, what was asked for can still be explained.
    let most = offered.or(known.map(|it| it.subsidy.fee.yen));
    let row = it.checked(most.ok_or(ApiError::NotFound)?, turn.now())?;
    queries::put(turn.conn(), holder, it.subsidy, &row).await?;
    let known = queries::subsidy(turn.conn(), it.subsidy).await?;
    publish(turn, &known.ok_or(ApiError::NotFound)?)
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
    Ok(usize::try_from(queries::open(db).await?).map_err(anyhow::Error::from)?)
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
