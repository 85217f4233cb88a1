//! One table: what it costs to ask for nothing, to book, to hear of one change, to load everything.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use domain::{id::DeviceId, sync::wire::SyncAnswer};
use tests::{Engine, Town};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    ceiling,
    city::{City, Somebody, asking, pulling},
    http::Client,
};

/// Clients that book at the same time, each for many people: a person has few bookings, whoever measures wants many.
pub(crate) const CLIENTS: usize = 50;
/// Connections that ask for nothing new.
pub(crate) const CONNECTIONS: usize = 16;
/// How long a rate is measured.
pub(crate) const LASTS: Duration = Duration::from_secs(4);
const HOSTS: usize = 50;
const HOLDERS: usize = 2_500;
/// Bookings of one person.
pub(crate) const EACH: usize = 4;

/// Prints the table: all of it, or only the bookings, for whoever works on them.
pub(crate) async fn print(is_whole: bool) -> Result<()> {
    println!("{:<52}{:>12}{:>12}", "", "measured", "bar");
    for (engine, name, bar) in [
        (Engine::Sqlite, "SQLite FULL", 2_000),
        (Engine::Postgres, "PostgreSQL", 1_000),
    ] {
        let city = City::new(engine, HOSTS, HOLDERS).await?;
        let port = listen(&city.town).await?;
        if is_whole && engine == Engine::Sqlite {
            nothing_new(&city, port).await?;
            everything(port, &city.people[0], "first sync, 8,000 slots").await?;
        }
        let rate = bookings(city, port, name, bar).await?;
        if is_whole {
            let ceiling = ceiling::writer(City::new(engine, HOSTS, HOLDERS).await?, name).await?;
            ceiling::share(rate, ceiling);
        }
    }
    if is_whole {
        small().await?;
        crowd().await?;
    }
    Ok(())
}

pub(crate) fn row(what: &str, measured: impl std::fmt::Display, bar: impl std::fmt::Display) {
    println!("{what:<52}{measured:>12}{bar:>12}");
}

/// The town's server on a port of its own.
pub(crate) async fn listen(town: &Town) -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let services = town.services();
    JoinSet::new()
        .detach_on(async move { server::serve(services, listener, std::future::pending()).await });
    Ok(port)
}

/// Work that lives as long as the bench.
trait Detached {
    fn detach_on<F>(self, work: F)
    where
        F: Future<Output = Result<()>> + Send + 'static;
}

impl Detached for JoinSet<Result<()>> {
    fn detach_on<F>(mut self, work: F)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        self.spawn(work);
        self.detach_all();
    }
}

pub(crate) async fn load(client: &mut Client, device: DeviceId) -> Result<(String, usize, usize)> {
    let (mut cursor, mut bytes, mut pages) = (None, 0, 0);
    loop {
        let answer = client
            .sync(&serde_json::to_vec(&pulling(device, cursor, Vec::new()))?)
            .await?;
        ensure!(answer.status == 200, "status {}", answer.status);
        bytes += answer.body.len();
        pages += 1;
        let read: SyncAnswer = serde_json::from_slice(&answer.body)?;
        if !read.more {
            return Ok((read.cursor, bytes, pages));
        }
        cursor = Some(read.cursor);
    }
}

async fn nothing_new(city: &City, port: u16) -> Result<()> {
    let somebody = &city.people[0];
    let mut client = Client::new(port, &somebody.cookie).await?;
    let (cursor, ..) = load(&mut client, somebody.device).await?;
    let request = serde_json::to_vec(&pulling(somebody.device, Some(cursor), Vec::new()))?;
    let answer = client.sync(&request).await?;
    ensure!(answer.status == 204, "status {}", answer.status);
    let rate = ceiling::ask_again_and_again(port, &somebody.cookie, &request).await?;
    row(
        &format!("no-change sync per second ({CONNECTIONS} connections)"),
        format!("{rate:.0}"),
        "5000",
    );
    ceiling::share(rate, ceiling::hello().await?);
    row("  head of its answer over HTTP/1.1, bytes", answer.head, "");
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
pub(crate) fn per_second(count: u64, begun: Instant) -> f64 {
    count as f64 / begun.elapsed().as_secs_f64()
}

async fn bookings(city: City, port: u16, name: &str, bar: u32) -> Result<f64> {
    let City { town, mut people } = city;
    let mut clients = JoinSet::new();
    let mut loads: Vec<Vec<Somebody>> = (0..CLIENTS).map(|_| Vec::new()).collect();
    let mut client = Client::new(port, &people[0].cookie).await?;
    let (cursor, ..) = load(&mut client, people[0].device).await?;
    for (at, somebody) in people.drain(..).enumerate() {
        // Everybody has the app open: their session is known.
        client.turn_into(&somebody.cookie);
        let nothing = pulling(somebody.device, Some(cursor.clone()), Vec::new());
        client.sync(&serde_json::to_vec(&nothing)?).await?;
        loads[at % CLIENTS].push(somebody);
    }
    let begun = Instant::now();
    for load in loads {
        let client = Client::new(port, &load[0].cookie).await?;
        let (town, cursor) = (town.clone(), cursor.clone());
        clients.spawn(async move { book(client, &town, load, cursor, begun + LASTS).await });
    }
    let (mut count, mut waits, mut bytes) = (0, Vec::new(), 0);
    let mut last = begun;
    while let Some(done) = clients.join_next().await {
        let (own, own_bytes) = done??;
        count += own.len() as u64;
        bytes += own_bytes;
        waits.extend(own);
        last = last.max(Instant::now());
    }
    let rate = per_second(count, begun);
    let stored = town
        .count("select count(*) from bookings where cancelled_at is null")
        .await;
    let double = town.count("select count(*) from (select slot_id from bookings where cancelled_at is null group by slot_id having count(*) > 1) twice").await;
    ensure!(
        stored == i64::try_from(count)? && double == 0,
        "{stored} stored, {count} acknowledged, {double} double"
    );
    waits.sort_unstable();
    row(
        &format!("bookings per second, {name}, {CLIENTS} clients"),
        format!("{rate:.0}"),
        bar,
    );
    let at = |part: usize| {
        format!(
            "{:.1}",
            waits[waits.len() * part / 100].as_secs_f64() * 1_000.0
        )
    };
    row(
        "  answered after ms, median / p99",
        format!("{} / {}", at(50), at(99)),
        "",
    );
    row("  double bookings", double, 0);
    row(
        "  bytes of an answer, mean",
        bytes / usize::try_from(count.max(1))?,
        "",
    );
    Ok(rate)
}

/// One client: people, one after the other, each booking what nobody else wants. A cursor says which audiences are held,
/// not whose they are, so the next person stands where the last one did: as phones do that have been open all along.
async fn book(
    mut client: Client,
    town: &Town,
    load: Vec<Somebody>,
    mut cursor: String,
    until: Instant,
) -> Result<(Vec<Duration>, usize)> {
    let (mut waits, mut bytes) = (Vec::new(), 0);
    for somebody in load {
        client.turn_into(&somebody.cookie);
        for (n, wish) in (1..).zip(somebody.wishes.iter().take(EACH)) {
            if Instant::now() >= until {
                return Ok((waits, bytes));
            }
            let (_, request) = asking(
                somebody.device,
                n,
                Some(cursor.clone()),
                wish,
                (town.now(), town.chance()),
            );
            // The town's clock stands still by itself, and ids that were all made at one moment lie all over the indexes.
            town.pass(1);
            let body = serde_json::to_vec(&request)?;
            let asked = Instant::now();
            let answer = client.sync(&body).await?;
            waits.push(asked.elapsed());
            bytes += answer.body.len();
            let text = std::str::from_utf8(&answer.body)?;
            ensure!(
                answer.status == 200 && !text.contains("\"refusal\""),
                "status {}: {}",
                answer.status,
                &text[..text.len().min(400)]
            );
            let next = text
                .split("\"cursor\":\"")
                .nth(1)
                .and_then(|it| it.split('"').next());
            next.unwrap_or(&cursor).to_owned().clone_into(&mut cursor);
        }
    }
    Ok((waits, bytes))
}

async fn everything(port: u16, somebody: &Somebody, what: &str) -> Result<()> {
    let begun = Instant::now();
    let mut client = Client::new(port, &somebody.cookie).await?;
    let (_, plain, pages) = load(&mut client, somebody.device).await?;
    let took = begun.elapsed();
    let mut packed = Client::new(port, &somebody.cookie).await?.compressed();
    let request = serde_json::to_vec(&pulling(somebody.device, None, Vec::new()))?;
    let begun = Instant::now();
    let first = packed.sync(&request).await?;
    row(what, format!("{:.1} ms", took.as_secs_f64() * 1_000.0), "");
    row("  bytes plain, in pages", format!("{plain} in {pages}"), "");
    row("  first page with brotli, bytes", first.body.len(), "");
    row(
        "  first page with brotli, ms",
        format!("{:.1}", begun.elapsed().as_secs_f64() * 1_000.0),
        "",
    );
    Ok(())
}

/// A company as it will be: about 1,360 rows on a phone.
async fn small() -> Result<()> {
    let city = City::new(Engine::Sqlite, 8, 8).await?;
    let port = listen(&city.town).await?;
    everything(port, &city.people[0], "first sync, 1,280 slots and more").await?;
    let [aoi, ren, ..] = &city.people[..] else {
        anyhow::bail!("two people")
    };
    let mut client = Client::new(port, &aoi.cookie).await?;
    let (cursor, ..) = load(&mut client, aoi.device).await?;
    let mut other = Client::new(port, &ren.cookie).await?;
    let (place, ..) = load(&mut other, ren.device).await?;
    let (_, request) = asking(
        ren.device,
        1,
        Some(place),
        &ren.wishes[0],
        (city.town.now(), city.town.chance()),
    );
    let own = other.sync(&serde_json::to_vec(&request)?).await?;
    ensure!(own.status == 200, "status {}", own.status);
    let delta = client
        .sync(&serde_json::to_vec(&pulling(
            aoi.device,
            Some(cursor),
            Vec::new(),
        ))?)
        .await?;
    row(
        "one change heard by another phone, bytes (head + body)",
        format!("{} + {}", delta.head, delta.body.len()),
        "700",
    );
    row(
        "one own booking, bytes of the answer's body",
        own.body.len(),
        "",
    );
    Ok(())
}

/// Two hundred people want ten slots at the same moment.
async fn crowd() -> Result<()> {
    const WANTED: usize = 10;
    let City { town, mut people } = City::new(Engine::Sqlite, 1, 200).await?;
    let port = listen(&town).await?;
    // Everybody has the app open: the last of them holds every slot of the host, the first ten are wanted.
    let wanted: Vec<_> = people[0]
        .wishes
        .iter()
        .chain(&people[1].wishes)
        .take(WANTED)
        .cloned()
        .collect();
    let mut requests = Vec::new();
    for (at, somebody) in people.drain(..).enumerate() {
        let mut client = Client::new(port, &somebody.cookie).await?;
        let (cursor, ..) = load(&mut client, somebody.device).await?;
        let moment = (town.now(), town.chance());
        let (_, request) = asking(
            somebody.device,
            1,
            Some(cursor),
            &wanted[at % wanted.len()],
            moment,
        );
        requests.push((client, serde_json::to_vec(&request)?));
    }
    let (begun, count) = (Instant::now(), requests.len());
    let mut clients = JoinSet::new();
    for (mut client, request) in requests {
        clients.spawn(async move {
            let answer = client.sync(&request).await?;
            ensure!(answer.status == 200, "status {}", answer.status);
            let answer: SyncAnswer = serde_json::from_slice(&answer.body)?;
            Ok(answer.outcomes.iter().all(|it| it.refusal.is_none()))
        });
    }
    let mut won = 0;
    while let Some(done) = clients.join_next().await {
        won += usize::from(done??);
    }
    let took = begun.elapsed();
    let stored = town.count("select count(*) from bookings").await;
    ensure!(
        won == wanted.len() && stored == i64::try_from(won)?,
        "{won} won, {stored} stored"
    );
    row(
        &format!(
            "{count} people for {} slots: all answered after ms",
            wanted.len()
        ),
        ceiling::ms(took),
        "",
    );
    row("  slots given", won, wanted.len());
    Ok(())
}
