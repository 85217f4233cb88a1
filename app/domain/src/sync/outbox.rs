//! Wishes not yet answered, the journal of those answered, and the dead letters.
//!
//! Invariant: the numbers of the outbox follow one another without a gap, and an entry leaves it only with its
//! outcome, or by the person's own hand.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::{
    mutation::{Mutation, Noop},
    wire::Envelope,
};
use crate::{
    id::{DeviceId, MutationId},
    time::{DAY, Time},
};

/// Entries the outbox holds at most.
pub const MOST_ENTRIES: usize = 500;
/// Bytes the outbox holds at most.
pub const MOST_OUTBOX_BYTES: usize = 1_000_000;
/// Answered wishes that are kept for a server that lost them.
pub const JOURNAL_ENTRIES: usize = 500;
/// How long they are kept, in milliseconds.
pub const JOURNAL_AGE: i64 = 30 * DAY;

/// One wish in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The device whose number it bears.
    pub device: DeviceId,
    /// What will be sent, byte for byte.
    #[serde(flatten)]
    pub envelope: Envelope,
}

impl Entry {
    /// Only holds its number: the wish was given up or could not be read.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        &*self.envelope.name == Mutation::Noop(Noop {}).name()
    }
}

/// A wish that the server could not read: visible, copyable, retryable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// What was to be sent.
    pub envelope: Envelope,
    /// When it died.
    pub died: Time,
}

/// The outbox is full; what was typed stays a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// The ordered line of unanswered wishes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outbox {
    entries: VecDeque<Entry>,
}

impl Outbox {
    /// From stored entries; brought into the order of their numbers.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by_key(|it| (it.envelope.n, it.envelope.id));
        Self {
            entries: entries.into(),
        }
    }

    /// The entries, oldest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The first number.
    #[must_use]
    pub fn first(&self) -> Option<u64> {
        self.entries.front().map(|it| it.envelope.n)
    }

    /// The last number.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        self.entries.back().map(|it| it.envelope.n)
    }

    /// All bear this device's id, one number after the other.
    #[must_use]
    pub fn is_orderly(&self, device: DeviceId) -> bool {
        self.entries.iter().all(|it| it.device == device)
            && self
                .entries
                .iter()
                .zip(self.entries.iter().skip(1))
                .all(|(one, next)| next.envelope.n == one.envelope.n + 1)
    }

    /// Room for one more entry of this size?
    ///
    /// # Errors
    /// [`Full`] at either bound.
    pub fn has_room(&self, bytes: usize) -> Result<(), Full> {
        let held: usize = self.entries.iter().map(|it| size(&it.envelope)).sum();
        if self.entries.len() >= MOST_ENTRIES || held + bytes > MOST_OUTBOX_BYTES {
            Err(Full)
        } else {
            Ok(())
        }
    }

    /// Adds at the end.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push_back(entry);
    }

    /// Takes the wish with this id out.
    pub fn take(&mut self, id: MutationId) -> Option<Entry> {
        let at = self.entries.iter().position(|it| it.envelope.id == id)?;
        self.entries.remove(at)
    }

    /// Puts nothing in the place of a wish: number and id stay, so the line has no gap, and if the wish had arrived
    /// before, the server recognises it.
    pub fn void(&mut self, id: MutationId) -> Option<(Envelope, Entry)> {
        let entry = self.entries.iter_mut().find(|it| it.envelope.id == id)?;
        let was = entry.envelope.clone();
        let nothing = Mutation::Noop(Noop {});
        entry.envelope.name = nothing.name().into();
        entry.envelope.body = nothing.body();
        Some((was, entry.clone()))
    }

    /// Puts answered wishes before the waiting ones, without those already there.
    pub fn redeliver(
        &mut self,
        journal: impl DoubleEndedIterator<Item = Envelope>,
        device: DeviceId,
    ) {
        for envelope in journal.rev() {
            if self.entries.iter().all(|it| it.envelope.id != envelope.id) {
                self.entries.push_front(Entry { device, envelope });
            }
        }
    }

    /// Numbers all entries anew from `first` under a device id. Ids stay.
    pub fn renumber(&mut self, device: DeviceId, first: u64) {
        for (entry, n) in self.entries.iter_mut().zip(first..) {
            entry.device = device;
            entry.envelope.n = n;
        }
    }
}

/// Keeps of the journal what a restored server may need: each wish once, where it was answered last, the newest 500 of
/// 30 days.
///
/// Wishes bear the device's clock, which may jump. So age is the sum of the steps from wish to wish, and a step back,
/// or one longer than the bound, is taken for the clock's and ages nothing: keeping too much does no harm.
pub fn trim_journal(journal: &mut Vec<Envelope>) {
    let mut met = BTreeSet::new();
    let mut kept = Vec::new();
    let mut age = 0_i64;
    let mut newer: Option<Time> = None;
    for envelope in journal.drain(..).rev() {
        let step = newer.map_or(0, |newer| newer.since(envelope.at));
        if (0..=JOURNAL_AGE).contains(&step) {
            age += step;
        }
        if age > JOURNAL_AGE || kept.len() == JOURNAL_ENTRIES {
            break;
        }
        newer = Some(envelope.at);
        if met.insert(envelope.id) {
            kept.push(envelope);
        }
    }
    kept.reverse();
    *journal = kept;
}

/// Bytes of a wish, near enough for a bound.
#[must_use]
pub fn size(envelope: &Envelope) -> usize {
    envelope.body.get().len() + envelope.name.len() + 80
}
