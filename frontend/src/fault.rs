//! A fault of ours: it goes to the console, and the page says so instead of standing still.

use wasm_bindgen::JsValue;

/// Says so when the code stops.
pub(crate) fn watch() {
    std::panic::set_hook(Box::new(|fault| {
        web_sys::console::error_1(&JsValue::from_str(&fault.to_string()));
        show();
    }));
}

/// Shows `#fault` of the document.
pub(crate) fn show() {
    let document = web_sys::window().and_then(|it| it.document());
    if let Some(fault) = document.and_then(|it| it.get_element_by_id("fault")) {
        let _ = fault.remove_attribute("hidden");
    }
}
