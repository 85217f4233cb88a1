//! Signed-in devices: their owner's list, and the end of a session.

use app::online::DeviceLine;
use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue},
    response::Response,
};
use domain::{id::SessionId, time::Time};

use super::{
    browser::{self, SESSION},
    queries, see_other,
};
use crate::{
    actor::{Signed, Visitor},
    db::Conn,
    error::{ApiError, ApiResult},
    services::Services,
};

/// The devices a member is signed in with, lately used first.
///
/// # Errors
/// When the database fails.
pub async fn devices(conn: &mut Conn, signed: Signed) -> ApiResult<Vec<DeviceLine>> {
    let mut lines = Vec::new();
    for row in queries::sessions_of(conn, signed.id).await? {
        let Ok(id) = row.id.parse::<SessionId>() else {
            continue;
        };
        lines.push(DeviceLine {
            id,
            label: row.label,
            created: Time::from_millis(row.created_at),
            last_seen: Time::from_millis(row.last_seen_at),
            is_this: id == signed.session,
        });
    }
    Ok(lines)
}

/// `POST /me/devices/ID/sign-out`: ends one of one's own sessions. Somebody else's is not there.
pub(super) async fn sign_out_device(
    signed: Signed,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let session: SessionId = id.parse().map_err(|_| ApiError::NotFound)?;
    if !end(&services, signed, session).await? {
        return Err(ApiError::NotFound);
    }
    if session == signed.session {
        return Ok(signed_out());
    }
    Ok(see_other("/me/devices"))
}

/// `POST /sign-out`: ends this session. Nobody signed in is signed out already.
pub(super) async fn sign_out(
    Visitor(signed): Visitor,
    State(services): State<Services>,
) -> ApiResult<Response> {
    if let Some(signed) = signed {
        end(&services, signed, signed.session).await?;
    }
    Ok(signed_out())
}

async fn end(services: &Services, signed: Signed, session: SessionId) -> ApiResult<bool> {
    let mut tx = services.db.begin().await?;
    let is_ended =
        queries::end_session_of(&mut tx, signed.id, session, services.clock.now()).await?;
    tx.commit().await?;
    services.sessions.forget(session);
    Ok(is_ended)
}

/// What the app keeps on the device is the app's own to delete: somebody may have chosen to keep what is unsent. The
/// browser's copies of pages go.
fn signed_out() -> Response {
    let mut response = see_other("/sign-in");
    browser::take_away(&mut response, SESSION);
    response.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\""),
    );
    response
}
