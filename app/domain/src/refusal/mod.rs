//! Every "no" a rule can say: a closed list with stable codes. The words for it stand in `app/src/words`.

use serde::{Deserialize, Serialize};

use crate::id::SlotId;

/// Which field of a form a refusal speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the forms")]
pub enum Field {
    Topic,
    Talk,
    Avoid,
    Place,
    Link,
    Note,
    Word,
    Said,
    Next,
    Promise,
    Due,
    Correction,
    TalksAbout,
    Days,
    From,
    Buffer,
    First,
    Last,
    Limit,
    Wishes,
    Title,
    Text,
    To,
    Closes,
    Map,
    OnSite,
    Online,
    Minutes,
    Bring,
    Contact,
    Hosts,
    Invited,
    Again,
    Question,
    Answer,
    Faq,
    Apart,
    Purpose,
    Yen,
    Paid,
    Receipt,
    /// A field of a newer version.
    #[serde(other)]
    Unknown,
}

/// A rule said no. On the wire: `{"code": "slot_taken", …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case", from = "Flat")]
pub enum Refusal {
    /// The slot has begun.
    SlotPassed,
    /// Somebody else was first; `nearest` are up to three free slots close by.
    SlotTaken {
        /// Free slots of the same host first, then of others, nearest in time.
        nearest: Vec<SlotId>,
    },
    /// The host closed the slot; `nearest` as above.
    SlotClosed {
        /// Free slots close by.
        nearest: Vec<SlotId>,
    },
    /// Time or place are no longer what the person saw.
    SlotChanged,
    /// It starts too soon to be booked.
    TooSoon {
        /// Minutes that must lie between booking and start.
        lead_minutes: u16,
    },
    /// The person has something else at that time.
    AlreadyThen,
    /// As many interviews on that day as one person may have.
    DayFull {
        /// The limit.
        most: u16,
    },
    /// As many interviews ahead as one person may have.
    AheadFull {
        /// The limit.
        most: u16,
    },
    /// The host has enough interviews on that day; `nearest` are other free slots.
    HostDayFull {
        /// Free slots close by.
        nearest: Vec<SlotId>,
    },
    /// The host has enough interviews in that week; `nearest` are other free slots.
    HostWeekFull {
        /// Free slots close by.
        nearest: Vec<SlotId>,
    },
    /// The interview has begun; it can be neither moved nor cancelled.
    BookingPassed,
    /// It was cancelled before.
    BookingCancelled,
    /// It has not begun, so there is nothing to write about it yet.
    InterviewAhead,
    /// Closing a booked slot needs a word to the person.
    WordNeeded,
    /// The host has another slot at that time.
    SlotsOverlap,
    /// The pattern yields no slot.
    PatternEmpty,
    /// The pattern yields too many slots at once.
    PatternLarge {
        /// The limit.
        most: usize,
    },
    /// A field was left empty that is needed.
    FieldEmpty {
        /// Which one.
        field: Field,
    },
    /// A field is too long.
    FieldLong {
        /// Which one.
        field: Field,
        /// Characters that fit.
        most: usize,
    },
    /// The link is not an https address.
    NotHttps {
        /// Which field.
        field: Field,
    },
    /// A value is outside what makes sense.
    FieldWrong {
        /// Which one.
        field: Field,
    },
    /// It is not there, or not this person's: the two are not told apart.
    NotThere,
    /// The day by which something is promised lies in the past.
    DuePassed,
    /// The promise was kept before.
    PromiseKept,
    /// A role that only the owner gives and takes.
    OwnersAlone,
    /// The company would be left without an owner.
    OwnerNeeded,
    /// The person who asks for it would lose their own place.
    OwnPlace,
    /// The event has begun.
    EventPassed,
    /// The event has not begun, so there is nothing to tell of it yet.
    EventAhead,
    /// The event does not take place.
    EventCancelled,
    /// No place is free, and nobody can wait for one.
    EventFull,
    /// Places cannot be asked for any more.
    RepliesClosed,
    /// Students have classes then, and the event offers nothing instead.
    TermTime,
    /// Somebody takes part in the way that was to be taken out of an event.
    WayInUse,
    /// Nobody has this code.
    CodeUnknown,
    /// More people come than can be dealt into groups at once.
    GroupsLarge {
        /// The limit.
        most: usize,
    },
    /// The wish was made too long ago to be carried out unasked.
    Expired,
    /// The person gave the wish up before it was sent.
    GivenUp,
    /// A "no" of a newer version.
    Unknown,
}

/// How a refusal is read: one flat shape for all codes. Serde's own way for tagged enums buffers any JSON first, which
/// is several kilobytes of code on the phone.
#[derive(Deserialize)]
struct Flat {
    code: Box<str>,
    #[serde(default)]
    nearest: Vec<SlotId>,
    #[serde(default)]
    lead_minutes: u16,
    #[serde(default)]
    most: usize,
    #[serde(default = "unknown_field")]
    field: Field,
}

fn unknown_field() -> Field {
    Field::Unknown
}

impl From<Flat> for Refusal {
    fn from(flat: Flat) -> Self {
        let Flat {
            code,
            nearest,
            lead_minutes,
            most,
            field,
        } = flat;
        let most_of_a_person = u16::try_from(most).unwrap_or(u16::MAX);
        match &*code {
            "slot_passed" => Self::SlotPassed,
            "slot_taken" => Self::SlotTaken { nearest },
            "slot_closed" => Self::SlotClosed { nearest },
            "slot_changed" => Self::SlotChanged,
            "too_soon" => Self::TooSoon { lead_minutes },
            "already_then" => Self::AlreadyThen,
            "day_full" => Self::DayFull {
                most: most_of_a_person,
            },
            "ahead_full" => Self::AheadFull {
                most: most_of_a_person,
            },
            "host_day_full" => Self::HostDayFull { nearest },
            "host_week_full" => Self::HostWeekFull { nearest },
            "booking_passed" => Self::BookingPassed,
            "booking_cancelled" => Self::BookingCancelled,
            "interview_ahead" => Self::InterviewAhead,
            "word_needed" => Self::WordNeeded,
            "slots_overlap" => Self::SlotsOverlap,
            "pattern_empty" => Self::PatternEmpty,
            "pattern_large" => Self::PatternLarge { most },
            "field_empty" => Self::FieldEmpty { field },
            "field_long" => Self::FieldLong { field, most },
            "not_https" => Self::NotHttps { field },
            "field_wrong" => Self::FieldWrong { field },
            "not_there" => Self::NotThere,
            "due_passed" => Self::DuePassed,
            "promise_kept" => Self::PromiseKept,
            "owners_alone" => Self::OwnersAlone,
            "owner_needed" => Self::OwnerNeeded,
            "own_place" => Self::OwnPlace,
            "event_passed" => Self::EventPassed,
            "event_ahead" => Self::EventAhead,
            "event_cancelled" => Self::EventCancelled,
            "event_full" => Self::EventFull,
            "replies_closed" => Self::RepliesClosed,
            "term_time" => Self::TermTime,
            "way_in_use" => Self::WayInUse,
            "code_unknown" => Self::CodeUnknown,
            "groups_large" => Self::GroupsLarge { most },
            "expired" => Self::Expired,
            "given_up" => Self::GivenUp,
            _ => Self::Unknown,
        }
    }
}

impl Refusal {
    /// The free slots that a refusal offers instead.
    #[must_use]
    pub fn nearest(&self) -> &[SlotId] {
        match self {
            Self::SlotTaken { nearest }
            | Self::SlotClosed { nearest }
            | Self::HostDayFull { nearest }
            | Self::HostWeekFull { nearest } => nearest,
            _ => &[],
        }
    }

    /// The same refusal offering these slots, where it is one that offers any.
    #[must_use]
    pub fn offering(self, slots: Vec<SlotId>) -> Self {
        match self {
            Self::SlotTaken { .. } => Self::SlotTaken { nearest: slots },
            Self::SlotClosed { .. } => Self::SlotClosed { nearest: slots },
            Self::HostDayFull { .. } => Self::HostDayFull { nearest: slots },
            Self::HostWeekFull { .. } => Self::HostWeekFull { nearest: slots },
            other => other,
        }
    }
}

#[cfg(test)]
mod tests;
