//! Everything a person can wish to change. A name carries its version; a name's shape never changes.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::id::MutationId;
#[cfg(feature = "holder")]
use crate::{
    booking::{Ask, Cancel, Move},
    event::ReplyTo,
    interview::Correct,
    learning::{Enroll, Study},
    question::{AskQuestion, WithdrawQuestion},
    subsidy::{AskSubsidy, WithdrawSubsidy},
};
#[cfg(feature = "staff")]
use crate::{
    booking::{CloseAvailability, CloseSlot, Limits, OpenAvailability, OpenSlot},
    breakout::GroupEvent,
    event::{CancelEvent, CheckIn, PublishEvent, RemoveGuest, WriteEvent, WriteMemo},
    interview::WriteRecord,
    member::SetProfile,
    promise::Keep,
    question::AnswerQuestion,
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
    ($($(#[doc = $doc:literal])* $(#[cfg($side:meta)])? $variant:ident($body:ty) = $name:literal, $class:ident;)*) => {
        /// A wish to change something; may be refused.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Mutation {
            $($(#[doc = $doc])* $(#[cfg($side)])? $variant($body),)*
        }

        impl Mutation {
            /// Every name, for tests that must cover all.
            pub const NAMES: &'static [&'static str] = &[$($(#[cfg($side)])? $name),*];

            /// The versioned name on the wire.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $($(#[cfg($side)])? Self::$variant(_) => $name,)* }
            }

            /// How it behaves while unanswered.
            #[must_use]
            pub fn class(&self) -> Class {
                match self { $($(#[cfg($side)])? Self::$variant(_) => Class::$class,)* }
            }

            /// Reads a name and a body.
            ///
            /// # Errors
            /// [`Malformed`] when the name is unknown or the body has another shape.
            pub fn read(name: &str, body: &RawValue) -> Result<Self, Malformed> {
                match name {
                    $($(#[cfg($side)])? $name => crate::json::read(body.get()).map(Self::$variant).map_err(|_| Malformed),)*
                    _ => Err(Malformed),
                }
            }

            /// The body as it goes over the wire.
            #[must_use]
            pub fn body(&self) -> Box<RawValue> {
                let text = match self { $($(#[cfg($side)])? Self::$variant(it) => serde_json::to_string(it),)* };
                let text = text.expect("a mutation has string keys and finite numbers, so it always writes");
                RawValue::from_string(text).expect("what serde_json wrote is JSON")
            }
        }
    };
}

mutations! {
    /// An offer-holder asks for one of up to three slots.
    #[cfg(feature = "holder")]
    Ask(Ask) = "booking.ask.v1", Scarce;
    /// An offer-holder gives a booking up.
    #[cfg(feature = "holder")]
    Cancel(Cancel) = "booking.cancel.v1", Scarce;
    /// An offer-holder asks for another time.
    #[cfg(feature = "holder")]
    Move(Move) = "booking.move.v1", Scarce;
    /// A host opens slots by a weekly rule.
    #[cfg(feature = "staff")]
    OpenAvailability(OpenAvailability) = "availability.open.v1", Merges;
    /// A host ends a weekly rule.
    #[cfg(feature = "staff")]
    CloseAvailability(CloseAvailability) = "availability.close.v1", Merges;
    /// A host opens one slot.
    #[cfg(feature = "staff")]
    OpenSlot(OpenSlot) = "slot.open.v1", Merges;
    /// A host or HR closes a slot.
    #[cfg(feature = "staff")]
    CloseSlot(CloseSlot) = "slot.close.v1", Scarce;
    /// A host writes what was said.
    #[cfg(feature = "staff")]
    WriteRecord(WriteRecord) = "interview.record.v1", Merges;
    /// An offer-holder adds how they remember it.
    #[cfg(feature = "holder")]
    Correct(Correct) = "interview.correct.v1", Merges;
    /// The company kept a promise.
    #[cfg(feature = "staff")]
    Keep(Keep) = "promise.keep.v1", Merges;
    /// A host says what they like to talk about.
    #[cfg(feature = "staff")]
    SetProfile(SetProfile) = "profile.set.v1", Merges;
    /// The owner or HR sets how much may be booked.
    #[cfg(feature = "staff")]
    SetLimits(Limits) = "limits.set.v1", Authority;
    /// An offer-holder answers an event.
    #[cfg(feature = "holder")]
    Reply(ReplyTo) = "event.reply.v1", Scarce;
    /// HR writes an event.
    #[cfg(feature = "staff")]
    WriteEvent(Box<WriteEvent>) = "event.write.v1", Merges;
    /// HR shows an event to those who are invited.
    #[cfg(feature = "staff")]
    PublishEvent(PublishEvent) = "event.publish.v1", Merges;
    /// HR calls an event off.
    #[cfg(feature = "staff")]
    CancelEvent(CancelEvent) = "event.cancel.v1", Merges;
    /// HR or a host takes a place back.
    #[cfg(feature = "staff")]
    RemoveGuest(RemoveGuest) = "event.remove.v1", Merges;
    /// A host lets somebody in.
    #[cfg(feature = "staff")]
    CheckIn(CheckIn) = "event.check_in.v1", Merges;
    /// An offer-holder asks something about an event.
    #[cfg(feature = "holder")]
    AskQuestion(AskQuestion) = "question.ask.v1", Merges;
    /// The person takes a question back.
    #[cfg(feature = "holder")]
    WithdrawQuestion(WithdrawQuestion) = "question.withdraw.v1", Merges;
    /// Those who plan the event answer a question.
    #[cfg(feature = "staff")]
    AnswerQuestion(AnswerQuestion) = "question.answer.v1", Merges;
    /// HR or a host deals those who come into groups.
    #[cfg(feature = "staff")]
    GroupEvent(GroupEvent) = "event.group.v1", Merges;
    /// HR or a host writes what was said at an event.
    #[cfg(feature = "staff")]
    WriteMemo(WriteMemo) = "event.memo.v1", Merges;
    /// An offer-holder says whether they want a course.
    #[cfg(feature = "holder")]
    Enroll(Enroll) = "course.enroll.v1", Merges;
    /// An offer-holder is so far with a lesson.
    #[cfg(feature = "holder")]
    Study(Study) = "lesson.study.v1", Merges;
    /// An offer-holder asks the company to pay for an exam.
    #[cfg(feature = "holder")]
    AskSubsidy(AskSubsidy) = "subsidy.ask.v1", Merges;
    /// The person takes such a request back.
    #[cfg(feature = "holder")]
    WithdrawSubsidy(WithdrawSubsidy) = "subsidy.withdraw.v1", Merges;
    /// The person has read an outcome.
    Acknowledge(Acknowledge) = "outcome.acknowledge.v1", Merges;
    /// Nothing.
    Noop(Noop) = "noop.v1", Merges;
}
