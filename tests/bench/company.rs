//! A thousand companies in one process: what they weigh, and how long the first to come to a closed one waits.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use domain::id::DeviceId;
use server::{
    company::{self, Companies},
    config::Config,
    services::Clock,
};
use tests::{Engine, folder, village::opening};

use crate::{
    city::{City, pulling},
    http::Client,
    kill::ready,
    table::row,
};

const COMPANIES: usize = 1_000;
const HOSTS: usize = 2;
const HOLDERS: usize = 18;

pub(crate) async fn thousand() -> Result<()> {
    let city = City::new(Engine::Sqlite, HOSTS, HOLDERS).await?;
    city.town.services().db.close().await;
    let database = city.town.database();
    let template = database.trim_start_matches("sqlite:");
    let folder = city.town.folder().join("companies");
    std::fs::create_dir_all(&folder)?;
    for at in 0..COMPANIES {
        std::fs::copy(template, folder.join(format!("c{at:04}.localhost.db")))?;
        std::fs::write(
            folder.join(format!("c{at:04}.localhost.toml")),
            format!("name = \"会社 {at}\"\n"),
        )?;
    }
    let port = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await?
        .local_addr()?
        .port();
    let mut server = start(&folder, &folder::site(city.town.folder()), port)?;
    ready(port).await?;
    let measured = measure(&city, port, server.id()).await;
    server.kill()?;
    server.wait()?;
    measured
}

#[expect(clippy::too_many_lines, reason = "one measurement after the other")]
async fn measure(city: &City, port: u16, pid: u32) -> Result<()> {
    row(
        "memory of the process with none open, MiB",
        memory(pid)?,
        "",
    );
    let somebody = &city.people[0];
    let pull = serde_json::to_vec(&pulling(somebody.device, None, Vec::new()))?;
    let mut client = Client::new(port, &somebody.cookie).await?;
    let mut first = Vec::new();
    let mut cursors = Vec::new();
    for at in 0..COMPANIES {
        client.go_to(&format!("c{at:04}.localhost"));
        let begun = Instant::now();
        let answer = client.sync(&pull).await?;
        first.push(begun.elapsed());
        ensure!(answer.status == 200, "status {}", answer.status);
        let answer: domain::sync::wire::SyncAnswer = serde_json::from_slice(&answer.body)?;
        cursors.push(answer.cursor);
    }
    first.sort_unstable();
    let ms = |it: Duration| format!("{:.1}", it.as_secs_f64() * 1_000.0);
    row(
        "first page of a closed company, ms, median",
        ms(first[COMPANIES / 2]),
        "",
    );
    row(
        "  99 of 100 / the slowest",
        format!(
            "{} / {}",
            ms(first[COMPANIES * 99 / 100]),
            ms(first[COMPANIES - 1])
        ),
        "150",
    );
    row(
        "memory with 1,000 companies open, MiB",
        memory(pid)?,
        "1536",
    );
    let begun = Instant::now();
    for (at, cursor) in cursors.into_iter().enumerate() {
        client.go_to(&format!("c{at:04}.localhost"));
        let nothing = serde_json::to_vec(&pulling(
            DeviceId::random(city.town.chance()),
            Some(cursor),
            Vec::new(),
        ))?;
        let answer = client.sync(&nothing).await?;
        ensure!(
            answer.status == 200 || answer.status == 204,
            "status {}",
            answer.status
        );
    }
    row(
        "the next page of an open one, ms, mean",
        ms(begun.elapsed() / u32::try_from(COMPANIES)?),
        "",
    );
    tokio::time::sleep(Duration::from_secs(5)).await;
    let (before, begun) = (ticks(pid)?, Instant::now());
    tokio::time::sleep(Duration::from_secs(10)).await;
    let busy = (ticks(pid)? - before) / begun.elapsed().as_secs_f64();
    row(
        "one core's share while nobody comes, %",
        format!("{busy:.1}"),
        "",
    );
    row("memory then, MiB", memory(pid)?, "1536");
    row("  of it not from files, MiB", held(pid, "RssAnon:")?, "");
    row(
        "  threads",
        std::fs::read_dir(format!("/proc/{pid}/task"))?.count(),
        "",
    );
    Ok(())
}

/// What the process holds in memory, in MiB.
pub(crate) fn memory(pid: u32) -> Result<u64> {
    held(pid, "VmRSS:")
}

fn held(pid: u32, what: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|it| it.strip_prefix(what));
    let kib: u64 = line
        .and_then(|it| it.split_whitespace().next())
        .context("VmRSS")?
        .parse()?;
    Ok(kib / 1024)
}

/// Hundredths of a second that it has computed.
fn ticks(pid: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields: Vec<_> = stat
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .collect();
    let [user, system] =
        [fields.get(11), fields.get(12)].map(|it| it.and_then(|it| it.parse::<f64>().ok()));
    Ok(user.context("user time")? + system.context("system time")?)
}

fn start(folder: &Path, site: &Path, port: u16) -> Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("serve-companies")
        .arg(folder)
        .arg(site)
        .arg(port.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command.spawn().context("the server cannot be started")
}

/// What [`thousand`] starts.
pub(crate) async fn serve(folder: &str, site: &str, port: u16) -> Result<()> {
    let common = Config {
        site: site.into(),
        ..Config::for_tests()
    };
    let companies = Companies::read(folder.into(), common, Clock::set_to(opening()))?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    company::serve(&companies, listener, std::future::pending()).await
}
