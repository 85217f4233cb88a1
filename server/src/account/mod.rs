//! Accounts: signing in by mail, sessions, devices, the language of a browser.
//!
//! In reading order: [`browser`] (what a request says), [`secret`] (tokens, codes, hashes), [`sessions`] (who is signed
//! in), [`sign_in`] (address, code, link), [`invitation`], [`device`], [`language`]. Nothing here is a synced row, so
//! nothing here waits for the executor. No address, name, token or code is logged.

mod browser;
mod device;
mod invitation;
mod language;
mod queries;
pub(crate) mod secret;
mod sessions;
mod sign_in;

pub use browser::language_of;
pub use device::devices;
pub use invitation::invite;
pub(crate) use sessions::purge;
pub use sessions::{Sessions, end_all_sessions, renew, signed, start_session};

use app::page::Page;
use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::services::Services;

/// The routes of signing in and out. None of their answers is kept by anybody.
pub fn routes() -> Router<Services> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::ask))
        .route(
            "/sign-in/code",
            get(sign_in::show_code).post(sign_in::enter),
        )
        .route("/sign-in/link/{token}", get(sign_in::show_link))
        .route("/sign-in/link", post(sign_in::enter_by_link))
        .route("/invitation/{token}", get(invitation::show))
        .route("/invitation/sent", get(invitation::show_sent))
        .route("/invitation", post(invitation::accept))
        .route("/invitation/again", post(invitation::again))
        .route("/sign-out", post(device::sign_out))
        .route("/me/devices/{id}/sign-out", post(device::sign_out_device))
        .route("/language", post(language::choose))
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
}

/// Leads somebody who is not signed in to the sign-in, and from there back to the page.
pub(crate) fn to_sign_in(page: &Page) -> Response {
    // A page's path is plain enough to stand in a query as it is.
    if *page == Page::Home {
        see_other("/sign-in")
    } else {
        see_other(&format!("/sign-in?back={}", page.path()))
    }
}

/// An answer that leads on. The paths are ours, in plain letters.
fn see_other(path: &str) -> Response {
    let path = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

#[cfg(test)]
mod tests;
