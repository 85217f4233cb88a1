//! The browser in few words: clock, chance, timers, listeners, small storage.
//!
//! Whatever a browser may lack or refuse comes back as `None`; nothing here panics.

use domain::time::Time;
use gloo_storage::{LocalStorage, Storage as _};
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{Document, Event, EventTarget, Storage, Window};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &Function, ms: i32) -> i32;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: i32);
    #[wasm_bindgen(js_name = setInterval)]
    fn set_interval(then: &Function, ms: i32) -> i32;
}

/// The window this page stands in.
#[expect(
    clippy::expect_used,
    reason = "there is no page without a window, and no way to tell anybody"
)]
pub(crate) fn window() -> Window {
    web_sys::window().expect("a page has a window")
}

/// The document.
#[expect(clippy::expect_used, reason = "as above")]
pub(crate) fn document() -> Document {
    window().document().expect("a window has a document")
}

/// The path and the query of the address.
pub(crate) fn address() -> (String, String) {
    let location = window().location();
    (
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default(),
    )
}

/// Loads another page.
pub(crate) fn load(address: &str) {
    let _ = window().location().assign(address);
}

/// Loads this page anew.
pub(crate) fn reload() {
    let _ = window().location().reload();
}

/// The device's clock.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a clock that shows more than 53 bits of milliseconds does not exist"
)]
pub(crate) fn now() -> Time {
    Time::from_millis(js_sys::Date::now() as i64)
}

/// 128 random bits.
pub(crate) fn chance() -> u128 {
    let mut bytes = [0_u8; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    u128::from_le_bytes(bytes)
}

/// A number of milliseconds below `bound`, any of them as likely.
pub(crate) fn any_below(bound: i64) -> i64 {
    let bound = u128::from(bound.max(1).unsigned_abs());
    i64::try_from(chance() % bound).unwrap_or(0)
}

pub(crate) fn is_online() -> bool {
    window().navigator().on_line()
}

pub(crate) fn is_visible() -> bool {
    !document().hidden()
}

/// Does this object of the browser have this part?
pub(crate) fn has(object: &JsValue, part: &str) -> bool {
    js_sys::Reflect::get(object, &part.into()).is_ok_and(|it| !it.is_undefined() && !it.is_null())
}

/// Runs `then` once, in `ms` milliseconds.
pub(crate) fn after(ms: i64, then: Box<dyn FnOnce()>) -> i32 {
    let then = Closure::once_into_js(then);
    set_timeout(then.unchecked_ref(), whole(ms))
}

/// Takes a timer of [`after`] back.
pub(crate) fn never_mind(timer: i32) {
    clear_timeout(timer);
}

/// Runs `then` every `ms` milliseconds, for as long as the page lives.
pub(crate) fn every(ms: i64, then: Box<dyn FnMut()>) {
    let then = Closure::wrap(then);
    set_interval(then.as_ref().unchecked_ref(), whole(ms));
    then.forget();
}

/// Resolves in `ms` milliseconds.
pub(crate) fn pause(ms: i64) -> Promise {
    Promise::new(&mut |resolve, _| {
        set_timeout(&resolve, whole(ms));
    })
}

fn whole(ms: i64) -> i32 {
    i32::try_from(ms.max(0)).unwrap_or(i32::MAX)
}

/// Hears an event for as long as the page lives.
pub(crate) fn listen(target: &EventTarget, name: &str, hear: Box<dyn FnMut(Event)>) {
    let hear = Closure::wrap(hear);
    let _ = target.add_event_listener_with_callback(name, hear.as_ref().unchecked_ref());
    hear.forget();
}

/// The browser's small storage. None where it is refused: there gloo-storage would stop the page, so every use asks first.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

pub(crate) fn stored(key: &str) -> Option<String> {
    storage()?;
    LocalStorage::get(key).ok()
}

/// Keeps a small text; an empty one is forgotten.
pub(crate) fn keep(key: &str, text: &str) {
    if storage().is_none() {
        return;
    }
    if text.is_empty() {
        LocalStorage::delete(key);
    } else {
        // A full storage loses an unfinished text, never a wish: those lie in the outbox.
        let _ = LocalStorage::set(key, text);
    }
}

/// Forgets every small text whose key begins so.
pub(crate) fn forget_all(beginning: &str) {
    let Some(storage) = storage() else { return };
    for at in (0..storage.length().unwrap_or(0)).rev() {
        if let Ok(Some(key)) = storage.key(at)
            && key.starts_with(beginning)
        {
            let _ = storage.remove_item(&key);
        }
    }
}
