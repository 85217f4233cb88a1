//! How many people read a course, as far as a company may know it: never of fewer than five, and never so that something
//! smaller can be found by taking one number from another.

use serde::{Deserialize, Serialize};

/// The smallest number of people that is told.
pub const FEWEST: u32 = 5;

/// What the company reads. Every number is rounded down to a multiple of [`FEWEST`], so whatever is added or taken away
/// between numbers, of one week or of several, is one of those multiples again: nobody stands alone in a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// People who have finished at least one lesson; nothing where that, or its opposite, would be about too few.
    pub begun: Option<u32>,
    /// People who have finished all of them; likewise.
    pub completed: Option<u32>,
}

/// Of `people`, so many have begun, so many of these have finished all of it.
#[must_use]
pub fn tally(people: u32, begun: u32, completed: u32) -> Tally {
    let begun = begun.min(people);
    let completed = completed.min(begun);
    let [none, partly] = [people - begun, begun - completed];
    let are_enough = |cells: &[u32]| cells.iter().all(|it| *it >= FEWEST);
    let told = |number: u32| Some(number / FEWEST * FEWEST);
    if are_enough(&[none, partly, completed]) {
        return Tally {
            begun: told(begun),
            completed: told(completed),
        };
    }
    // Two neighbours become one before anything is about too few.
    Tally {
        begun: told(begun).filter(|_| are_enough(&[none, begun])),
        completed: told(completed)
            .filter(|_| !are_enough(&[none, begun]) && are_enough(&[none + partly, completed])),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{FEWEST, Tally, tally};

    #[test]
    fn a_handful_is_nobody() {
        let nothing = Tally {
            begun: None,
            completed: None,
        };
        assert_eq!(tally(4, 4, 4), nothing);
        assert_eq!(tally(20, 4, 0), nothing);
        // That everybody read it would say it of each.
        assert_eq!(tally(20, 20, 18), nothing);
        assert_eq!(
            tally(20, 8, 3),
            Tally {
                begun: Some(5),
                completed: None
            }
        );
        assert_eq!(
            tally(20, 17, 12),
            Tally {
                begun: None,
                completed: Some(10)
            }
        );
        assert_eq!(
            tally(40, 27, 12),
            Tally {
                begun: Some(25),
                completed: Some(10)
            }
        );
    }

    fn numbers(it: Tally) -> impl Iterator<Item = u32> {
        it.begun.into_iter().chain(it.completed)
    }

    proptest! {
        /// Whoever holds this week's table and last week's, and takes any number from any other, finds nobody.
        #[test]
        fn no_difference_is_about_a_few(
            people in 0..200_u32,
            weeks in proptest::collection::vec((0..200_u32, 0..200_u32), 1..6),
        ) {
            let told: Vec<u32> = weeks
                .iter()
                .flat_map(|(begun, completed)| numbers(tally(people, *begun, *completed)))
                .collect();
            for one in &told {
                prop_assert!(*one >= FEWEST);
                for two in &told {
                    let between = one.abs_diff(*two);
                    prop_assert!(between == 0 || between >= FEWEST);
                }
            }
        }

        /// What is told is true, and so is what follows from it for the others.
        #[test]
        fn both_sides_of_a_number_are_enough(people in 0..60_u32, begun in 0..60_u32, completed in 0..60_u32) {
            let begun = begun.min(people);
            let completed = completed.min(begun);
            let it = tally(people, begun, completed);
            for (told, is) in [(it.begun, begun), (it.completed, completed)] {
                if let Some(told) = told {
                    prop_assert!(told <= is && is < told + FEWEST);
                    prop_assert!(people - is >= FEWEST);
                }
            }
            if let (Some(_), Some(_)) = (it.begun, it.completed) {
                prop_assert!(begun - completed >= FEWEST);
            }
        }
    }
}
