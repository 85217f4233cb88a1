//! The server's pokes: "there is something new", without content, while the page can be seen.

use std::cell::{Cell, RefCell};

use serde::Deserialize;
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};

use crate::{browser, events, sync_loop};

/// The longest pause before the line is opened anew.
const LONGEST_PAUSE: i64 = 60_000;

thread_local! {
    static LINE: RefCell<Option<EventSource>> = const { RefCell::new(None) };
    static FAILURES: Cell<u32> = const { Cell::new(0) };
    static TIMER: Cell<Option<i32>> = const { Cell::new(None) };
}

/// Ask within so many milliseconds: the server spreads the answers of many.
#[derive(Deserialize)]
struct Poke {
    within_ms: i64,
}

/// Opens the line, if it should be open and is not; closes it, if it should not.
pub(crate) fn keep(should_be_open: bool) {
    if !should_be_open {
        close();
        FAILURES.set(0);
    } else if LINE.with_borrow(Option::is_none) && TIMER.get().is_none() {
        open();
    }
}

fn close() {
    if let Some(line) = LINE.take() {
        line.close();
    }
    if let Some(timer) = TIMER.take() {
        browser::never_mind(timer);
    }
}

fn open() {
    let Ok(line) = EventSource::new("/api/v1/poke") else {
        return;
    };
    browser::listen(&line, "message", Box::new(poked));
    browser::listen(&line, "open", Box::new(|_| FAILURES.set(0)));
    browser::listen(&line, "error", Box::new(|_| broken()));
    LINE.set(Some(line));
}

fn poked(event: web_sys::Event) {
    let event: MessageEvent = event.unchecked_into();
    let text = event.data().as_string().unwrap_or_default();
    let within = domain::json::read::<Poke>(&text).map_or(0, |it| it.within_ms);
    let wait = browser::any_below(within.clamp(0, LONGEST_PAUSE));
    browser::after(wait, Box::new(sync_loop::kick));
}

/// The browser would try again at once, together with everybody else's; this waits anything up to a doubling bound.
fn broken() {
    close();
    let failures = FAILURES.get();
    FAILURES.set(failures + 1);
    let bound = (1_000_i64 << failures.min(6)).min(LONGEST_PAUSE);
    let again = || {
        TIMER.set(None);
        events::keep_poke();
    };
    TIMER.set(Some(browser::after(
        browser::any_below(bound),
        Box::new(again),
    )));
}
