//! Notices between processes on one PostgreSQL: "I have committed up to here". They carry no content, and the database
//! hands them over in the order of the commits. On SQLite there is one process.
//!
//! Notices are a courtesy: one that is lost, with its connection or otherwise, is made good by the next look of the worker.

use anyhow::{Context, Result};
use sqlx::postgres::PgListener;

use super::{Conn, Db};

/// Where they are heard. A channel belongs to its database, so companies do not hear each other.
const CHANNEL: &str = "kakehashi";

/// What other processes say.
pub(crate) struct Notices {
    listener: PgListener,
    own: u32,
}

impl Notices {
    /// Begins to listen, on a connection of its own.
    pub(crate) async fn listen(db: &Db, url: &str) -> Result<Self> {
        // The address can hold a password, so the text of the error stays out of the message.
        let mut listener = PgListener::connect(url)
            .await
            .map_err(|_| anyhow::anyhow!("cannot connect to hear other processes"))?;
        listener
            .listen(CHANNEL)
            .await
            .context("cannot hear other processes")?;
        Ok(Self {
            listener,
            own: db.node,
        })
    }

    /// Waits until another process has committed, and says up to where. None after a pause in the connection: somebody may
    /// have spoken meanwhile.
    pub(crate) async fn next(&mut self) -> Result<Option<i64>> {
        while let Some(notice) = self.listener.try_recv().await? {
            match read(notice.payload()) {
                Some((node, _)) if node == self.own => {}
                Some((_, seq)) => return Ok(Some(seq)),
                None => return Ok(None),
            }
        }
        Ok(None)
    }
}

fn read(payload: &str) -> Option<(u32, i64)> {
    let (node, seq) = payload.split_once(' ')?;
    Some((node.parse().ok()?, seq.parse().ok()?))
}

/// Sets where the feed stands and tells the others, in one trip; they hear it when this transaction is committed.
pub(super) async fn set_seq(conn: &mut Conn, node: u32, seq: i64) -> Result<()> {
    sqlx::query(
        "insert into company (key, value) values ('seq', $1) on conflict (key) do update set value = excluded.value \
         returning pg_notify('kakehashi', $2)::text",
    )
    .bind(seq.to_string())
    .bind(format!("{node} {seq}"))
    .execute(conn)
    .await?;
    Ok(())
}
