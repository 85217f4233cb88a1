//! Moments and days. A day is a Tokyo day.
//!
//! Japan has kept UTC+9 without summer time since 1951, so a constant offset is exact for every day this product
//! meets, and the crate needs no time-zone database. Nothing here asks what time it is: `now` is an argument.

mod holiday;

use std::{fmt, ops::Add, str::FromStr};

use serde::{Deserialize, Serialize};

/// Milliseconds in a minute.
pub const MINUTE: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in a day.
pub const DAY: i64 = 24 * HOUR;
const TOKYO: i64 = 9 * HOUR;

/// A moment: milliseconds since 1970-01-01 00:00 UTC. What is stored and sent.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(i64);

impl Time {
    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The Tokyo day this moment falls on.
    #[must_use]
    pub fn day(self) -> Day {
        Day(i32::try_from(self.0.saturating_add(TOKYO).div_euclid(DAY)).unwrap_or(i32::MAX))
    }

    /// The time of the Tokyo day, in whole minutes.
    #[must_use]
    pub fn clock(self) -> Clock {
        let minutes = self.0.saturating_add(TOKYO).rem_euclid(DAY) / MINUTE;
        Clock(u16::try_from(minutes).unwrap_or(0))
    }

    /// This moment, `millis` later (or earlier), never wrapping around.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` until this moment.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<i64> for Time {
    type Output = Self;
    fn add(self, millis: i64) -> Self {
        self.plus(millis)
    }
}

/// A day in Tokyo, counted from 1970-01-01. Text form: `2026-11-25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(i32);

/// Days as people name them, Monday first as in ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// All seven, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];
}

impl Day {
    /// From days since 1970-01-01.
    #[must_use]
    pub const fn from_number(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day of a calendar date, if there is such a date between the years 1900 and 2199.
    #[must_use]
    pub fn from_date(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1900..2200).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let it = Self::unchecked(year, month, day);
        (it.date() == (year, month, day)).then_some(it)
    }

    /// Days-from-civil of Howard Hinnant's public-domain "chrono-compatible low-level date algorithms".
    fn unchecked(year: i32, month: u32, day: u32) -> Self {
        let (month, day) = (
            i32::try_from(month).unwrap_or(1),
            i32::try_from(day).unwrap_or(1),
        );
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// Year, month (1–12) and day (1–31).
    #[must_use]
    pub fn date(self) -> (i32, u32, u32) {
        let days = self.0.saturating_add(719_468);
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (
            year,
            u32::try_from(month).unwrap_or(1),
            u32::try_from(day).unwrap_or(1),
        )
    }

    /// Which day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::ALL[usize::try_from((self.0 + 3).rem_euclid(7)).unwrap_or(0)]
    }

    /// The Monday of this day's week.
    #[must_use]
    pub fn monday(self) -> Self {
        Self(self.0 - (self.0 + 3).rem_euclid(7))
    }

    /// The moment this day shows `clock` in Tokyo.
    #[must_use]
    pub fn at(self, clock: Clock) -> Time {
        Time(i64::from(self.0) * DAY - TOKYO + i64::from(clock.0) * MINUTE)
    }

    /// The first moment of the day.
    #[must_use]
    pub fn start(self) -> Time {
        self.at(Clock(0))
    }

    /// `days` later, or earlier.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// A Japanese public holiday, substitute and citizens' holidays included.
    #[must_use]
    pub fn is_holiday(self) -> bool {
        holiday::is_holiday(self)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// The text was not a date or a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATime;

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date such as 2026-11-25 or a time such as 14:00")
    }
}

impl std::error::Error for NotATime {}

impl FromStr for Day {
    type Err = NotATime;
    /// Reads `2026-11-25`, `2026/11/25`, `2026/1/5`: what people and spreadsheets write.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let mut parts = text.trim().split(['-', '/']).map(str::parse::<u32>);
        let mut next = || parts.next().ok_or(NotATime)?.map_err(|_| NotATime);
        let (year, month, day) = (next()?, next()?, next()?);
        if parts.next().is_some() {
            return Err(NotATime);
        }
        Self::from_date(i32::try_from(year).map_err(|_| NotATime)?, month, day).ok_or(NotATime)
    }
}

/// A time of day: minutes since midnight. Text form: `14:05`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clock(u16);

impl Clock {
    /// `hour`:`minute`; 24:00 is the end of the day.
    #[must_use]
    pub fn new(hour: u16, minute: u16) -> Option<Self> {
        (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(Self(hour * 60 + minute))
    }

    /// Minutes since midnight.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// From minutes since midnight, at most 24:00.
    #[must_use]
    pub fn from_minutes(minutes: u16) -> Option<Self> {
        (minutes <= 24 * 60).then_some(Self(minutes))
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for Clock {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (hour, minute) = text.trim().split_once(':').ok_or(NotATime)?;
        let hour: u16 = hour.parse().map_err(|_| NotATime)?;
        if hour > 24 {
            return Err(NotATime);
        }
        Self::new(hour, minute.parse().map_err(|_| NotATime)?).ok_or(NotATime)
    }
}

/// The first moment at or after `wanted` at which the company may write: not between 21:00 and 8:00 in Tokyo.
#[must_use]
pub fn kind_hour(wanted: Time) -> Time {
    let clock = wanted.clock().minutes();
    if clock >= 21 * 60 {
        return wanted.day().plus(1).at(Clock(8 * 60));
    }
    if clock < 8 * 60 {
        return wanted.day().at(Clock(8 * 60));
    }
    wanted
}

#[cfg(test)]
mod tests;
