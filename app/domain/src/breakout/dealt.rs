//! Groups as people wish and read them: what those who plan an event ask for, and which rows that becomes.

use serde::{Deserialize, Serialize};

use crate::{
    event::Way,
    id::{EventId, MemberId},
    refusal::{Field, Refusal},
    text::Name,
    time::Time,
};

/// Pairs that one event may keep apart.
pub const MOST_APART: usize = 100;
/// People of one way to take part whom one wish may deal: beyond that the search would keep others waiting.
pub const MOST_DEALT: usize = 500;

/// Two people, the one with the smaller id first.
pub type Pair = (MemberId, MemberId);

/// Mutation `event.group.v1`: the people who come to an event are dealt into groups, or dealt anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupEvent {
    /// Which event.
    pub event: EventId,
    /// All pairs that are not to sit together, whether they come or not. Nobody says why.
    #[serde(default)]
    pub apart: Vec<Pair>,
}

impl GroupEvent {
    /// The pairs, each said once.
    ///
    /// # Errors
    /// More than [`MOST_APART`] pairs, or somebody to be kept apart from themselves.
    pub fn checked(&self) -> Result<Vec<Pair>, Refusal> {
        let ordered = |it: &Pair| (it.0.min(it.1), it.0.max(it.1));
        let mut apart: Vec<Pair> = self.apart.iter().map(ordered).collect();
        apart.sort_unstable();
        apart.dedup();
        if apart.len() > MOST_APART || apart.iter().any(|(one, other)| one == other) {
            let field = Field::Apart;
            return Err(Refusal::FieldWrong { field });
        }
        Ok(apart)
    }
}

/// The seed of an event's groups and cards: its own id, which every device knows.
#[must_use]
pub fn seed(event: EventId) -> u64 {
    u64::try_from(event.bits() & u128::from(u64::MAX)).unwrap_or(0)
}

/// Row `breakout`: somebody's own group at an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakout {
    /// Its number among the groups of its way, from one.
    pub number: u16,
    /// In person or online: those who do the one do not sit with those who do the other.
    pub way: Way,
    /// The others in it who let their name be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Name>,
    /// How many others there are beside these.
    #[serde(default)]
    pub unnamed: u16,
}

/// One group, for those who plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its number among the groups of its way, from one.
    pub number: u16,
    /// In person or online.
    pub way: Way,
    /// Who is in it and still comes; their names stand in the rows `guest`.
    pub members: Vec<MemberId>,
}

/// Row `event_breakouts`: the groups of an event, for those who plan it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventBreakouts {
    /// By way and number.
    pub groups: Vec<Group>,
    /// Pairs that are in one group and were to be kept apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<Pair>,
    /// Who was the only one of their school in their group when it was dealt, and need not have been.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alone: Vec<MemberId>,
    /// The pairs that were to be kept apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<Pair>,
    /// When they were dealt.
    pub at: Time,
}
