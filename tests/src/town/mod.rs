//! A town: a server of its own with a fresh database, the cast, and a clock that is moved by hand.
//!
//! In reading order: this file (the server, the clock, what can be seen), `people` (phones and browsers, and what hosts
//! open), `ground` (where the databases come from, and other lives of them).

mod ground;
mod people;

pub use ground::Beginning;

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;
use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use domain::{
    booking::Slot,
    id::{MemberId, SlotId},
    sync::{row::KINDS, wire::RowChange},
    time::Time,
    visibility::audiences_of,
};
use server::{
    config::Config,
    db::Engine,
    services::{Clock, Services},
};
use sqlx::{AnyPool, any::AnyPoolOptions};
use tower::ServiceExt as _;

use crate::{Reply, folder, postgres::Disk, village::opening};
use ground::Lot;

/// A town. Cheap to clone: everybody in it shares it.
#[derive(Clone)]
pub struct Town(Arc<Streets>);

struct Streets {
    engine: Engine,
    /// Moved by hand.
    clock: Clock,
    database: Mutex<String>,
    folder: PathBuf,
    running: Mutex<Running>,
    cookies: HashMap<&'static str, String>,
    /// Slots by the names the tests give them.
    slots: Arc<Mutex<BTreeMap<String, Slot>>>,
    dice: AtomicU64,
    sink: server::notification::Sink,
    sends_mail: bool,
}

#[derive(Clone)]
struct Running {
    services: Services,
    router: Router,
}

fn locked<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Town {
    /// A town that has just woken up: 2030-11-05, 09:00 in Tokyo.
    pub async fn new(engine: Engine) -> Self {
        Self::with(engine, Disk::Quick).await
    }

    /// A town on a disk that is as sure as in production, for benches.
    pub async fn with(engine: Engine, disk: Disk) -> Self {
        Self::on(Lot::new(engine, disk).await).await
    }

    async fn on(lot: Lot) -> Self {
        let clock = Clock::set_to(opening());
        let sink = server::notification::Sink::start()
            .await
            .expect("a mail sink can be started");
        Self::run(lot, clock, sink, Arc::default(), true).await
    }

    /// The same town as another server process serves it: one database, one clock, the same people and slots.
    #[must_use]
    pub async fn beside(&self) -> Self {
        let lot = Lot::of(self.engine(), self.database(), self.0.cookies.clone());
        let streets = &self.0;
        let (clock, sink) = (streets.clock.clone(), streets.sink.clone());
        Self::run(lot, clock, sink, streets.slots.clone(), true).await
    }

    async fn run(
        lot: Lot,
        clock: Clock,
        sink: server::notification::Sink,
        slots: Arc<Mutex<BTreeMap<String, Slot>>>,
        sends_mail: bool,
    ) -> Self {
        let mail = sends_mail.then_some(&sink);
        let running = run(&lot.database, &lot.folder, clock.clone(), mail)
            .await
            .expect("the town's server starts");
        Self(Arc::new(Streets {
            engine: lot.engine,
            clock,
            database: Mutex::new(lot.database),
            folder: lot.folder,
            running: Mutex::new(running),
            cookies: lot.cookies,
            slots,
            dice: AtomicU64::new((lot.number + 1) << 32),
            sink,
            sends_mail,
        }))
    }

    /// Which engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// What the server's handlers share.
    #[must_use]
    pub fn services(&self) -> Services {
        locked(&self.0.running).services.clone()
    }

    /// All routes.
    pub fn router(&self) -> Router {
        locked(&self.0.running).router.clone()
    }

    /// Where mail lands.
    #[must_use]
    pub fn mail(&self) -> &server::notification::Sink {
        &self.0.sink
    }

    /// A folder of the town's own.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.0.folder
    }

    /// The address of its database.
    #[must_use]
    pub fn database(&self) -> String {
        locked(&self.0.database).clone()
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Time {
        self.0.clock.now()
    }

    /// Time passes.
    pub fn pass(&self, millis: i64) {
        self.move_to(self.now() + millis);
    }

    /// It is suddenly another time.
    pub fn move_to(&self, now: Time) {
        self.0.clock.move_to(now);
    }

    /// Dice that fall the same way in every run.
    #[must_use]
    pub fn chance(&self) -> u128 {
        let seed = self.0.dice.fetch_add(1, Ordering::Relaxed);
        let mix = |it: u64| {
            let it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            it ^ (it >> 31)
        };
        (u128::from(mix(seed.wrapping_add(0x9E37_79B9_7F4A_7C15))) << 64)
            | u128::from(mix(seed ^ 0xD1B5_4A32_D192_ED03))
    }

    /// Gives a slot a name.
    pub fn know(&self, name: &str, slot: Slot) {
        locked(&self.0.slots).insert(name.to_owned(), slot);
    }

    /// The slot of a name.
    ///
    /// # Panics
    /// When none is called so.
    #[must_use]
    pub fn slot(&self, name: &str) -> Slot {
        locked(&self.0.slots)
            .get(name)
            .unwrap_or_else(|| panic!("no slot is called {name}"))
            .clone()
    }

    /// The name of a slot.
    #[must_use]
    pub fn name_of(&self, slot: SlotId) -> String {
        let slots = locked(&self.0.slots);
        slots
            .iter()
            .find(|it| it.1.id == slot)
            .map_or_else(|| slot.to_string(), |it| it.0.clone())
    }

    /// One request, as it would come over the wire from a machine of its own.
    pub async fn send(&self, mut request: Request<Body>) -> Reply {
        request
            .extensions_mut()
            .insert(ConnectInfo(std::net::SocketAddr::from((
                [203, 0, 113, 7],
                40_000,
            ))));
        let response = self
            .router()
            .oneshot(request)
            .await
            .expect("a router always answers");
        Reply::read(response).await
    }

    /// As [`Town::send`], without waiting for the end of the body.
    pub async fn send_head(&self, request: Request<Body>) -> Reply {
        let response = self
            .router()
            .oneshot(request)
            .await
            .expect("a router always answers");
        let (parts, _) = response.into_parts();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: Vec::new(),
        }
    }

    /// A look into the database.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn read(&self) -> server::db::Tx {
        let db = &self.services().db;
        db.read().await.expect("the database can be read")
    }

    /// The rows of the feed that somebody may see, straight from the projection, in the order a phone keeps them.
    pub async fn projection_for(
        &self,
        member: MemberId,
        role: domain::member::Role,
    ) -> Vec<RowChange> {
        let audiences: Vec<_> = audiences_of(member, role)
            .into_iter()
            .filter(|it| !it.is_on_demand())
            .collect();
        let mut tx = self.read().await;
        let mut rows = server::sync::rows_for(&mut tx, &audiences, KINDS)
            .await
            .expect("the feed can be read");
        rows.sort_by(|a, b| (&a.3, &a.0, &a.1).cmp(&(&b.3, &b.0, &b.1)));
        rows
    }

    /// The server stops, however it does that, and starts again on the same database.
    pub async fn restart(&self) {
        let old = self.services();
        old.db.close().await;
        let running = run(
            &self.database(),
            &self.0.folder,
            self.0.clock.clone(),
            self.0.sends_mail.then_some(&self.0.sink),
        )
        .await
        .expect("the server starts again");
        *locked(&self.0.running) = running;
    }

    /// A pool of its own, to look into tables.
    pub async fn look(&self) -> AnyPool {
        look(&self.database()).await
    }

    /// Runs the jobs that are due.
    pub async fn run_jobs(&self) {
        server::job::run_due(&self.services())
            .await
            .expect("jobs can be run");
    }
}

impl Drop for Streets {
    fn drop(&mut self) {
        // What remains is taken away by the next run.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn run(
    database: &str,
    folder: &std::path::Path,
    clock: Clock,
    sink: Option<&server::notification::Sink>,
) -> Result<Running> {
    let config = Config {
        database: database.to_owned(),
        site: folder::site(folder),
        mail: sink.map(server::notification::Sink::settings),
        sink: sink.cloned(),
        is_demo: true,
        ..Config::for_tests()
    };
    let services = server::start(config, clock).await?;
    let router = server::router(services.clone());
    Ok(Running { services, router })
}

/// A pool on a database, outside the server's own.
pub async fn look(database: &str) -> AnyPool {
    sqlx::any::install_default_drivers();
    AnyPoolOptions::new()
        .max_connections(2)
        .connect(database)
        .await
        .expect("the database can be opened")
}
