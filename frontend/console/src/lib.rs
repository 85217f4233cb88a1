//! The bundle of the company's console.

use app::ui::Any;
use app::{device::Device, page::Bundle};
use frontend::How;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over a page that the server drew.
#[wasm_bindgen]
pub fn hydrate() {
    frontend::start(Bundle::Console, How::Hydrate, draw);
}

/// Fills the neutral shell.
#[wasm_bindgen]
pub fn mount() {
    frontend::start(Bundle::Console, How::Mount, draw);
}

fn draw(device: Device) -> AnyView {
    app::Console(app::ConsoleProps { device }).any()
}
