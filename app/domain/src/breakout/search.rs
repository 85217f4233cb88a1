//! The search for a good grouping: people are dealt by chance, then two groups at a time are dealt anew in the best way
//! there is, until no two groups can do better.
//!
//! Two groups are ten people at most, so every way can be looked at. Trading people one by one would not do: a pair from
//! one school moves together or not at all.

use super::{
    cost::{MOVED, Table, UNEVEN, bits},
    dice::Dice,
};

/// Sizes of a group, wherever there is more than one.
const SIZES: std::ops::RangeInclusive<u32> = 3..=5;

/// How many people are dealt in one search, all first deals taken together.
const DEALT: usize = 480;

/// Deals everybody into `count` groups.
pub(super) fn deal(table: &Table<'_>, count: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut dice = Dice::new(seed);
    // Another first deal may end better. Few people are quickly dealt; many get three chances all the same.
    let n_rounds = (DEALT / table.people.len().max(1)).clamp(3, 12);
    let mut best = (u64::MAX, Vec::new());
    for _ in 0..n_rounds {
        let mut groups = first(table, count, &mut dice);
        improve(table, &mut groups, &mut dice);
        let cost = table.cost(&groups);
        if cost < best.0 {
            best = (cost, groups);
        }
    }
    best.1
}

/// Everybody where they were before; the others by chance, beside a schoolmate or into the smallest group.
fn first(table: &Table<'_>, count: usize, dice: &mut Dice) -> Vec<Vec<usize>> {
    let mut groups = vec![Vec::new(); count];
    let mut waiting = Vec::new();
    for (person, home) in table.homes.iter().enumerate() {
        match home.and_then(|it| groups.get_mut(it)) {
            Some(group) if group.len() < 5 => group.push(person),
            _ => waiting.push(person),
        }
    }
    dice.shuffle(&mut waiting);
    let room = table.people.len().div_ceil(count);
    // Where somebody sits without a schoolmate, by school.
    let mut single = vec![None; table.people.len()];
    for person in waiting {
        let school = table.schools[person];
        let mate = school
            .and_then(|it| single[it])
            .filter(|it: &usize| groups[*it].len() < room);
        let smallest = (0..count).min_by_key(|it| groups[*it].len());
        let Some(number) = mate.or(smallest) else {
            break;
        };
        groups[number].push(person);
        if let Some(school) = school {
            single[school] = mate.is_none().then_some(number);
        }
    }
    // There are three people for every group, so while one is too small another can give, or there is only one.
    while let Some(small) = groups.iter().position(|it| it.len() < 3)
        && let Some(large) = (0..count)
            .filter(|it| groups[*it].len() > 3)
            .max_by_key(|it| groups[*it].len())
        && let Some(person) = groups[large].pop()
    {
        groups[small].push(person);
    }
    groups
}

/// Deals pairs of groups anew until no pair can do better.
fn improve(table: &Table<'_>, groups: &mut [Vec<usize>], dice: &mut Dice) {
    let mut pairs: Vec<_> = (0..groups.len())
        .flat_map(|other| (0..other).map(move |one| (one, other)))
        .collect();
    dice.shuffle(&mut pairs);
    let mut costs: Vec<_> = (0..groups.len())
        .map(|it| table.group_cost(it, &groups[it]))
        .collect();
    // Two groups that did not change since they were looked at need no second look.
    let mut changed = vec![true; groups.len()];
    while changed.contains(&true) {
        let lately = std::mem::replace(&mut changed, vec![false; groups.len()]);
        for &(one, other) in &pairs {
            let is_new = [one, other].iter().any(|it| lately[*it] || changed[*it]);
            let is_at_best =
                costs[one] + costs[other] == least(groups[one].len() + groups[other].len());
            if is_new && !is_at_best && deal_anew(table, groups, one, other) {
                for it in [one, other] {
                    changed[it] = true;
                    costs[it] = table.group_cost(it, &groups[it]);
                }
            }
        }
    }
}

/// What two groups of so many people cost at least: for their sizes, as even as can be.
fn least(n_people: usize) -> u64 {
    let (small, large) = (n_people / 2, n_people.div_ceil(2));
    UNEVEN
        * [small, large]
            .map(|it| it.abs_diff(4).pow(2) as u64)
            .iter()
            .sum::<u64>()
}

/// Deals the people of two groups in the best way there is. Says whether that changed anything.
fn deal_anew(table: &Table<'_>, groups: &mut [Vec<usize>], one: usize, other: usize) -> bool {
    let mut people = [groups[one].as_slice(), &groups[other]].concat();
    people.sort_unstable();
    let everybody = (1_u16 << people.len()) - 1;
    let costs = table.hand(&people).costs(people.len());
    let from_one = bits(&people, |it| table.homes[*it] == Some(one));
    let from_other = bits(&people, |it| table.homes[*it] == Some(other));

    let fits = |group: u16| {
        SIZES.contains(&group.count_ones()) && SIZES.contains(&(everybody ^ group).count_ones())
    };
    let together = |group: u16| costs[usize::from(group)] + costs[usize::from(everybody ^ group)];
    let moved = |group: u16| {
        let rest = everybody ^ group;
        MOVED * u64::from((group & from_other).count_ones() + (rest & from_one).count_ones())
    };

    let now = bits(&people, |it| groups[one].contains(it));
    let (mut best, mut least) = (now, together(now) + moved(now));
    for group in 0..=everybody {
        // The cheap question first: nearly all end here.
        if together(group) < least && fits(group) && together(group) + moved(group) < least {
            (best, least) = (group, together(group) + moved(group));
        }
    }
    if best == now {
        return false;
    }
    let (here, there) = people
        .iter()
        .enumerate()
        .partition::<Vec<_>, _>(|(at, _)| best & (1 << at) != 0);
    groups[one] = here.into_iter().map(|(_, it)| *it).collect();
    groups[other] = there.into_iter().map(|(_, it)| *it).collect();
    true
}
