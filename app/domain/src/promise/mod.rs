//! What the company owes: a dated item, shown on both sides.

use serde::{Deserialize, Serialize};

use crate::{
    id::{BookingId, MemberId, PromiseId},
    refusal::Refusal,
    text::{Name, Short},
    time::{Day, Time},
};

/// Who kept a promise, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Who.
    pub by: MemberId,
    /// When.
    pub at: Time,
}

/// Row `promise`: the same for the offer-holder, the host and HR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Which.
    pub id: PromiseId,
    /// To whom.
    pub member: MemberId,
    /// Their name.
    pub member_name: Name,
    /// Who made it.
    pub by: MemberId,
    /// Their name.
    pub by_name: Name,
    /// The interview it was made in.
    pub booking: BookingId,
    /// What.
    pub text: Short,
    /// By when.
    pub due: Day,
    /// Kept, once it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

/// Mutation `promise.keep.v1`: the company did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keep {
    /// Which.
    pub promise: PromiseId,
}

/// May it be marked as kept?
///
/// # Errors
/// When it was before.
pub fn keep(kept: Option<&Kept>) -> Result<(), Refusal> {
    match kept {
        None => Ok(()),
        Some(_) => Err(Refusal::PromiseKept),
    }
}
