//! Looks for words on this device. A text is read once and kept as it is compared: without difference between wide and
//! narrow, large and small, katakana and hiragana. Five hundred lessons are a million letters, which are read through in a few
//! milliseconds: an index would be larger than they are.

use leptos::prelude::{Callable, Callback};
use wasm_bindgen_futures::spawn_local;

use crate::learning;

/// Looks for words in these entries; tells what was found, unless something else is looked for by then.
pub(crate) fn find(entries: &str, words: &str, heard: Callback<String>) {
    let (entries, words) = (entries.to_owned(), words.to_owned());
    spawn_local(async move {
        let found = learning::find(&entries, &words).await.ok();
        if let Some(found) = found.and_then(|it| it.as_string()) {
            heard.try_run(found);
        }
    });
}
