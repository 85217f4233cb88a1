//! Replies to events, over HTTP, each durable before it is answered: a burst for one event after the other, as they come
//! when an invitation goes out.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use domain::{
    event::{PublishEvent, ReplyTo},
    id::{EventId, MutationId},
    sync::{mutation::Mutation, wire::Envelope},
    time::HOUR,
};
use futures::future::try_join_all;
use tests::{
    Engine, Town,
    gathering::{HERE, dinner},
    village::starts,
};

use super::{
    city::{City, pulling},
    http::Client,
    table::{listen, load, per_second, row},
};

/// Clients at the same time.
const CLIENTS: usize = 50;
/// People, each of whom answers every event.
const PEOPLE: usize = 500;
/// Events, one after the other.
const EVENTS: usize = 20;
/// Places of each; the others wait.
const PLACES: u16 = 400;
/// What must be reached on SQLite.
const BAR: u32 = 2_000;

/// Prints the rates on both engines.
pub(crate) async fn print() -> Result<()> {
    for (engine, name, bar) in [
        (Engine::Sqlite, "SQLite", BAR),
        (Engine::Postgres, "PostgreSQL", 0),
    ] {
        let city = City::new(engine, 1, PEOPLE).await?;
        let port = listen(&city.town).await?;
        burst(city, port, name, bar).await?;
    }
    Ok(())
}

async fn publish(town: &Town) -> Result<Vec<EventId>> {
    let sato = town.loaded_phone_of("sato").await;
    let mut events = Vec::with_capacity(EVENTS);
    for at in 0..EVENTS {
        let event = EventId::born(town.now(), town.chance());
        let begins = starts("fri+4-1830") + i64::try_from(at)? * 24 * HOUR;
        let mut it = dinner(event, PLACES, begins);
        it.is_recorded = true;
        sato.wish(Mutation::WriteEvent(Box::new(it))).await;
        sato.wish(Mutation::PublishEvent(PublishEvent { event }))
            .await;
        events.push(event);
    }
    ensure!(sato.refusals().is_empty(), "an event was refused");
    Ok(events)
}

/// The wish with this number of somebody's device: to come.
fn reply(town: &Town, event: EventId, n: u64) -> Envelope {
    let reply = Mutation::Reply(ReplyTo {
        event,
        answer: HERE,
        is_named: false,
    });
    Envelope {
        n,
        id: MutationId::born(town.now(), town.chance()),
        at: town.now(),
        name: reply.name().into(),
        body: reply.body(),
    }
}

async fn burst(city: City, port: u16, name: &str, bar: u32) -> Result<()> {
    let City { town, people } = city;
    let events = publish(&town).await?;
    let mut first = Client::new(port, &people[0].cookie).await?;
    let (cursor, ..) = load(&mut first, people[0].device).await?;
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let clients = (0..CLIENTS).map(|_| async {
        let mut client = Client::new(port, &people[0].cookie).await?;
        let mut waits = Vec::new();
        let mut cursor = cursor.clone();
        loop {
            // Everybody answers the first event, then everybody the second.
            let at = next.fetch_add(1, Ordering::Relaxed);
            let (turn, who) = (at / PEOPLE, &people[at % PEOPLE]);
            let Some(event) = events.get(turn) else {
                return Ok::<_, anyhow::Error>(waits);
            };
            client.turn_into(&who.cookie);
            let reply = reply(&town, *event, u64::try_from(turn)? + 1);
            town.pass(1);
            let request = pulling(who.device, Some(cursor.clone()), vec![reply]);
            let body = serde_json::to_vec(&request)?;
            let asked = Instant::now();
            let answer = client.sync(&body).await?;
            waits.push(asked.elapsed());
            let text = std::str::from_utf8(&answer.body)?;
            ensure!(
                answer.status == 200 && !text.contains("\"refusal\""),
                "status {}: {}",
                answer.status,
                &text[..text.len().min(400)]
            );
            let later = text
                .split("\"cursor\":\"")
                .nth(1)
                .and_then(|it| it.split('"').next());
            later.unwrap_or(&cursor).to_owned().clone_into(&mut cursor);
        }
    });
    let mut waits: Vec<Duration> = try_join_all(clients).await?.into_iter().flatten().collect();
    let rate = per_second(u64::try_from(waits.len())?, begun);
    waits.sort_unstable();
    row(
        &format!("replies per second, {name}, {CLIENTS} clients"),
        format!("{rate:.0}"),
        bar,
    );
    row(
        "  median wait",
        format!("{:.1} ms", waits[waits.len() / 2].as_secs_f64() * 1e3),
        "",
    );
    let oversold = town
        .count("select count(*) from (select event_id from rsvps where state = 'going' group by event_id having count(*) > 400) too_many")
        .await;
    row("  events oversold", oversold, 0);
    let answered = town.count("select count(*) from rsvps").await;
    ensure!(
        usize::try_from(answered)? == PEOPLE * EVENTS && oversold == 0,
        "{answered} replies are there"
    );
    Ok(())
}
