//! The server: axum, sqlx, pages, jobs. Product rules stand in `domain`; each feature's `apply` calls them.
//!
//! In reading order: [`config`], [`services`], [`actor`], [`error`]; [`db`] with the executor; [`sync`]; the features
//! [`account`], [`member`], [`booking`], [`interview`], [`promise`], [`event`], [`learning`], [`subsidy`], [`calendar`]; work after the answer: [`job`],
//! [`notification`]; what browsers load: [`page`], [`form`], [`asset`]; for whoever operates it: [`command`],
//! [`metrics`], [`drain`]; many of all this in one process: [`company`].

pub mod account;
pub mod actor;
pub mod asset;
pub mod booking;
pub mod calendar;
pub mod command;
pub mod company;
pub mod config;
pub mod db;
pub mod drain;
pub mod error;
pub mod event;
pub mod form;
mod html;
pub mod interview;
pub mod job;
pub mod learning;
pub mod limit;
pub mod member;
pub mod metrics;
pub mod notification;
mod observe;
pub mod page;
pub mod promise;
pub mod question;
mod ready;
pub mod rebuild;
pub mod seed;
pub mod services;
pub mod subsidy;
pub mod sync;
mod trace;

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::{id::HistoryId, sync::wire::MOST_BYTES};
use tower_http::{
    compression::{
        CompressionLayer, Predicate as _,
        predicate::{DefaultPredicate, NotForContentType},
    },
    csrf::CsrfLayer,
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
};

use config::Config;
use db::{Db, Executor, Share};
use limit::door::Door;
use services::{Clock, Services};
use sync::Feed;

/// How long answers under way may still take at the end: a little more than the longest that a sync may.
const LAST_ANSWERS: Duration = Duration::from_secs(25);

/// Opens everything that handlers and jobs share.
///
/// # Errors
/// When the database or the built site cannot be opened.
pub async fn start(config: Config, clock: Clock) -> Result<Services> {
    let site = Arc::new(asset::Site::load(&config.site)?);
    start_with(config, clock, site, Share::Whole).await
}

/// As [`start`], with the built site that others read, too.
pub(crate) async fn start_with(
    config: Config,
    clock: Clock,
    site: Arc<asset::Site>,
    share: Share,
) -> Result<Services> {
    // Pages are rendered by tasks of this runtime; a second start in one process finds it settled.
    let _ = any_spawner::Executor::init_tokio();
    let db = Db::open_with(&config.database, share).await?;
    prepare(&db, &config).await?;
    let feed = Arc::new(Feed::load(&db).await?);
    let executor = Executor::counted(
        db.clone(),
        feed.clone(),
        clock.clone(),
        config.metrics.clone(),
    );
    let used = Arc::new(limit::Used::against(config.rates));
    let services = Services {
        config: Arc::new(config),
        db,
        executor,
        feed,
        sessions: Arc::default(),
        used,
        streams: Arc::default(),
        clock,
        site,
    };
    services
        .executor
        .run(|turn| Box::pin(booking::publish::company(turn)))
        .await
        .map_err(|error| anyhow::anyhow!("cannot publish the company's settings: {error:?}"))?;
    Ok(services)
}

/// Gives a new database its history and the company its name.
async fn prepare(db: &Db, config: &Config) -> Result<()> {
    let mut tx = db.begin().await?;
    if sync::queries::fact(&mut tx, "history").await?.is_none() {
        let history = HistoryId::random(services::chance());
        sync::queries::set_fact(&mut tx, "history", &history.to_string()).await?;
    }
    sync::queries::set_fact(&mut tx, "name", &config.company_name).await?;
    tx.commit().await.context("cannot prepare the database")
}

/// What pages, forms and files bring, unless they say otherwise themselves.
const PAGE_HEADERS: [(HeaderName, &str); 6] = [
    (header::CACHE_CONTROL, "no-store"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        // The door reads codes with it; the browser asks the person first.
        "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// Every route, with the layers that hold for all of them.
pub fn router(services: Services) -> Router {
    let api = Router::new()
        .route(
            "/api/v1/sync",
            post(sync::sync).layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
        .layer(middleware::from_fn(only_from_our_pages))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(20),
        ));
    let pages = Router::new()
        .merge(form::routes())
        .merge(account::routes())
        .merge(member::routes())
        .merge(calendar::routes())
        .merge(event::names::routes())
        .merge(learning::routes())
        .merge(subsidy::routes())
        .merge(notification::routes(&services))
        .route("/shell", get(page::shell))
        .route("/staff/shell", get(page::shell))
        .route("/version", get(asset::version))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready::readyz))
        .fallback(get(page::fallback))
        .layer(DefaultBodyLimit::max(limit::FORM_BYTES))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(60),
        ));
    let pages = with_headers(pages, PAGE_HEADERS);
    let few = middleware::from_fn_with_state(services.clone(), limit::few_streams);
    let poke = Router::new().route("/api/v1/poke", get(sync::poke).layer(few));
    // Fault pages and answers of a few bytes are not worth compressing; events must not wait for a buffer.
    let compressed = DefaultPredicate::new().and(NotForContentType::const_new("application/wasm"));
    let router = api
        .merge(pages)
        .merge(poke)
        .layer(middleware::from_fn_with_state(
            services.clone(),
            account::renew,
        ))
        .layer(
            CompressionLayer::new()
                .quality(tower_http::CompressionLevel::Precise(4))
                .compress_when(compressed),
        )
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(
            limit::Counter::of(&services),
            limit::count_network,
        ))
        .layer(middleware::from_fn_with_state(
            services.clone(),
            observe::observe,
        ));
    // What is no page needs no more than this, and an answer that says "nothing new" stays small.
    let headers = [
        (
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=63072000; includeSubDomains",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    let beside = learning::beside(&services);
    beside(with_headers(router, headers).with_state(services))
}

/// Puts headers on every answer that does not bring its own.
fn with_headers<const N: usize>(
    router: Router<Services>,
    headers: [(HeaderName, &'static str); N],
) -> Router<Services> {
    headers.into_iter().fold(router, |router, (name, value)| {
        router.layer(SetResponseHeaderLayer::if_not_present(
            name,
            HeaderValue::from_static(value),
        ))
    })
}

/// The JSON endpoints take nothing that a form of another site could send: our header is on it, and it is JSON.
async fn only_from_our_pages(request: Request, next: Next) -> Response {
    let is_json = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|it| it.as_bytes().starts_with(b"application/json"));
    if request.method() != Method::POST
        || (request.headers().contains_key("x-kakehashi") && is_json)
    {
        return next.run(request).await;
    }
    (
        StatusCode::BAD_REQUEST,
        [(header::CACHE_CONTROL, "no-store")],
        "not from our pages",
    )
        .into_response()
}

/// Serves until `shutdown`, and for a while after: `/readyz` says no, open streams end and sync is sent to another, what
/// else comes is still answered, and connections are let go. Then nothing new is taken, and what is under way has as long
/// as it may take.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    services: Services,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let config = services.config.clone();
    let door = Door::of_machine(config.trusted_proxy_hops > 0);
    serve_router(router(services), listener, door, shutdown, &config).await
}

/// As [`serve`], for any routes.
pub(crate) async fn serve_router(
    router: Router,
    listener: tokio::net::TcpListener,
    door: Door,
    shutdown: impl Future<Output = ()> + Send + 'static,
    config: &Config,
) -> Result<()> {
    let (drain, drain_for) = (config.drain.clone(), config.drain_for);
    let (told, heard) = tokio::sync::oneshot::channel();
    let server = door.serve(router, listener, async move {
        shutdown.await;
        drain.begin();
        tokio::time::sleep(drain_for).await;
        // Whoever waits below is gone only when the server is.
        let _ = told.send(());
    });
    tokio::select! {
        () = server => Ok(()),
        () = async { let _ = heard.await; tokio::time::sleep(LAST_ANSWERS).await } => Ok(()),
    }
}
