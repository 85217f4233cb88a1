//! Many companies in one process: a folder in which each has a file named as its host, `bridge.example.jp.toml`.
//!
//! A company is opened when somebody comes or its work is due, and closed when nobody came for a while.
//!
//! Invariant: a request belongs to the company of its host name and meets nothing but that company's services; no
//! feature knows that there are others.

mod card;
mod place;

pub use card::{Card, hosts};

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, Result};
use axum::{
    Router,
    extract::Request,
    http::{StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use tower::ServiceExt as _;

use crate::{asset::Site, config::Config, limit::door::Door, services::Clock};
use place::{Opened, Place};

/// How often somebody looks whose work is due and who can be closed.
const PAUSE: Duration = Duration::from_secs(1);

/// The companies of this process. Cheap to clone.
#[derive(Clone)]
pub struct Companies(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    /// What holds for all of them.
    common: Config,
    site: Arc<Site>,
    clock: Clock,
    /// Held for a look-up only, never across a wait.
    places: Mutex<HashMap<String, Arc<Place>>>,
}

impl Companies {
    /// The companies of a folder; none of them is opened yet.
    ///
    /// # Errors
    /// When the folder cannot be read, or a company's file in it; or the built site.
    pub fn read(folder: PathBuf, common: Config, clock: Clock) -> Result<Self> {
        for host in hosts(&folder)? {
            Card::read(&folder, &host)?.config(&common)?;
        }
        let site = Arc::new(Site::load(&common.site)?);
        Ok(Self(Arc::new(Inner {
            folder,
            common,
            site,
            clock,
            places: Mutex::default(),
        })))
    }

    /// Everything that is asked of this process, to be answered by the company of the host name.
    pub fn router(&self) -> Router {
        let companies = self.clone();
        Router::new()
            .fallback(move |request: Request| async move { companies.answer(request).await })
    }

    async fn answer(&self, request: Request) -> Response {
        // Asked by whoever watches the machine, under any name.
        if request.uri().path() == "/healthz" {
            return "ok".into_response();
        }
        if request.uri().path() == "/readyz" {
            return if self.0.common.drain.has_begun() {
                (StatusCode::SERVICE_UNAVAILABLE, "leaving").into_response()
            } else {
                "ready".into_response()
            };
        }
        let Some(place) = host_of(&request).and_then(|host| self.place(&host)) else {
            return (
                StatusCode::MISDIRECTED_REQUEST,
                "この名前の窓口はありません。アドレスをお確かめください。\nThere is no company of this name here.\n",
            )
                .into_response();
        };
        match self.opened(&place).await {
            Ok(opened) => {
                let may_bring_work = !request.method().is_safe();
                let Ok(response) = opened.router.clone().oneshot(request).await;
                if may_bring_work {
                    opened.worker.nudge();
                }
                response
            }
            Err(fault) => {
                tracing::error!(
                    company = place.host,
                    error = format!("{fault:#}"),
                    "Cannot open a company"
                );
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    [(header::RETRY_AFTER, "10")],
                )
                    .into_response()
            }
        }
    }

    /// The company of a host name, open or not; `play.HOST` is where the packages of HOST play, if its file says so.
    fn place(&self, host: &str) -> Option<Arc<Place>> {
        if let Some(place) = self.place_of(host) {
            return Some(place);
        }
        let host = host.strip_prefix(card::PLAY)?;
        let card = Card::read(&self.0.folder, host).ok()?;
        self.place_of(host).filter(|_| card.has_play_address())
    }

    /// It has a file, so that taking the file away takes the company away.
    fn place_of(&self, host: &str) -> Option<Arc<Place>> {
        let mut places = self.places();
        if let Some(place) = places.get(host) {
            return Some(place.clone());
        }
        Card::is_there(&self.0.folder, host).then(|| {
            let place = Arc::new(Place::new(host));
            places.insert(host.to_owned(), place.clone());
            place
        })
    }

    async fn opened(&self, place: &Place) -> Result<Arc<Opened>> {
        let now = self.0.clock.now();
        let open = || async {
            let config = Card::read(&self.0.folder, &place.host)?.config(&self.0.common)?;
            Opened::open(config, self.0.clock.clone(), self.0.site.clone()).await
        };
        place.opened(now, open).await
    }

    /// One look: lets companies go whose file is gone or to which nobody came, and does what is due in those that are
    /// closed, one after the other. So every database is brought up to date soon after the start, by itself.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn look(&self) -> Result<()> {
        for host in hosts(&self.0.folder)? {
            self.place(&host);
        }
        let places: Vec<_> = self.places().values().cloned().collect();
        for place in places {
            if !Card::is_there(&self.0.folder, &place.host) {
                place.close(self.0.clock.now()).await;
                self.places().remove(&place.host);
                continue;
            }
            if let Err(fault) = self.visit(&place).await {
                tracing::error!(
                    company = place.host,
                    error = format!("{fault:#}"),
                    "Cannot look after a company"
                );
            }
        }
        Ok(())
    }

    async fn visit(&self, place: &Place) -> Result<()> {
        if place.is_due(self.0.clock.now()).await {
            let opened = self.opened(place).await?;
            crate::job::run_due(&opened.services).await?;
        }
        place.close_when_idle(self.0.clock.now()).await;
        Ok(())
    }

    /// How many are open.
    pub async fn open_count(&self) -> usize {
        let places: Vec<_> = self.places().values().cloned().collect();
        let mut count = 0;
        for place in places {
            count += usize::from(place.is_open().await);
        }
        count
    }

    /// Looks again and again, until it is dropped.
    pub async fn look_after(&self) {
        loop {
            if let Err(fault) = self.look().await {
                tracing::error!(
                    error = format!("{fault:#}"),
                    "Cannot look after the companies"
                );
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Closes all of them.
    pub async fn close(&self) {
        let places: Vec<_> = self.places().drain().map(|it| it.1).collect();
        for place in places {
            place.close(self.0.clock.now()).await;
        }
    }

    fn places(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Place>>> {
        self.0.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name that the browser asked for, in lower case and without a port.
pub(crate) fn host_of(request: &Request) -> Option<String> {
    let named = || {
        request
            .headers()
            .get(header::HOST)?
            .to_str()
            .ok()?
            .parse::<Uri>()
            .ok()
    };
    let host = match request.uri().host() {
        Some(host) => host.to_owned(),
        None => named()?.host()?.to_owned(),
    };
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    card::is_host(&host).then_some(host)
}

/// Serves all companies of a folder until `shutdown`.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    companies: &Companies,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let app = companies.router();
    let door = Door::of_machine(companies.0.common.trusted_proxy_hops > 0);
    tokio::select! {
        done = crate::serve_router(app, listener, door, shutdown, &companies.0.common) => done,
        () = companies.look_after() => Ok(()),
    }
    .context("cannot serve the companies")
}
