//! ホーム.
use leptos::prelude::*;
/// ホーム.
#[component]
pub fn Home() -> impl IntoView {
    view! { <p></p> }
}
