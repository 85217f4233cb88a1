//! `GET /readyz`: may requests be sent here?

use std::time::Duration;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use crate::services::Services;

/// A database that takes longer is as good as none.
const WITHIN: Duration = Duration::from_secs(2);

/// Yes, when the database answers and this process is not leaving.
pub(crate) async fn readyz(State(services): State<Services>) -> impl IntoResponse {
    let (status, word) = if services.config.drain.has_begun() {
        (StatusCode::SERVICE_UNAVAILABLE, "leaving")
    } else if let Ok(Ok(())) = tokio::time::timeout(WITHIN, services.db.ping()).await {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "no database")
    };
    (status, [(header::CACHE_CONTROL, "no-store")], word)
}
