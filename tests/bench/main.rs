//! Benches: tables, not tests. `cargo bench -p tests` prints the table; `cargo bench -p tests -- kill` kills the server
//! twenty times under load and looks whether anything that was acknowledged is missing; `-- history` does so with everything
//! that people do, kills and other disasters, and checks what the clients wrote down; `-- fuzz N` sends requests as nobody
//! of ours sends them; `-- companies` opens a thousand.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints; a panic is its report"
)]

mod ceiling;
mod city;
mod company;
mod fuzz;
mod growth;
mod history;
mod http;
mod kill;
mod pokes;
mod replies;
mod table;

use anyhow::Result;
use domain::time::Time;
use server::{config::Config, services::Clock};
use tests::village::opening;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| it != "--bench")
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => runtime.block_on(table::print(true)),
        ["bookings"] => runtime.block_on(table::print(false)),
        ["replies"] => runtime.block_on(replies::print()),
        ["companies"] => runtime.block_on(company::thousand()),
        ["growth"] => runtime.block_on(growth::print()),
        ["pokes"] => runtime.block_on(pokes::ten_thousand()),
        ["kill"] => runtime.block_on(kill::twenty_times(20)),
        ["kill", rounds] => runtime.block_on(kill::twenty_times(rounds.parse()?)),
        ["history", ref disasters @ ..] => runtime.block_on(history::run(disasters)),
        ["fuzz"] => runtime.block_on(fuzz::run(20_000, 0)),
        ["fuzz", count] => runtime.block_on(fuzz::run(count.parse()?, 0)),
        ["fuzz", count, seed] => runtime.block_on(fuzz::run(count.parse()?, seed.parse()?)),
        // What `kill` starts and kills: this program again, as a server.
        ["serve", database, site, port] => {
            runtime.block_on(serve(database, site, port.parse()?, opening()))
        }
        ["serve", database, site, port, millis] => {
            let now = Time::from_millis(millis.parse()?);
            runtime.block_on(serve(database, site, port.parse()?, now))
        }
        ["serve-companies", folder, site, port] => {
            runtime.block_on(company::serve(folder, site, port.parse()?))
        }
        _ => anyhow::bail!(
            "usage: bench [bookings | replies | growth | pokes | companies | kill [ROUNDS] | fuzz [COUNT [SEED]] | history {}]",
            history::USAGE
        ),
    }
}

async fn serve(database: &str, site: &str, port: u16, now: Time) -> Result<()> {
    let config = Config {
        database: database.to_owned(),
        site: site.into(),
        ..Config::for_tests()
    };
    let services = server::start(config, Clock::set_to(now)).await?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    server::serve(services, listener, std::future::pending()).await
}
