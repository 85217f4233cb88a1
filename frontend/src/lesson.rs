//! A lesson that is read, and the form by which the company is asked to pay for an exam. The server drew all of it, so this
//! only notes what is pressed and shows what was hidden; what is right says [`domain::learning::quiz`].

use domain::learning::File;
use leptos::prelude::{Callable, Callback};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::learning;

/// Opens a lesson's page, from the device or from the network.
pub(crate) fn open_page(page: &File, heard: Callback<Option<String>>) {
    let name = page.name.clone();
    spawn_local(async move {
        let page = learning::open(&name).await.ok();
        heard.try_run(page.and_then(|it| it.as_string()));
    });
}

/// Lets the questions on this page be answered, and tells how many of its parts have been in sight.
pub(crate) fn attend(last: &str, answered: Callback<[String; 3], bool>, seen: Callback<u16>) {
    let answered = Closure::<dyn Fn(String, String, String) -> bool>::new(
        move |quiz: String, accepts: String, given: String| {
            answered.try_run([quiz, accepts, given]) == Some(true)
        },
    );
    let seen = Closure::<dyn Fn(u16)>::new(move |parts: u16| {
        seen.try_run(parts);
    });
    // They live as long as what stands on the page can call them; the callbacks inside end with the screen.
    learning::attend(last, answered.into_js_value(), seen.into_js_value());
}
