//! Everything a person can wish to change. A name carries its version; a name's shape never changes.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    booking::{
        Ask, Cancel, CloseAvailability, CloseSlot, Limits, Move, OpenAvailability, OpenSlot,
    },
    id::MutationId,
    interview::{Correct, WriteRecord},
    member::SetProfile,
    promise::Keep,
};

/// The body of a known name did not have its shape, or the name is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// How a mutation behaves while it has not been answered (see the README, "Sync").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Merges with whatever else happened: shown as done, with a mark that it will be sent.
    Merges,
    /// Decided by the server among several who want the same: shown as asked, never as confirmed.
    Scarce,
    /// Needs the company's word now: offered only with a connection.
    Authority,
}

/// Mutation `outcome.acknowledge.v1`: the person has read what became of a wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledge {
    /// The wish whose outcome was read.
    pub mutation: MutationId,
}

/// Mutation `noop.v1`: takes the number of a wish that was given up or could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noop {}

macro_rules! mutations {
    ($($(#[$doc:meta])* $variant:ident($body:ty) = $name:literal, $class:ident;)*) => {
        /// A wish to change something; may be refused.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Mutation {
            $($(#[$doc])* $variant($body),)*
        }

        impl Mutation {
            /// Every name, for tests that must cover all.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// The versioned name on the wire.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)* }
            }

            /// How it behaves while unanswered.
            #[must_use]
            pub fn class(&self) -> Class {
                match self { $(Self::$variant(_) => Class::$class,)* }
            }

            /// Reads a name and a body.
            ///
            /// # Errors
            /// [`Malformed`] when the name is unknown or the body has another shape.
            pub fn read(name: &str, body: &RawValue) -> Result<Self, Malformed> {
                match name {
                    $($name => crate::json::read(body.get()).map(Self::$variant).map_err(|_| Malformed),)*
                    _ => Err(Malformed),
                }
            }

            /// The body as it goes over the wire.
            #[must_use]
            pub fn body(&self) -> Box<RawValue> {
                let text = match self { $(Self::$variant(it) => serde_json::to_string(it),)* };
                let text = text.expect("a mutation has string keys and finite numbers, so it always writes");
                RawValue::from_string(text).expect("what serde_json wrote is JSON")
            }
        }
    };
}

mutations! {
    /// An offer-holder asks for one of up to three slots.
    Ask(Ask) = "booking.ask.v1", Scarce;
    /// An offer-holder gives a booking up.
    Cancel(Cancel) = "booking.cancel.v1", Scarce;
    /// An offer-holder asks for another time.
    Move(Move) = "booking.move.v1", Scarce;
    /// A host opens slots by a weekly rule.
    OpenAvailability(OpenAvailability) = "availability.open.v1", Merges;
    /// A host ends a weekly rule.
    CloseAvailability(CloseAvailability) = "availability.close.v1", Merges;
    /// A host opens one slot.
    OpenSlot(OpenSlot) = "slot.open.v1", Merges;
    /// A host or HR closes a slot.
    CloseSlot(CloseSlot) = "slot.close.v1", Scarce;
    /// A host writes what was said.
    WriteRecord(WriteRecord) = "interview.record.v1", Merges;
    /// An offer-holder adds how they remember it.
    Correct(Correct) = "interview.correct.v1", Merges;
    /// The company kept a promise.
    Keep(Keep) = "promise.keep.v1", Merges;
    /// A host says what they like to talk about.
    SetProfile(SetProfile) = "profile.set.v1", Merges;
    /// The owner or HR sets how much may be booked.
    SetLimits(Limits) = "limits.set.v1", Authority;
    /// The person has read an outcome.
    Acknowledge(Acknowledge) = "outcome.acknowledge.v1", Merges;
    /// Nothing.
    Noop(Noop) = "noop.v1", Merges;
}
