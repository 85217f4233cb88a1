//! The camera at the door. What reads codes is a bundle of its own, loaded when somebody opens it.

use leptos::prelude::{Callable, Callback};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(inline_js = "
export async function scan(video, heard) {
  const { scannerJs, scannerWasm } = document.body.dataset;
  const scanner = await import(scannerJs);
  await scanner.default({ module_or_path: scannerWasm });
  const shown = document.querySelector(video);
  if (shown) await scanner.scan(shown, heard);
}")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn scan(video: &str, heard: &Closure<dyn Fn(String)>) -> Result<(), JsValue>;
}

/// Shows the camera in the `video` that this selector finds, until it leaves the page, and tells each code once as it comes
/// into sight; nothing where there is no camera, or none that may be used.
pub(crate) async fn show(video: &str, heard: Callback<Option<String>>) {
    let told = Closure::new(move |code| {
        heard.try_run(Some(code));
    });
    if scan(video, &told).await.is_err() {
        heard.try_run(None);
    }
}
