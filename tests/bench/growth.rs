//! What growing costs: the same person's pulls in a company of a thousand people, of a hundred thousand, and after ten
//! times the history.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use domain::{member::SetProfile, sync::mutation::Mutation, sync::wire::SyncAnswer};
use tests::{Engine, Town, village::cast};

use crate::{
    ceiling::{self, ms},
    city::{City, pulling},
    http::Client,
    table::{listen, load, row},
};

/// People who are imported at once.
const SHEET: usize = 20_000;
const PULLS: usize = 300;

/// What is asked, and how it is answered.
const KINDS: [(&str, u16); 3] = [
    ("nothing new", 204),
    ("a row, from the database", 200),
    ("a first page", 200),
];

/// One person of one company.
struct Phone {
    /// Its files go with it.
    _town: Town,
    client: Client,
    /// One for each kind.
    requests: [Vec<u8>; 3],
    took: [Vec<Duration>; 3],
}

pub(crate) async fn print() -> Result<()> {
    let sizes = [(1_000, 380), (10_000, 380), (100_000, 380), (1_000, 3_800)];
    let mut phones = Vec::new();
    for (people, bookings) in sizes {
        phones.push(settle(people, bookings).await?);
    }
    // In turn, so that whatever else the machine does meets all of them.
    for _ in 0..PULLS {
        for phone in &mut phones {
            for (kind, (_, status)) in KINDS.into_iter().enumerate() {
                let begun = Instant::now();
                let answer = phone.client.sync(&phone.requests[kind]).await?;
                phone.took[kind].push(begun.elapsed());
                ensure!(
                    answer.status == status,
                    "{}: status {}",
                    KINDS[kind].0,
                    answer.status
                );
            }
        }
    }
    for (kind, (what, _)) in KINDS.into_iter().enumerate() {
        let medians: Vec<_> = phones
            .iter_mut()
            .map(|phone| {
                phone.took[kind].sort_unstable();
                phone.took[kind][PULLS / 2]
            })
            .collect();
        for ((people, bookings), median) in sizes.iter().zip(&medians) {
            row(
                &format!("{what}: {people} people, {bookings} bookings, ms"),
                ms(*median),
                "",
            );
        }
        let slowest = medians.iter().max().context("companies")?;
        row(
            "  the slowest by the smallest company",
            format!("{:.2}", slowest.as_secs_f64() / medians[0].as_secs_f64()),
            "1.2",
        );
    }
    Ok(())
}

async fn settle(people: usize, bookings: usize) -> Result<Phone> {
    let mut city = City::new(Engine::Sqlite, 20, 1_000).await?;
    let mut left = people.saturating_sub(city.people.len());
    while left > 0 {
        let mut csv = String::from("氏名,メール,役割\n");
        for at in 0..left.min(SHEET) {
            csv.push_str(&format!(
                "同期 {left} {at},cohort-{left}-{at}@example.jp,内定者\n"
            ));
        }
        left -= left.min(SHEET);
        city.town.import(&csv).await;
    }
    let somebody = city.people.pop().expect("somebody");
    let town = city.town.clone();
    let booked = ceiling::book(city, bookings, Instant::now() + Duration::from_mins(5)).await?;
    ensure!(booked >= bookings, "{booked} booked");
    // What happened lately is in memory; after a start everything comes from the database.
    let port = listen(&town).await?;
    let mut client = Client::new(port, &somebody.cookie).await?;
    let (cursor, ..) = load(&mut client, somebody.device).await?;
    let mio = town.loaded_phone_of("mio").await;
    mio.wish(Mutation::SetProfile(SetProfile {
        talks_about: Some("入社前の不安".into()),
    }))
    .await;
    ensure!(mio.member() == cast("mio").id(), "Mio");
    town.restart().await;
    let port = listen(&town).await?;
    let mut client = Client::new(port, &somebody.cookie).await?;
    let behind = serde_json::to_vec(&pulling(somebody.device, Some(cursor), Vec::new()))?;
    let answer: SyncAnswer = serde_json::from_slice(&client.sync(&behind).await?.body)?;
    ensure!(!answer.rows.is_empty(), "there is a row");
    let there = serde_json::to_vec(&pulling(somebody.device, Some(answer.cursor), Vec::new()))?;
    let new = serde_json::to_vec(&pulling(somebody.device, None, Vec::new()))?;
    Ok(Phone {
        _town: town,
        client,
        requests: [there, behind, new],
        took: Default::default(),
    })
}
