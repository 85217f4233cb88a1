//! Who is known on this device, and how they leave it: after a sign-out nothing of the person is left here.

use app::{
    device::SignOut,
    start::{Start, Who},
};
use domain::member::Language;
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{browser, navigation, sync_loop::SyncLoop, tabs::Message, transport};

/// The member who last signed in here.
const KNOWN: &str = "who";
/// Set while a sign-out has not reached the server.
const UNHEARD: &str = "sign-out";
const SIGN_IN: &str = "/sign-in";

/// The member who last signed in here, for the neutral shell.
#[derive(Serialize, Deserialize)]
struct Known {
    who: Who,
    language: Language,
}

/// Where unfinished texts of a member stand in the small storage.
pub(crate) fn drafts_of(who: Who) -> String {
    format!("draft:{}:", who.id)
}

/// Remembers who signed in.
pub(crate) fn remember(who: Who, language: Language) {
    if let Ok(text) = serde_json::to_string(&Known { who, language }) {
        browser::keep(KNOWN, &text);
    }
}

/// Fills in the member who last signed in here.
pub(crate) fn recall(start: &mut Start) -> Option<Who> {
    let known: Known = serde_json::from_str(&browser::stored(KNOWN)?).ok()?;
    start.who = Some(known.who);
    start.language = known.language;
    start.now = browser::now();
    start.who
}

/// Another member signed in on this device since this page was loaded.
pub(crate) fn somebody_else_is_here(who: Who) -> bool {
    let known = browser::stored(KNOWN).and_then(|it| serde_json::from_str::<Known>(&it).ok());
    known.is_some_and(|it| it.who.id != who.id)
}

/// Signs out.
pub(crate) async fn leave(it: &'static SyncLoop, choice: SignOut) {
    let keeps = choice == SignOut::Keep;
    if !transport::sign_out().await {
        browser::keep(UNHEARD, "1");
    }
    it.tabs.tell(Message::SignOut);
    if keeps {
        it.store.close();
    } else {
        it.store.delete().await;
        browser::forget_all(&drafts_of(it.who));
    }
    browser::keep(KNOWN, "");
    if let Ok(caches) = browser::window().caches() {
        let _ = JsFuture::from(caches.delete("media")).await;
    }
    to_sign_in();
}

/// A sign-out that the server did not hear is told again. True when there was one: then the page ends.
pub(crate) fn finish() -> bool {
    let is_unheard = browser::stored(UNHEARD).is_some();
    if is_unheard {
        spawn_local(async {
            if transport::sign_out().await {
                browser::keep(UNHEARD, "");
            }
            to_sign_in();
        });
    }
    is_unheard
}

/// To the page where people sign in; when it cannot be reached, this says so and waits for the connection.
pub(crate) fn to_sign_in() {
    let (path, _) = browser::address();
    if path == SIGN_IN || !browser::is_online() {
        navigation::say_offline();
    } else {
        browser::load(SIGN_IN);
    }
}

/// Frees what can be fetched again, for a disk that is full.
pub(crate) fn free_media() {
    if let Ok(caches) = browser::window().caches() {
        let _ = caches.delete("media");
    }
}
