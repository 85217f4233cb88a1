//! Icebreaker cards: which questions a group gets. The questions themselves are words, and stand with the screens.

use super::dice::Dice;

/// Cards for each group.
pub const CARDS_EACH: usize = 3;

/// The cards of group number `group`, as places in a list of `n_cards`.
///
/// A phone finds them without a connection. Groups next to each other get different ones while the list lasts.
#[must_use]
pub fn cards(seed: u64, group: usize, n_cards: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n_cards).collect();
    Dice::new(seed).shuffle(&mut order);
    order
        .iter()
        .copied()
        .cycle()
        .skip(group.wrapping_mul(CARDS_EACH) % n_cards.max(1))
        .take(CARDS_EACH.min(n_cards))
        .collect()
}
