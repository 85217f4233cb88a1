//! Fifty people at once, each with a device, doing everything that people do, while the server and what it stands on fail;
//! what they asked for and were told is written down line by line, and a checker reads it afterwards.
//!
//! In reading order: this file (one experiment), [`ground`] (the company), [`client`] (one of the fifty), [`nemesis`] (what
//! goes wrong), [`proxy`] (a wire that breaks); the checker is `tests::history`.

mod client;
mod ground;
mod nemesis;
mod proxy;

use std::{
    fs::File,
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use anyhow::{Context as _, Result, bail, ensure};
use tests::{
    Engine, folder,
    history::{End, Event, Kept, Line, check},
};
use tokio::{net::TcpListener, task::JoinSet};

use client::Client;
use ground::{Ground, RULES};
use nemesis::Nemesis;
use proxy::Proxy;

/// What can be said after `history`.
pub(crate) const USAGE: &str =
    "[--engine sqlite|postgres] [--kills N] [--stops N] [--fills N] [--cuts N]";

/// What is to go wrong.
#[derive(Debug, Clone, Copy)]
struct Plan {
    engine: Engine,
    /// `kill -9` of the server.
    kills: u32,
    /// Power cuts of the database's server.
    stops: u32,
    /// Disks that fill up.
    fills: u32,
    /// Connections that end in the middle of a word.
    cuts: u64,
}

impl Plan {
    fn read(words: &[&str]) -> Result<Self> {
        let mut plan = Self {
            engine: Engine::Sqlite,
            kills: 0,
            stops: 0,
            fills: 0,
            cuts: 0,
        };
        for pair in words.chunks(2) {
            match pair {
                ["--engine", "sqlite"] => plan.engine = Engine::Sqlite,
                ["--engine", "postgres"] => plan.engine = Engine::Postgres,
                ["--kills", count] => plan.kills = count.parse()?,
                ["--stops", count] => plan.stops = count.parse()?,
                ["--fills", count] => plan.fills = count.parse()?,
                ["--cuts", count] => plan.cuts = count.parse()?,
                _ => bail!("history {USAGE}"),
            }
        }
        if (plan.kills, plan.stops, plan.fills, plan.cuts) == (0, 0, 0, 0) {
            plan.kills = 20;
        }
        ensure!(
            plan.stops == 0 || plan.engine == Engine::Postgres,
            "SQLite has no server that could be stopped"
        );
        ensure!(
            plan.fills == 0 || plan.engine == Engine::Sqlite,
            "the disk of a SQLite file is what is filled here"
        );
        Ok(plan)
    }
}

/// Where all clients write down what happened to them.
#[derive(Clone)]
pub(crate) struct Book {
    file: Arc<Mutex<BufWriter<File>>>,
    begun: Instant,
}

impl Book {
    fn new(path: &Path) -> Result<Self> {
        let file =
            File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self {
            file: Arc::new(Mutex::new(BufWriter::new(file))),
            begun: Instant::now(),
        })
    }

    /// Lines are in the order of their time: the clock is read where the file is held.
    pub(crate) fn write(&self, member: &str, device: &str, events: Vec<Event>) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            let at = u64::try_from(self.begun.elapsed().as_micros())?;
            let line = Line {
                at,
                member: member.to_owned(),
                device: device.to_owned(),
                event,
            };
            serde_json::to_writer(&mut *file, &line)?;
            file.write_all(b"\n")?;
        }
        Ok(())
    }

    fn close(&self) -> Result<()> {
        Ok(self
            .file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .flush()?)
    }
}

/// One experiment.
#[expect(
    clippy::too_many_lines,
    reason = "one experiment from its beginning to its figures"
)]
pub(crate) async fn run(words: &[&str]) -> Result<()> {
    let plan = Plan::read(words)?;
    let Ground {
        town,
        people,
        now,
        places,
    } = ground::build(plan.engine).await?;
    town.services().db.close().await;
    let path = place(plan.engine)?;
    let book = Book::new(&path)?;
    let port = free_port().await?;
    let mut nemesis = Nemesis::new(&town, port, now)?;
    if plan.fills > 0 && !nemesis.move_to_small_disk()? {
        println!("a small disk cannot be mounted here, so none was filled");
        return Ok(());
    }
    let proxy = match plan.cuts {
        0 => None,
        _ => Some(Proxy::start(port).await?),
    };
    let (is_over, way) = (
        Arc::new(AtomicBool::new(false)),
        proxy.as_ref().map_or(port, Proxy::port),
    );
    nemesis.begin().await?;
    let mut clients = JoinSet::new();
    let count = people.len();
    for person in people {
        clients.spawn(Client::new(person, way, book.clone(), is_over.clone()).live());
    }
    let begun = Instant::now();
    for round in 0..plan.kills {
        nemesis.kill(round).await?;
    }
    for round in 0..plan.stops {
        nemesis.stop_database(round).await?;
    }
    for _ in 0..plan.fills {
        nemesis.fill_disk().await?;
    }
    if let Some(proxy) = &proxy {
        proxy.cut(plan.cuts).await;
    }
    nemesis.quiet().await;
    is_over.store(true, Ordering::SeqCst);
    while let Some(done) = clients.join_next().await {
        done??;
    }
    let took = begun.elapsed();
    let database = nemesis.end()?;
    book.write("", "", vec![end(&database, places).await?])?;
    book.close()?;
    let found = check(&read(&path)?, RULES);
    println!(
        "{plan:?}, {count} clients, {:.0} s: {found}",
        took.as_secs_f64()
    );
    println!("the history is in {}", path.display());
    for it in found.wrong.iter().take(20) {
        println!("  {it}");
    }
    let db = server::db::Db::open(&database).await?;
    let differences = server::rebuild::check(&db, now).await?;
    println!(
        "rows of the feed that are not what the facts say: {}",
        differences.len()
    );
    db.close().await;
    nemesis.clear();
    ensure!(
        found.wrong.is_empty() && differences.is_empty() && found.acknowledged > 200,
        "the promise is broken"
    );
    Ok(())
}

fn place(engine: Engine) -> Result<PathBuf> {
    let folder = folder::root().join("target/history");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{engine:?}-{}.jsonl", std::process::id()).to_lowercase()))
}

async fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))
        .await?
        .local_addr()?
        .port())
}

fn read(path: &Path) -> Result<Vec<Line>> {
    let lines = BufReader::new(File::open(path)?).lines();
    lines.map(|it| Ok(serde_json::from_str(&it?)?)).collect()
}

/// What the database holds.
async fn end(database: &str, places: Vec<(String, usize)>) -> Result<Event> {
    let pool = tests::town::look(database).await;
    let bookings: Vec<(String, String, String, String, i64, Option<i64>)> =
        sqlx::query_as("select b.id, b.slot_id, b.member_id, s.host_id, s.day, b.cancelled_at from bookings b join slots s on s.id = b.slot_id")
            .fetch_all(&pool)
            .await?;
    let kept = |(booking, slot, member, host, day, cancelled): (_, _, _, _, _, Option<i64>)| Kept {
        booking,
        slot,
        member,
        host,
        day,
        is_live: cancelled.is_none(),
    };
    let applied: Vec<(String, String, String, i64, Option<String>)> =
        sqlx::query_as("select member_id, mutation_id, device_id, n, refusal from applied")
            .fetch_all(&pool)
            .await?;
    let as_number = |n: i64| u64::try_from(n).context("a number below nothing");
    let answered = |(member, id, device, n, no): (_, _, _, i64, Option<String>)| {
        Ok((member, id, device, as_number(n)?, no.is_some()))
    };
    let end = End {
        bookings: bookings.into_iter().map(kept).collect(),
        applied: applied.into_iter().map(answered).collect::<Result<_>>()?,
        profiles: sqlx::query_as(
            "select id, talks_about from members where talks_about is not null",
        )
        .fetch_all(&pool)
        .await?,
        corrections: sqlx::query_as("select id, booking_id from corrections")
            .fetch_all(&pool)
            .await?,
        closed: sqlx::query_scalar("select id from slots where closed_at is not null")
            .fetch_all(&pool)
            .await?,
        kept: sqlx::query_scalar("select id from promises where kept_at is not null")
            .fetch_all(&pool)
            .await?,
        places,
        replies: sqlx::query_as("select event_id, member_id, state from rsvps")
            .fetch_all(&pool)
            .await?,
    };
    pool.close().await;
    Ok(Event::End(end))
}
