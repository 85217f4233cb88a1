//! The newest seq of every audience, in memory, and who is told that something changed.
//!
//! A pull that finds nothing newer here touches no database.

use std::{
    collections::HashMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
};

use anyhow::Result;
use domain::{id::HistoryId, sync::wire::RowChange, visibility::Audience};
use tokio::sync::broadcast;

use super::{queries, recent::Recent};
use crate::db::{Conn, Db, Published};

/// Changes that a slow listener may lag behind before it is told to pull anyway.
const LAG: usize = 256;

/// The state of the feed in this process.
pub struct Feed {
    history: HistoryId,
    newest: RwLock<HashMap<Audience, i64>>,
    seq: AtomicI64,
    recent: RwLock<Recent>,
    floors: RwLock<HashMap<Audience, i64>>,
    pokes: broadcast::Sender<Arc<[Audience]>>,
    listeners: AtomicUsize,
}

impl Feed {
    /// Reads where everything stands.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load(db: &Db) -> Result<Self> {
        let mut tx = db.read().await?;
        let newest = queries::newest(&mut tx, 0).await?;
        let seq = queries::seq(&mut tx).await?;
        Ok(Self {
            history: queries::history(&mut tx).await?,
            seq: AtomicI64::new(seq),
            recent: RwLock::new(Recent::from(seq)),
            floors: RwLock::new(queries::floors(&mut tx).await?.into_iter().collect()),
            newest: RwLock::new(newest.into_iter().collect()),
            pokes: broadcast::channel(LAG).0,
            listeners: AtomicUsize::new(0),
        })
    }

    /// Which life of the database this is.
    #[must_use]
    pub fn history(&self) -> HistoryId {
        self.history
    }

    /// A cursor below this lies before tombstones of the audience that are gone.
    #[must_use]
    pub fn floor(&self, audience: Audience) -> i64 {
        let floors = self
            .floors
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        floors.get(&audience).copied().unwrap_or(0)
    }

    /// Tombstones of these audiences up to these places are gone.
    pub fn raise_floors(&self, raised: &[(Audience, i64)]) {
        let mut floors = self
            .floors
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for (audience, seq) in raised {
            let known = floors.entry(*audience).or_default();
            *known = (*known).max(*seq);
        }
    }

    /// Is there anything for these audiences after `seq`?
    #[must_use]
    pub fn is_newer(&self, audiences: &[Audience], seq: i64) -> bool {
        let newest = self
            .newest
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        audiences
            .iter()
            .any(|it| newest.get(it).is_some_and(|newest| *newest > seq))
    }

    /// Up to here this process knows of every change, whoever made it.
    pub(crate) fn seq(&self) -> i64 {
        self.seq.load(Ordering::Acquire)
    }

    /// The rows of these audiences after `since`, and up to where they reach. `None` when memory does not go back so far,
    /// or another process has written since: then the database knows.
    pub(crate) fn recent(
        &self,
        audiences: &[Audience],
        since: i64,
    ) -> Option<(i64, Vec<RowChange>)> {
        let recent = self
            .recent
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        recent.since(audiences, since)
    }

    /// Another process published: notes what it changed and tells the listeners.
    pub(crate) async fn catch_up(&self, db: &Db) -> Result<()> {
        let mut tx = db.read().await?;
        let newest = queries::newest(&mut tx, self.seq()).await?;
        let seq = queries::seq(&mut tx).await?;
        self.recent
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .skip_to(seq);
        self.note(&newest);
        self.seq.fetch_max(seq, Ordering::AcqRel);
        Ok(())
    }

    /// A commit of this process published rows: keeps them at hand and tells the listeners.
    pub(crate) fn published(&self, published: Published) {
        let Some(until) = published.rows.last().map(|it| it.seq) else {
            return;
        };
        let mut changed: Vec<(Audience, i64)> = Vec::new();
        for row in &published.rows {
            match changed.iter_mut().find(|it| it.0 == row.audience) {
                Some(known) => known.1 = row.seq,
                None => changed.push((row.audience, row.seq)),
            }
        }
        let after = published.after;
        self.recent
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .add(published);
        self.note(&changed);
        // When another process has written in between, this one does not know everything up to here: see `catch_up`.
        let _ = self
            .seq
            .compare_exchange(after, until, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Tells the listeners of those audiences for which this is news.
    fn note(&self, changed: &[(Audience, i64)]) {
        let mut risen = Vec::with_capacity(changed.len());
        {
            let mut newest = self
                .newest
                .write()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            for (audience, seq) in changed {
                let known = newest.entry(*audience).or_default();
                if *known < *seq {
                    *known = *seq;
                    risen.push(*audience);
                }
            }
        }
        if !risen.is_empty() {
            // Without listeners there is nobody to tell.
            let _ = self.pokes.send(risen.into());
        }
    }

    /// Hears which audiences change from now on.
    #[must_use]
    pub fn listen(self: &Arc<Self>) -> Listening {
        self.listeners.fetch_add(1, Ordering::Relaxed);
        Listening {
            feed: self.clone(),
            pokes: self.pokes.subscribe(),
        }
    }

    /// How many listen.
    pub(crate) fn listeners(&self) -> usize {
        self.listeners.load(Ordering::Relaxed)
    }

    /// Milliseconds over which the listeners spread their pulls: one for each of them, at most two seconds.
    #[must_use]
    pub fn within_ms(&self) -> usize {
        self.listeners().min(2_000)
    }
}

/// One listener.
pub struct Listening {
    feed: Arc<Feed>,
    pokes: broadcast::Receiver<Arc<[Audience]>>,
}

impl Listening {
    /// Waits until one of these audiences changed. False when the feed has ended.
    pub async fn changed(&mut self, audiences: &[Audience]) -> bool {
        loop {
            match self.pokes.recv().await {
                Ok(changed) if changed.iter().any(|it| audiences.contains(it)) => return true,
                Ok(_) => {}
                // Too slow to hear what it was: better to pull once too often.
                Err(broadcast::error::RecvError::Lagged(_)) => return true,
                Err(broadcast::error::RecvError::Closed) => return false,
            }
        }
    }

    /// Forgets what has been heard so far.
    pub fn settle(&mut self) {
        while !matches!(
            self.pokes.try_recv(),
            Err(broadcast::error::TryRecvError::Empty | broadcast::error::TryRecvError::Closed)
        ) {}
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.feed.listeners.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Rows of these audiences and kinds, for a page rendered on the server. The same path as every device's.
///
/// # Errors
/// When the database does not answer.
pub async fn rows_for(
    conn: &mut Conn,
    audiences: &[Audience],
    kinds: &[&str],
) -> Result<Vec<RowChange>> {
    let mut rows = Vec::new();
    for audience in audiences {
        let live = queries::live(conn, *audience, 0, i64::MAX, usize::MAX).await?;
        rows.extend(live.into_iter().filter(|it| kinds.contains(&&*it.0)));
    }
    Ok(rows)
}
