//! What a pending wish changes on the screen before the server has answered.
//!
//! The same rules as on the server, on what the device knows. A scarce thing is shown as asked, with the device's
//! doubt if the rule says no; a merging thing is shown as done and marked provisional.

#[cfg(feature = "holder")]
mod holder;
#[cfg(feature = "staff")]
mod staff;

use super::{
    mutation::Mutation,
    replica::{Seen, Standing},
};
#[cfg(feature = "holder")]
use crate::id::MutationId;
use crate::time::Time;

/// Where a wish comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    #[cfg(feature = "holder")]
    pub(super) id: MutationId,
    pub(super) at: Time,
    pub(super) standing: Standing,
    pub(super) now: Time,
}

/// Replays one wish.
pub(super) fn rehearse(seen: &mut Seen, mutation: &Mutation, origin: Origin) {
    if let Mutation::Acknowledge(it) = mutation {
        seen.view.outcomes.remove(&it.mutation);
    }
    #[cfg(feature = "holder")]
    holder::rehearse(seen, mutation, origin);
    #[cfg(feature = "staff")]
    staff::rehearse(seen, mutation, origin);
}
