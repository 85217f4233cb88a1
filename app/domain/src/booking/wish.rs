//! What an offer-holder asks for.

use serde::{Deserialize, Serialize};

use super::{Place, Slot, Words};
use crate::{
    id::{BookingId, SlotId},
    refusal::{Field, Refusal},
    text::Short,
    time::Time,
};

/// Wishes that one asking may rank.
pub const MOST_WISHES: usize = 3;

/// One slot asked for, with what the person saw when they chose it. If time or place are different by the time the
/// server decides, it says so instead of booking something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Which.
    pub slot: SlotId,
    /// The start that was shown.
    pub starts: Time,
    /// The place that was shown.
    pub place: Place,
}

impl From<&Slot> for Wish {
    fn from(slot: &Slot) -> Self {
        Self {
            slot: slot.id,
            starts: slot.starts,
            place: slot.place.clone(),
        }
    }
}

/// Mutation `booking.ask.v1`: one to three wishes in order of preference; the first that is free becomes the booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The booking it will become; made on the device.
    pub booking: BookingId,
    /// In order of preference.
    pub wishes: Vec<Wish>,
    /// What it is about.
    #[serde(default)]
    pub topic: String,
    /// 話したいこと.
    #[serde(default)]
    pub talk: String,
    /// 触れてほしくないこと.
    #[serde(default)]
    pub avoid: String,
}

/// Mutation `booking.cancel.v1`. No reason is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancel {
    /// Which.
    pub booking: BookingId,
}

/// Mutation `booking.move.v1`: another time for the same booking; the old one is kept unless the new one is free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Which.
    pub booking: BookingId,
    /// In order of preference.
    pub wishes: Vec<Wish>,
}

/// One to three, all different.
pub(super) fn checked(wishes: &[Wish]) -> Result<(), Refusal> {
    let is_repeated = wishes
        .iter()
        .enumerate()
        .any(|(at, wish)| wishes[..at].iter().any(|it| it.slot == wish.slot));
    match wishes.len() {
        0 => Err(Refusal::FieldEmpty {
            field: Field::Wishes,
        }),
        1..=MOST_WISHES if !is_repeated => Ok(()),
        _ => Err(Refusal::FieldWrong {
            field: Field::Wishes,
        }),
    }
}

/// The words that go with a wish, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What it is about.
    pub topic: Option<Short>,
    /// 話したいこと.
    pub talk: Option<Words>,
    /// 触れてほしくないこと.
    pub avoid: Option<Words>,
}

impl Ask {
    /// Checks the wishes' shape and the words.
    ///
    /// # Errors
    /// Names the field that is wrong.
    pub fn checked(&self) -> Result<Said, Refusal> {
        checked(&self.wishes)?;
        Ok(Said {
            topic: Short::optional(&self.topic).map_err(|it| it.in_field(Field::Topic))?,
            talk: Words::optional(&self.talk).map_err(|it| it.in_field(Field::Talk))?,
            avoid: Words::optional(&self.avoid).map_err(|it| it.in_field(Field::Avoid))?,
        })
    }
}

impl Move {
    /// Checks the wishes' shape.
    ///
    /// # Errors
    /// When there is none, too many, or one twice.
    pub fn checked(&self) -> Result<(), Refusal> {
        checked(&self.wishes)
    }
}
