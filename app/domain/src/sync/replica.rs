//! The device's copy: confirmed rows by audience, and what the person sees.
//!
//! Invariant: only rows that came through the feed are confirmed. A pending wish changes what is *seen*, never what
//! is held, so the screen cannot say 確定 before the server did.

use std::collections::BTreeMap;

use super::{
    mutation::Mutation,
    outbox::Entry,
    rehearse,
    row::View,
    table::Table,
    wire::{AudienceChanges, RowChange, row_sum},
};
use crate::{
    booking::{Ask, Wish},
    event::ReplyTo,
    id::{BookingId, EventId, MutationId},
    refusal::Refusal,
    time::Time,
};

/// A confirmed row: its place in the feed and its body.
type Held = (i64, Box<str>);
/// The rows of one audience by kind and id.
type Rows = BTreeMap<(Box<str>, Box<str>), Held>;

/// Confirmed rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replica {
    held: BTreeMap<Box<str>, Rows>,
    view: View,
}

impl Replica {
    /// From rows as they were stored or embedded in a page.
    #[must_use]
    pub fn new(rows: &[RowChange]) -> Self {
        let mut replica = Self::default();
        replica.put(rows);
        replica
    }

    /// The confirmed rows, typed.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Holds this audience, perhaps without a row.
    #[must_use]
    pub fn holds(&self, audience: &str) -> bool {
        self.held.contains_key(audience)
    }

    /// Applies one answer: audiences left are dropped whole, audiences entered begin empty, then the rows.
    pub fn apply(&mut self, audiences: &AudienceChanges, rows: &[RowChange]) {
        for audience in audiences.leave.iter().chain(&audiences.enter) {
            self.drop_audience(audience);
        }
        for audience in &audiences.enter {
            self.held.entry(audience.clone()).or_default();
        }
        self.put(rows);
    }

    /// Takes rows embedded in a page where they are newer than what is held. For the screen only: they carry no
    /// cursor, so they are never stored. One that is not held, though newer ones are, was there and is gone.
    pub fn glance(&mut self, rows: &[RowChange]) {
        let newest = self.held.values().flat_map(BTreeMap::values);
        let newest = newest.map(|it| it.0).max();
        let newer: Vec<_> = rows
            .iter()
            .filter(|it| self.seq(it).or(newest).is_none_or(|held| held < it.2))
            .cloned()
            .collect();
        self.put(&newer);
    }

    fn seq(&self, row: &RowChange) -> Option<i64> {
        self.held
            .get(&row.3)?
            .get(&(row.0.clone(), row.1.clone()))
            .map(|it| it.0)
    }

    fn put(&mut self, rows: &[RowChange]) {
        for RowChange(kind, id, seq, audience, body) in rows {
            let key = (kind.clone(), id.clone());
            match body {
                Some(body) => {
                    let held = self.held.entry(audience.clone()).or_default();
                    held.insert(key, (*seq, body.get().into()));
                }
                None => {
                    if let Some(held) = self.held.get_mut(audience) {
                        held.remove(&key);
                    }
                }
            }
            self.show(kind, id);
        }
    }

    fn drop_audience(&mut self, audience: &str) {
        for (kind, id) in self.held.remove(audience).unwrap_or_default().into_keys() {
            self.show(&kind, &id);
        }
    }

    /// Shows a row as the newest of the audiences has it. A body that this build cannot read is not shown, rather than
    /// an older one as if it still held.
    fn show(&mut self, kind: &str, id: &str) {
        let key = (kind.into(), id.into());
        let newest = self
            .held
            .values()
            .filter_map(|rows| rows.get(&key))
            .max_by_key(|it| it.0);
        let is_shown = newest.is_some_and(|(_, body)| self.view.put(kind, id, body));
        if !is_shown {
            self.view.remove(kind, id);
        }
    }

    /// Count and sum of an audience, to compare with the server's.
    #[must_use]
    pub fn sum(&self, audience: &str) -> (u64, u64) {
        let rows = self.held.get(audience).into_iter().flatten();
        rows.fold((0, 0), |(count, sum), ((kind, id), (seq, _))| {
            (count + 1, sum ^ row_sum(kind, id, *seq))
        })
    }

    /// The audiences held.
    pub fn audiences(&self) -> impl Iterator<Item = &str> {
        self.held.keys().map(AsRef::as_ref)
    }

    /// Every row held, to be stored in one piece.
    #[must_use]
    pub fn rows(&self) -> Vec<RowChange> {
        let raw = |body: &str| serde_json::value::RawValue::from_string(body.to_owned()).ok();
        self.held
            .iter()
            .flat_map(|(audience, rows)| {
                rows.iter().map(move |((kind, id), (seq, body))| {
                    RowChange(kind.clone(), id.clone(), *seq, audience.clone(), raw(body))
                })
            })
            .collect()
    }
}

/// How certain a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// 端末に保存: on the device only.
    Saved,
    /// 送信中: on its way; nobody knows yet.
    Sending,
    /// 確定: the server said so.
    Confirmed,
}

/// An asking that has not been answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The wish's id.
    pub mutation: MutationId,
    /// What was asked.
    pub ask: Ask,
    /// Saved or sending.
    pub standing: Standing,
    /// When the person asked, by the device's clock.
    pub at: Time,
    /// The device's own guess, by the same rule as the server's: a refusal that is likely.
    pub doubt: Option<Refusal>,
}

/// A move that has not been answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    /// The wishes.
    pub wishes: Vec<Wish>,
    /// Saved or sending.
    pub standing: Standing,
}

/// What the person sees: confirmed rows with the pending wishes replayed on them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Rows, confirmed or provisional; see [`Seen::standing`].
    pub view: View,
    /// Askings without an answer, oldest first.
    pub asked: Vec<Asked>,
    /// Moves without an answer.
    pub moving: Table<BookingId, Moving>,
    /// Cancellations without an answer.
    pub cancelling: Table<BookingId, Standing>,
    /// Replies to events without an answer.
    pub replying: Table<EventId, (ReplyTo, Standing)>,
    provisional: BTreeMap<(&'static str, String), Standing>,
}

impl Seen {
    /// Replays pending wishes on confirmed rows. `sending` says which entries are on their way.
    pub fn new<'a>(
        view: &View,
        pending: impl Iterator<Item = &'a Entry>,
        sending: impl Fn(u64) -> bool,
        now: Time,
    ) -> Self {
        let mut seen = Self {
            view: view.clone(),
            ..Self::default()
        };
        for Entry { envelope, .. } in pending {
            let Ok(mutation) = Mutation::read(&envelope.name, &envelope.body) else {
                continue;
            };
            let standing = if sending(envelope.n) {
                Standing::Sending
            } else {
                Standing::Saved
            };
            rehearse::rehearse(
                &mut seen,
                &mutation,
                rehearse::Origin {
                    #[cfg(feature = "holder")]
                    id: envelope.id,
                    at: envelope.at,
                    standing,
                    now,
                },
            );
        }
        seen
    }

    /// Confirmed rows alone, as a page starts.
    #[must_use]
    pub fn confirmed(view: &View) -> Self {
        Self {
            view: view.clone(),
            ..Self::default()
        }
    }

    /// How certain a row is.
    #[must_use]
    pub fn standing(&self, kind: &'static str, id: impl Copy + ToString) -> Standing {
        if self.provisional.is_empty() {
            return Standing::Confirmed;
        }
        self.provisional
            .get(&(kind, id.to_string()))
            .copied()
            .unwrap_or(Standing::Confirmed)
    }

    /// Marks a row as provisional.
    pub(super) fn mark(
        &mut self,
        kind: &'static str,
        id: impl Copy + ToString,
        standing: Standing,
    ) {
        self.provisional.insert((kind, id.to_string()), standing);
    }
}
