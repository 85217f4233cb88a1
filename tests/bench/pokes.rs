//! Ten thousand phones that listen: what they weigh, and how long it takes until all have heard of one change.

use std::{
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use tests::{Engine, folder};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use crate::{
    ceiling::ms,
    city::{City, asking},
    company::memory,
    http::Client,
    kill::ready,
    table::{load, row},
};

const LISTENERS: usize = 10_000;
/// Longer than the longest spread of pokes.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn ten_thousand() -> Result<()> {
    let city = City::new(Engine::Sqlite, 10, 100).await?;
    city.town.services().db.close().await;
    let port = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await?
        .local_addr()?
        .port();
    let mut server = Command::new(std::env::current_exe()?)
        .args(["serve", &city.town.database()])
        .arg(folder::site(city.town.folder()))
        .arg(port.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .context("the server cannot be started")?;
    ready(port).await?;
    let measured = measure(&city, port, server.id()).await;
    server.kill()?;
    server.wait()?;
    measured
}

async fn measure(city: &City, port: u16, pid: u32) -> Result<()> {
    let [somebody, ..] = &city.people[..] else {
        anyhow::bail!("somebody")
    };
    let mut client = Client::new(port, &somebody.cookie).await?;
    let (cursor, ..) = load(&mut client, somebody.device).await?;
    let before = memory(pid)?;
    let (heard, begun) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut listeners: JoinSet<Result<()>> = JoinSet::new();
    for at in 0..LISTENERS {
        let cookie = &city.people[at % city.people.len()].cookie;
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let request = format!(
            "GET /api/v1/poke HTTP/1.1\r\nhost: localhost:3000\r\ncookie: __Host-session={cookie}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let heard = heard.clone();
        listeners.spawn(async move {
            let mut buffer = Vec::with_capacity(1 << 10);
            let mut events = 0;
            loop {
                ensure!(stream.read_buf(&mut buffer).await? > 0, "the stream ended");
                let count = buffer.windows(5).filter(|it| it == b"data:").count();
                heard.fetch_add(count - events, Ordering::Relaxed);
                events = count;
            }
        });
    }
    reached(&heard, LISTENERS).await?;
    row(
        "10,000 streams are open after s",
        format!("{:.1}", begun.elapsed().as_secs_f64()),
        "",
    );
    let weight = memory(pid)?.saturating_sub(before);
    row(
        "memory of 1,000 listening phones, MiB",
        format!("{:.1}", weight as f64 / (LISTENERS as f64 / 1_000.0)),
        "",
    );
    let at = (city.town.now(), city.town.chance());
    let (_, request) = asking(somebody.device, 1, Some(cursor), &somebody.wishes[0], at);
    let begun = Instant::now();
    let answer = client.sync(&serde_json::to_vec(&request)?).await?;
    ensure!(answer.status == 200, "status {}", answer.status);
    row(
        "one booking under 10,000 listeners, ms",
        ms(begun.elapsed()),
        "",
    );
    reached(&heard, 2 * LISTENERS).await?;
    row(
        "all 10,000 have heard of it after ms",
        ms(begun.elapsed()),
        "",
    );
    Ok(())
}

async fn reached(heard: &AtomicUsize, count: usize) -> Result<()> {
    let begun = Instant::now();
    while heard.load(Ordering::Relaxed) < count {
        ensure!(
            begun.elapsed() < PATIENCE,
            "{} of {count} heard",
            heard.load(Ordering::Relaxed)
        );
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}
