//! 15-minute interviews: hosts open slots, offer-holders book one.
//!
//! The rules ([`settle`], [`cancel`], [`close`]) run twice: on the phone for a first guess, on the server for good.
//! They see facts as arguments and decide; they save nothing.

mod availability;
mod limits;
mod rule;
mod slot;
mod wish;

pub use availability::{Availability, CloseAvailability, MOST_SLOTS, OpenAvailability, Pattern};
pub use limits::Limits;
pub use rule::{Asker, SlotFacts, cancel, close, nearest, settle};
pub use slot::{
    CloseSlot, HostSlot, HostSlotState, INTERVIEW_MINUTES, OpenSlot, Place, Slot, Where, blocks,
};
pub use wish::{Ask, Cancel, MOST_WISHES, Move, Said, Wish};

use serde::{Deserialize, Serialize};

use crate::{
    id::{BookingId, MemberId, SlotId},
    text::{HttpsLink, Name, Short, Text},
    time::{MINUTE, Time},
};

/// What an offer-holder may write before an interview: a few sentences.
pub type Words = Text<600>;

/// Who ended a booking, when, and the word they left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// Who.
    pub by: MemberId,
    /// When.
    pub at: Time,
    /// A word to the other side; never asked of an offer-holder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Words>,
}

/// Where a booking stands on the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingState {
    /// It will take place, or did.
    Booked,
    /// Somebody ended it before it began.
    Cancelled(Cancellation),
}

/// Row `booking`: an interview as the offer-holder who booked it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// The booking; stays the same when it is moved.
    pub id: BookingId,
    /// Its slot.
    pub slot: SlotId,
    /// With whom.
    pub host: MemberId,
    /// The host's name, so that it reads offline and after the host has left.
    pub host_name: Name,
    /// Start; it lasts [`INTERVIEW_MINUTES`].
    pub starts: Time,
    /// Where.
    pub place: Place,
    /// The meeting link, for an online interview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<HttpsLink>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Short>,
    /// 話したいこと.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk: Option<Words>,
    /// 触れてほしくないこと.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avoid: Option<Words>,
    /// Booked or cancelled.
    pub state: BookingState,
    /// How often time or place changed: the SEQUENCE of its calendar entry.
    pub sequence: u32,
    /// When the server said yes.
    pub at: Time,
    /// The calendar entry (text/calendar), so that the phone can hand it over without a connection.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ics: String,
}

/// Row `host_booking`: the same interview as its host sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostBooking {
    /// The booking.
    pub id: BookingId,
    /// Its slot.
    pub slot: SlotId,
    /// Who booked it.
    pub member: MemberId,
    /// The offer-holder's name.
    pub member_name: Name,
    /// Start; it lasts [`INTERVIEW_MINUTES`].
    pub starts: Time,
    /// Where.
    pub place: Place,
    /// The meeting link, for an online interview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<HttpsLink>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Short>,
    /// 話したいこと.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk: Option<Words>,
    /// 触れてほしくないこと.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avoid: Option<Words>,
    /// Booked or cancelled.
    pub state: BookingState,
    /// How often time or place changed.
    pub sequence: u32,
}

/// The moment an interview that starts at `starts` is over.
#[must_use]
pub fn ends(starts: Time) -> Time {
    starts + INTERVIEW_MINUTES * MINUTE
}

impl Booking {
    /// Not cancelled.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.state == BookingState::Booked
    }

    /// Live and not over.
    #[must_use]
    pub fn is_ahead(&self, now: Time) -> bool {
        self.is_live() && ends(self.starts) > now
    }
}

impl HostBooking {
    /// Not cancelled.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.state == BookingState::Booked
    }

    /// Live and not over.
    #[must_use]
    pub fn is_ahead(&self, now: Time) -> bool {
        self.is_live() && ends(self.starts) > now
    }
}

#[cfg(test)]
mod tests;
