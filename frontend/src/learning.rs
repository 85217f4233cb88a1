//! The part of 学ぶ that is loaded when somebody opens it: `frontend/learning.js`, a file of its own beside the bundle. Who never
//! reads a lesson loads nothing of it. Every function here loads it first; those with an
//! answer fail when it is neither here nor to be had.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(inline_js = r#"
let code = null;
const of = (name) => async (...all) => {
  code ??= import(document.body.dataset.learning);
  const it = await code.catch((fault) => { code = null; throw fault; });
  return it[name](...all);
};
export const [kept, remove, keep, open, find] = ["kept", "remove", "keep", "open", "find"].map(of);
export const [attend, receipts] = ["attend", "receipts"].map((name) => (...all) => of(name)(...all).catch(() => null));
export const used = () => caches.keys().then((it) => it.includes("lessons") || it.includes("receipts"));
"#)]
extern "C" {
    /// Something of lessons or receipts is on this device. Loads nothing.
    #[wasm_bindgen(catch)]
    pub(crate) async fn used() -> Result<JsValue, JsValue>;
    /// Names of the files that are here.
    #[wasm_bindgen(catch)]
    pub(crate) async fn kept() -> Result<JsValue, JsValue>;
    /// Takes a file off the device.
    #[wasm_bindgen(catch)]
    pub(crate) async fn remove(name: &str) -> Result<JsValue, JsValue>;
    /// Keeps a file; tells how many bytes are here, and stops when that is answered with no. Says why it is not here.
    #[wasm_bindgen(catch)]
    pub(crate) async fn keep(
        name: &str,
        bytes: f64,
        told: &Closure<dyn Fn(f64) -> bool>,
    ) -> Result<JsValue, JsValue>;
    /// The text of a file, from the device or from the network.
    #[wasm_bindgen(catch)]
    pub(crate) async fn open(name: &str) -> Result<JsValue, JsValue>;
    /// See [`super::lesson::attend`].
    pub(crate) fn attend(last: &str, answered: JsValue, seen: JsValue) -> JsValue;
    /// Sends photos of receipts that wait on this device, and goes on trying.
    pub(crate) fn receipts() -> JsValue;
    /// What was found, a line each; nothing when something else is looked for by now.
    #[wasm_bindgen(catch)]
    pub(crate) async fn find(entries: &str, words: &str) -> Result<JsValue, JsValue>;
}
