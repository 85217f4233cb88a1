//! Who is known on this device, and how they leave it: after a sign-out nothing of the person is left here.

use app::{
    device::SignOut,
    start::{Start, Who},
};
use domain::member::Language;
use js_sys::Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Cache;

use crate::{browser, navigation, sync_loop::SyncLoop, tabs::Message, transport};

/// The member who last signed in here.
const KNOWN: &str = "who";
/// Who signed out, while the server has not heard of it.
const UNHEARD: &str = "sign-out";
/// The worker's cache of pictures and sounds that were looked at, that of lessons that are to be read without a signal, and photos that were
/// not sent yet.
const MEDIA: [&str; 3] = ["media", "lessons", "receipts"];
const SIGN_IN: &str = "/sign-in";
/// How often a server that did not hear is told again.
const TELL_AGAIN: i64 = 5_000;

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
    let known: Known = domain::json::read(&browser::stored(KNOWN)?).ok()?;
    start.who = Some(known.who);
    start.language = known.language;
    start.now = browser::now();
    start.who
}

/// Another member signed in on this device since this page was loaded.
pub(crate) fn somebody_else_is_here(who: Who) -> bool {
    let known = browser::stored(KNOWN).and_then(|it| domain::json::read::<Known>(&it).ok());
    known.is_some_and(|it| it.who.id != who.id)
}

/// Signs out.
pub(crate) async fn leave(it: &'static SyncLoop, choice: SignOut) {
    let keeps = choice == SignOut::Keep;
    let is_heard = transport::sign_out().await;
    if !is_heard {
        browser::keep(UNHEARD, &it.who.id.to_string());
    }
    it.tabs.tell(Message::SignOut);
    if keeps {
        it.store.close();
    } else {
        it.store.delete().await;
        browser::forget_all(&drafts_of(it.who));
    }
    browser::keep(KNOWN, "");
    free_media().await;
    if is_heard {
        to_sign_in();
    } else {
        until_heard().await;
    }
}

/// A sign-out that the server did not hear is told again. True when there was one: then the page ends. Whoever else signed
/// in here since ended that session by it.
pub(crate) fn finish(who: Option<Who>) -> bool {
    let Some(unheard) = browser::stored(UNHEARD) else {
        return false;
    };
    if who.is_some_and(|it| it.id.to_string() != unheard) {
        browser::keep(UNHEARD, "");
        return false;
    }
    spawn_local(until_heard());
    true
}

/// Says truthfully that the server does not know yet, and tells it as soon as it can be reached.
async fn until_heard() {
    navigation::say_unheard();
    while !transport::sign_out().await {
        let _ = JsFuture::from(browser::pause(TELL_AGAIN)).await;
    }
    browser::keep(UNHEARD, "");
    browser::load(SIGN_IN);
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

/// Frees what can be fetched again, for a disk that is full. File by file: a cache that somebody still holds keeps its
/// files although it is deleted. False when there was nothing.
pub(crate) async fn free_media() -> bool {
    let Ok(caches) = browser::window().caches() else {
        return false;
    };
    let mut is_freed = false;
    for name in MEDIA {
        if let Ok(media) = JsFuture::from(caches.open(name)).await {
            let media: Cache = media.unchecked_into();
            let files = JsFuture::from(media.keys()).await;
            for file in files.map(|it| Array::from(&it)).unwrap_or_default() {
                let deleted = JsFuture::from(media.delete_with_request(file.unchecked_ref())).await;
                is_freed |= deleted.is_ok();
            }
        }
        let _ = JsFuture::from(caches.delete(name)).await;
    }
    #[cfg(feature = "holder")]
    if let Some(it) = crate::sync_loop::here() {
        crate::shelf::look(it.device);
    }
    is_freed
}
