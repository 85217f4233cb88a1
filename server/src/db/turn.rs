//! A turn: one transaction with the company's right to write, and what it is going to publish.
//!
//! Invariant: `seq` is allotted here, inside the transaction that writes, so the order of seq is the order of commits.

use anyhow::{Context, Result};
use domain::{
    id::{MemberId, MutationId},
    time::Time,
    visibility::{Audience, may_see},
};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use sqlx::Executor as _;

use super::{Conn, Db, Engine, Tx, notice};
use crate::{
    booking::{self, Known},
    event::{self, Rolls},
    job::{self, Job, NewJob},
    sync::queries,
};

/// One transaction that holds the company's right to write.
pub struct Turn {
    tx: Tx,
    /// Who this process is to the others that listen. None where there are no others.
    node: Option<u32>,
    now: Time,
    /// Where the feed stood when the turn began.
    began: i64,
    seq: i64,
    late: Late,
    has_savepoint: bool,
    /// Several pushes are in it: when one of them fails, each is carried out alone.
    is_shared: bool,
    /// What bookings have read ahead.
    pub(crate) known: Known,
    /// What replies to events have read ahead.
    pub(crate) rolls: Rolls,
}

/// What the commit writes. Nobody reads it from the tables before, and written together it is a few statements.
#[derive(Default)]
struct Late {
    rows: Vec<FeedRow>,
    outcomes: Vec<NewOutcome>,
    jobs: Vec<NewJob>,
}

/// A row on its way into the feed.
pub(crate) struct FeedRow {
    pub(crate) audience: Audience,
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) seq: i64,
    pub(crate) body: Option<Box<RawValue>>,
}

/// What became of a wish, on its way into the table.
pub(crate) struct NewOutcome {
    pub(crate) mutation: MutationId,
    pub(crate) member: MemberId,
    pub(crate) body: String,
}

/// Where a turn stood before a mutation.
pub(super) struct Mark {
    seq: i64,
    rows: usize,
    outcomes: usize,
    jobs: usize,
    has_savepoint: bool,
}

/// What a commit changed.
pub(crate) struct Published {
    /// Where the feed stood before.
    pub(crate) after: i64,
    /// Its rows since, in order.
    pub(crate) rows: Vec<FeedRow>,
}

impl Turn {
    /// Begins a turn: the company's write right is held from here to the commit.
    pub(crate) async fn begin(db: &Db, now: Time) -> Result<Self> {
        let mut tx = db.begin().await?;
        let node = (db.engine == Engine::Postgres).then_some(db.node);
        if node.is_some() {
            // One order over all server processes. The number is "KAKE" in ASCII.
            tx.execute("select pg_advisory_xact_lock(1262570309)")
                .await
                .context("cannot take the write right")?;
        }
        let seq = queries::seq(&mut tx).await?;
        Ok(Self {
            tx,
            node,
            now,
            began: seq,
            seq,
            late: Late::default(),
            has_savepoint: false,
            is_shared: false,
            known: Known::default(),
            rolls: Rolls::default(),
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

    /// Several pushes will be in it.
    pub(super) fn share(&mut self) {
        self.is_shared = true;
    }

    /// Several pushes are in it: an error throws them all away, and each is carried out alone.
    pub(crate) fn is_shared(&self) -> bool {
        self.is_shared
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
        let body = to_raw_value(body).context("a row cannot be written as JSON")?;
        self.put(audience, kind, id.to_string(), Some(body));
        Ok(())
    }

    /// Takes a row away from an audience.
    pub fn withdraw(&mut self, audience: Audience, kind: &'static str, id: impl Copy + ToString) {
        self.put(audience, kind, id.to_string(), None);
    }

    fn put(
        &mut self,
        audience: Audience,
        kind: &'static str,
        id: String,
        body: Option<Box<RawValue>>,
    ) {
        self.seq += 1;
        self.late.rows.push(FeedRow {
            audience,
            kind,
            id,
            seq: self.seq,
            body,
        });
    }

    /// Keeps what became of a wish until the person has read it.
    pub(crate) fn add_outcome(&mut self, outcome: NewOutcome) {
        self.late.outcomes.push(outcome);
    }

    /// Forgets what became of a wish. False when there is nothing to forget.
    pub(crate) async fn remove_outcome(
        &mut self,
        member: MemberId,
        mutation: MutationId,
    ) -> Result<bool> {
        let before = self.late.outcomes.len();
        self.late
            .outcomes
            .retain(|it| (it.member, it.mutation) != (member, mutation));
        Ok(self.late.outcomes.len() < before
            || queries::remove_outcome(self.conn(), member, mutation).await?)
    }

    /// Enqueues a job, to run after the commit. Does nothing when there is one with this key.
    pub(crate) fn enqueue(&mut self, key: String, job: &Job, due: Time) -> Result<()> {
        self.late.jobs.push(job::new(key, job, due)?);
        Ok(())
    }

    /// Begins a mutation: what it is going to publish can be taken back alone.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            seq: self.seq,
            rows: self.late.rows.len(),
            outcomes: self.late.outcomes.len(),
            jobs: self.late.jobs.len(),
            has_savepoint: false,
        }
    }

    /// Writes what was decided on what was read ahead, and forgets that: whoever comes next reads the tables.
    async fn settle(&mut self) -> Result<()> {
        booking::known::write(self).await?;
        event::roll::write(self).await?;
        self.forget();
        Ok(())
    }

    fn forget(&mut self) {
        (self.known, self.rolls) = (Known::default(), Rolls::default());
    }

    /// Begins a mutation that may refuse after it wrote: what it writes can be taken back, too. What the asks before it
    /// booked is written first, or it would be taken back with it; and only asks and replies keep what was read ahead true.
    pub(super) async fn savepoint(&mut self) -> Result<Mark> {
        self.settle().await?;
        // The one before is kept by giving up its savepoint, in the same trip.
        let sql = if self.has_savepoint {
            "release savepoint mutation; savepoint mutation"
        } else {
            "savepoint mutation"
        };
        self.tx.execute(sql).await?;
        self.has_savepoint = true;
        Ok(Mark {
            has_savepoint: true,
            ..self.mark()
        })
    }

    /// Takes back everything since the mark.
    pub(super) async fn go_back(&mut self, mark: Mark) -> Result<()> {
        if mark.has_savepoint {
            self.tx.execute("rollback to savepoint mutation").await?;
            self.forget();
        }
        self.seq = mark.seq;
        self.late.rows.truncate(mark.rows);
        self.late.outcomes.truncate(mark.outcomes);
        self.late.jobs.truncate(mark.jobs);
        Ok(())
    }

    /// Throws the turn away and gives what it would have published, in order.
    pub(crate) fn into_rows(
        self,
    ) -> impl Iterator<Item = (Audience, &'static str, String, Option<Box<RawValue>>)> {
        self.late
            .rows
            .into_iter()
            .map(|it| (it.audience, it.kind, it.id, it.body))
    }

    /// Writes what was left for the end and commits.
    pub(super) async fn commit(mut self) -> Result<Published> {
        self.settle().await?;
        let late = std::mem::take(&mut self.late);
        queries::add_outcomes(&mut self.tx, &late.outcomes, self.now).await?;
        job::add(&mut self.tx, &late.jobs).await?;
        if !late.rows.is_empty() {
            queries::put_rows(&mut self.tx, &late.rows, self.now)
                .await
                .context("cannot publish")?;
            match self.node {
                Some(node) => notice::set_seq(&mut self.tx, node, self.seq).await?,
                None => queries::set_seq(&mut self.tx, self.seq).await?,
            }
        }
        self.tx.commit().await.context("cannot commit")?;
        Ok(Published {
            after: self.began,
            rows: late.rows,
        })
    }
}
