//! What a grouping costs. Each weight outweighs what stands below it wherever few people are concerned.

use super::{Breakouts, Gathering, Person};
use crate::id::MemberId;

/// Two sit together who are to be kept apart.
pub(super) const APART: u64 = 10_000_000;
/// Somebody is alone from their school and minds.
pub(super) const ALONE: u64 = 10_000;
/// Somebody has to leave the group they were in. Two may move so that a third has company, three may not.
pub(super) const MOVED: u64 = 4_000;
/// A whole group is of one school.
pub(super) const OWN_SCHOOL: u64 = 1_500;
/// A group is one person off four; two off count four times.
pub(super) const UNEVEN: u64 = 500;
/// A third person of one school; a fourth counts four times, a fifth nine times.
pub(super) const CROWD: u64 = 6;
/// Two have met before.
pub(super) const MET: u64 = 3;
/// Two will join the same department.
pub(super) const DEPARTMENT: u64 = 2;

/// The gathering as the search needs it: people are numbers, in the order of their ids.
pub(super) struct Table<'a> {
    pub(super) people: Vec<&'a Person<'a>>,
    /// What it costs that two sit together, row by row.
    pairs: Vec<u64>,
    /// The first person of the same school.
    pub(super) schools: Vec<Option<usize>>,
    /// Who minds being alone, and need not be.
    minds: Vec<bool>,
    /// The number of their group before.
    pub(super) homes: Vec<Option<usize>>,
}

impl<'a> Table<'a> {
    pub(super) fn new(gathering: &Gathering<'a>) -> Self {
        let mut people: Vec<_> = gathering.people.iter().collect();
        people.sort_by_key(|it| it.id);
        people.dedup_by_key(|it| it.id);
        let n = people.len();
        let place = |id: &MemberId| people.binary_search_by_key(id, |it| it.id).ok();

        let mut pairs = vec![0; n * n];
        let mut add = |one: usize, other: usize, cost: u64| {
            pairs[one * n + other] += cost;
            pairs[other * n + one] += cost;
        };
        for (one, person) in people.iter().enumerate() {
            for (other, earlier) in people[..one].iter().enumerate() {
                if person.department.is_some() && person.department == earlier.department {
                    add(one, other, DEPARTMENT);
                }
            }
        }
        for (listed, cost) in [(gathering.met, MET), (gathering.apart, APART)] {
            // A pair said twice, or the other way round, is one pair.
            let mut known: Vec<_> = listed
                .iter()
                .filter_map(|(one, other)| Some((place(one)?, place(other)?)))
                .map(|(one, other)| (one.min(other), one.max(other)))
                .filter(|(one, other)| one != other)
                .collect();
            known.sort_unstable();
            known.dedup();
            for (one, other) in known {
                add(one, other, cost);
            }
        }

        let schools: Vec<_> = people
            .iter()
            .map(|it| {
                it.school?;
                people.iter().position(|other| other.school == it.school)
            })
            .collect();
        let minds = (0..n)
            .map(|one| {
                let is_company = |other: usize| {
                    other != one && schools[other] == schools[one] && pairs[one * n + other] < APART
                };
                !people[one].is_fine_alone && schools[one].is_some() && (0..n).any(is_company)
            })
            .collect();
        let homes = people
            .iter()
            .map(|it| gathering.before.iter().position(|old| old.contains(&it.id)))
            .collect();
        Self {
            people,
            pairs,
            schools,
            minds,
            homes,
        }
    }

    /// What a grouping costs.
    pub(super) fn cost(&self, groups: &[Vec<usize>]) -> u64 {
        let costs = groups.iter().enumerate();
        costs.map(|(number, it)| self.group_cost(number, it)).sum()
    }

    /// What group number `number` costs.
    pub(super) fn group_cost(&self, number: usize, members: &[usize]) -> u64 {
        let is_moved = |it: &&usize| self.homes[**it].is_some_and(|home| home != number);
        let n_moved = members.iter().filter(is_moved).count() as u64;
        let costs = self.hand(members).costs(members.len());
        costs.last().unwrap_or(&0) + MOVED * n_moved
    }

    /// The grouping in ids, and what is wrong with it.
    pub(super) fn breakouts(&self, groups: &[Vec<usize>]) -> Breakouts {
        let id = |at: &usize| self.people[*at].id;
        let mut breakouts = Breakouts::default();
        for members in groups {
            let mut members = members.clone();
            members.sort_unstable();
            for (at, one) in members.iter().enumerate() {
                for other in &members[at + 1..] {
                    if self.pair(*one, *other) >= APART {
                        breakouts.together.push((id(one), id(other)));
                    }
                }
                let n_school = members
                    .iter()
                    .filter(|it| self.schools[**it] == self.schools[*one])
                    .count();
                if self.minds[*one] && n_school == 1 {
                    breakouts.alone.push(id(one));
                }
            }
            breakouts.groups.push(members.iter().map(id).collect());
        }
        breakouts
    }

    /// Looks at some people more closely.
    pub(super) fn hand(&self, members: &[usize]) -> Hand {
        let mut hand = Hand {
            pairs: [[0; MOST]; MOST],
            schools: Vec::new(),
            minds: 0,
            alone: 0,
        };
        for (at, one) in members.iter().enumerate() {
            for (other_at, other) in members.iter().enumerate() {
                hand.pairs[at][other_at] = self.pair(*one, *other);
            }
            if self.minds[*one] {
                hand.minds |= 1 << at;
            }
            let is_mate = |it: &usize| {
                self.schools[*one].is_some() && self.schools[*it] == self.schools[*one]
            };
            let mates = bits(members, is_mate);
            if mates.count_ones() == 1 {
                hand.alone |= mates;
            } else if mates != 0 && !hand.schools.contains(&mates) {
                hand.schools.push(mates);
            }
        }
        hand.alone &= hand.minds;
        hand
    }

    fn pair(&self, one: usize, other: usize) -> u64 {
        self.pairs[one * self.people.len() + other]
    }
}

/// The people of two groups at most.
pub(super) const MOST: usize = 10;

/// A few people, each a bit, so that every group among them is a number.
pub(super) struct Hand {
    pairs: [[u64; MOST]; MOST],
    /// Who comes from the same school, two at least, school by school.
    schools: Vec<u16>,
    minds: u16,
    /// Who minds, and has no schoolmate among these.
    alone: u16,
}

impl Hand {
    /// What each group among the first `n` would cost, by its bits.
    ///
    /// Pairs are counted by what is known of smaller groups: without the one, and without the other, and what the two
    /// are to each other; those without both were then counted twice. The search does little else, and this is quick.
    pub(super) fn costs(&self, n: usize) -> Vec<u64> {
        let mut pairs = vec![0; 1 << n];
        for group in 1..pairs.len() {
            let without_one = group & (group - 1);
            if without_one != 0 {
                let (one, other) = (group.trailing_zeros(), without_one.trailing_zeros());
                let without_other = group & !(1 << other);
                let without_both = without_one & without_other;
                pairs[group] = pairs[without_one]
                    + pairs[without_other]
                    + self.pairs[one as usize][other as usize]
                    - pairs[without_both];
            }
        }
        let groups = (0_u16..).zip(pairs);
        groups
            .map(|(group, pairs)| pairs + self.beside_pairs(group))
            .collect()
    }

    /// What a group costs for its size and its schools.
    fn beside_pairs(&self, group: u16) -> u64 {
        let size = group.count_ones();
        let n_alone = (group & self.alone).count_ones();
        let mut cost = UNEVEN * square(size.abs_diff(4)) + ALONE * u64::from(n_alone);
        for school in &self.schools {
            let mates = group & school;
            match mates.count_ones() {
                0 => {}
                1 if mates & self.minds != 0 => cost += ALONE,
                1 => {}
                all if all == size => cost += OWN_SCHOOL + CROWD * square(all - 2),
                some => cost += CROWD * square(some - 2),
            }
        }
        cost
    }
}

/// The bits of those members of whom something is true.
pub(super) fn bits(members: &[usize], is_so: impl Fn(&usize) -> bool) -> u16 {
    let mut bits = 0;
    for (at, member) in members.iter().enumerate() {
        bits |= u16::from(is_so(member)) << at;
    }
    bits
}

fn square(n: u32) -> u64 {
    u64::from(n * n)
}
