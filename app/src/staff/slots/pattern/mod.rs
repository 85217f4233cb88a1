//! What was typed into the form of a weekly rule, and what would come of it.

use domain::{
    booking::Pattern,
    refusal::{Field, Refusal},
    time::{Clock, Day, Time, Weekday},
};

/// The form as it stands: nothing in it need make sense yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Typed {
    /// Bit 0 is Monday.
    pub(super) days: u8,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) buffer: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) cap: String,
}

/// What a rule would open.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Consequence {
    pub(super) slots: usize,
    pub(super) days: usize,
    /// Public holidays that would otherwise have been among the days.
    pub(super) holidays: Vec<Day>,
    pub(super) weekly_cap: Option<u16>,
}

impl Typed {
    /// The weekdays that are ticked.
    pub(super) fn weekdays(&self) -> Vec<Weekday> {
        Weekday::ALL
            .into_iter()
            .filter(|it| self.days & (1 << *it as u8) != 0)
            .collect()
    }

    /// The rule it says.
    pub(super) fn pattern(&self) -> Result<Pattern, Refusal> {
        let wrong = |field| Refusal::FieldWrong { field };
        let clock = |text: &str| text.parse::<Clock>().map_err(|_| wrong(Field::From));
        let day = |text: &str, field| text.parse::<Day>().map_err(|_| wrong(field));
        let weekly_cap = match self.cap.trim() {
            "" => None,
            cap => Some(cap.parse().map_err(|_| wrong(Field::Limit))?),
        };
        Ok(Pattern {
            days: self.weekdays(),
            from: clock(&self.from)?,
            to: clock(&self.to)?,
            buffer: self.buffer.parse().map_err(|_| wrong(Field::Buffer))?,
            first: day(&self.first, Field::First)?,
            last: day(&self.last, Field::Last)?,
            weekly_cap,
        })
    }

    /// What would come of it.
    pub(super) fn consequence(&self, now: Time) -> Result<Consequence, Refusal> {
        let pattern = self.pattern()?;
        let starts = pattern.starts(now)?;
        let mut days: Vec<_> = starts.iter().map(|it| it.day()).collect();
        days.dedup();
        let first = pattern.first.max(now.day());
        let holidays = (first.number()..=pattern.last.number())
            .map(Day::from_number)
            .filter(|it| it.is_holiday() && pattern.days.contains(&it.weekday()))
            .collect();
        Ok(Consequence {
            slots: starts.len(),
            days: days.len(),
            holidays,
            weekly_cap: pattern.weekly_cap,
        })
    }
}

#[cfg(test)]
mod tests;
