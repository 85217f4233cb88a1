//! The task that hears what other processes on the same PostgreSQL have committed, and pokes whom it concerns.
//!
//! Below it stays the worker's look into the database: what is not heard here is seen there, two seconds later.

use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinHandle;

use crate::{
    db::{Engine, Notices},
    services::Services,
};

/// Before the next attempt to listen, when the database is away.
const PAUSE: Duration = Duration::from_secs(1);

/// The running task; it ends when this is dropped.
pub struct Hearing(JoinHandle<()>);

impl Drop for Hearing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Begins to hear others. None on SQLite, where there are none.
#[must_use]
pub fn hear(services: &Services) -> Option<Hearing> {
    if services.db.engine == Engine::Sqlite {
        return None;
    }
    let services = services.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "it lives as long as the process and writes nothing; `Hearing` ends it"
    )]
    let task = tokio::spawn(async move {
        loop {
            let Err(fault) = listen(&services).await;
            tracing::warn!(error = format!("{fault:#}"), "Cannot hear other processes");
            tokio::time::sleep(PAUSE).await;
        }
    });
    Some(Hearing(task))
}

async fn listen(services: &Services) -> Result<std::convert::Infallible> {
    let mut notices = Notices::listen(&services.db, &services.config.database).await?;
    // Whatever was said before the first word that is heard.
    let mut said = None;
    loop {
        // While one catches up, further notices arrive; those it made good already cost nothing.
        if said.is_none_or(|seq| seq > services.feed.seq()) {
            services.feed.catch_up(&services.db).await?;
        }
        said = notices.next().await?;
    }
}
