//! Seeds: one after the other, on every core, until one of them fails.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

use anyhow::{Context, Result};
use tests::{Engine, folder};

use crate::{
    broken::Rule,
    world::{Story, Village, World},
};

/// Seeds that must be enough to notice that a rule is missing.
const ENOUGH: u64 = 300;
/// How often a long hunt says how far it is.
const SAY_EVERY: u64 = 1_000;

/// What a seed came to.
struct Told {
    failure: Option<String>,
    story: String,
}

/// A number from the environment.
pub(crate) fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.trim().parse().ok()
}

/// The rule that `WITHOUT=floor` asks to take away, to read the story of how that is noticed.
fn asked_without() -> Option<Rule> {
    let name = std::env::var("WITHOUT").ok()?;
    Rule::ALL.into_iter().find(|it| it.name() == name.trim())
}

/// All of these seeds hold, `FROM` some seed on if one is named; or, when one is asked for, that one, with its story.
pub(crate) fn hunt(engine: Engine, seeds: u64) {
    if let Some(seed) = asked("SEED") {
        let is_asked = std::env::var("ENGINE").map_or(engine == Engine::Sqlite, |it| {
            (it.trim() == "postgres") == (engine == Engine::Postgres)
        });
        if is_asked {
            replay(engine, seed);
        }
        return;
    }
    let begun = Instant::now();
    let failure = first_failure(engine, seeds, None);
    let took = begun.elapsed().as_secs_f64();
    if let Some((seed, told)) = failure {
        let engine = match engine {
            Engine::Sqlite => "",
            Engine::Postgres => "ENGINE=postgres ",
        };
        panic!(
            "{}\n\nseed {seed}: {}\n`{engine}SEED={seed} make sim` replays it",
            told.story,
            told.failure.unwrap_or_default()
        );
    }
    let count = (seeds + 1).saturating_sub(asked("FROM").unwrap_or(1));
    let a_second = f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / took;
    println!("{count} seeds on {engine:?} hold: {took:.1} s, {a_second:.1} a second");
}

fn replay(engine: Engine, seed: u64) {
    let told = tell(engine, seed, asked_without());
    println!("{}", told.story);
    match told.failure {
        Some(failure) => panic!("seed {seed}: {failure}"),
        None => println!("seed {seed} holds"),
    }
}

/// One of these seeds fails when the rule is missing.
pub(crate) fn hunt_without(rule: Rule) {
    if asked("SEED").is_some() || asked("SEEDS").is_some() || asked("FROM").is_some() {
        return;
    }
    let Some((seed, told)) = first_failure(Engine::Sqlite, ENOUGH, Some(rule)) else {
        panic!("{ENOUGH} seeds hold without the rule `{}`", rule.name());
    };
    println!(
        "without `{}`, seed {seed}: {}",
        rule.name(),
        told.failure.unwrap_or_default()
    );
}

/// The same dice, the same story.
pub(crate) fn twice(seed: u64) {
    if asked("SEED").is_some() {
        return;
    }
    let (one, two) = (
        tell(Engine::Sqlite, seed, None),
        tell(Engine::Sqlite, seed, None),
    );
    let differs = one
        .story
        .lines()
        .zip(two.story.lines())
        .find(|it| it.0 != it.1);
    assert_eq!(differs, None, "seed {seed} tells two stories");
    assert_eq!(
        one.story.len(),
        two.story.len(),
        "seed {seed} ends in two ways"
    );
}

/// The lowest seed that fails.
fn first_failure(engine: Engine, seeds: u64, without: Option<Rule>) -> Option<(u64, Told)> {
    let (next, least) = (
        AtomicU64::new(asked("FROM").unwrap_or(1)),
        AtomicU64::new(seeds + 1),
    );
    let found: Mutex<Option<(u64, Told)>> = Mutex::new(None);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= least.load(Ordering::Relaxed) {
                return;
            }
            let told = tell(engine, seed, without);
            if told.failure.is_some() {
                least.fetch_min(seed, Ordering::Relaxed);
                let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                if found.as_ref().is_none_or(|it| seed < it.0) {
                    *found = Some((seed, told));
                }
            }
            if seed % SAY_EVERY == 0 {
                println!("{seed} of {seeds} seeds");
            }
        }
    };
    thread::scope(|scope| {
        // Each seed waits for its database's threads half of the time.
        for _ in 0..2 * thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Lives through one seed.
fn tell(engine: Engine, seed: u64, without: Option<Rule>) -> Told {
    let story = Story::default();
    let lived = catch_unwind(AssertUnwindSafe(|| {
        let village = village(engine)?;
        runtime()?.block_on(async {
            let mut world = World::new(village, home(), seed, without, story.clone()).await?;
            let result = world.live().await;
            world.end().await;
            result
        })
    }));
    let failure = match lived {
        Ok(result) => result.err().map(|it| format!("{it:#}")),
        Err(panic) => Some(words_of(&*panic)),
    };
    let story = story.borrow().join("\n");
    Told { failure, story }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("a panic: {}", text.unwrap_or("without words"))
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("a runtime")
}

/// Where the towns of this process stand: in memory, where the system has a folder for that.
fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() {
            folder::of_process(&memory.join("kakehashi-sim"))
        } else {
            folder::of_process(&folder::root().join("target/sim"))
        }
    })
}

/// What every seed begins with. Made once for each engine.
fn village(engine: Engine) -> Result<&'static Village> {
    static SQLITE: OnceLock<Village> = OnceLock::new();
    static POSTGRES: OnceLock<Village> = OnceLock::new();
    let place = match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    };
    if let Some(village) = place.get() {
        return Ok(village);
    }
    static BUILDING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    if place.get().is_none() {
        let village = runtime()?.block_on(Village::new(engine))?;
        let _ = place.set(village);
    }
    place.get().context("the village is built")
}
