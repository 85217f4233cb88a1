//! The database: opened, migrated, and the few places where the two engines differ.
//!
//! One SQL text runs on both (see the README, "Decisions"): `sqlx::Any`, `$1`, text and bigint. SQLite has one writer
//! connection, because a second writer could only wait; readers have a pool of their own.

pub mod copy;
mod executor;
pub(crate) mod many;
mod notice;
mod push;
mod turn;

pub use executor::Executor;
pub(crate) use executor::is_passing;
pub(crate) use notice::Notices;
pub(crate) use push::{Device, NewAnswer, Wished};
pub use push::{Push, Pushed};
pub use turn::Turn;
pub(crate) use turn::{FeedRow, NewOutcome, Published};

use std::{str::FromStr, time::Duration};

use anyhow::{Context, Result, bail};
use sqlx::{
    Any, AnyConnection, AnyPool, Executor as _, Transaction,
    any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers},
};

/// A connection, whoever owns it.
pub type Conn = AnyConnection;
/// A transaction.
pub type Tx = Transaction<'static, Any>;

/// Which database serves the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, one machine.
    Sqlite,
    /// A server of its own.
    Postgres,
}

/// How much of the machine a company has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// All of it.
    Whole,
    /// One of many companies in this process: few connections, which go when they are not used.
    OneOfMany,
}

/// The pools.
#[derive(Debug, Clone)]
pub struct Db {
    /// Which engine.
    pub engine: Engine,
    /// A number of chance that tells the notices of this process from those of others.
    node: u32,
    write: AnyPool,
    read: AnyPool,
}

/// What every SQLite connection is told. FULL: an answer means that it is on the disk. The log is taken into the file
/// every 32 MB: at SQLite's own 4 MB, every second full batch would wait for that.
const SQLITE: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
                      pragma busy_timeout = 5000; pragma temp_store = memory; pragma journal_size_limit = 67108864";
/// Room in memory for a company alone.
const WHOLE: &str =
    "pragma cache_size = -32000; pragma mmap_size = 268435456; pragma wal_autocheckpoint = 8000";
/// For one of many: its file is small, and the machine keeps what is read of it anyway.
const ONE_OF_MANY: &str =
    "pragma cache_size = -256; pragma mmap_size = 0; pragma wal_autocheckpoint = 250";
/// What every PostgreSQL connection is told: nothing may wait or run for ever.
const POSTGRES: &str =
    "set lock_timeout = '10s'; set statement_timeout = '30s'; set client_min_messages = warning";

impl Db {
    /// Opens a database by URL (`sqlite:PATH` or `postgres://…`) and brings its schema up to date.
    ///
    /// # Errors
    /// When it cannot be opened, or its schema cannot be brought up to date.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with(url, Share::Whole).await
    }

    /// As [`Db::open`], with its share of the machine.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn open_with(url: &str, share: Share) -> Result<Self> {
        install_default_drivers();
        let engine = match url {
            url if url.starts_with("sqlite:") => Engine::Sqlite,
            url if url.starts_with("postgres:") || url.starts_with("postgresql:") => {
                Engine::Postgres
            }
            _ => bail!("the database address begins with sqlite: or postgres:"),
        };
        let url = if engine == Engine::Sqlite && !url.contains('?') {
            format!("{url}?mode=rwc")
        } else {
            url.to_owned()
        };
        // Addresses can hold a password, so the text of a parse error stays out of the message.
        let options = AnyConnectOptions::from_str(&url)
            .map_err(|_| anyhow::anyhow!("the database address cannot be read"))?;
        let pool = |most: u32| {
            AnyPoolOptions::new()
                .max_connections(most)
                // A file is always there; a server may have gone away.
                .test_before_acquire(engine == Engine::Postgres)
                .acquire_timeout(Duration::from_secs(15))
                .idle_timeout(match share {
                    Share::Whole => Duration::from_mins(10),
                    Share::OneOfMany => Duration::from_secs(20),
                })
                .after_connect(move |conn, _| {
                    Box::pin(async move {
                        if engine == Engine::Postgres {
                            conn.execute(POSTGRES).await?;
                            return Ok(());
                        }
                        conn.execute(SQLITE).await?;
                        conn.execute(match share {
                            Share::Whole => WHOLE,
                            Share::OneOfMany => ONE_OF_MANY,
                        })
                        .await?;
                        Ok(())
                    })
                })
        };
        let (writers, readers) = match (engine, share) {
            (Engine::Sqlite, Share::Whole) => (1, 4),
            (Engine::Sqlite, Share::OneOfMany) => (1, 2),
            (Engine::Postgres, Share::Whole) => (4, 8),
            (Engine::Postgres, Share::OneOfMany) => (2, 2),
        };
        let write = pool(writers)
            .connect_with(options.clone())
            .await
            .context("cannot open the database")?;
        // A newer program may have been here: while nodes are renewed one by one, an older one may start again beside it.
        // Migrations only ever add, so what this program knows of is still there.
        sqlx::migrate!("./migrations")
            .set_ignore_missing(true)
            .run(&write)
            .await
            .context("cannot bring the database up to date")?;
        let read = pool(readers).connect_lazy_with(options);
        Ok(Self {
            engine,
            node: rand::random(),
            write,
            read,
        })
    }

    /// Begins a write. On SQLite there is one at a time, from its first statement on: a read that turns into a write
    /// would fail at once when another writer was quicker.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&self) -> Result<Tx> {
        let begin = if self.engine == Engine::Sqlite {
            "begin immediate"
        } else {
            "begin"
        };
        begin_on(&self.write, begin)
            .await
            .context("cannot begin to write")
    }

    /// Begins a read in one snapshot.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&self) -> Result<Tx> {
        let begin = if self.engine == Engine::Sqlite {
            "begin"
        } else {
            "begin isolation level repeatable read read only"
        };
        begin_on(&self.read, begin)
            .await
            .context("cannot begin to read")
    }

    /// Does the database answer?
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        let mut tx = self.read().await?;
        tx.execute("select 1")
            .await
            .context("the database does not answer")?;
        Ok(())
    }

    /// Each pool by name, with its connections and how many of them nobody uses.
    #[must_use]
    pub fn pools(&self) -> [(&'static str, usize, usize); 2] {
        [("write", &self.write), ("read", &self.read)]
            .map(|(name, it)| (name, it.size() as usize, it.num_idle()))
    }

    /// Closes all connections, so that everything is in the one file.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// Begins a transaction. SQLite ends one by itself when the disk is full or fails; its connection goes on counting it, and
/// on none like that another one begins: it is replaced.
async fn begin_on(pool: &AnyPool, begin: &'static str) -> sqlx::Result<Tx> {
    match pool.begin_with(begin).await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            let spoiled = pool.acquire().await?;
            // Closing may complain about what is wrong with it.
            let _ = spoiled.close().await;
            pool.begin_with(begin).await
        }
        begun => begun,
    }
}

/// The unique constraints that rules rely on: SQLite names the columns, PostgreSQL the constraint.
const CONSTRAINTS: &[(&str, &str)] = &[
    ("booking_slot_once", "bookings.slot_id"),
    ("members_email_once", "members.email_key"),
    ("jobs_key_once", "jobs.key"),
];

/// The name of the unique constraint that an error speaks of.
#[must_use]
pub fn violated(error: &sqlx::Error) -> Option<&'static str> {
    let sqlx::Error::Database(error) = error else {
        return None;
    };
    if !error.is_unique_violation() {
        return None;
    }
    let (name, text) = (error.constraint().unwrap_or(""), error.message());
    CONSTRAINTS
        .iter()
        .find(|(constraint, columns)| *constraint == name || text.ends_with(columns))
        .map(|it| it.0)
}

#[cfg(test)]
mod tests;
