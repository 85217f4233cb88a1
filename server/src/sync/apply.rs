//! Every mutation finds its feature here, and every feature its actor: it cannot be called without.

use anyhow::Result;
use domain::{
    id::{MemberId, MutationId},
    sync::mutation::Mutation,
};

use super::outcome;
use crate::{
    actor::Signed, booking, db::Turn, error::ApiResult, event, interview, learning, member,
    promise, question, subsidy,
};

/// Reads at once what mutations that come in numbers are going to need.
pub(crate) async fn look_ahead(turn: &mut Turn, mutations: &[(MemberId, Mutation)]) -> Result<()> {
    let asks = mutations.iter().filter_map(|(member, it)| match it {
        Mutation::Ask(ask) => Some((*member, ask)),
        _ => None,
    });
    booking::look_ahead(turn, asks).await?;
    let replies = mutations.iter().filter_map(|(member, it)| match it {
        Mutation::Reply(it) => Some((*member, it.event)),
        _ => None,
    });
    event::look_ahead(turn, replies).await
}

/// A refusal of such a mutation leaves nothing behind, so it needs no savepoint. The others may refuse half-way.
pub(crate) fn refuses_before_it_writes(mutation: &Mutation) -> bool {
    matches!(mutation, Mutation::Ask(_) | Mutation::Reply(_))
}

/// Carries out one mutation, or refuses it. On success of a scarce thing its outcome row is published.
pub(crate) async fn apply(
    turn: &mut Turn,
    signed: Signed,
    id: MutationId,
    mutation: &Mutation,
) -> ApiResult<()> {
    match mutation {
        Mutation::Ask(it) => booking::ask(turn, signed.as_offer_holder()?, it).await?,
        Mutation::Cancel(it) => booking::cancel(turn, signed.as_offer_holder()?, it).await?,
        Mutation::Move(it) => booking::reschedule(turn, signed.as_offer_holder()?, it).await?,
        Mutation::OpenAvailability(it) => {
            booking::open_availability(turn, signed.as_host()?, it).await?
        }
        Mutation::CloseAvailability(it) => {
            booking::close_availability(turn, signed.as_host()?, it).await?
        }
        Mutation::OpenSlot(it) => booking::open_slot(turn, signed.as_host()?, it).await?,
        Mutation::CloseSlot(it) => booking::close_slot(turn, signed, it).await?,
        Mutation::WriteRecord(it) => interview::write(turn, signed.as_host()?, it).await?,
        Mutation::Correct(it) => interview::correct(turn, signed.as_offer_holder()?, it).await?,
        Mutation::Keep(it) => promise::keep(turn, signed, it).await?,
        Mutation::SetProfile(it) => member::set_profile(turn, signed.as_host()?, it).await?,
        Mutation::SetLimits(it) => booking::set_limits(turn, signed.as_hr()?, *it).await?,
        Mutation::Reply(it) => event::reply(turn, signed.as_offer_holder()?, it).await?,
        Mutation::WriteEvent(it) => event::write(turn, signed.as_hr()?, it).await?,
        Mutation::PublishEvent(it) => event::publish(turn, signed.as_hr()?, it).await?,
        Mutation::CancelEvent(it) => event::cancel(turn, signed.as_hr()?, it).await?,
        Mutation::RemoveGuest(it) => event::remove(turn, signed, it).await?,
        Mutation::CheckIn(it) => event::check_in(turn, signed, it).await?,
        Mutation::AskQuestion(it) => question::ask(turn, signed.as_offer_holder()?, it).await?,
        Mutation::WithdrawQuestion(it) => {
            question::withdraw(turn, signed.as_offer_holder()?, it).await?
        }
        Mutation::AnswerQuestion(it) => question::answer(turn, signed, it).await?,
        Mutation::GroupEvent(it) => event::group(turn, signed, it).await?,
        Mutation::WriteMemo(it) => event::memo(turn, signed, it).await?,
        Mutation::Enroll(it) => learning::enroll(turn, signed.as_offer_holder()?, it).await?,
        Mutation::Study(it) => learning::study(turn, signed.as_offer_holder()?, it).await?,
        Mutation::AskSubsidy(it) => subsidy::ask(turn, signed.as_offer_holder()?, it).await?,
        Mutation::WithdrawSubsidy(it) => {
            subsidy::withdraw(turn, signed.as_offer_holder()?, it).await?
        }
        Mutation::Acknowledge(it) => outcome::acknowledge(turn, signed, it).await?,
        Mutation::Noop(_) => {}
    }
    Ok(outcome::granted(turn, signed, id, mutation)?)
}
