//! The end of this process, in the order that nobody notices: first it says that it is leaving, then it answers what is
//! still coming, then it closes.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use tokio::sync::watch;

/// Whether this process is leaving. Cheap to clone; all clones know at once.
#[derive(Debug, Clone, Default)]
pub struct Drain(watch::Sender<bool>);

impl Drain {
    /// This process begins to leave; there is no way back.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Is it leaving?
    #[must_use]
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is leaving.
    pub async fn begun(&self) {
        let mut seen = self.0.subscribe();
        // The sender is this value's own.
        let _ = seen.wait_for(|it| *it).await;
    }
}

/// What sync and pokes are answered while this process is leaving: nothing moved, ask another. A proxy does so by itself
/// and sends nothing more here; without one the device asks again, as after any answer it cannot use. It is not the 503 of
/// a busy server, which says nothing about the others.
pub(crate) fn ask_another() -> Response {
    (
        StatusCode::BAD_GATEWAY,
        [(header::CACHE_CONTROL, "no-store")],
        "leaving",
    )
        .into_response()
}
