//! 少人数グループ: the people of an event in groups of three to five.
//!
//! What a grouping is judged by, the gravest first; the weights stand in `cost`:
//! 1. Two who are to be kept apart never sit together.
//! 2. Nobody is alone from their school, unless they said that they do not mind.
//! 3. A re-run leaves people where they were.
//! 4. No group is all of one school.
//! 5. Groups are as even as can be, and as near to four as can be.
//! 6. No more than two come from one school, departments mix, people meet somebody new.
//!
//! Schools are to be spread, and nobody is to be alone from theirs: both hold when a school comes in twos. A third is
//! welcome where the number is odd, a fourth costs much more. Company goes before mixing, because a person who came
//! shyly remembers that. Where numbers leave no third way (three schools of three) each school sits by itself, until
//! somebody says that they do not mind. The only one of a school in the event is not counted as alone, nor is somebody
//! whose schoolmates are all to be kept apart from them: no grouping could help.
//!
//! Sizes never bend: up to five people are one group, however few; from six on every group has three to five. What
//! cannot be had beside that is not refused, because the event takes place: [`Breakouts`] says who is left together or
//! alone, and a person at the company decides.
//!
//! The number of a group is its place in the list. Where there was a grouping `before`, number two goes on as number
//! two; when there are too few people for as many groups, the last ones end, and new ones come last.
//!
//! The search is a search: it finds the best for a handful of people and a good one for hundreds. It counts in whole
//! numbers, so a seed means the same grouping on a phone and on a server, in whatever order the people are given.
//!
//! ```
//! use domain::{breakout::{Gathering, Person, group}, id::MemberId};
//!
//! let people: Vec<_> = (0..8).map(|it| Person { id: MemberId::random(it), ..Person::default() }).collect();
//! let breakouts = group(&Gathering { people: &people, seed: 7, ..Gathering::default() });
//! assert_eq!(breakouts.groups.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4]);
//! ```

mod card;
mod cost;
mod dealt;
mod dice;
mod placement;
mod search;

pub use card::{CARDS_EACH, cards};
pub use dealt::{Breakout, EventBreakouts, Group, GroupEvent, MOST_APART, MOST_DEALT, Pair, seed};
pub use placement::{Placements, continued, placements};

use crate::id::MemberId;

use cost::Table;

/// Somebody who comes to the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person<'a> {
    /// Who.
    pub id: MemberId,
    /// Their school, where it is known; compared as it is written.
    pub school: Option<&'a str>,
    /// The department they will join, where it is known; compared as it is written.
    pub department: Option<&'a str>,
    /// They said that they do not mind being the only one of their school in a group.
    pub is_fine_alone: bool,
}

impl Default for Person<'_> {
    /// Somebody of whom nothing is known.
    fn default() -> Self {
        Self {
            id: MemberId::random(0),
            school: None,
            department: None,
            is_fine_alone: false,
        }
    }
}

/// Who comes, and what is known of them. Pairs and earlier groups may name people who do not come (any more).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gathering<'a> {
    /// Everybody, in any order; an id given twice counts once.
    pub people: &'a [Person<'a>],
    /// Pairs never to sit together.
    pub apart: &'a [(MemberId, MemberId)],
    /// Pairs who have sat together at an earlier event.
    pub met: &'a [(MemberId, MemberId)],
    /// The grouping that this one replaces; none the first time.
    pub before: &'a [Vec<MemberId>],
    /// Which of the equally good groupings.
    pub seed: u64,
}

/// A grouping, and what it could not do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Breakouts {
    /// The groups by number; within a group people stand in the order of their ids.
    pub groups: Vec<Vec<MemberId>>,
    /// Pairs that were to be kept apart and are not. Nothing is shown to anybody before a person has looked at these.
    pub together: Vec<(MemberId, MemberId)>,
    /// People who are alone from their school and did not choose it.
    pub alone: Vec<MemberId>,
}

/// Deals the people of an event into groups.
///
/// Two hundred people take a few hundredths of a second.
#[must_use]
pub fn group(gathering: &Gathering<'_>) -> Breakouts {
    let table = Table::new(gathering);
    let mut best = None;
    for count in counts(table.people.len(), gathering.before.len()) {
        let groups = search::deal(&table, count, gathering.seed);
        let cost = table.cost(&groups);
        let breakouts = table.breakouts(&groups);
        let is_clean = breakouts.together.is_empty() && breakouts.alone.is_empty();
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, breakouts));
        }
        if is_clean {
            break;
        }
    }
    best.map(|(_, it)| it).unwrap_or_default()
}

/// Into how many groups, the most wanted number first: as many as before, else as near to four people each as can be.
///
/// The others are tried only while somebody is together or alone who should not be. With more groups it is easier to
/// keep people apart, with fewer to give them company.
fn counts(n_people: usize, n_before: usize) -> Vec<usize> {
    if n_people == 0 {
        return Vec::new();
    }
    let least = n_people.div_ceil(5);
    let most = (n_people / 3).max(1);
    let wanted = match n_before {
        0 => (n_people + 2) / 4,
        before => before,
    }
    .clamp(least, most);
    let mut counts = Vec::new();
    for count in [wanted, wanted + 1, wanted - 1, most, least] {
        if (least..=most).contains(&count) && !counts.contains(&count) {
            counts.push(count);
        }
    }
    counts
}

#[cfg(test)]
mod tests;
