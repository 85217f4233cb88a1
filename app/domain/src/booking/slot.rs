//! Slots: what can be booked.

use serde::{Deserialize, Serialize};

use crate::{
    id::{AvailabilityId, BookingId, MemberId, SlotId},
    refusal::{Field, Refusal},
    text::{HttpsLink, PlaceName, Short},
    time::{MINUTE, Time},
};

/// Minutes of an interview. The product's promise is fifteen.
pub const INTERVIEW_MINUTES: i64 = 15;
/// Slots start on this grid, in minutes. Time is claimed block by block, so that two overlapping claims of one
/// person are impossible by a plain unique constraint, on every database.
const BLOCK_MINUTES: i64 = 5;
/// How many days ahead somebody may open slots, five years: a date that no calendar draws helps nobody.
pub(super) const FARTHEST_DAYS: i32 = 5 * 366;

/// Where an interview takes place, as everybody may know it. The link itself goes only to whoever booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// By a meeting link.
    Online,
    /// In a place with a name.
    At(PlaceName),
}

/// Row `slot`: a free slot, as every offer-holder sees it. A taken or closed slot is not a row any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Which.
    pub id: SlotId,
    /// With whom.
    pub host: MemberId,
    /// Start; it lasts [`INTERVIEW_MINUTES`].
    pub starts: Time,
    /// Where.
    pub place: Place,
    /// A word of the host about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Short>,
}

/// Where a slot stands, for its host and HR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostSlotState {
    /// Can be booked.
    Open,
    /// Somebody booked it.
    Taken(BookingId),
}

/// Row `host_slot`: a slot as its host and HR see it. A closed slot is not a row any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostSlot {
    /// Which.
    pub id: SlotId,
    /// Whose.
    pub host: MemberId,
    /// The rule that yielded it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<AvailabilityId>,
    /// Start; it lasts [`INTERVIEW_MINUTES`].
    pub starts: Time,
    /// Where.
    pub place: Place,
    /// Open or taken.
    pub state: HostSlotState,
}

/// Mutation `slot.open.v1`: a host opens one slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSlot {
    /// Its id, made on the device.
    pub slot: SlotId,
    /// Start, on the five-minute grid.
    pub starts: Time,
    /// A place's name; empty for online.
    #[serde(default)]
    pub place: String,
    /// The meeting link; needed when there is no place.
    #[serde(default)]
    pub link: String,
    /// A word about it.
    #[serde(default)]
    pub note: String,
}

/// Place, link and note of a form, checked together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Where {
    /// Where.
    pub place: Place,
    /// The meeting link.
    pub link: Option<HttpsLink>,
    /// A word about it.
    pub note: Option<Short>,
}

impl Where {
    /// Either a place or an https link (or both: a room with a link for those far away).
    ///
    /// # Errors
    /// Names the field that is missing or wrong.
    pub fn checked(place: &str, link: &str, note: &str) -> Result<Self, Refusal> {
        let place = PlaceName::optional(place).map_err(|it| it.in_field(Field::Place))?;
        let link = match link.trim() {
            "" => None,
            link => Some(HttpsLink::new(link).map_err(|it| it.in_field(Field::Link))?),
        };
        let note = Short::optional(note).map_err(|it| it.in_field(Field::Note))?;
        let place = match (place, &link) {
            (Some(place), _) => Place::At(place),
            (None, Some(_)) => Place::Online,
            (None, None) => {
                return Err(Refusal::FieldEmpty {
                    field: Field::Place,
                });
            }
        };
        Ok(Self { place, link, note })
    }
}

impl OpenSlot {
    /// Checks the fields against each other and the clock.
    ///
    /// # Errors
    /// When the start lies in the past, too far ahead or off the grid, or a field is wrong.
    pub fn checked(&self, now: Time) -> Result<Where, Refusal> {
        if self.starts <= now {
            return Err(Refusal::SlotPassed);
        }
        let is_on_grid = self.starts.millis() % (BLOCK_MINUTES * MINUTE) == 0;
        if !is_on_grid || self.starts.day() > now.day().plus(FARTHEST_DAYS) {
            return Err(Refusal::FieldWrong { field: Field::From });
        }
        Where::checked(&self.place, &self.link, &self.note)
    }
}

/// Mutation `slot.close.v1`: a host or HR closes a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseSlot {
    /// Which.
    pub slot: SlotId,
    /// A word to the person who booked it; needed when somebody did.
    #[serde(default)]
    pub word: String,
}

/// The numbers of the five-minute blocks that an interview at `starts` fills.
#[must_use]
pub fn blocks(starts: Time) -> [i64; 3] {
    let first = starts.millis().div_euclid(BLOCK_MINUTES * MINUTE);
    [first, first + 1, first + 2]
}
