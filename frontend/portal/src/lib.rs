//! The bundle of the offer-holder's portal.

use app::ui::Any;
use app::{device::Device, page::Bundle};
use frontend::How;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over a page that the server drew.
#[wasm_bindgen]
pub fn hydrate() {
    frontend::start(Bundle::Portal, How::Hydrate, draw);
}

/// Fills the neutral shell.
#[wasm_bindgen]
pub fn mount() {
    frontend::start(Bundle::Portal, How::Mount, draw);
}

fn draw(device: Device) -> AnyView {
    app::Portal(app::PortalProps { device }).any()
}
