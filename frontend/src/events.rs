//! What happens around the page, told to the loop: connection, view, clock, the other tabs, a newer build.

use domain::sync::machine::{Hold, News};
use leptos::prelude::Set;
use wasm_bindgen_futures::spawn_local;

use crate::{
    browser, leave, navigation, poke, screen,
    sync_loop::{SyncLoop, here, kick},
    tabs::Message,
    worker,
};

/// The screen's clock moves on so often.
const CLOCK: i64 = 30_000;
/// A page that stays open asks for a newer build so often; a page that is loaded asks by itself.
const LOOK: i64 = 60 * 60_000;
/// A page that nobody looked at for so long may change under nobody's hands.
const LONG_HIDDEN: i64 = 30 * 60_000;

/// Hears everything, for as long as the page lives.
pub(crate) fn listen(it: &'static SyncLoop) {
    it.tabs.join(it.store.is_memory_only(), on_message, on_lead);
    let window = browser::window();
    let document = browser::document();
    browser::listen(&window, "online", Box::new(|_| kick()));
    browser::listen(
        &window,
        "offline",
        Box::new(move |_| {
            keep_poke();
            screen::show_status(it);
        }),
    );
    browser::listen(&window, "pageshow", Box::new(move |_| looked_at(it)));
    browser::listen(
        &document,
        "visibilitychange",
        Box::new(move |_| looked_at(it)),
    );
    browser::every(CLOCK, Box::new(move || tick(it)));
    browser::every(LOOK, Box::new(worker::look));
}

fn tick(it: &'static SyncLoop) {
    let now = browser::now();
    let is_long_hidden = it
        .hidden_since
        .get()
        .is_some_and(|since| now.since(since) > LONG_HIDDEN);
    if is_long_hidden && it.has_new_version.get() && it.is_quiet() {
        it.tabs.tell(Message::Upgrade);
        worker::take();
    }
    if browser::is_visible() {
        it.device.now.set(now);
        // What waits may have become hopeless meanwhile.
        if !it.is_quiet() {
            screen::show(it);
        }
    }
}

/// The page came into view, or left it.
fn looked_at(it: &'static SyncLoop) {
    keep_poke();
    if !browser::is_visible() {
        it.hidden_since.set(Some(browser::now()));
        return;
    }
    if it.hidden_since.take().is_none() {
        return;
    }
    it.device.now.set(browser::now());
    it.tabs.take();
    spawn_local(async move {
        it.store.probe().await;
        let is_signed_out = it.hold() == Some(Hold::SignedOut);
        // Perhaps the person signed in again in another tab: one question tells.
        it.tell(if is_signed_out {
            News::SignedIn
        } else {
            News::Kick
        });
    });
}

fn on_message(message: Message) {
    let Some(it) = here() else { return };
    match message {
        Message::Applied => {
            it.is_stale.set(true);
            if it.hold() == Some(Hold::SignedOut) {
                // Somebody got an answer: there is a session again.
                it.tell(News::SignedIn);
            }
            it.run();
        }
        Message::Kick => {
            if it.tabs.leads() {
                kick();
            }
        }
        Message::SignOut => {
            it.end();
            leave::to_sign_in();
        }
        Message::Upgrade => navigation::load_pages_from_now_on(),
        Message::Beat => {}
    }
}

fn on_lead(_: bool) {
    keep_poke();
    if let Some(it) = here() {
        it.run();
    }
}

/// Opens or closes the line of pokes, as the page and its lead are.
pub(crate) fn keep_poke() {
    if let Some(it) = here() {
        let is_held = it
            .machine
            .borrow()
            .as_ref()
            .is_some_and(|it| it.hold().is_some());
        poke::keep(it.tabs.leads() && browser::is_visible() && browser::is_online() && !is_held);
    }
}

/// A newer build is there: taken at once at a cold start with nothing in flight, else offered.
pub(crate) fn found_new_version(is_cold: bool) {
    let Some(it) = here() else { return };
    if is_cold && it.is_quiet() {
        it.tabs.tell(Message::Upgrade);
        worker::take();
    } else {
        it.has_new_version.set(true);
        screen::show_status(it);
    }
}
