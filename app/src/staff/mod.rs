//! The console.
use crate::page::Page;
use leptos::prelude::*;
/// The screens of the console; none for a page that is not one of its own.
pub fn screen(page: &Page) -> Option<AnyView> {
    let _ = page;
    None
}
/// The frame around every console page.
#[component]
pub fn ConsoleFrame(children: Children) -> impl IntoView {
    view! { <main>{children()}</main> }
}
