//! What a device keeps, and what one step asks it to keep from now on.

use serde::{Deserialize, Serialize};

use crate::{
    id::{DeviceId, HistoryId, MutationId},
    sync::{
        outbox::{DeadLetter, Entry, trim_journal},
        wire::{Envelope, RowChange},
    },
    time::Time,
};

/// The device and its numbers. Stored with every new wish, by whichever tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// This device.
    pub device: DeviceId,
    /// The next number.
    pub next_n: u64,
}

/// Where the rows stand. Stored with the rows, by the tab that asked for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The life of the database the rows are of.
    pub history: Option<HistoryId>,
    /// The server's name for what the device has seen.
    pub cursor: Option<String>,
    /// When the rows were last known to be current, by the server's clock.
    pub fetched: Option<Time>,
    /// When the rows were last compared with the server's.
    pub checked: Option<Time>,
}

/// Everything that was stored. A device that can keep nothing else keeps this.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The device and its numbers.
    pub numbers: Numbers,
    /// Where the rows stand.
    pub place: Place,
    /// Unanswered wishes, in any order.
    pub outbox: Vec<Entry>,
    /// Answered wishes, oldest first.
    pub journal: Vec<Envelope>,
    /// Wishes the server could not read.
    pub dead: Vec<DeadLetter>,
    /// Confirmed rows, in the order of audience, kind and id.
    pub rows: Vec<RowChange>,
}

impl Stored {
    /// Of a device that has nothing yet.
    #[must_use]
    pub fn new(device: DeviceId) -> Self {
        let numbers = Numbers { device, next_n: 1 };
        Self {
            numbers,
            place: Place::default(),
            outbox: Vec::new(),
            journal: Vec::new(),
            dead: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// What one transaction makes of it: the meaning of [`Writes`], which every store must give them. False when the
    /// rows followed another cursor and were left out.
    #[must_use]
    pub fn keep(&mut self, writes: Writes) -> bool {
        let is_current = writes
            .after_cursor
            .is_none_or(|after| after == self.place.cursor);
        if is_current {
            self.place = writes.place.unwrap_or_else(|| self.place.clone());
            if writes.wipe_rows {
                self.rows.clear();
            }
            self.rows.retain(|it| !writes.drop.contains(&it.3));
            for row in writes.rows {
                self.keep_row(row);
            }
        }
        self.numbers = writes.numbers.unwrap_or(self.numbers);
        for answered in writes.answered {
            let is_it =
                |it: &Entry| (it.device, it.envelope.id) == (answered.device, answered.envelope.id);
            if let Some(at) = self.outbox.iter().position(is_it) {
                self.outbox.remove(at);
                self.journal.push(answered.envelope);
            }
        }
        trim_journal(&mut self.journal);
        let is_replaced = |id| writes.put.iter().any(|it| it.envelope.id == id);
        self.outbox.retain(|it| !is_replaced(it.envelope.id));
        self.outbox.extend(writes.put);
        let is_replaced = |id| writes.dead.iter().any(|it| it.envelope.id == id);
        self.dead.retain(|it| !is_replaced(it.envelope.id));
        self.dead.extend(writes.dead);
        self.dead
            .retain(|it| !writes.undead.contains(&it.envelope.id));
        is_current
    }

    /// Rows lie in the order of audience, kind and id.
    fn keep_row(&mut self, row: RowChange) {
        let place = |it: &RowChange| (&it.3, &it.0, &it.1).cmp(&(&row.3, &row.0, &row.1));
        match (self.rows.binary_search_by(place), row.4.is_some()) {
            (Ok(at), true) => self.rows[at] = row,
            (Ok(at), false) => drop(self.rows.remove(at)),
            (Err(at), true) => self.rows.insert(at, row),
            (Err(_), false) => {}
        }
    }
}

/// What must be stored, in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writes {
    /// The device and its numbers.
    pub numbers: Option<Numbers>,
    /// Where the rows stand.
    pub place: Option<Place>,
    /// The rows below follow this cursor. If the stored one is another (another tab was quicker), `place`, `drop`,
    /// `wipe_rows` and `rows` are left out and the machine is loaded anew; what was answered still counts.
    pub after_cursor: Option<Option<String>>,
    /// Wishes to put into the outbox, each under its id: new ones, and those that were numbered anew. Never the whole
    /// outbox: another tab may have added one in this moment.
    pub put: Vec<Entry>,
    /// Answered wishes. Each leaves the outbox for the end of the journal, if it is still there under the device id it
    /// bears here; then [`trim_journal`]. What another tab has numbered anew meanwhile is sent anew in its place in the line:
    /// the answer may have been one of a life of the database that is over.
    pub answered: Vec<Entry>,
    /// Wishes that died.
    pub dead: Vec<DeadLetter>,
    /// Dead letters the person took away.
    pub undead: Vec<MutationId>,
    /// Audiences whose rows go before the new ones come. After `wipe_rows`, before `rows`.
    pub drop: Vec<Box<str>>,
    /// Rows that changed.
    pub rows: Vec<RowChange>,
    /// All rows go, in every audience.
    pub wipe_rows: bool,
    /// What other tabs have stored is needed now: after this write the machine is loaded anew.
    pub reload: bool,
}
