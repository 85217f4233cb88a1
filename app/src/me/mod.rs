//! 自分.
use crate::page::Page;
use leptos::prelude::*;
/// The screens both bundles have.
pub fn screen(page: &Page) -> AnyView {
    let _ = page;
    ().into_any()
}
