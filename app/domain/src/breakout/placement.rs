//! What a re-run changed: who stayed where they were, and who has to be told.

use crate::id::MemberId;

/// The people of two groupings who are in both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placements {
    /// Those whose group goes on around them.
    pub kept: Vec<MemberId>,
    /// Those who find themselves in another.
    pub moved: Vec<MemberId>,
}

/// Compares two groupings, person by person, in the order of `before`.
#[must_use]
pub fn placements(before: &[Vec<MemberId>], after: &[Vec<MemberId>]) -> Placements {
    let mut placements = Placements::default();
    for (old, next) in before.iter().zip(continued(before, after)) {
        for member in old {
            match after.iter().position(|it| it.contains(member)) {
                Some(now) if Some(now) == next => placements.kept.push(*member),
                Some(_) => placements.moved.push(*member),
                None => {}
            }
        }
    }
    placements
}

/// For each group of `before`, the number of the group in `after` that continues it.
///
/// That is the one with the most people of it; where two are equal, the one of the same number. A group continues one
/// other at most, so of two that were joined the smaller part has ended.
#[must_use]
pub fn continued(before: &[Vec<MemberId>], after: &[Vec<MemberId>]) -> Vec<Option<usize>> {
    let mut overlaps = Vec::new();
    for (old, members) in before.iter().enumerate() {
        for (new, now) in after.iter().enumerate() {
            let n_shared = members.iter().filter(|it| now.contains(it)).count();
            if n_shared > 0 {
                overlaps.push((n_shared, old, new));
            }
        }
    }
    overlaps.sort_by_key(|(n_shared, old, new)| (usize::MAX - n_shared, old != new, *old, *new));
    let mut continued = vec![None; before.len()];
    for (_, old, new) in overlaps {
        if continued[old].is_none() && !continued.contains(&Some(new)) {
            continued[old] = Some(new);
        }
    }
    continued
}
