//! The people whom an event is about.

mod queries;

pub(super) use queries::{hosts, invited, names, persons};

use domain::{event::Invited, id::MemberId, member::Language, text::Name, time::Day};

/// The first and the day after the last joining day of a business year, which begins in April.
fn business_year(year: i32) -> (i64, i64) {
    let first = |year| Day::from_date(year, 4, 1).map_or(i32::MAX, Day::number);
    (first(year).into(), first(year + 1).into())
}

/// Somebody who replies.
#[derive(Debug, Clone)]
pub(in crate::event) struct Person {
    pub(in crate::event) name: Name,
    pub(in crate::event) language: Language,
    joining: Option<Day>,
    is_holder: bool,
}

impl Person {
    /// Is this event for them?
    pub(in crate::event) fn is_invited(&self, id: MemberId, invited: &Invited) -> bool {
        self.is_holder
            && match invited {
                Invited::Everyone => true,
                Invited::Chosen(people) => people.contains(&id),
                Invited::Cohort(year) => {
                    let (from, until) = business_year(*year);
                    self.joining
                        .is_some_and(|it| (from..until).contains(&i64::from(it.number())))
                }
            }
    }
}
