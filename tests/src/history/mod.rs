//! Histories: what clients asked for, when, and what they were told, one JSON line each; and whether all of it can be true.
//!
//! In reading order: this file (the lines), [`mod@check`] (what must hold of them), `end` (of the database), `replies` (of
//! answers to events). The checker knows nothing of the server: it reads what
//! clients wrote down, and at the end what the database holds.

mod check;
mod end;
mod replies;

pub use check::{Found, Rules, check};

use serde::{Deserialize, Serialize};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Microseconds since the history began.
    pub at: u64,
    /// Whose: the member.
    pub member: String,
    /// Which device; nothing for the end.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub device: String,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Event {
    /// A wish goes out for the first time.
    Invoke {
        /// Its number.
        n: u64,
        /// Its id.
        id: String,
        /// What is wished.
        deed: Deed,
    },
    /// Nothing came back, or nothing that says what became of it: it is going to be sent again.
    Unknown {
        /// Its number.
        n: u64,
        /// Its id.
        id: String,
    },
    /// The server said “not now”: nothing moved.
    Later {
        /// Its number.
        n: u64,
        /// Its id.
        id: String,
        /// The status.
        status: u16,
    },
    /// The server has answered.
    Ok {
        /// Its number.
        n: u64,
        /// Its id.
        id: String,
        /// The code of the refusal, if a rule said no.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refusal: Option<String>,
    },
    /// The rows of an answer, and up to where they reach.
    Saw {
        /// The place in the order of all changes.
        seq: i64,
        /// Interviews among the rows.
        rows: Vec<Row>,
        /// Own answers to events among the rows.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        replies: Vec<Replied>,
    },
    /// An answer that no device may get: the server has forgotten a number, or takes this device for another one.
    Broken {
        /// What it said.
        what: String,
    },
    /// What the database holds at the end.
    End(End),
}

/// What a database holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Every interview.
    pub bookings: Vec<Kept>,
    /// Every answered wish: member, id, device, number, refused.
    pub applied: Vec<(String, String, String, u64, bool)>,
    /// What each host likes to talk about.
    pub profiles: Vec<(String, String)>,
    /// Corrections: id and booking.
    pub corrections: Vec<(String, String)>,
    /// Slots that are closed.
    pub closed: Vec<String>,
    /// Promises that were kept.
    pub kept: Vec<String>,
    /// Places of each event.
    pub places: Vec<(String, usize)>,
    /// Answers to events: event, member, and what came of it.
    pub replies: Vec<(String, String, String)>,
}

/// What is wished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// One of some slots.
    Ask {
        /// The interview's id.
        booking: String,
        /// Slots, the dearest first.
        slots: Vec<String>,
    },
    /// No interview after all.
    Cancel {
        /// Which.
        booking: String,
    },
    /// Another time.
    Move {
        /// Which.
        booking: String,
        /// Slots, the dearest first.
        slots: Vec<String>,
    },
    /// How somebody remembers it.
    Correct {
        /// Which interview.
        booking: String,
        /// The correction's id.
        correction: String,
    },
    /// A host's own words.
    Profile {
        /// They.
        text: String,
    },
    /// A host opens a slot.
    Open {
        /// Which.
        slot: String,
    },
    /// A host or HR closes a slot, with the interview in it.
    Close {
        /// Which.
        slot: String,
    },
    /// A host writes what was said, with one promise.
    Record {
        /// Of which interview.
        booking: String,
        /// The promise's id.
        promise: String,
    },
    /// The company kept a promise.
    Keep {
        /// Which.
        promise: String,
    },
    /// Somebody answers an event.
    Reply {
        /// Which.
        event: String,
        /// `going`, `maybe` or `declined`.
        answer: String,
    },
}

/// An interview as a device is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its place in the order of all changes.
    pub seq: i64,
    /// The interview.
    pub booking: String,
    /// Its slot.
    pub slot: String,
    /// It is booked, not cancelled.
    pub is_live: bool,
}

/// An answer to an event as its device is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replied {
    /// Its place in the order of all changes.
    pub seq: i64,
    /// The event.
    pub event: String,
    /// What came of it, as the table calls it: `going`, `maybe`, `declined`, `waiting`, `offered`, `lapsed`.
    pub state: String,
}

/// An interview as the database holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The interview.
    pub booking: String,
    /// Its slot.
    pub slot: String,
    /// Whose.
    pub member: String,
    /// With whom.
    pub host: String,
    /// The Tokyo day of its slot.
    pub day: i64,
    /// It is booked, not cancelled.
    pub is_live: bool,
}

#[cfg(test)]
mod tests;
