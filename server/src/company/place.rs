//! A company's place in the process: open or closed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use anyhow::{Result, bail};
use axum::Router;
use domain::time::{MINUTE, Time};
use tokio::sync::RwLock;

use crate::{
    asset::Site,
    config::Config,
    db::Share,
    job::{self, Worker},
    services::{Clock, Services},
};

/// Nobody came for so long: it can be closed.
const IDLE: i64 = 5 * MINUTE;
/// How often the worker of an open company looks by itself: what a request brought it hears of at once.
const PAUSE: Duration = Duration::from_secs(15);
/// A closed company is looked after at least so often: the command line may have left work in it.
const REST: i64 = 10 * MINUTE;
/// One that could not be opened is not tried again for so long.
const BROKEN: i64 = 10_000;

/// An open company.
pub(super) struct Opened {
    pub(super) services: Services,
    pub(super) router: Router,
    pub(super) worker: Worker,
}

impl Opened {
    pub(super) async fn open(config: Config, clock: Clock, site: Arc<Site>) -> Result<Self> {
        let services = crate::start_with(config, clock, site, Share::OneOfMany).await?;
        let router = crate::router(services.clone());
        let worker = job::start(services.clone(), PAUSE)?;
        Ok(Self {
            services,
            router,
            worker,
        })
    }

    /// Ends what it does. Gives when its next work is due.
    async fn close(self) -> Option<Time> {
        self.worker.stop().await;
        let due = job::next_due(&self.services.db).await;
        self.services.db.close().await;
        due.unwrap_or_else(|fault| {
            tracing::warn!(
                error = format!("{fault:#}"),
                "Nobody knows when a company's next work is due"
            );
            None
        })
    }
}

enum State {
    Closed,
    Open(Arc<Opened>),
    /// It could not be opened, then.
    Broken(Time),
}

/// A company's place.
pub(super) struct Place {
    pub(super) host: String,
    state: RwLock<State>,
    /// When somebody last came.
    used: AtomicI64,
    /// When it is looked after next, while it is closed.
    due: AtomicI64,
}

impl Place {
    pub(super) fn new(host: &str) -> Self {
        Self {
            host: host.to_owned(),
            state: RwLock::new(State::Closed),
            used: AtomicI64::new(i64::MIN),
            due: AtomicI64::new(i64::MIN),
        }
    }

    /// The open company; `open` opens it when it is closed, once, however many come at the same time.
    pub(super) async fn opened<O>(&self, now: Time, open: impl FnOnce() -> O) -> Result<Arc<Opened>>
    where
        O: Future<Output = Result<Opened>>,
    {
        self.used.fetch_max(now.millis(), Ordering::Relaxed);
        if let State::Open(opened) = &*self.state.read().await {
            return Ok(opened.clone());
        }
        let mut state = self.state.write().await;
        match &*state {
            State::Open(opened) => return Ok(opened.clone()),
            State::Broken(then) if now.since(*then) < BROKEN => {
                bail!("it could not be opened a moment ago")
            }
            State::Closed | State::Broken(_) => {}
        }
        match open().await {
            Ok(opened) => {
                let opened = Arc::new(opened);
                *state = State::Open(opened.clone());
                Ok(opened)
            }
            Err(fault) => {
                *state = State::Broken(now);
                self.due.store(now.plus(BROKEN).millis(), Ordering::Relaxed);
                Err(fault)
            }
        }
    }

    pub(super) async fn is_open(&self) -> bool {
        matches!(&*self.state.read().await, State::Open(_))
    }

    /// It is closed, and there is something to do in it.
    pub(super) async fn is_due(&self, now: Time) -> bool {
        self.due.load(Ordering::Relaxed) <= now.millis() && !self.is_open().await
    }

    /// Closes it when nobody came for a while, nobody listens, and nobody is being answered.
    pub(super) async fn close_when_idle(&self, now: Time) {
        if self.used.load(Ordering::Relaxed) > now.plus(-IDLE).millis() {
            return;
        }
        let mut state = self.state.write().await;
        let State::Open(opened) = &*state else { return };
        // Whoever comes from now on waits for the lock and opens it again.
        let is_busy = Arc::strong_count(opened) > 1
            || opened.services.feed.listeners() > 0
            || opened.services.executor.waiting() > 0;
        if !is_busy {
            self.end(&mut state, now).await;
        }
    }

    /// Closes it, whoever is in it.
    pub(super) async fn close(&self, now: Time) {
        self.end(&mut *self.state.write().await, now).await;
    }

    async fn end(&self, state: &mut State, now: Time) {
        let State::Open(opened) = std::mem::replace(state, State::Closed) else {
            return;
        };
        let next = match Arc::try_unwrap(opened) {
            Ok(opened) => opened.close().await,
            // Somebody is being answered: their request fails, and the worker ends with its last handle.
            Err(opened) => {
                opened.services.db.close().await;
                None
            }
        };
        let rest = now.plus(REST);
        self.due.store(
            next.map_or(rest, |it| it.min(rest)).millis(),
            Ordering::Relaxed,
        );
    }
}
