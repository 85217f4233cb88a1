//! The executor: one task that carries out a company's mutations, one after the other, many to a commit.
//!
//! Invariants: `seq` is allotted inside the transaction that writes, so the order of seq is the order of commits; a
//! mutation and its recorded answer are one; nobody hears an answer, and no device a poke, before the commit.

use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use domain::{
    booking::Limits,
    id::DeviceId,
    refusal::Refusal,
    sync::{
        mutation::{Malformed, Mutation},
        wire::{Answered, Envelope, Problem},
    },
    time::Time,
    visibility::{Audience, may_see},
};
use futures::future::BoxFuture;
use serde::Serialize;
use sqlx::Executor as _;
use tokio::sync::{mpsc, oneshot};

use super::{Conn, Db, Engine, Tx};
use crate::{
    actor::Signed,
    error::{ApiError, ApiResult},
    services::Clock,
    sync::{self, Feed, apply, queries},
};

/// Mutations that share one commit at most.
const BATCH: usize = 128;
/// Requests that may wait; more are told to come back.
const QUEUE: usize = 1_024;
/// Attempts at one piece of work when the database itself is the trouble.
const ATTEMPTS: u32 = 8;

/// What a device pushed.
#[derive(Debug, Clone)]
pub struct Push {
    /// Who.
    pub signed: Signed,
    /// From where.
    pub device: DeviceId,
    /// In order of number.
    pub mutations: Vec<Envelope>,
}

/// What became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pushed {
    /// Answers, in order.
    pub outcomes: Vec<Answered>,
    /// Why the rest was not looked at.
    pub problem: Option<Problem>,
    /// The device's last number that is answered.
    pub last: u64,
}

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
        let (queue, items) = mpsc::channel(QUEUE);
        #[expect(
            clippy::disallowed_methods,
            reason = "the executor is the process's one writer and lives as long as it"
        )]
        tokio::spawn(Writer { db, feed, clock }.run(items));
        Self { queue }
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

/// One transaction that holds the company's right to write.
pub struct Turn {
    tx: Tx,
    now: Time,
    seq: i64,
    rows: Vec<FeedRow>,
    /// The limits, once somebody asked for them; forgotten when they change or a mutation is undone.
    pub(crate) limits: Option<Limits>,
}

/// A row on its way into the feed.
pub(crate) struct FeedRow {
    pub(crate) audience: Audience,
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) seq: i64,
    pub(crate) body: Option<String>,
}

impl Turn {
    /// Begins a turn: the company's write right is held from here to the commit.
    pub(crate) async fn begin(db: &Db, now: Time) -> Result<Self> {
        let mut tx = db.begin().await?;
        if db.engine == Engine::Postgres {
            // One order over all server processes. The number is "KAKE" in ASCII.
            tx.execute("select pg_advisory_xact_lock(1262570309)")
                .await
                .context("cannot take the write right")?;
        }
        let seq = queries::seq(&mut tx).await?;
        Ok(Self {
            tx,
            now,
            seq,
            rows: Vec::new(),
            limits: None,
        })
    }

    /// The connection, for a feature's queries.
    pub fn conn(&mut self) -> &mut Conn {
        &mut self.tx
    }

    /// The moment of this turn.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// Publishes a row to an audience, at the next place in the order.
    ///
    /// # Panics
    /// When the kind may not be seen by the audience: a fault of ours that must not leave the server.
    pub fn publish(
        &mut self,
        audience: Audience,
        kind: &'static str,
        id: impl Copy + ToString,
        body: &impl Serialize,
    ) -> Result<()> {
        assert!(
            may_see(kind, audience),
            "a {kind} is nothing for {audience:?}"
        );
        let body = serde_json::to_string(body).context("a row cannot be written as JSON")?;
        self.put(audience, kind, id.to_string(), Some(body));
        Ok(())
    }

    /// Takes a row away from an audience.
    pub fn withdraw(&mut self, audience: Audience, kind: &'static str, id: impl Copy + ToString) {
        self.put(audience, kind, id.to_string(), None);
    }

    fn put(&mut self, audience: Audience, kind: &'static str, id: String, body: Option<String>) {
        self.seq += 1;
        self.rows.push(FeedRow {
            audience,
            kind,
            id,
            seq: self.seq,
            body,
        });
    }

    /// Throws the turn away and gives what it would have published, in order.
    pub(crate) fn into_rows(
        self,
    ) -> impl Iterator<Item = (Audience, &'static str, String, Option<String>)> {
        self.rows
            .into_iter()
            .map(|it| (it.audience, it.kind, it.id, it.body))
    }

    /// Writes the feed rows and commits. Returns the audiences that changed, with their newest seq.
    async fn commit(mut self) -> Result<Vec<(Audience, i64)>> {
        let mut changed: Vec<(Audience, i64)> = Vec::new();
        for row in &self.rows {
            match changed.iter_mut().find(|it| it.0 == row.audience) {
                Some(known) => known.1 = row.seq,
                None => changed.push((row.audience, row.seq)),
            }
        }
        if !self.rows.is_empty() {
            queries::put_rows(&mut self.tx, &self.rows, self.now)
                .await
                .context("cannot publish")?;
            queries::set_seq(&mut self.tx, self.seq).await?;
        }
        self.tx.commit().await.context("cannot commit")?;
        Ok(changed)
    }
}

/// The task's own state.
struct Writer {
    db: Db,
    feed: Arc<Feed>,
    clock: Clock,
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
        let mut all = Vec::with_capacity(pushes.len());
        for push in pushes {
            all.push(take(&mut turn, push).await?);
        }
        self.finish(turn).await?;
        Ok(all)
    }

    async fn alone(&self, push: &Push) -> ApiResult<Pushed> {
        for attempt in 1.. {
            match self.try_together(std::slice::from_ref(push)).await {
                Ok(mut pushed) => return pushed.pop().ok_or(ApiError::Busy),
                Err(fault) if is_passing(&fault) && attempt < ATTEMPTS => {
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
        let changed = turn.commit().await?;
        self.feed.published(&changed);
        Ok(())
    }
}

/// The database is the trouble, not the work: worth another try.
fn is_passing(fault: &anyhow::Error) -> bool {
    fault
        .chain()
        .any(|it| match it.downcast_ref::<sqlx::Error>() {
            Some(sqlx::Error::Database(error)) => {
                matches!(
                    error.code().as_deref(),
                    Some("40001" | "40P01" | "55P03" | "57P01" | "57P02" | "57P03" | "5" | "517")
                )
            }
            Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => true,
            _ => false,
        })
}

/// Carries out one push: each mutation at its number, in its savepoint, with its recorded answer.
async fn take(turn: &mut Turn, push: &Push) -> Result<Pushed> {
    let signed = push.signed;
    let (owner, mut last) = queries::device(turn.conn(), push.device)
        .await?
        .unwrap_or((signed.id, 0));
    if owner != signed.id {
        return Ok(Pushed {
            problem: Some(Problem::NotYours),
            ..Pushed::default()
        });
    }
    let before = last;
    let mut pushed = Pushed::default();
    for envelope in &push.mutations {
        if envelope.n > last + 1 {
            pushed.problem = Some(Problem::Gap { last });
            break;
        }
        let recorded = queries::recorded(turn.conn(), signed.id, envelope.id).await?;
        if envelope.n <= last {
            match recorded {
                Some(refusal) => pushed.outcomes.push(Answered {
                    n: envelope.n,
                    id: envelope.id,
                    refusal,
                }),
                None => {
                    pushed.problem = Some(Problem::Forked);
                    break;
                }
            }
            continue;
        }
        let refusal = match recorded {
            Some(refusal) => refusal,
            None => match Mutation::read(&envelope.name, &envelope.body) {
                Ok(mutation) => decide(turn, push, envelope, &mutation).await?,
                Err(Malformed) => {
                    pushed.problem = Some(Problem::Malformed { n: envelope.n });
                    break;
                }
            },
        };
        last = envelope.n;
        pushed.outcomes.push(Answered {
            n: envelope.n,
            id: envelope.id,
            refusal,
        });
    }
    if last != before {
        let now = turn.now();
        queries::set_device(turn.conn(), push.device, signed.id, last, now).await?;
    }
    pushed.last = last;
    Ok(pushed)
}

/// Carries out one mutation in a savepoint and records the answer. A refusal leaves nothing but its record.
async fn decide(
    turn: &mut Turn,
    push: &Push,
    envelope: &Envelope,
    mutation: &Mutation,
) -> Result<Option<Refusal>> {
    let (rows, seq, now) = (turn.rows.len(), turn.seq, turn.now());
    turn.conn().execute("savepoint mutation").await?;
    let refusal = match apply::apply(turn, push.signed, envelope.id, mutation).await {
        Ok(()) => None,
        Err(ApiError::Refused(no)) => Some(no),
        Err(ApiError::NotFound | ApiError::NotForYou | ApiError::SignedOut) => {
            Some(Refusal::NotThere)
        }
        Err(ApiError::Fault(fault)) => return Err(fault),
        Err(ApiError::Busy | ApiError::Malformed(_) | ApiError::TooMany(_)) => {
            anyhow::bail!("a mutation answered as no mutation may")
        }
    };
    if let Some(no) = &refusal {
        turn.conn()
            .execute("rollback to savepoint mutation")
            .await?;
        turn.rows.truncate(rows);
        turn.seq = seq;
        turn.limits = None;
        sync::outcome::refused(turn, push.signed, envelope.id, mutation, no).await?;
    }
    turn.conn().execute("release savepoint mutation").await?;
    queries::record(turn.conn(), push, envelope, refusal.as_ref(), now).await?;
    Ok(refusal)
}
