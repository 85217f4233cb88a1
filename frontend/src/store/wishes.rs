//! What people wish, in the database: numbers, outbox, journal and dead letters.

use domain::{
    id::DeviceId,
    sync::{machine::Writes, outbox::Entry, wire::Envelope},
};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::IdbTransaction;

use super::{
    database::{DEAD, Failed, JOURNAL, META, OUTBOX, put},
    parsed,
};

/// They count whoever was quicker with the rows.
pub(super) fn put_wishes(transaction: &IdbTransaction, writes: &Writes) -> Result<(), Failed> {
    if let Some(numbers) = &writes.numbers {
        put(
            &transaction.object_store(META)?,
            "numbers",
            &serde_json::to_string(numbers)?,
        )?;
    }
    let outbox = transaction.object_store(OUTBOX)?;
    for answered in &writes.answered {
        settle(transaction, answered)?;
    }
    for Entry { device, envelope } in &writes.put {
        let text = serde_json::to_string(&(device, envelope))?;
        put(&outbox, &envelope.id.to_string(), &text)?;
    }
    let dead = transaction.object_store(DEAD)?;
    for letter in &writes.dead {
        let text = serde_json::to_string(letter)?;
        put(&dead, &letter.envelope.id.to_string(), &text)?;
    }
    for id in &writes.undead {
        dead.delete(&id.to_string().into())?;
    }
    Ok(())
}

/// An answered wish leaves the outbox for the journal, if no other tab has given it another number meanwhile.
fn settle(transaction: &IdbTransaction, answered: &Entry) -> Result<(), Failed> {
    let (outbox, journal) = (
        transaction.object_store(OUTBOX)?,
        transaction.object_store(JOURNAL)?,
    );
    let (device, key) = (answered.device, answered.envelope.id.to_string());
    let envelope = serde_json::to_string(&answered.envelope)?;
    let request = outbox.get(&key.as_str().into())?;
    let (asked, transaction) = (request.clone(), transaction.clone());
    let compare = Closure::once_into_js(move || {
        let text = asked.result().ok().and_then(|it| it.as_string());
        let held: Option<(DeviceId, Envelope)> = parsed(text);
        if held.is_some_and(|it| it.0 == device)
            && (outbox.delete(&key.into()).is_err() || journal.add(&envelope.into()).is_err())
        {
            let _ = transaction.abort();
        }
    });
    request.set_onsuccess(Some(compare.unchecked_ref()));
    Ok(())
}
