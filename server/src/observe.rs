//! The layer around every request: how long it took and how it ended, counted and, where a collector is set, traced.
//!
//! A request is known by the template of its route. Its path, its sender and what it says are in neither.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, Version, header},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument as _, Span, field};

use crate::services::Services;

/// What pages, built files and whatever is not there go by: their addresses may name things.
const PAGE: &str = "page";

pub(crate) async fn observe(
    State(services): State<Services>,
    request: Request,
    next: Next,
) -> Response {
    let (config, version) = (&services.config, request.version());
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "other",
    };
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or(PAGE, MatchedPath::as_str);
    let span = if config.is_traced {
        tracing::info_span!(
            "request",
            otel.name = format!("{method} {route}"),
            otel.kind = "server",
            http.request.method = method,
            http.route = route,
            http.response.status_code = field::Empty
        )
    } else {
        Span::none()
    };
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    span.record("http.response.status_code", status);
    config
        .metrics
        .answered(method, route, status, began.elapsed());
    // Whoever keeps a connection open finds another process for the next request, instead of meeting the end of this one
    // with a request under way. HTTP/2 has a word of its own for this, and the listener says it.
    if config.drain.has_begun() && version < Version::HTTP_2 {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    response
}
