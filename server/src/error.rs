//! What goes wrong at the edge: a rule said no, it is not there, or we broke.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::refusal::Refusal;

use crate::db;

/// An answer that is not the wished one.
#[derive(Debug)]
pub enum ApiError {
    /// A rule said no.
    Refused(Refusal),
    /// Not there, or not yours.
    NotFound,
    /// Nobody is signed in.
    SignedOut,
    /// Signed in, but this is not for their role. Used for pages of the console only; rows answer [`Self::NotFound`].
    NotForYou,
    /// The request is not one of ours.
    Malformed(&'static str),
    /// Too many attempts; seconds to wait.
    TooMany(i64),
    /// Not now; nothing moved.
    Busy,
    /// We broke. Logged once, here.
    Fault(anyhow::Error),
}

/// What handlers return.
pub type ApiResult<T> = Result<T, ApiError>;

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(error)
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<Refusal> for ApiError {
    fn from(no: Refusal) -> Self {
        Self::Refused(no)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let no_store = || [(header::CACHE_CONTROL, "no-store")];
        let plain =
            |status: StatusCode, text: &'static str| (status, no_store(), text).into_response();
        match self {
            Self::Refused(no) => {
                (StatusCode::UNPROCESSABLE_ENTITY, no_store(), Json(no)).into_response()
            }
            Self::NotFound => plain(StatusCode::NOT_FOUND, "not found"),
            Self::SignedOut => plain(StatusCode::UNAUTHORIZED, "signed out"),
            Self::NotForYou => plain(StatusCode::FORBIDDEN, "not for you"),
            Self::Malformed(what) => plain(StatusCode::BAD_REQUEST, what),
            Self::TooMany(seconds) => (
                StatusCode::TOO_MANY_REQUESTS,
                [
                    (header::CACHE_CONTROL, "no-store".to_owned()),
                    (header::RETRY_AFTER, seconds.to_string()),
                ],
                "too many attempts",
            )
                .into_response(),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                [
                    (header::CACHE_CONTROL, "no-store"),
                    (header::RETRY_AFTER, "1"),
                ],
                "busy",
            )
                .into_response(),
            // Nothing moved, and the same request may pass in a moment: the device comes back by itself.
            Self::Fault(error) if db::is_passing(&error) => {
                tracing::warn!(error = format!("{error:#}"), "Not now");
                Self::Busy.into_response()
            }
            Self::Fault(error) => {
                tracing::error!(error = format!("{error:#}"), "Fault");
                plain(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong")
            }
        }
    }
}
