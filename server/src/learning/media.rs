//! `GET /media/NAME`: a lesson's text, pictures, sound, video. A name says what is in the file, so it never changes; a phone
//! that lost its signal in the middle asks for the rest.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use futures::stream;
use http_range_header::parse_range_header;

use super::{
    format::kind_of,
    queries::{self, PART},
};
use crate::{
    actor::Signed,
    error::{ApiError, ApiResult},
    services::Services,
};

/// Routes of this feature.
pub(super) fn routes() -> Router<Services> {
    Router::new().route("/media/{name}", get(media))
}

async fn media(
    _: Signed,
    State(services): State<Services>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let kind = kind_of(&name).ok_or(ApiError::NotFound)?;
    let mut response = part_of(services, name, kind, &headers).await?;
    let forever = HeaderValue::from_static("private, max-age=31536000, immutable");
    // Opened by itself, it is nothing but a file.
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    let set = response.headers_mut();
    set.insert(header::CACHE_CONTROL, forever);
    set.insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// A file, or the part of it that is asked for.
pub(super) async fn part_of(
    services: Services,
    name: String,
    kind: &str,
    headers: &HeaderMap,
) -> ApiResult<Response> {
    let length = queries::file(&mut *services.db.read().await?, &name)
        .await?
        .ok_or(ApiError::NotFound)?;
    let asked = headers.get(header::RANGE).and_then(|it| it.to_str().ok());
    let range = asked.and_then(|it| parse_range_header(it).ok()?.validate(length).ok());
    // Several ranges at once are answered with the whole file, as a server may.
    let range = range.filter(|it| it.len() == 1).and_then(|mut it| it.pop());
    let is_past = asked.is_some() && range.is_none() && starts_at(asked) >= Some(length);
    let mut response = HeaderMap::new();
    let mut set = |name, value: &str| {
        // Numbers and our own words are fine in a header.
        if let Ok(value) = HeaderValue::from_str(value) {
            response.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, kind);
    set(header::ACCEPT_RANGES, "bytes");
    if is_past {
        set(header::CONTENT_RANGE, &format!("bytes */{length}"));
        return Ok((StatusCode::RANGE_NOT_SATISFIABLE, response).into_response());
    }
    let (status, from, until) = match range {
        Some(range) => {
            let (from, last) = range.into_inner();
            set(
                header::CONTENT_RANGE,
                &format!("bytes {from}-{last}/{length}"),
            );
            (StatusCode::PARTIAL_CONTENT, from, last + 1)
        }
        None => (StatusCode::OK, 0, length),
    };
    set(header::CONTENT_LENGTH, &(until - from).to_string());
    Ok((status, response, body(services, name, from, until)).into_response())
}

/// Where the first range begins.
fn starts_at(range: Option<&str>) -> Option<u64> {
    range?
        .strip_prefix("bytes=")?
        .split('-')
        .next()?
        .parse()
        .ok()
}

/// The bytes of a file, read part by part as they are sent.
fn body(services: Services, name: String, from: u64, until: u64) -> Body {
    let part = PART as u64;
    let parts = stream::try_unfold(from, move |at| {
        let (services, name) = (services.clone(), name.clone());
        async move {
            if at >= until {
                return Ok(None);
            }
            let mut tx = services.db.read().await?;
            let data = queries::part(&mut tx, &name, at / part).await?;
            let data = data.ok_or_else(|| anyhow::anyhow!("a part of a file is missing"))?;
            let begins = usize::try_from(at % part)?;
            let ends = usize::try_from((until - at / part * part).min(data.len() as u64))?;
            let bytes = Bytes::from(data).slice(begins..ends);
            anyhow::ensure!(!bytes.is_empty(), "a part of a file is short");
            let next = at + bytes.len() as u64;
            Ok::<_, anyhow::Error>(Some((bytes, next)))
        }
    });
    Body::from_stream(parts)
}
