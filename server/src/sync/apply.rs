//! Every mutation finds its feature here, and every feature its actor: it cannot be called without.

use domain::{id::MutationId, sync::mutation::Mutation};

use super::outcome;
use crate::{actor::Signed, booking, db::Turn, error::ApiResult, interview, member, promise};

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
        Mutation::Acknowledge(it) => outcome::acknowledge(turn, signed, it).await?,
        Mutation::Noop(_) => {}
    }
    Ok(outcome::granted(turn, signed, id, mutation).await?)
}
