//! What a device keeps, and what one step asks it to keep from now on.

use serde::{Deserialize, Serialize};

use crate::{
    id::{DeviceId, HistoryId, MutationId},
    sync::{
        outbox::{DeadLetter, Entry},
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

/// Everything that was stored.
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
    /// Confirmed rows.
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
    /// Wishes that left the outbox. Taken out before `put` is put in.
    pub remove: Vec<MutationId>,
    /// Answered wishes, to the end of the journal; then [`trim_journal`](crate::sync::outbox::trim_journal).
    pub journal: Vec<Envelope>,
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
