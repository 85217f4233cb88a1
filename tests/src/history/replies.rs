//! What must hold of answers to events: at no moment more people than places, nobody in line beside a free place, and
//! everybody where they put themselves last.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Deed, End, Replied, check::Wish};

/// Such an answer holds a place: it is taken, or kept for somebody who was asked whether they want it.
fn has_place(state: &str) -> bool {
    matches!(state, "going" | "offered")
}

/// May this have come of an answer? Who says yes gets a place or waits for one, and who waits is offered one.
pub(super) fn fits(answer: &str, state: &str) -> bool {
    match answer {
        "going" => matches!(state, "going" | "waiting" | "offered"),
        other => state == other,
    }
}

/// What anybody was told.
#[derive(Default)]
pub(super) struct Replies<'a> {
    /// By device and event, what it was told last.
    told: HashMap<(&'a str, &'a str), &'a Replied>,
    /// By event, in the order of all changes: who, and what.
    changes: BTreeMap<(&'a str, i64), (&'a str, &'a str)>,
}

impl<'a> Replies<'a> {
    /// A device reads its owner's answers. What it reads never goes back, and no two people are at one place in the order.
    pub(super) fn saw(
        &mut self,
        member: &'a str,
        device: &'a str,
        replies: &'a [Replied],
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        for it in replies {
            let told = self.told.insert((device, &it.event), it);
            if told.is_some_and(|told| told.seq > it.seq) {
                wrong.push(format!("{device}: {} went back to {}", it.event, it.seq));
            }
            let change = (member, it.state.as_str());
            let other = self.changes.insert((&it.event, it.seq), change);
            if other.is_some_and(|other| other != change) {
                wrong.push(format!("{} is two things at {}", it.event, it.seq));
            }
        }
        wrong
    }

    /// What came of the answer to an event, as a device was told last.
    pub(super) fn of(&self, device: &'a str, event: &'a str) -> Option<&'a str> {
        self.told.get(&(device, event)).map(|it| it.state.as_str())
    }

    /// At no moment has an event more people than places. Nobody loses a place but by an answer of their own, which they are
    /// told of before they wish anything else: so from one change to the next that a person is told of, nothing is missing
    /// that would free a place.
    pub(super) fn outnumber(&self, end: &End) -> Vec<String> {
        let places: HashMap<&str, usize> = end.places.iter().map(|it| (&*it.0, it.1)).collect();
        let mut held: HashMap<&str, HashSet<&str>> = HashMap::new();
        let mut wrong = Vec::new();
        for ((event, seq), (member, state)) in &self.changes {
            let held = held.entry(event).or_default();
            if !has_place(state) {
                held.remove(member);
                continue;
            }
            held.insert(member);
            let most = places.get(event).copied().unwrap_or(0);
            if held.len() > most {
                let count = held.len();
                wrong.push(format!(
                    "{event} has {count} people at {most} places at {seq}"
                ));
            }
        }
        wrong
    }
}

impl End {
    /// What became of somebody's answer.
    pub(super) fn state(&self, event: &str, member: &str) -> Option<&str> {
        let mut replies = self.replies.iter();
        replies
            .find(|it| it.0 == event && it.1 == member)
            .map(|it| it.2.as_str())
    }

    /// Not more people than places, nobody in line while one is free, everybody where they put themselves last.
    pub(super) fn replies<'w>(&self, wishes: impl Iterator<Item = &'w Wish<'w>>) -> Vec<String> {
        let wishes: Vec<&Wish<'_>> = wishes.collect();
        let mut wrong = Vec::new();
        for (event, most) in &self.places {
            let of_event = || self.replies.iter().filter(|it| it.0 == *event);
            let held = of_event().filter(|it| has_place(&it.2)).count();
            if held > *most {
                wrong.push(format!("{event} ends with {held} people at {most} places"));
            }
            let waiting = of_event().filter(|it| it.2 == "waiting").count();
            if held < *most && waiting > 0 {
                wrong.push(format!(
                    "{waiting} wait for {event}, which has a free place"
                ));
            }
        }
        for (event, member, state) in &self.replies {
            let mut mine: Vec<(u64, Option<bool>, &str)> = wishes
                .iter()
                .filter(|it| it.member == member)
                .filter_map(|it| match it.deed {
                    Deed::Reply { event: to, answer } if to == event => {
                        Some((it.invoked, it.answered.map(|it| it.1), answer.as_str()))
                    }
                    _ => None,
                })
                .collect();
            mine.sort_unstable();
            // One device, one wish at a time: what follows the last acknowledged one is at most one that is still on its way.
            let known = mine.iter().rposition(|it| it.1 == Some(true));
            let mut may = mine[known.unwrap_or(0)..].iter();
            if !may.any(|it| it.1 != Some(false) && fits(it.2, state)) {
                wrong.push(format!(
                    "{member} did not put themselves last as {state} to {event}"
                ));
            }
        }
        wrong
    }
}
