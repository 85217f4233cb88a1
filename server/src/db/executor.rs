//! The executor: one task that carries out a company's mutations, one after the other, many to a commit.
//!
//! Invariant: nobody hears an answer, and no device a poke, before the commit.

use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

use anyhow::Result;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use super::{Db, Push, Pushed, Turn, push::Ledger};
use crate::{
    error::{ApiError, ApiResult},
    metrics::Metrics,
    services::Clock,
    sync::Feed,
};

/// Mutations that share one commit at most.
const BATCH: usize = 128;
/// Requests that may wait; more are told to come back.
const QUEUE: usize = 1_024;
/// Attempts at one piece of work when the database itself is the trouble.
const ATTEMPTS: u32 = 8;

type Work = Box<dyn for<'t> FnOnce(&'t mut Turn) -> BoxFuture<'t, ApiResult<()>> + Send>;

enum Item {
    Push(Push, oneshot::Sender<ApiResult<Pushed>>),
    Work(Work, oneshot::Sender<ApiResult<()>>),
}

/// The way to the one writer. Cheap to clone.
#[derive(Clone)]
pub struct Executor {
    queue: mpsc::Sender<Item>,
}

impl Executor {
    /// Starts the task. It ends when the last handle is dropped.
    #[must_use]
    pub fn start(db: Db, feed: Arc<Feed>, clock: Clock) -> Self {
        Self::counted(db, feed, clock, Metrics::default())
    }

    /// As [`Executor::start`], and counts what it does.
    #[must_use]
    pub fn counted(db: Db, feed: Arc<Feed>, clock: Clock, metrics: Metrics) -> Self {
        let (queue, items) = mpsc::channel(QUEUE);
        #[expect(
            clippy::disallowed_methods,
            reason = "the executor is the process's one writer and lives as long as it"
        )]
        tokio::spawn(
            Writer {
                db,
                feed,
                clock,
                metrics,
            }
            .run(items),
        );
        Self { queue }
    }

    /// Requests that wait for their turn.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Waits until everything that waits now has had its turn.
    pub async fn rest(&self) {
        // Nothing but its place in the queue; when the database is away, so is what waited.
        let _ = self.run(|_| Box::pin(async { Ok(()) })).await;
    }

    /// Carries out what a device pushed.
    ///
    /// # Errors
    /// [`ApiError::Busy`] when too much waits, [`ApiError::Fault`] when the database fails: then nothing moved.
    pub async fn push(&self, push: Push) -> ApiResult<Pushed> {
        let (answer, heard) = oneshot::channel();
        self.queue
            .try_send(Item::Push(push, answer))
            .map_err(|_| ApiError::Busy)?;
        heard.await.map_err(|_| ApiError::Busy)?
    }

    /// Carries out other work on synced rows in a turn of its own. The value is handed over after the commit.
    ///
    /// # Errors
    /// What the work answers; then nothing moved.
    pub async fn run<T, F>(&self, work: F) -> ApiResult<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Turn) -> BoxFuture<'t, ApiResult<T>> + Send + 'static,
    {
        // Filled inside the turn, read after its commit.
        let made = Arc::new(Mutex::new(None));
        let place = made.clone();
        let work: Work = Box::new(move |turn| {
            Box::pin(async move {
                let value = work(turn).await?;
                *place.lock().map_err(|_| ApiError::Busy)? = Some(value);
                Ok(())
            })
        });
        let (answer, heard) = oneshot::channel();
        self.queue
            .send(Item::Work(work, answer))
            .await
            .map_err(|_| ApiError::Busy)?;
        heard.await.map_err(|_| ApiError::Busy)??;
        made.lock()
            .map_err(|_| ApiError::Busy)?
            .take()
            .ok_or(ApiError::Busy)
    }
}

/// The task's own state.
struct Writer {
    db: Db,
    feed: Arc<Feed>,
    clock: Clock,
    metrics: Metrics,
}

impl Writer {
    async fn run(self, mut items: mpsc::Receiver<Item>) {
        let mut pushes: Vec<(Push, oneshot::Sender<ApiResult<Pushed>>)> = Vec::new();
        loop {
            let mut batch = Vec::with_capacity(BATCH);
            if items.recv_many(&mut batch, BATCH).await == 0 {
                return;
            }
            for item in batch {
                match item {
                    Item::Push(push, answer) => {
                        let waiting: usize = pushes.iter().map(|it| it.0.mutations.len()).sum();
                        if waiting + push.mutations.len() > BATCH {
                            self.carry_out(std::mem::take(&mut pushes)).await;
                        }
                        pushes.push((push, answer));
                    }
                    Item::Work(work, answer) => {
                        self.carry_out(std::mem::take(&mut pushes)).await;
                        // Nobody waiting any more is no reason to undo what is done.
                        let _ = answer.send(self.work(work).await);
                    }
                }
            }
            self.carry_out(std::mem::take(&mut pushes)).await;
        }
    }

    /// All pushes in one commit; when that fails, each in its own, so that one bad push does not harm the others.
    async fn carry_out(&self, pushes: Vec<(Push, oneshot::Sender<ApiResult<Pushed>>)>) {
        if pushes.is_empty() {
            return;
        }
        let (pushes, answers): (Vec<_>, Vec<_>) = pushes.into_iter().unzip();
        let together = self.try_together(&pushes).await;
        if let Err(fault) = &together {
            tracing::warn!(
                error = format!("{fault:#}"),
                "A batch is carried out push by push"
            );
        }
        for (at, answer) in answers.into_iter().enumerate() {
            let result = match &together {
                Ok(pushed) => Ok(pushed[at].clone()),
                Err(_) => self.alone(&pushes[at]).await,
            };
            let _ = answer.send(result);
        }
    }

    async fn try_together(&self, pushes: &[Push]) -> Result<Vec<Pushed>> {
        let mut turn = Turn::begin(&self.db, self.clock.now()).await?;
        if pushes.len() > 1 {
            turn.share();
        }
        let mut ledger = Ledger::read(&mut turn, pushes).await?;
        let mut all = Vec::with_capacity(pushes.len());
        for push in pushes {
            all.push(ledger.take(&mut turn, push).await?);
        }
        let has_repeats = ledger.has_repeats;
        ledger.write(&mut turn).await?;
        self.finish(turn).await?;
        self.metrics.pushed(&all);
        if has_repeats {
            // The commit that answered them may be one whose own answer was lost, or another process's: then nobody here
            // knows of its rows yet, and whoever is told of an answer finds them in the same answer.
            self.feed.catch_up(&self.db).await?;
        }
        Ok(all)
    }

    async fn alone(&self, push: &Push) -> ApiResult<Pushed> {
        for attempt in 1.. {
            match self.try_together(std::slice::from_ref(push)).await {
                Ok(mut pushed) => return pushed.pop().ok_or(ApiError::Busy),
                Err(fault) if is_passing(&fault) && !is_full(&fault) && attempt < ATTEMPTS => {
                    tokio::time::sleep(std::time::Duration::from_millis(
                        u64::from(rand::random::<u8>()) * u64::from(attempt) / 8,
                    ))
                    .await;
                }
                Err(fault) if is_passing(&fault) => {
                    tracing::warn!(error = format!("{fault:#}"), "Could not write now");
                    return Err(ApiError::Busy);
                }
                Err(fault) => return Err(ApiError::Fault(fault)),
            }
        }
        Err(ApiError::Busy)
    }

    async fn work(&self, work: Work) -> ApiResult<()> {
        let mut turn = Turn::begin(&self.db, self.clock.now()).await?;
        // Without a commit the transaction is rolled back when the turn is dropped.
        work(&mut turn).await?;
        self.finish(turn).await?;
        Ok(())
    }

    async fn finish(&self, turn: Turn) -> Result<()> {
        let began = Instant::now();
        self.feed.published(turn.commit().await?);
        self.metrics.committed(began.elapsed());
        Ok(())
    }
}

/// The database is the trouble, not the work: the same may pass in a moment.
pub(crate) fn is_passing(fault: &anyhow::Error) -> bool {
    fault
        .chain()
        .any(|it| match it.downcast_ref::<sqlx::Error>() {
            Some(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|it| is_passing_code(&it))
            }
            Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => true,
            _ => false,
        })
}

/// No room on the disk: that passes only when somebody makes some, and others wait behind this one.
fn is_full(fault: &anyhow::Error) -> bool {
    fault.chain().any(|it| {
        let error = it.downcast_ref::<sqlx::Error>();
        let code = error.and_then(|it| it.as_database_error()?.code());
        code.is_some_and(|it| matches!(&*it, "13" | "53100"))
    })
}

/// `PostgreSQL` writes five characters, of which the first two are a class; `SQLite` a number whose low byte is the kind.
fn is_passing_code(code: &str) -> bool {
    const LOST_CONNECTION: &str = "08";
    const NO_ROOM: &str = "53";
    const OPERATOR: &str = "57";
    const DISK: &str = "58";
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    const IO: u32 = 10;
    const FULL: u32 = 13;
    const CANNOT_OPEN: u32 = 14;
    if code.len() == 5 {
        // Serialization, deadlock, lock timeout.
        return matches!(code, "40001" | "40P01" | "55P03")
            || [LOST_CONNECTION, NO_ROOM, OPERATOR, DISK]
                .iter()
                .any(|class| code.starts_with(class));
    }
    code.parse::<u32>()
        .is_ok_and(|it| [BUSY, LOCKED, IO, FULL, CANNOT_OPEN].contains(&(it & 0xFF)))
}

#[cfg(test)]
mod tests {
    use super::is_passing_code;

    #[test]
    fn what_passes_is_told_from_what_does_not() {
        let passing = [
            "40001", "53100", "57P01", "08006", "5", "517", "13", "778", "1034", "14",
        ];
        let staying = [
            "23505", "22021", "42P01", "1", "19", "2067", "1555", "11", "", "Ünïc",
        ];
        assert!(passing.iter().all(|it| is_passing_code(it)));
        assert!(!staying.iter().any(|it| is_passing_code(it)));
    }
}
