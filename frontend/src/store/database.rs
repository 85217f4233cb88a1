//! IndexedDB: one database per member, its stores, and waiting for it.

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbObjectStore, IdbObjectStoreParameters, IdbOpenDbRequest, IdbRequest,
    IdbTransaction,
};

use crate::browser;

/// `numbers` and `place`.
pub(super) const META: &str = "meta";
/// Unanswered wishes by id.
pub(super) const OUTBOX: &str = "outbox";
/// Answered wishes, oldest first.
pub(super) const JOURNAL: &str = "journal";
/// Dead letters by id.
pub(super) const DEAD: &str = "dead";
/// Records of rows, oldest first.
pub(super) const ROWS: &str = "rows";

/// A browser that does not open its database in this time has none.
pub(super) const OPENS_WITHIN: i64 = 3_000;
/// A database that does not answer in this time was lost while the page slept.
pub(super) const ANSWERS_WITHIN: i64 = 1_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = IdbDatabase)]
    pub(super) type Database;
    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &Database,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

/// The store could not be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failed {
    /// The device has no room.
    Full,
    /// Whatever else.
    Broken,
}

impl From<JsValue> for Failed {
    fn from(_: JsValue) -> Self {
        Self::Broken
    }
}

impl From<serde_json::Error> for Failed {
    fn from(_: serde_json::Error) -> Self {
        Self::Broken
    }
}

/// Opens the database of this name, with its stores.
pub(super) async fn open(name: &str) -> Result<Database, Failed> {
    let factory = browser::window().indexed_db()?.ok_or(Failed::Broken)?;
    let request = factory.open_with_u32(name, 1)?;
    let asked = request.clone();
    let upgrade = Closure::once_into_js(move || create(&asked));
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    first(&requested(&request), OPENS_WITHIN).await?;
    let database: Database = request.result()?.unchecked_into();
    // Another tab deletes the database at sign-out: whoever holds it must let go.
    let held = database.clone();
    let let_go = Closure::once_into_js(move || held.close());
    database.set_onversionchange(Some(let_go.unchecked_ref()));
    Ok(database)
}

fn create(request: &IdbOpenDbRequest) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    for store in [META, OUTBOX, DEAD] {
        database.create_object_store(store)?;
    }
    let numbered = IdbObjectStoreParameters::new();
    numbered.set_auto_increment(true);
    for store in [JOURNAL, ROWS] {
        database.create_object_store_with_optional_parameters(store, &numbered)?;
    }
    Ok(())
}

/// Begins a transaction over everything, durable before it is complete.
pub(super) fn begin(database: &Database, mode: &str) -> Result<IdbTransaction, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &"strict".into())?;
    let stores = Array::new();
    for store in [META, OUTBOX, JOURNAL, DEAD, ROWS] {
        stores.push(&store.into());
    }
    database.transaction(&stores, mode, &options)
}

/// Puts a text under this key.
pub(super) fn put(store: &IdbObjectStore, key: &str, text: &str) -> Result<(), Failed> {
    store.put_with_key(&text.into(), &key.into())?;
    Ok(())
}

/// Resolves when the transaction is complete.
pub(super) async fn end(transaction: &IdbTransaction) -> Result<(), Failed> {
    let end = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    if JsFuture::from(end).await.is_ok() {
        return Ok(());
    }
    let is_full = transaction
        .error()
        .is_some_and(|it| it.name() == "QuotaExceededError");
    Err(if is_full {
        Failed::Full
    } else {
        Failed::Broken
    })
}

/// Resolves with the answer of a request.
pub(super) fn requested(request: &IdbRequest) -> Promise {
    Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    })
}

/// Waits for a promise, but not longer than this.
pub(super) async fn first(promise: &Promise, ms: i64) -> Result<(), Failed> {
    let late = browser::pause(ms);
    let first = JsFuture::from(Promise::race(&Array::of2(promise, &late))).await?;
    // The pause resolves to nothing, a request to its event.
    if first.is_undefined() {
        Err(Failed::Broken)
    } else {
        Ok(())
    }
}
