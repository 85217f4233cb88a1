//! Work by the clock. Each piece has a key with its day, so several processes of one company do it once.

use anyhow::Result;
use domain::time::{DAY, Day, MINUTE, Time};

use super::{Job, later, queries};
use crate::{
    account, learning,
    notification::reminders_later,
    services::Services,
    sync::queries::{floors, seq},
};

/// How long a device may stay away and still be told only what changed.
const TOMBSTONES: i64 = 45 * DAY;

/// What was planned when.
#[derive(Debug, Default)]
pub(super) struct Periodic {
    /// The database's newest seq when it was last looked at.
    seen: i64,
    looked: Option<Time>,
    day: Option<Day>,
}

impl Periodic {
    /// Hears of other processes, and plans what the clock asks for; the latter at most once a minute.
    pub(super) async fn look(&mut self, services: &Services) -> Result<()> {
        self.hear_others(services).await?;
        let now = services.clock.now();
        if self
            .looked
            .is_some_and(|it| now.since(it) < MINUTE && now >= it)
        {
            return Ok(());
        }
        self.looked = Some(now);
        raise_floors(services).await?;
        reminders_later(&services.db, now).await?;
        if self.day != Some(now.day()) {
            let mut tx = services.db.begin().await?;
            later(
                &mut tx,
                format!("turn_of_day:{}", now.day()),
                &Job::TurnOfDay,
                now,
            )
            .await?;
            later(&mut tx, format!("purge:{}", now.day()), &Job::Purge, now).await?;
            tx.commit().await?;
            self.day = Some(now.day());
        }
        Ok(())
    }

    /// Other processes write to the same database: an import on the command line, another node. What was committed
    /// before the last look and is still not known here was theirs; our own commits are known at once.
    async fn hear_others(&mut self, services: &Services) -> Result<()> {
        if services.feed.seq() < self.seen {
            services.feed.catch_up(&services.db).await?;
        }
        self.seen = seq(&mut *services.db.read().await?).await?;
        Ok(())
    }
}

/// Another process may have raised a floor.
async fn raise_floors(services: &Services) -> Result<()> {
    let mut read = services.db.read().await?;
    services.feed.raise_floors(&floors(&mut read).await?);
    Ok(())
}

/// Takes away what has served its time.
///
/// Tombstones go in two steps, a day apart: first the audience's floor rises, and every process hears of it within a
/// minute; then those below it go. So no process meets a cursor whose tombstones are missing without knowing.
pub(super) async fn purge(services: &Services) -> Result<()> {
    let now = services.clock.now();
    let mut tx = services.db.begin().await?;
    queries::purge(&mut tx, now).await?;
    account::purge(&mut tx, now)
        .await
        .map_err(|error| anyhow::anyhow!("cannot purge sessions: {error:?}"))?;
    learning::purge(&mut tx, now)
        .await
        .map_err(|error| anyhow::anyhow!("cannot purge plays: {error:?}"))?;
    for (audience, floor) in floors(&mut tx).await? {
        queries::remove_tombstones(&mut tx, &audience.to_string(), floor).await?;
    }
    for (audience, floor) in queries::newest_tombstones(&mut tx, now.plus(-TOMBSTONES)).await? {
        crate::sync::queries::set_fact(&mut tx, &format!("floor:{audience}"), &floor.to_string())
            .await?;
    }
    tx.commit().await?;
    raise_floors(services).await
}
