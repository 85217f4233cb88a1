//! What must hold of the database when the history is over.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Deed, End, Kept,
    check::{Rules, Wish},
};

impl End {
    /// It was made before the history began: its record is what clients write.
    pub(super) fn is_of_before(&self, kept: &Kept) -> bool {
        let first = self.bookings.iter().map(|it| it.day).min();
        first == Some(kept.day)
    }

    /// The effect of a granted wish is there.
    pub(super) fn holds(&self, wish: &Wish<'_>, bookings: &HashMap<&str, &Kept>) -> bool {
        match wish.deed {
            Deed::Ask { booking, .. } => bookings
                .get(booking.as_str())
                .is_some_and(|it| it.member == wish.member),
            Deed::Move { booking, .. } => bookings.contains_key(booking.as_str()),
            Deed::Cancel { booking } => {
                bookings.get(booking.as_str()).is_some_and(|it| !it.is_live)
            }
            Deed::Correct {
                booking,
                correction,
            } => {
                self.corrections
                    .iter()
                    .filter(|it| it.0 == *correction && it.1 == *booking)
                    .count()
                    == 1
            }
            Deed::Close { slot } => {
                self.closed.contains(slot)
                    && !self
                        .bookings
                        .iter()
                        .any(|it| it.slot == *slot && it.is_live)
            }
            Deed::Keep { promise } => self.kept.iter().filter(|it| *it == promise).count() == 1,
            Deed::Reply { event, .. } => self.state(event, wish.member).is_some(),
            Deed::Profile { .. } | Deed::Open { .. } | Deed::Record { .. } => true,
        }
    }

    /// One live interview in a slot; not more of a person or a host than the limits allow.
    pub(super) fn limits(&self, rules: Rules) -> Vec<String> {
        let mut counts: BTreeMap<(&str, &str, i64), usize> = BTreeMap::new();
        let first = self.bookings.iter().map(|it| it.day).min();
        for it in self.bookings.iter().filter(|it| it.is_live) {
            *counts.entry(("slot", &it.slot, 0)).or_default() += 1;
            *counts
                .entry(("member of a day", &it.member, it.day))
                .or_default() += 1;
            *counts
                .entry(("host of a day", &it.host, it.day))
                .or_default() += 1;
            if Some(it.day) != first {
                *counts.entry(("member", &it.member, 0)).or_default() += 1;
            }
        }
        let most = |what: &str| match what {
            "slot" => 1,
            "member of a day" => rules.member_per_day,
            "host of a day" => rules.host_per_day,
            _ => rules.member_ahead,
        };
        let over: BTreeSet<_> = counts
            .into_iter()
            .filter(|((what, ..), count)| *count > most(what))
            .collect();
        over.into_iter()
            .map(|((what, of, day), count)| format!("{what} {of} {day}: {count} live interviews"))
            .collect()
    }
}
