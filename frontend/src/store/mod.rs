//! What survives: one database per member, in IndexedDB; memory where there is none.
//!
//! A transaction ends as soon as the page waits for anything else, so everything is computed first, all requests are
//! issued at once, and only the end of the transaction is awaited. A full disk is heard as `abort`.
//!
//! Confirmed rows are a list of records, each `{wipe, drop, rows}`: what was applied, in order. Now and then the list
//! is folded into records of 64 rows.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use domain::{
    id::DeviceId,
    sync::{
        machine::{Numbers, Place, Stored, Writes},
        outbox::{Entry, JOURNAL_ENTRIES},
        replica::Replica,
        wire::{Envelope, RowChange},
    },
};
use js_sys::Array;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{IdbKeyRange, IdbRequest, IdbTransaction};

use self::{
    database::{
        ANSWERS_WITHIN, DEAD, Database, JOURNAL, META, OPENS_WITHIN, OUTBOX, ROWS, begin, end,
        first, open, put, requested,
    },
    wishes::put_wishes,
};
use crate::browser;

pub(crate) use self::database::Failed;

mod database;
mod wishes;

/// Rows of one folded record.
const FOLDED: usize = 64;
/// Records that may come before the next fold.
const UNFOLDED: u32 = 64;

/// Rows as they were applied.
#[derive(Serialize, Deserialize)]
struct Record {
    /// All rows that came before are gone.
    wipe: bool,
    /// Audiences whose rows are gone.
    drop: Vec<Box<str>>,
    /// Rows that changed.
    rows: Vec<RowChange>,
}

/// The store of one member.
pub(crate) struct Store {
    name: String,
    database: RefCell<Option<Database>>,
    is_memory_only: Cell<bool>,
    has_rows: Cell<bool>,
    unfolded: Rc<Cell<u32>>,
}

impl Store {
    /// The store with the database of this name, not yet open.
    pub(crate) fn new(name: String) -> Self {
        Self {
            name,
            database: RefCell::new(None),
            is_memory_only: Cell::new(false),
            has_rows: Cell::new(true),
            unfolded: Rc::default(),
        }
    }

    /// Opens the database, or does without from now on.
    pub(crate) async fn open(&self) {
        match open(&self.name).await {
            Ok(database) => drop(self.database.replace(Some(database))),
            Err(_) => self.is_memory_only.set(true),
        }
    }

    /// Nothing is kept: the browser has no database for us.
    pub(crate) fn is_memory_only(&self) -> bool {
        self.is_memory_only.get()
    }

    /// Rows are kept. False once they made room for what people write: from then on, until the page is loaded anew, they
    /// live in memory.
    pub(crate) fn has_rows(&self) -> bool {
        self.has_rows.get()
    }

    /// Everything that was stored, and whether anything was.
    pub(crate) async fn load(&self) -> Result<(Stored, bool), Failed> {
        if self.is_memory_only() {
            return Ok((new_device(), false));
        }
        let transaction = self.begin("readonly").await?;
        let read = |store: &str| transaction.object_store(store)?.get_all();
        let meta = transaction.object_store(META)?;
        let (numbers, place) = (meta.get(&"numbers".into())?, meta.get(&"place".into())?);
        let (outbox, journal) = (read(OUTBOX)?, read(JOURNAL)?);
        let (dead, rows) = (read(DEAD)?, read(ROWS)?);
        end(&transaction).await?;

        let mut stored = new_device();
        let known: Option<Numbers> = parsed(numbers.result()?.as_string());
        stored.numbers = known.unwrap_or(stored.numbers);
        stored.place = parsed(place.result()?.as_string()).unwrap_or_default();
        stored.outbox = all::<(DeviceId, Envelope)>(&outbox)?
            .into_iter()
            .map(|(device, envelope)| Entry { device, envelope })
            .collect();
        stored.journal = all(&journal)?;
        stored.dead = all(&dead)?;
        let records = all(&rows)?;
        self.unfolded
            .set(u32::try_from(records.len()).unwrap_or(u32::MAX));
        stored.rows = unfold(records);
        Ok((stored, known.is_some()))
    }

    /// Stores all of it or nothing. False when another tab was quicker with the rows, which were then left out.
    pub(crate) async fn write(&self, writes: &Writes) -> Result<bool, Failed> {
        if self.is_memory_only() {
            return Ok(true);
        }
        let transaction = self.begin("readwrite").await?;
        let is_current = Rc::new(Cell::new(true));
        let issued = put_wishes(&transaction, writes).and_then(|()| {
            if !self.has_rows() {
                return Ok(());
            }
            self.put_rows(&transaction, writes, is_current.clone())
        });
        if issued.is_err() {
            let _ = transaction.abort();
            return Err(Failed::Broken);
        }
        end(&transaction).await?;
        Ok(is_current.get())
    }

    /// Rows and their place, if the stored cursor is the one they follow.
    fn put_rows(
        &self,
        transaction: &IdbTransaction,
        writes: &Writes,
        is_current: Rc<Cell<bool>>,
    ) -> Result<(), Failed> {
        let place = match &writes.place {
            Some(place) => Some(serde_json::to_string(place)?),
            None => None,
        };
        let has_rows = writes.wipe_rows || !writes.drop.is_empty() || !writes.rows.is_empty();
        let record = Record {
            wipe: writes.wipe_rows,
            drop: writes.drop.clone(),
            rows: writes.rows.clone(),
        };
        let record = if has_rows {
            Some(serde_json::to_string(&record)?)
        } else {
            None
        };
        let (meta, rows) = (
            transaction.object_store(META)?,
            transaction.object_store(ROWS)?,
        );
        let (wipes, unfolded) = (writes.wipe_rows, self.unfolded.clone());
        let put = {
            let meta = meta.clone();
            move || -> Result<(), Failed> {
                if let Some(place) = &place {
                    put(&meta, "place", place)?;
                }
                if wipes {
                    rows.clear()?;
                }
                if let Some(record) = &record {
                    rows.add(&record.into())?;
                    unfolded.set(unfolded.get().saturating_add(1));
                }
                Ok(())
            }
        };
        let Some(expected) = writes.after_cursor.clone() else {
            return put();
        };
        let request = meta.get(&"place".into())?;
        let (asked, transaction) = (request.clone(), transaction.clone());
        // Inside the transaction: waiting for this in any other way would end it.
        let compare = Closure::once_into_js(move || {
            let stored: Place =
                parsed(asked.result().ok().and_then(|it| it.as_string())).unwrap_or_default();
            if stored.cursor != expected {
                is_current.set(false);
            } else if put().is_err() {
                let _ = transaction.abort();
            }
        });
        request.set_onsuccess(Some(compare.unchecked_ref()));
        Ok(())
    }

    /// Gives up the rows, which the server has too, so that there is room for what only this device has.
    pub(crate) async fn drop_rows(&self) -> Result<(), Failed> {
        self.has_rows.set(false);
        let transaction = self.begin("readwrite").await?;
        transaction.object_store(ROWS)?.clear()?;
        // Without a place the next page knows that it has to load them.
        transaction.object_store(META)?.delete(&"place".into())?;
        end(&transaction).await
    }

    /// Folds the records of rows, if many came since the last time, and forgets the oldest of the journal.
    pub(crate) async fn fold(&self) -> Result<(), Failed> {
        if self.is_memory_only() || !self.has_rows() || self.unfolded.get() <= UNFOLDED {
            return Ok(());
        }
        let transaction = self.begin("readwrite").await?;
        let rows = transaction.object_store(ROWS)?;
        let journal = transaction.object_store(JOURNAL)?;
        let (held, answered) = (rows.get_all()?, journal.get_all_keys()?);
        let (asked, unfolded) = (held.clone(), self.unfolded.clone());
        let rewrite = Closure::once_into_js(move || -> Result<(), JsValue> {
            let replica = Replica::new(&unfold(all(&asked)?));
            rows.clear()?;
            unfolded.set(0);
            for rows_of_record in replica.rows().chunks(FOLDED) {
                let record = Record {
                    wipe: false,
                    drop: Vec::new(),
                    rows: rows_of_record.to_vec(),
                };
                let record = serde_json::to_string(&record).map_err(|_| JsValue::NULL)?;
                rows.add(&record.into())?;
            }
            Ok(())
        });
        held.set_onsuccess(Some(rewrite.unchecked_ref()));
        let keys = answered.clone();
        let forget = Closure::once_into_js(move || -> Result<(), JsValue> {
            let keys = Array::from(&keys.result()?);
            let most = u32::try_from(JOURNAL_ENTRIES).unwrap_or(u32::MAX);
            if keys.length() > most {
                let last = keys.get(keys.length() - most - 1);
                journal.delete(&IdbKeyRange::upper_bound(&last)?.into())?;
            }
            Ok(())
        });
        answered.set_onsuccess(Some(forget.unchecked_ref()));
        end(&transaction).await
    }

    /// Asks the database for a sign of life after the page slept; opens it anew when it gives none.
    pub(crate) async fn probe(&self) {
        if self.is_memory_only() {
            return;
        }
        let asked = async {
            let transaction = self.begin("readonly").await?;
            let answer = requested(&transaction.object_store(META)?.count()?);
            first(&answer, ANSWERS_WITHIN).await
        };
        if asked.await.is_err() {
            self.close();
        }
    }

    /// Lets go of the database; the next use opens it anew.
    pub(crate) fn close(&self) {
        if let Some(database) = self.database.take() {
            database.close();
        }
    }

    /// Deletes the database.
    pub(crate) async fn delete(&self) {
        self.close();
        if let Ok(Some(factory)) = browser::window().indexed_db()
            && let Ok(request) = factory.delete_database(&self.name)
        {
            // Another tab that does not let go delays it; the browser deletes as soon as that tab is gone.
            let _ = first(&requested(&request), OPENS_WITHIN).await;
        }
    }

    /// Begins a transaction; opens the database anew, once, where the browser closed it.
    async fn begin(&self, mode: &str) -> Result<IdbTransaction, Failed> {
        if let Some(database) = &*self.database.borrow()
            && let Ok(transaction) = begin(database, mode)
        {
            return Ok(transaction);
        }
        let database = open(&self.name).await?;
        let transaction = begin(&database, mode)?;
        self.database.replace(Some(database));
        Ok(transaction)
    }
}

/// Rows in the order they were applied; a later one of the same id counts.
fn unfold(records: Vec<Record>) -> Vec<RowChange> {
    let mut rows: Vec<RowChange> = Vec::new();
    for record in records {
        if record.wipe {
            rows.clear();
        }
        if !record.drop.is_empty() {
            rows.retain(|it| !record.drop.contains(&it.3));
        }
        rows.extend(record.rows);
    }
    rows
}

fn new_device() -> Stored {
    Stored::new(DeviceId::random(browser::chance()))
}

fn parsed<T: DeserializeOwned>(text: Option<String>) -> Option<T> {
    domain::json::read(&text?).ok()
}

/// Every text of a request that asked for all. What cannot be read (a newer build's) stays where it is.
fn all<T: DeserializeOwned>(request: &IdbRequest) -> Result<Vec<T>, JsValue> {
    let texts = Array::from(&request.result()?);
    Ok(texts
        .iter()
        .filter_map(|it| parsed(it.as_string()))
        .collect())
}
