//! The part of 学ぶ that is loaded when somebody opens it: `frontend/learning.js`, a file of its own beside the bundle. Who never
//! reads a lesson loads nothing of it.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(inline_js = r#"
let code = null;
export function load() {
  code ??= import(document.body.dataset.learning).catch((it) => { code = null; throw it; });
  return code;
}
export const used = () => caches.keys().then((it) => it.includes("lessons") || it.includes("receipts")).catch(() => false);
"#)]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn load() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = used)]
    async fn used_js() -> JsValue;
}

#[wasm_bindgen]
extern "C" {
    /// The module.
    pub(crate) type Learning;
    /// Names of the files that are here.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn kept(this: &Learning) -> Result<JsValue, JsValue>;
    /// Takes a file off the device.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn remove(this: &Learning, name: &str) -> Result<JsValue, JsValue>;
    /// Keeps a file; tells how many bytes are here, and stops when that is answered with no. Says why it is not here.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn keep(
        this: &Learning,
        name: &str,
        bytes: f64,
        told: &Closure<dyn Fn(f64) -> bool>,
    ) -> Result<JsValue, JsValue>;
    /// The text of a file, from the device or from the network.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn open(this: &Learning, name: &str) -> Result<JsValue, JsValue>;
    /// See [`super::lesson::attend`].
    #[wasm_bindgen(method)]
    pub(crate) fn attend(this: &Learning, last: &str, answered: JsValue, seen: JsValue);
    /// Sends photos of receipts that wait on this device, and goes on trying.
    #[wasm_bindgen(method)]
    pub(crate) fn receipts(this: &Learning) -> JsValue;
    /// What was found, a line each; nothing when something else is looked for by now.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn find(
        this: &Learning,
        entries: &str,
        words: &str,
    ) -> Result<JsValue, JsValue>;
}

/// The module; nothing when it is neither here nor to be had.
pub(crate) async fn code() -> Option<Learning> {
    load().await.ok().map(JsCast::unchecked_into)
}

/// Something of lessons or receipts is on this device.
pub(crate) async fn is_used() -> bool {
    used_js().await.is_truthy()
}
