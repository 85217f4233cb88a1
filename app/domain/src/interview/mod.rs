//! 面談メモ: what was said in an interview, shared with the offer-holder, who can add a correction.
//!
//! There is one record per booking and no hidden field about a person: both sides read the same row.

use serde::{Deserialize, Serialize};

use crate::{
    id::{BookingId, CorrectionId, MemberId, PromiseId},
    refusal::{Field, Refusal},
    text::{Long, Name, Short},
    time::{Day, Time},
};

/// Something the offer-holder added: how they remember it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Which.
    pub id: CorrectionId,
    /// Their words.
    pub text: Long,
    /// When.
    pub at: Time,
}

/// Row `record`: the record of one interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The interview.
    pub booking: BookingId,
    /// Who wrote it.
    pub by: MemberId,
    /// The writer's name.
    pub by_name: Name,
    /// What was said.
    pub said: Long,
    /// What comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Short>,
    /// When it was last written.
    pub at: Time,
    /// The offer-holder's corrections, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
}

/// A promise made in an interview, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    /// Its id, made on the device.
    pub id: PromiseId,
    /// What.
    pub text: String,
    /// By when.
    pub due: Day,
}

/// Mutation `interview.record.v1`: the host writes, or rewrites, the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteRecord {
    /// The interview.
    pub booking: BookingId,
    /// What was said.
    pub said: String,
    /// What comes next.
    #[serde(default)]
    pub next: String,
    /// Promises to add. Those made before stay.
    #[serde(default)]
    pub promises: Vec<Promised>,
}

/// Mutation `interview.correct.v1`: the offer-holder adds how they remember it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correct {
    /// The interview.
    pub booking: BookingId,
    /// Its id, made on the device.
    pub correction: CorrectionId,
    /// Their words.
    pub text: String,
}

/// A record whose words were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What was said.
    pub said: Long,
    /// What comes next.
    pub next: Option<Short>,
    /// The promises, checked.
    pub promises: Vec<(PromiseId, Short, Day)>,
}

/// Promises that one writing adds.
const MOST_PROMISES: usize = 10;
/// Days ahead that a promise may be due: what takes longer is no promise to somebody who joins next April.
const FARTHEST_DUE: i32 = 5 * 366;
/// Corrections of one record: it is one row, and both sides load it.
pub const MOST_CORRECTIONS: usize = 20;

impl WriteRecord {
    /// May it be written now, and are its words in order?
    ///
    /// # Errors
    /// Before the interview began, or naming the field that is wrong.
    pub fn checked(&self, starts: Time, now: Time) -> Result<Written, Refusal> {
        if starts > now {
            return Err(Refusal::InterviewAhead);
        }
        if self.promises.len() > MOST_PROMISES {
            return Err(Refusal::FieldWrong {
                field: Field::Promise,
            });
        }
        let promises = self.promises.iter().map(|it| {
            let text = Short::new(&it.text).map_err(|fault| fault.in_field(Field::Promise))?;
            if it.due < now.day() {
                Err(Refusal::DuePassed)
            } else if it.due > now.day().plus(FARTHEST_DUE) {
                Err(Refusal::FieldWrong { field: Field::Due })
            } else {
                Ok((it.id, text, it.due))
            }
        });
        Ok(Written {
            said: Long::new(&self.said).map_err(|it| it.in_field(Field::Said))?,
            next: Short::optional(&self.next).map_err(|it| it.in_field(Field::Next))?,
            promises: promises.collect::<Result<_, _>>()?,
        })
    }
}

impl Correct {
    /// The checked words.
    ///
    /// # Errors
    /// When they are missing or too long.
    pub fn checked(&self) -> Result<Long, Refusal> {
        Long::new(&self.text).map_err(|it| it.in_field(Field::Correction))
    }
}
