//! A lesson that is read, and the form by which the company is asked to pay for an exam. The server drew all of it, so this
//! only notes what is pressed and shows what was hidden; what is right says [`domain::learning::quiz`].

use domain::learning::File;
use leptos::prelude::{Callable, Callback};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::learning;

/// Sends photos of receipts that wait on this device, and goes on trying.
pub(crate) fn send_receipts() {
    spawn_local(async {
        if let Some(code) = learning::code().await {
            code.receipts();
        }
    });
}

/// Opens a lesson's page, from the device or from the network.
pub(crate) fn open_page(page: &File, heard: Callback<Option<String>>) {
    let name = page.name.clone();
    spawn_local(async move {
        let page = match learning::code().await {
            Some(code) => code.open(&name).await.ok(),
            None => None,
        };
        heard.try_run(page.and_then(|it| it.as_string()));
    });
}

/// Lets the questions on this page be answered, and tells how many of its parts have been in sight.
pub(crate) fn attend(last: &str, answered: Callback<[String; 3], bool>, seen: Callback<u16>) {
    let last = last.to_owned();
    let answered = Closure::<dyn Fn(String, String, String) -> bool>::new(
        move |quiz: String, accepts: String, given: String| {
            answered.try_run([quiz, accepts, given]) == Some(true)
        },
    );
    let seen = Closure::<dyn Fn(u16)>::new(move |parts: u16| {
        seen.try_run(parts);
    });
    spawn_local(async move {
        if let Some(code) = learning::code().await {
            // They live as long as what stands on the page can call them; the callbacks inside end with the screen.
            code.attend(&last, answered.into_js_value(), seen.into_js_value());
        }
    });
}
