//! What a phone keeps, in memory: every change is one transaction, as [`Writes`] says.

use std::collections::BTreeMap;

use domain::{
    id::{DeviceId, MutationId},
    sync::{
        machine::{Numbers, Place, Stored, Writes},
        outbox::{DeadLetter, Entry, trim_journal},
        wire::{Envelope, RowChange},
    },
};

/// Audience, kind, id.
type Key = (Box<str>, Box<str>, Box<str>);

/// What a phone keeps.
#[derive(Debug, Clone)]
pub struct Store {
    numbers: Numbers,
    place: Place,
    outbox: BTreeMap<MutationId, Entry>,
    journal: Vec<Envelope>,
    dead: BTreeMap<MutationId, DeadLetter>,
    rows: BTreeMap<Key, RowChange>,
}

impl Store {
    /// Of a phone that has nothing yet.
    #[must_use]
    pub fn new(device: DeviceId) -> Self {
        let Stored { numbers, place, .. } = Stored::new(device);
        Self {
            numbers,
            place,
            outbox: BTreeMap::new(),
            journal: Vec::new(),
            dead: BTreeMap::new(),
            rows: BTreeMap::new(),
        }
    }

    /// Everything, as a machine is loaded from it.
    #[must_use]
    pub fn stored(&self) -> Stored {
        Stored {
            numbers: self.numbers,
            place: self.place.clone(),
            outbox: self.outbox.values().cloned().collect(),
            journal: self.journal.clone(),
            dead: self.dead.values().cloned().collect(),
            rows: self.rows(),
        }
    }

    /// Confirmed rows.
    #[must_use]
    pub fn rows(&self) -> Vec<RowChange> {
        self.rows.values().cloned().collect()
    }

    /// Unanswered wishes.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.outbox.len()
    }

    /// Stores. False when the rows followed another cursor and were left out.
    #[must_use]
    pub fn commit(&mut self, writes: Writes) -> bool {
        let is_current = writes
            .after_cursor
            .is_none_or(|after| after == self.place.cursor);
        if is_current {
            self.place = writes.place.unwrap_or_else(|| self.place.clone());
            if writes.wipe_rows {
                self.rows.clear();
            }
            self.rows
                .retain(|(audience, ..), _| !writes.drop.contains(audience));
            for row in writes.rows {
                let key = (row.3.clone(), row.0.clone(), row.1.clone());
                match row.4 {
                    Some(_) => self.rows.insert(key, row),
                    None => self.rows.remove(&key),
                };
            }
        }
        self.numbers = writes.numbers.unwrap_or(self.numbers);
        for id in writes.remove {
            self.outbox.remove(&id);
        }
        for entry in writes.put {
            self.outbox.insert(entry.envelope.id, entry);
        }
        self.journal.extend(writes.journal);
        trim_journal(&mut self.journal);
        for letter in writes.dead {
            self.dead.insert(letter.envelope.id, letter);
        }
        for id in writes.undead {
            self.dead.remove(&id);
        }
        is_current
    }
}
