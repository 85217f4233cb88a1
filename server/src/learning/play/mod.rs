//! Where packages play: a host name of its own, on which nobody is signed in. Whatever a package does, it does it there, with
//! the one lesson of the one person whose secret stands in the address.
//!
//! In reading order: this file (the routes, and which requests come to them), [`launch`] (who plays), [`player`] (the page
//! around a lesson, and files), [`commit`] (what SCORM reports), [`xapi`], [`state`] and [`cmi5`] (what cmi5 reports), [`report`] (what of
//! it becomes progress), [`queries`].
//!
//! Invariant: a request to the host name of packages meets nothing but these routes, and no other host name meets them.

mod cmi5;
mod commit;
mod launch;
mod player;
pub(crate) mod queries;
mod report;
mod state;
mod xapi;

pub(crate) use launch::begin;
pub(crate) use report::SCORE;

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use domain::time::Time;
use tower::ServiceExt as _;
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer, Predicate,
        predicate::{DefaultPredicate, NotForContentType},
    },
    csrf::CsrfLayer,
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
};

use crate::{
    company::host_of,
    db::Conn,
    error::{ApiError, ApiResult},
    limit, observe,
    services::Services,
};

/// Bytes of what a lesson may keep or report at once.
const MOST_BYTES: usize = 128 << 10;

/// What every answer to a package brings, unless it says otherwise itself. Only its own host is within its reach.
const HEADERS: [(HeaderName, &str); 8] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_DNS_PREFETCH_CONTROL, "off"),
    (
        header::STRICT_TRANSPORT_SECURITY,
        "max-age=63072000; includeSubDomains",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(self), camera=(), clipboard-read=(), display-capture=(), geolocation=(), \
         gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), \
         screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
    ),
];

/// What turns requests to the host name of packages off the way that all others go.
pub(crate) fn beside(services: &Services) -> impl FnOnce(Router) -> Router + use<> {
    let way = services
        .config
        .play
        .as_ref()
        .map(|origin| way(services, origin));
    |router| match way {
        Some((host, play)) => beside_host(router, host, play),
        None => router,
    }
}

fn way(services: &Services, origin: &str) -> (String, Router) {
    let host = origin.split_once("://").map_or("", |it| it.1);
    let host = host.rsplit_once(':').map_or(host, |it| it.0).to_owned();
    (host, router_of(services))
}

fn beside_host(router: Router, host: String, play: Router) -> Router {
    router.layer(middleware::from_fn(move |request: Request, next: Next| {
        let is_here = host_of(&request).is_some_and(|it| it == host);
        let play = play.clone();
        async move {
            if is_here {
                let Ok(response) = play.oneshot(request).await;
                response
            } else {
                next.run(request).await
            }
        }
    }))
}

fn router_of(services: &Services) -> Router {
    let router = Router::new()
        .route("/play/kit/{name}", get(player::kit))
        .route("/play/{token}/", get(player::shown))
        .route("/play/{token}/done", get(player::done))
        .route("/play/{token}/files/{*path}", get(player::file))
        .route("/play/{token}/commit", post(commit::commit))
        .route("/play/{token}/fetch", post(xapi::fetch))
        .merge(xapi::routes())
        .fallback(|| async { ApiError::NotFound })
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(60),
        ));
    let policy = policy(&services.config.origin);
    let set = |router: Router<Services>, name: HeaderName, value: HeaderValue| {
        router.layer(SetResponseHeaderLayer::if_not_present(name, value))
    };
    let router = HEADERS.into_iter().fold(router, |router, (name, value)| {
        set(router, name, HeaderValue::from_static(value))
    });
    let router = match HeaderValue::from_str(&policy) {
        Ok(policy) => set(router, header::CONTENT_SECURITY_POLICY, policy),
        // An origin that cannot stand in a header was refused when the settings were read.
        Err(_) => Router::new(),
    };
    router
        .layer(middleware::from_fn(no_workers))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Precise(4))
                .compress_when(texts()),
        )
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(
            limit::Counter::of(services),
            limit::count_network,
        ))
        .layer(middleware::from_fn_with_state(
            services.clone(),
            observe::observe,
        ))
        .with_state(services.clone())
}

/// A package may run what it brings, as packages do; it reaches nothing but its own host, and stands in nothing but our page.
fn policy(origin: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; \
         worker-src 'self' blob:; object-src 'none'; form-action 'self'; base-uri 'self'; frame-ancestors 'self' {origin}"
    )
}

/// What becomes smaller. Of sound and video a player asks for parts, by their places.
fn texts() -> impl Predicate {
    let not = NotForContentType::const_new;
    DefaultPredicate::new()
        .and(not("audio/"))
        .and(not("video/"))
        .and(not("font/"))
}

/// A worker would outlive the page that a package was shown on.
async fn no_workers(request: Request, next: Next) -> Result<Response, ApiError> {
    if request.headers().contains_key("service-worker") {
        return Err(ApiError::NotFound);
    }
    Ok(next.run(request).await)
}

/// Removes plays that are over.
pub(crate) async fn purge(db: &mut Conn, now: Time) -> ApiResult<()> {
    Ok(queries::purge(db, now.plus(-launch::LASTS)).await?)
}
