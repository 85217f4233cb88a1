//! What the machine could do at most: a server that does nothing, and the writer without HTTP in front of it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use axum::{Router, http::StatusCode, routing::post};
use domain::{id::SessionId, member::Role, time::Time};
use server::{actor::Signed, db::Push};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    city::{City, Somebody, asking},
    http::Client,
    table::{CLIENTS, CONNECTIONS, EACH, LASTS, per_second, row},
};

/// A server of the same library that says 204 to everything.
pub(crate) async fn hello() -> Result<f64> {
    let router = Router::new().route("/api/v1/sync", post(|| async { StatusCode::NO_CONTENT }));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let mut server = JoinSet::new();
    server.spawn(async move { axum::serve(listener, router).await });
    let body = vec![b' '; 200];
    let rate = ask_again_and_again(port, "0", &body).await?;
    server.abort_all();
    row("bare server, answers per second", format!("{rate:.0}"), "");
    Ok(rate)
}

/// One request, again and again over a few connections; answers per second.
pub(crate) async fn ask_again_and_again(port: u16, cookie: &str, body: &[u8]) -> Result<f64> {
    let (count, body, begun) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(body.to_vec()),
        Instant::now(),
    );
    let mut clients = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (mut client, body, count) = (
            Client::new(port, cookie).await?,
            body.clone(),
            count.clone(),
        );
        clients.spawn(async move {
            while begun.elapsed() < LASTS {
                ensure!(client.sync(&body).await?.status == 204, "something new");
                count.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        });
    }
    while let Some(done) = clients.join_next().await {
        done??;
    }
    Ok(per_second(count.load(Ordering::Relaxed), begun))
}

/// The same bookings, the same statements, the same commits as through HTTP: handed to the writer by as many tasks.
pub(crate) async fn writer(city: City, name: &str) -> Result<f64> {
    let begun = Instant::now();
    let count = book(city, usize::MAX, begun + LASTS).await?;
    let rate = per_second(count as u64, begun);
    row(
        &format!("the writer without HTTP, bookings per second, {name}"),
        format!("{rate:.0}"),
        "",
    );
    Ok(rate)
}

/// Books at most so many, or until then, and says how many it were.
pub(crate) async fn book(mut city: City, most: usize, until: Instant) -> Result<usize> {
    let mut loads: Vec<Vec<Somebody>> = (0..CLIENTS).map(|_| Vec::new()).collect();
    for (at, somebody) in city.people.drain(..).enumerate() {
        loads[at % CLIENTS].push(somebody);
    }
    let mut clients = JoinSet::new();
    for load in loads {
        let (town, most) = (city.town.clone(), most.div_ceil(CLIENTS));
        clients.spawn(async move {
            let executor = town.services().executor;
            let mut count = 0;
            for somebody in load {
                let signed = Signed {
                    id: somebody.member,
                    role: Role::OfferHolder,
                    session: SessionId::born(Time::from_millis(0), 0),
                };
                for (n, wish) in (1..).zip(&somebody.wishes).take(EACH) {
                    if count == most || Instant::now() >= until {
                        return Ok(count);
                    }
                    let at = (town.now(), town.chance());
                    let (_, request) = asking(somebody.device, n, None, wish, at);
                    town.pass(1);
                    let pushed = executor
                        .push(Push {
                            signed,
                            device: somebody.device,
                            mutations: request.mutations,
                        })
                        .await
                        .map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
                    ensure!(
                        pushed.outcomes.iter().all(|it| it.refusal.is_none()),
                        "refused: {pushed:?}"
                    );
                    count += 1;
                }
            }
            Ok(count)
        });
    }
    let mut count = 0;
    while let Some(done) = clients.join_next().await {
        count += done??;
    }
    Ok(count)
}

/// Prints how much of the ceiling is reached.
pub(crate) fn share(of: f64, ceiling: f64) {
    row(
        "  of the ceiling",
        format!("{:.0} %", of / ceiling * 100.0),
        "",
    );
}

/// Milliseconds for people.
pub(crate) fn ms(it: Duration) -> String {
    format!("{:.2}", it.as_secs_f64() * 1_000.0)
}
