//! Typed identifiers: 128 bits, ordered by birth, written in 22 URL-safe characters.
//!
//! An id is made where the thing is born (on the phone, too), so a booking asked for in a tunnel already has its
//! final name. The first 48 bits are the millisecond of birth (the layout of UUID version 7), the rest is chance.
//! Both are arguments: this crate has neither clock nor dice.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de};

use crate::time::Time;

/// The digits of the text form in ASCII order, so that text order equals number order.
const DIGITS: &[u8; 64] = b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
/// Characters of an id: 22 × 6 bits hold 128.
const LENGTH: usize = 22;

/// The text was not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id of 22 characters")
    }
}

impl std::error::Error for NotAnId {}

/// Number made of a birth time and 80 random bits (the upper 48 of `chance` are ignored).
fn born(at: Time, chance: u128) -> u128 {
    let millis = u128::try_from(at.millis().max(0)).unwrap_or(0) & 0xFFFF_FFFF_FFFF;
    let version = 0x7_u128 << 76;
    let variant = 0b10_u128 << 62;
    let random_high = (chance >> 62) & 0xFFF;
    let random_low = chance & 0x3FFF_FFFF_FFFF_FFFF;
    (millis << 80) | version | (random_high << 64) | variant | random_low
}

/// Spreads a number and a salt over 128 bits, the same way on every machine (two rounds of a 64-bit finaliser).
fn mixed(number: u128, salt: i64) -> u128 {
    let round = |mut it: u64| {
        it ^= it >> 30;
        it = it.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it ^= it >> 27;
        it = it.wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the halves are bits, not amounts"
    )]
    let (high, low, salt) = ((number >> 64) as u64, number as u64, salt as u64);
    let first = round(high ^ salt.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let second = round(low ^ first.rotate_left(32) ^ salt);
    (u128::from(first ^ second.rotate_left(17)) << 64) | u128::from(second)
}

fn write(number: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0_u8; LENGTH];
    for (place, digit) in text.iter_mut().rev().enumerate() {
        *digit = DIGITS[usize::try_from((number >> (6 * place)) & 63).unwrap_or(0)];
    }
    f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
}

fn read(text: &str) -> Result<u128, NotAnId> {
    let bytes = text.as_bytes();
    // The first character carries only two bits.
    if bytes.len() != LENGTH
        || DIGITS
            .iter()
            .position(|it| *it == bytes[0])
            .is_none_or(|it| it > 3)
    {
        return Err(NotAnId);
    }
    bytes.iter().try_fold(0_u128, |number, byte| {
        let digit = DIGITS.binary_search(byte).map_err(|_| NotAnId)?;
        Ok((number << 6) | u128::try_from(digit).map_err(|_| NotAnId)?)
    })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// A new id, born at `at`; `chance` brings 74 random bits.
            #[must_use]
            pub fn born(at: Time, chance: u128) -> Self {
                Self(born(at, chance))
            }

            /// An id whose every bit is chance: says nothing of when it was made.
            #[must_use]
            pub fn random(chance: u128) -> Self {
                Self(chance)
            }

            /// The bits, to derive another id or to hash.
            #[must_use]
            pub fn bits(self) -> u128 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                read(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A person with a place here.
    MemberId
    /// One installed app with its outbox. A cloned or restored one takes a new id.
    DeviceId
    /// One wish to change something; unique per person whatever device delivers it.
    MutationId
    /// One life of the database; a restore from backup begins another.
    HistoryId
    /// A weekly rule that yields slots.
    AvailabilityId
    /// One bookable time of one host.
    SlotId
    /// A member's claim on a slot; also the UID of its calendar entry.
    BookingId
    /// A correction that an offer-holder added to what was written about an interview.
    CorrectionId
    /// Something the company owes.
    PromiseId
    /// A gathering that members reply to; also the UID of its calendar entry.
    EventId
    /// Something that somebody wants to know.
    QuestionId
    /// A course; the same wherever its folder has the same name.
    CourseId
    /// A lesson of a course.
    LessonId
    /// One answer to a question in a lesson.
    AttemptId
    /// Somebody's request that the company pays for an exam.
    SubsidyId
    /// One signed-in use of a browser.
    SessionId
    /// One import of people, which can be undone as a whole.
    ImportId
    /// A sign-in code or an invitation that was mailed.
    InvitationId
    /// Work after the answer.
    JobId
}

impl SlotId {
    /// The slot that `availability` yields at `starts`: the device and the server arrive at the same id.
    #[must_use]
    pub fn yielded(availability: AvailabilityId, starts: Time) -> Self {
        Self::born(starts, mixed(availability.0, starts.millis()))
    }
}

#[cfg(test)]
mod tests;
