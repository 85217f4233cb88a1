//! A few thousand requests as nobody of ours sends them: none breaks the server, and what it refuses changes nothing.
//! `FUZZ_SEED=number` begins elsewhere; `cargo bench -p tests -- fuzz 1000000` sends many more.

use std::sync::{
    Mutex, Once,
    atomic::{AtomicU64, Ordering},
};

use axum::http::{Method, StatusCode};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use tests::{Engine, Reply, Town, fuzz::Ground};
use tokio::runtime::Runtime;

use crate::security::post;

/// Panics of this process's threads that serve fuzz: those of other tests are those tests' own.
static PANICS: AtomicU64 = AtomicU64::new(0);
static HOOK: Once = Once::new();
const THREAD: &str = "fuzzed";
/// One after the other: each wants the machine for itself, and time.
static ALONE: Mutex<()> = Mutex::new(());

fn runtime() -> Runtime {
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |it| {
            if std::thread::current().name() == Some(THREAD) {
                PANICS.fetch_add(1, Ordering::SeqCst);
            }
            usual(it);
        }));
    });
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name(THREAD)
        .enable_all()
        .build()
        .unwrap()
}

fn runner(cases: u32) -> TestRunner {
    let seed: u8 = std::env::var("FUZZ_SEED")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(0);
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..Config::default()
    };
    TestRunner::new_with_rng(
        config,
        TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]),
    )
}

/// Everything that an answer of 4xx may not change: what people wrote and were told, who is here and signed in.
async fn state(town: &Town) -> String {
    sqlx::query_scalar(
        "select cast((select value from company where key = 'seq') as text) || ' ' || \
         cast((select count(*) from members) as text) || ' ' || cast((select count(*) from bookings) as text) || ' ' || \
         cast((select count(*) from slots where closed_at is null) as text) || ' ' || cast((select count(*) from applied) as text) || ' ' || \
         cast((select count(*) from feed) as text) || ' ' || cast((select count(*) from sessions where ended_at is null) as text) || ' ' || \
         cast((select count(*) from jobs) as text) || ' ' || cast((select count(*) from imports) as text) || ' ' || \
         cast((select count(*) from devices) as text) || ' ' || cast((select count(*) from calendar_feeds) as text)",
    )
    .fetch_one(&mut *town.read().await)
    .await
    .unwrap()
}

fn assert_stands(what: &str, status: StatusCode) {
    assert!(!status.is_server_error(), "{what}: {status}");
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "{what}: a panic");
}

/// Whether an answer says that nothing was done. Of a push, what stood before the wish that could not be read is done;
/// and whoever had a code that was wrong has tried.
fn is_refused(path: &str, status: StatusCode) -> bool {
    let is_partly = path == "/api/v1/sync" && [409, 422, 426].contains(&status.as_u16());
    status.is_client_error() && !is_partly
}

fn shots(engine: Engine, cases: u32) {
    let _alone = ALONE.lock();
    let runtime = runtime();
    let (town, ground) = runtime.block_on(async {
        let town = Town::new(engine).await;
        let ground = Ground::of(&town).await;
        (town, ground)
    });
    let ground = Mutex::new(ground);
    let shoot = |seed: u64| {
        let mut ground = ground.lock().unwrap();
        let shot = ground.shot(seed);
        let Some(request) = ground.request(&shot) else {
            return Ok(());
        };
        runtime.block_on(async {
            let before = state(&town).await;
            let status = town.send(request).await.status;
            let what = format!(
                "{seed}: {} {} {} as {:?}",
                shot.kind, shot.method, shot.path, shot.who
            );
            assert_stands(&what, status);
            if is_refused(&shot.path, status) {
                assert_eq!(
                    before,
                    state(&town).await,
                    "{what}: {status}, and something changed"
                );
            }
            if shot.path.ends_with("sign-out") {
                ground.sign_in_again(&town, shot.who).await;
            }
        });
        Ok(())
    };
    runner(cases).run(&any::<u64>(), shoot).unwrap();
    runtime.block_on(town.assert_projection_is_rebuild());
}

#[test]
fn requests_that_were_right_once_sqlite() {
    shots(Engine::Sqlite, 2_500);
}

#[test]
fn requests_that_were_right_once_postgres() {
    shots(Engine::Postgres, 700);
}

/// Bytes that are nothing at all.
#[test]
fn raw_bytes() {
    let _alone = ALONE.lock();
    let runtime = runtime();
    let town = runtime.block_on(Town::new(Engine::Sqlite));
    let (aoi, sato) = (town.browser_of("aoi"), town.browser_of("sato"));
    let before = runtime.block_on(state(&town));
    let bytes = proptest::collection::vec(any::<u8>(), 0..1_500);
    let send = |bytes: Vec<u8>| {
        runtime.block_on(async {
            let kind = [
                ("content-type", "application/x-www-form-urlencoded"),
                ("sec-fetch-site", "same-origin"),
            ];
            let mut replies: Vec<(&str, Reply)> = vec![
                ("sync", post(&aoi, bytes.clone()).await),
                (
                    "import",
                    sato.upload("/staff/people/import", &bytes, &[("do", "carry-out")])
                        .await,
                ),
                (
                    "undo",
                    sato.send(
                        Method::POST,
                        "/staff/people/import/undo",
                        Some(bytes.clone()),
                        &kind,
                    )
                    .await,
                ),
            ];
            if bytes.len().is_multiple_of(4) {
                replies.push((
                    "language",
                    aoi.send(Method::POST, "/language", Some(bytes), &kind)
                        .await,
                ));
            }
            for (what, reply) in replies {
                assert_stands(what, reply.status);
                assert!(reply.status.is_client_error(), "{what}: {}", reply.status);
            }
        });
        Ok(())
    };
    runner(400).run(&bytes, send).unwrap();
    assert_eq!(runtime.block_on(state(&town)), before);
}

/// Cursors: a device's own, spoiled, and any other text; what is not ours counts as none, and nobody sees more by it.
#[test]
fn cursors() {
    let _alone = ALONE.lock();
    let runtime = runtime();
    let town = runtime.block_on(Town::new(Engine::Sqlite));
    let ren = town.browser_of("ren");
    let history = town.services().feed.history();
    let text = prop_oneof![
        ".{0,200}",
        (any::<i64>(), "[a-z:+]{0,40}", any::<i64>(), any::<i64>()).prop_map(
            move |(seq, held, until, began)| summed(&format!(
                "{history}.{seq}.{held}.me@{until}@{began}"
            ))
        ),
        (any::<i64>(), "(all|me|holders|hr|people|[+]){0,6}")
            .prop_map(move |(seq, held)| summed(&format!("{history}.{seq}.{held}"))),
    ];
    let own = format!("p:{}", tests::village::cast("ren").id());
    let send = |cursor: String| {
        let request = serde_json::json!({"protocol": 1, "device": "0000000000000000000001", "cursor": cursor, "want": ["hr", "people"], "reset": [cursor]});
        let reply = runtime.block_on(post(&ren, request.to_string().into_bytes()));
        assert_stands(&cursor, reply.status);
        if reply.status == StatusCode::OK {
            let answer: domain::sync::wire::SyncAnswer =
                serde_json::from_slice(&reply.body).unwrap();
            for row in answer.rows {
                assert!(
                    [own.as_str(), "all", "holders"].contains(&&*row.3),
                    "{cursor} shows {row:?}"
                );
            }
        }
        Ok(())
    };
    runner(400).run(&text, send).unwrap();
}

/// With the sum that shows a mangled one, so that the rest is looked at.
fn summed(text: &str) -> String {
    let sum = text.bytes().fold(0x811c_9dc5_u32, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("{text}.{:04x}", sum & 0xFFFF)
}
