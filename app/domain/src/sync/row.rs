//! Every kind of fact a device can hold, and the typed tables the screens read.

use std::str::FromStr;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::table::Table;
use crate::{
    booking::{Ask, Limits, Move},
    event::{EventPlaces, ReplyTo},
    id::{BookingId, EventId, MemberId, MutationId, PromiseId, QuestionId, SlotId, SubsidyId},
    interview::Record,
    member::Me,
    promise::Promise,
    question::Question,
    refusal::Refusal,
    text::Name,
    time::Time,
};
#[cfg(feature = "holder")]
use crate::{
    booking::{Asker, Booking, Slot},
    breakout::Breakout,
    event::{Event, Rsvp},
    id::{CourseId, LessonId},
    learning::{Course, Enrollment, Progress},
    member::Host,
    question::{Faq, OwnQuestion},
    subsidy::Subsidy,
};
#[cfg(feature = "staff")]
use crate::{
    booking::{Availability, HostBooking, HostSlot},
    breakout::EventBreakouts,
    event::{EventPlan, Guest, GuestId},
    id::AvailabilityId,
    member::Person,
    subsidy::OpenSubsidy,
};

/// Row `company`: what everybody may know of the company and its settings. There is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// The company's name.
    pub name: Name,
    /// How much may be booked.
    pub limits: Limits,
}

/// The id of a kind that has one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Only;

impl FromStr for Only {
    type Err = crate::id::NotAnId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "only" {
            Ok(Self)
        } else {
            Err(crate::id::NotAnId)
        }
    }
}

impl std::fmt::Display for Only {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("only")
    }
}

/// What became of a wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is so.
    Ok,
    /// A rule said no.
    Refused(Refusal),
}

/// What a wish was about, so that nothing the person wrote is lost with a "no".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// An asking, with its wishes and words.
    Ask(Ask),
    /// A move, with its wishes.
    Move(Move),
    /// A booking that was to be cancelled.
    Cancel(BookingId),
    /// A reply to an event.
    Reply(ReplyTo),
    /// A text that was refused, as it was written; `name` is the mutation's.
    Words {
        /// Name of the mutation.
        name: String,
        /// Everything the person typed.
        text: String,
    },
    /// Something without words of the person; `name` is the mutation's.
    Plain {
        /// Name of the mutation.
        name: String,
    },
}

/// Row `outcome`: what became of a wish, until the person has read it. A lost answer loses nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The wish.
    pub mutation: MutationId,
    /// Yes or no.
    pub verdict: Verdict,
    /// What it was about.
    pub about: About,
    /// When it was decided.
    pub at: Time,
}

macro_rules! rows {
    ($($(#[doc = $doc:literal])* $(#[cfg($side:meta)])? $kind:literal $field:ident: $id:ty => $row:ty;)*) => {
        /// The tables the screens read, typed.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct View {
            $($(#[doc = $doc])* $(#[cfg($side)])? pub $field: Table<$id, $row>,)*
        }

        /// Every kind of row, for tests that must cover all.
        pub const KINDS: &[&str] = &[$($(#[cfg($side)])? $kind),*];

        impl View {
            /// Puts a row; false when the kind is not known or its body cannot be read (a newer server's).
            pub fn put(&mut self, kind: &str, id: &str, body: &str) -> bool {
                match kind {
                    $($(#[cfg($side)])? $kind => insert(&mut self.$field, id, body),)*
                    _ => false,
                }
            }

            /// Removes a row, if it is there.
            pub fn remove(&mut self, kind: &str, id: &str) {
                match kind {
                    $($(#[cfg($side)])? $kind => remove(&mut self.$field, id),)*
                    _ => {}
                }
            }
        }
    };
}

fn insert<K: FromStr + Ord, R: DeserializeOwned>(
    table: &mut Table<K, R>,
    id: &str,
    body: &str,
) -> bool {
    let (Ok(id), Ok(row)) = (id.parse(), crate::json::read(body)) else {
        return false;
    };
    table.insert(id, row);
    true
}

fn remove<K: FromStr + Ord, R>(table: &mut Table<K, R>, id: &str) {
    if let Ok(id) = id.parse() {
        table.remove(&id);
    }
}

rows! {
    /// Row `me`: the member this device belongs to.
    "me" me: MemberId => Me;
    /// Row `company`: settings everybody may know.
    "company" company: Only => Company;
    /// Row `host`: who can be met.
    #[cfg(feature = "holder")]
    "host" hosts: MemberId => Host;
    /// Row `slot`: free slots.
    #[cfg(feature = "holder")]
    "slot" slots: SlotId => Slot;
    /// Row `booking`: an offer-holder's own bookings.
    #[cfg(feature = "holder")]
    "booking" bookings: BookingId => Booking;
    /// Row `availability`: weekly rules, for their host and HR.
    #[cfg(feature = "staff")]
    "availability" availabilities: AvailabilityId => Availability;
    /// Row `host_slot`: slots for their host and HR.
    #[cfg(feature = "staff")]
    "host_slot" host_slots: SlotId => HostSlot;
    /// Row `host_booking`: bookings for their host.
    #[cfg(feature = "staff")]
    "host_booking" host_bookings: BookingId => HostBooking;
    /// Row `record`: what was said, for both sides of an interview.
    "record" records: BookingId => Record;
    /// Row `promise`: what the company owes.
    "promise" promises: PromiseId => Promise;
    /// Row `event`: events one is invited to.
    #[cfg(feature = "holder")]
    "event" events: EventId => Event;
    /// Row `event_places`: how full they are.
    "event_places" event_places: EventId => EventPlaces;
    /// Row `rsvp`: an offer-holder's own replies.
    #[cfg(feature = "holder")]
    "rsvp" rsvps: EventId => Rsvp;
    /// Row `event_plan`: events for those who plan them.
    #[cfg(feature = "staff")]
    "event_plan" event_plans: EventId => EventPlan;
    /// Row `guest`: who comes, for those who plan.
    #[cfg(feature = "staff")]
    "guest" guests: GuestId => Guest;
    /// Row `question`: what people want to know before an event.
    "question" questions: QuestionId => Question;
    /// Row `own_question`: which of them are the person's own.
    #[cfg(feature = "holder")]
    "own_question" own_questions: QuestionId => OwnQuestion;
    /// Row `faq`: answers that many may look for.
    #[cfg(feature = "holder")]
    "faq" faqs: QuestionId => Faq;
    /// Row `breakout`: the groups one is in.
    #[cfg(feature = "holder")]
    "breakout" breakouts: EventId => Breakout;
    /// Row `event_breakouts`: all groups of events, for those who plan.
    #[cfg(feature = "staff")]
    "event_breakouts" event_breakouts: EventId => EventBreakouts;
    /// Row `course`: what one may learn.
    #[cfg(feature = "holder")]
    "course" courses: CourseId => Course;
    /// Row `enrollment`: what the person said to a course.
    #[cfg(feature = "holder")]
    "enrollment" enrollments: CourseId => Enrollment;
    /// Row `progress`: how far the person is with lessons.
    #[cfg(feature = "holder")]
    "progress" progress: LessonId => Progress;
    /// Row `subsidy`: what the person asked the company to pay.
    #[cfg(feature = "holder")]
    "subsidy" subsidies: SubsidyId => Subsidy;
    /// Row `open_subsidy`: how many of those wait for HR.
    #[cfg(feature = "staff")]
    "open_subsidy" open_subsidies: SubsidyId => OpenSubsidy;
    /// Row `outcome`: what became of wishes.
    "outcome" outcomes: MutationId => Outcome;
    /// Row `person`: HR's list of people; loaded on demand.
    #[cfg(feature = "staff")]
    "person" people: MemberId => Person;
}

impl View {
    /// The member this device belongs to, once anything is loaded.
    #[must_use]
    pub fn myself(&self) -> Option<&Me> {
        self.me.values().next()
    }

    /// The limits in force, or the defaults before they are loaded.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.company
            .values()
            .next()
            .map(|it| it.limits)
            .unwrap_or_default()
    }

    /// The person as one who asks for a slot, perhaps in place of a booking that moves.
    #[cfg(feature = "holder")]
    #[must_use]
    pub fn asker(&self, moving: Option<BookingId>) -> Asker {
        let live = self.bookings.values().filter(|it| it.is_live());
        Asker {
            booked: live
                .filter(|it| Some(it.id) != moving)
                .map(|it| it.starts)
                .collect(),
            limits: self.limits(),
        }
    }
}
