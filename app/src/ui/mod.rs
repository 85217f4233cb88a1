//! Pieces that know no feature: properties in, callbacks out.
use leptos::prelude::*;
/// The frame around every portal page.
#[component]
pub fn PortalFrame(children: Children) -> impl IntoView {
    view! { <main>{children()}</main> }
}
/// Nothing stands at this address.
#[component]
pub fn NotFound() -> impl IntoView {
    view! { <p>"404"</p> }
}
