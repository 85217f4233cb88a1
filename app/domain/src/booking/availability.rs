//! A weekly rule that yields slots.

use serde::{Deserialize, Serialize};

use super::slot::{FARTHEST_DAYS, INTERVIEW_MINUTES, Where};
use crate::{
    id::{AvailabilityId, MemberId},
    refusal::{Field, Refusal},
    time::{Clock, Day, Time, Weekday},
};

/// Slots that one rule may yield: half a year of full days would be more than anybody can keep.
pub const MOST_SLOTS: usize = 600;
/// The longest span of a rule, in days.
const MOST_DAYS: i32 = 186;

/// The pattern: on these days, from–to, with a pause between interviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// Days of the week.
    pub days: Vec<Weekday>,
    /// The first interview starts here, on the five-minute grid.
    pub from: Clock,
    /// The last interview ends at or before this.
    pub to: Clock,
    /// Minutes between two interviews, on the five-minute grid, at most an hour.
    pub buffer: u16,
    /// First day.
    pub first: Day,
    /// Last day, included.
    pub last: Day,
    /// At most this many interviews in a week (Monday to Sunday); nothing means no cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekly_cap: Option<u16>,
}

/// Mutation `availability.open.v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAvailability {
    /// Its id, made on the device; the ids of its slots follow from it.
    pub availability: AvailabilityId,
    /// When.
    pub pattern: Pattern,
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

/// Mutation `availability.close.v1`: no further slots of this rule; those booked stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseAvailability {
    /// Which.
    pub availability: AvailabilityId,
}

/// Row `availability`: a rule as its host and HR see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// Which.
    pub id: AvailabilityId,
    /// Whose.
    pub host: MemberId,
    /// When.
    pub pattern: Pattern,
    /// Where.
    pub place: super::Place,
}

impl Pattern {
    /// Starts of all interviews after `now`, in order. Public holidays are left out.
    ///
    /// # Errors
    /// Names the field that makes no sense, or says that nothing or too much comes out.
    pub fn starts(&self, now: Time) -> Result<Vec<Time>, Refusal> {
        let wrong = |field| Err(Refusal::FieldWrong { field });
        if self.days.is_empty() {
            return Err(Refusal::FieldEmpty { field: Field::Days });
        }
        if self.days.len() > Weekday::ALL.len() {
            return wrong(Field::Days);
        }
        if self.from >= self.to || !self.from.minutes().is_multiple_of(5) {
            return wrong(Field::From);
        }
        if !self.buffer.is_multiple_of(5) || self.buffer > 60 {
            return wrong(Field::Buffer);
        }
        if self.weekly_cap == Some(0) {
            return wrong(Field::Limit);
        }
        let span = i64::from(self.last.number()) - i64::from(self.first.number());
        let is_far = self.last > now.day().plus(FARTHEST_DAYS);
        if span < 0 || span > i64::from(MOST_DAYS) || is_far {
            return wrong(Field::Last);
        }
        let first = self.first.max(now.day());
        let starts: Vec<Time> = (first.number()..=self.last.number())
            .map(Day::from_number)
            .filter(|day| self.days.contains(&day.weekday()) && !day.is_holiday())
            .flat_map(|day| self.clocks().map(move |clock| day.at(clock)))
            .filter(|starts| *starts > now)
            .take(MOST_SLOTS + 1)
            .collect();
        match starts.len() {
            0 => Err(Refusal::PatternEmpty),
            many if many > MOST_SLOTS => Err(Refusal::PatternLarge { most: MOST_SLOTS }),
            _ => Ok(starts),
        }
    }

    /// Starts within one day.
    fn clocks(&self) -> impl Iterator<Item = Clock> + use<> {
        let interview = u16::try_from(INTERVIEW_MINUTES).unwrap_or(15);
        let last = self.to.minutes().saturating_sub(interview);
        (self.from.minutes()..=last)
            .step_by(usize::from(interview + self.buffer))
            .filter_map(Clock::from_minutes)
    }
}

impl OpenAvailability {
    /// The starts it yields and where they are.
    ///
    /// # Errors
    /// As [`Pattern::starts`] and [`Where::checked`].
    pub fn checked(&self, now: Time) -> Result<(Vec<Time>, Where), Refusal> {
        let starts = self.pattern.starts(now)?;
        Ok((starts, Where::checked(&self.place, &self.link, &self.note)?))
    }
}
