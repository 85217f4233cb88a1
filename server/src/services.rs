//! What handlers and jobs share: one value per company, cheap to clone.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use domain::time::Time;

use crate::{
    account::Sessions,
    asset::Site,
    config::Config,
    db::{Db, Executor},
    limit::{Streams, Used},
    sync::Feed,
};

/// What handlers and jobs share.
#[derive(Clone)]
pub struct Services {
    /// Settings of this process.
    pub config: Arc<Config>,
    /// The database.
    pub db: Db,
    /// The one writer of synced rows.
    pub executor: Executor,
    /// The newest seq of each audience, and who listens.
    pub feed: Arc<Feed>,
    /// Sessions lately seen.
    pub sessions: Arc<Sessions>,
    /// How much everybody has asked for lately.
    pub used: Arc<Used>,
    /// Open streams of events.
    pub streams: Arc<Streams>,
    /// The only clock.
    pub clock: Clock,
    /// The built files.
    pub site: Arc<Site>,
}

/// The only clock: the machine's, or one that a test moves.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's.
    System,
    /// Milliseconds, moved by hand.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now` until it is moved.
    #[must_use]
    pub fn set_to(now: Time) -> Self {
        Self::Set(Arc::new(AtomicI64::new(now.millis())))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Time {
        match self {
            Self::System => {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the one place that asks the machine"
                )]
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                Time::from_millis(
                    since.map_or(0, |it| i64::try_from(it.as_millis()).unwrap_or(i64::MAX)),
                )
            }
            Self::Set(millis) => Time::from_millis(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a set clock; the machine's stays as it is.
    pub fn move_to(&self, now: Time) {
        if let Self::Set(millis) = self {
            millis.store(now.millis(), Ordering::SeqCst);
        }
    }
}

/// 128 random bits, from the operating system's generator.
#[must_use]
pub fn chance() -> u128 {
    rand::random()
}
