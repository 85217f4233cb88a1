//! Kills the server again and again while fifty clients book: what was acknowledged stays, and nothing happens twice.

use std::{
    collections::HashSet,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use domain::{id::BookingId, sync::wire::SyncAnswer, time::Time};
use tests::{Engine, folder, village::opening};
use tokio::{net::TcpStream, task::JoinSet, time::sleep};

use crate::{
    city::{City, Somebody, asking, pulling},
    http::Client,
};

const CLIENTS: usize = 50;
const HOSTS: usize = 40;
const HOLDERS: usize = 200;
/// Interviews ahead that the limits of the city allow.
const EACH: usize = 100;

#[expect(
    clippy::too_many_lines,
    reason = "one experiment from its beginning to its figures"
)]
pub(crate) async fn twenty_times(rounds: u32) -> Result<()> {
    let city = City::new(Engine::Sqlite, HOSTS, HOLDERS).await?;
    city.town.services().db.close().await;
    let (database, site) = (city.town.database(), folder::site(city.town.folder()));
    let port = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await?
        .local_addr()?
        .port();
    let acknowledged = Arc::new(Mutex::new(HashSet::<BookingId>::new()));
    let (is_over, repeats) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    let mut clients = JoinSet::new();
    let mut loads: Vec<Vec<Somebody>> = (0..CLIENTS).map(|_| Vec::new()).collect();
    for (at, somebody) in city.people.into_iter().enumerate() {
        loads[at % CLIENTS].push(somebody);
    }
    for load in loads {
        let (known, over, repeats, town) = (
            acknowledged.clone(),
            is_over.clone(),
            repeats.clone(),
            city.town.clone(),
        );
        clients.spawn(async move {
            for somebody in load {
                book(port, somebody, &known, &over, &repeats, || town.chance()).await?;
            }
            Ok::<_, anyhow::Error>(())
        });
    }
    for round in 0..rounds {
        let mut server = start(&database, &site, port, opening())?;
        ready(port).await?;
        // Never the same moment twice.
        sleep(Duration::from_millis(250 + u64::from(round) * 37 % 400)).await;
        server.kill().context("the server cannot be killed")?;
        server.wait()?;
    }
    let mut server = start(&database, &site, port, opening())?;
    ready(port).await?;
    sleep(Duration::from_millis(500)).await;
    is_over.store(true, Ordering::SeqCst);
    while let Some(done) = clients.join_next().await {
        done??;
    }
    server.kill()?;
    server.wait()?;
    city.town.restart().await;
    let known = acknowledged
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let pool = city.town.look().await;
    let stored: Vec<(String,)> =
        sqlx::query_as("select id from bookings where cancelled_at is null")
            .fetch_all(&pool)
            .await?;
    let stored: HashSet<BookingId> = stored.iter().filter_map(|it| it.0.parse().ok()).collect();
    let lost = known.difference(&stored).count();
    let unheard = stored.difference(&known).count();
    let (double,): (i64,) =
        sqlx::query_as("select count(*) from (select slot_id from bookings where cancelled_at is null group by slot_id having count(*) > 1) twice")
            .fetch_one(&pool)
            .await?;
    println!(
        "{rounds} kills under {CLIENTS} clients: {} bookings acknowledged, {lost} of them lost, {double} double, {unheard} without an acknowledged answer, {} requests repeated",
        known.len(),
        repeats.load(Ordering::Relaxed)
    );
    let differences = server::rebuild::check(&city.town.services().db, city.town.now()).await?;
    println!(
        "rows of the feed that are not what the facts say: {}",
        differences.len()
    );
    ensure!(
        lost == 0 && double == 0 && unheard == 0 && differences.is_empty() && known.len() > 100,
        "the promise is broken"
    );
    Ok(())
}

/// Starts a server of its own, whose clock stands still.
pub(crate) fn start(database: &str, site: &std::path::Path, port: u16, now: Time) -> Result<Child> {
    let own = std::env::current_exe()?;
    let mut command = Command::new(own);
    command
        .args(["serve", database])
        .arg(site)
        .args([port.to_string(), now.millis().to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command.spawn().context("the server cannot be started")
}

pub(crate) async fn ready(port: u16) -> Result<()> {
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        ensure!(
            begun.elapsed() < Duration::from_secs(20),
            "the server does not answer"
        );
        sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

/// One client: asks for its slots one after the other, each until it is answered, with the same bytes.
async fn book(
    port: u16,
    somebody: Somebody,
    known: &Mutex<HashSet<BookingId>>,
    over: &AtomicBool,
    repeats: &AtomicU64,
    mut chance: impl FnMut() -> u128,
) -> Result<()> {
    let mut client = None;
    let mut cursor = None;
    for (n, wish) in (1_u64..).zip(somebody.wishes.iter().take(EACH)) {
        // The first load is not what is measured here.
        while cursor.is_none() {
            let pull = serde_json::to_vec(&pulling(somebody.device, None, Vec::new()))?;
            if let Some(answer) = exchange(&mut client, port, &somebody.cookie, &pull).await {
                cursor = Some(answer.cursor);
            } else if over.load(Ordering::SeqCst) {
                return Ok(());
            }
        }
        if over.load(Ordering::SeqCst) {
            return Ok(());
        }
        let (booking, request) = asking(
            somebody.device,
            n,
            cursor.clone(),
            wish,
            (opening(), chance()),
        );
        let body = serde_json::to_vec(&request)?;
        loop {
            if let Some(answer) = exchange(&mut client, port, &somebody.cookie, &body).await {
                let outcome = answer
                    .outcomes
                    .first()
                    .context("an answer without an outcome")?;
                ensure!(outcome.refusal.is_none(), "refused: {:?}", outcome.refusal);
                known
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(booking);
                cursor = Some(answer.cursor);
                break;
            }
            repeats.fetch_add(1, Ordering::Relaxed);
        }
    }
    Ok(())
}

/// One exchange; none when the server is gone.
async fn exchange(
    client: &mut Option<Client>,
    port: u16,
    cookie: &str,
    body: &[u8],
) -> Option<SyncAnswer> {
    if client.is_none() {
        *client = Client::new(port, cookie).await.ok();
    }
    let answer = match client.as_mut() {
        Some(client) => client.sync(body).await.ok(),
        None => None,
    };
    match answer {
        Some(answer) if answer.status == 200 => serde_json::from_slice(&answer.body).ok(),
        Some(_) => None,
        None => {
            *client = None;
            sleep(Duration::from_millis(20)).await;
            None
        }
    }
}
