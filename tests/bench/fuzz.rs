//! So many requests as nobody of ours sends them, as every role, through every route: none may break the server.

use std::{
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use anyhow::{Result, ensure};
use futures::{FutureExt as _, StreamExt as _, stream};
use tests::{Engine, Reply, Town, fuzz::Ground};
use tower::ServiceExt as _;

/// Requests to one town: what they leave behind would slow down whoever comes later.
const EACH: u64 = 10_000;
/// Under way at the same time.
const AT_ONCE: usize = 8;

pub(crate) async fn run(count: u64, seed: u64) -> Result<()> {
    let panics = Arc::new(AtomicU64::new(0));
    let counted = panics.clone();
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |it| {
        counted.fetch_add(1, Ordering::SeqCst);
        usual(it);
    }));
    let (begun, mut sent, mut broken) = (Instant::now(), 0, Vec::new());
    let mut statuses: BTreeMap<(&'static str, u16), u64> = BTreeMap::new();
    while sent < count {
        let town = Town::new(Engine::Sqlite).await;
        let mut ground = Ground::of(&town).await;
        let mut at = sent;
        let last = count.min(sent + EACH);
        while at < last {
            // Whoever signed out in one wave is back in the next.
            let wave = at..last.min(at + 500);
            at = wave.end;
            let (town_of, ground_of) = (&town, &ground);
            let answers: Vec<_> = stream::iter(wave.map(|it| seed.wrapping_add(it)))
                .map(|number| async move { (number, answer(town_of, ground_of, number).await) })
                .buffer_unordered(AT_ONCE)
                .collect()
                .await;
            for (number, (kind, status)) in answers {
                *statuses.entry((kind, status)).or_default() += 1;
                if status >= 500 {
                    broken.push((number, status));
                }
            }
            for who in ["aoi", "mio", "sato", "doi", "kawai"] {
                ground.sign_in_again(&town, who).await;
            }
        }
        sent = last;
        let differences = server::rebuild::check(&town.services().db, town.now()).await?;
        ensure!(
            differences.is_empty(),
            "before {last} the feed is not what the facts say: {differences:?}"
        );
        println!("{sent} requests, {:.0} s", begun.elapsed().as_secs_f64());
    }
    println!("{count} requests in {:.0} s", begun.elapsed().as_secs_f64());
    let mut kind = "";
    for ((of, status), count) in statuses {
        if of != kind {
            println!("  {of}");
            kind = of;
        }
        let status = if status == 0 {
            "no such request in HTTP".to_owned()
        } else {
            status.to_string()
        };
        println!("{count:>12} × {status}");
    }
    println!(
        "answers from 500: {}; panics: {}",
        broken.len(),
        panics.load(Ordering::SeqCst)
    );
    ensure!(
        broken.is_empty() && panics.load(Ordering::SeqCst) == 0,
        "seeds to look at: {:?}",
        &broken[..broken.len().min(20)]
    );
    Ok(())
}

/// The status of the answer; nothing where HTTP has no words for the request, 599 where the server broke.
async fn answer(town: &Town, ground: &Ground, number: u64) -> (&'static str, u16) {
    let shot = ground.shot(number);
    let Some(request) = ground.request(&shot) else {
        return (shot.kind, 0);
    };
    let answered = async {
        let Ok(response) = town.router().oneshot(request).await;
        Reply::read(response).await.status.as_u16()
    };
    (
        shot.kind,
        AssertUnwindSafe(answered)
            .catch_unwind()
            .await
            .unwrap_or(599),
    )
}
