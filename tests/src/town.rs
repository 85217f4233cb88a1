//! A town: a server of its own with a fresh database, the cast, and a clock that is moved by hand.
//!
//! The schema is migrated and the cast put there once per process and engine; every town starts as a copy of that.

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;
use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use domain::{
    booking::{OpenSlot, Place, Slot},
    id::{MemberId, SlotId},
    sync::{mutation::Mutation, row::KINDS, wire::RowChange},
    time::Time,
    visibility::audiences_of,
};
use server::{
    config::Config,
    db::Engine,
    services::{Clock, Services},
};
use sqlx::{AnyPool, any::AnyPoolOptions};
use tokio::sync::OnceCell;
use tower::ServiceExt as _;

use crate::{
    Browser, Device, Reply, folder,
    postgres::{self, Disk},
    village::{self, CAST, cast, opening, starts},
};

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
    slots: Mutex<BTreeMap<String, Slot>>,
    dice: AtomicU64,
    sink: server::notification::Sink,
}

#[derive(Clone)]
struct Running {
    services: Services,
    router: Router,
}

/// What towns are copied from.
struct Template {
    database: String,
    cookies: HashMap<&'static str, String>,
}

static SQLITE: OnceCell<Template> = OnceCell::const_new();
static POSTGRES: OnceCell<Template> = OnceCell::const_new();
static TOWNS: AtomicU64 = AtomicU64::new(0);

/// Files of this process.
fn ground() -> &'static PathBuf {
    static GROUND: OnceLock<PathBuf> = OnceLock::new();
    GROUND.get_or_init(|| folder::of_process(&folder::root().join("target/towns")))
}

fn number() -> u64 {
    TOWNS.fetch_add(1, Ordering::Relaxed)
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
        let source = match engine {
            Engine::Sqlite => &SQLITE,
            Engine::Postgres => &POSTGRES,
        };
        let template = source.get_or_init(|| template(engine, disk)).await;
        let number = number();
        let folder = ground().join(format!("town-{number}"));
        std::fs::create_dir_all(&folder).expect("a town's folder can be made");
        let database = match engine {
            Engine::Sqlite => {
                let file = folder.join("kakehashi.db");
                std::fs::copy(&template.database, &file).expect("the template can be copied");
                format!("sqlite:{}", file.display())
            }
            Engine::Postgres => {
                let name = format!("town_{number}");
                copy_database(&template.database, &name).await;
                postgres::cluster(disk).url(&name)
            }
        };
        Self::on(engine, database, folder, template.cookies.clone(), number).await
    }

    async fn on(
        engine: Engine,
        database: String,
        folder: PathBuf,
        cookies: HashMap<&'static str, String>,
        number: u64,
    ) -> Self {
        let clock = Clock::set_to(opening());
        let sink = server::notification::Sink::start()
            .await
            .expect("a mail sink can be started");
        let running = run(&database, &folder, clock.clone(), &sink)
            .await
            .expect("the town's server starts");
        Self(Arc::new(Streets {
            engine,
            clock,
            database: Mutex::new(database),
            folder,
            running: Mutex::new(running),
            cookies,
            slots: Mutex::default(),
            dice: AtomicU64::new((number + 1) << 32),
            sink,
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

    /// Somebody's phone, signed in, with nothing on it yet.
    #[must_use]
    pub fn phone_of(&self, key: &str) -> Device {
        let person = cast(key);
        Device::new(
            self.clone(),
            (person.key, person.id(), person.role),
            &self.cookie_of(key),
        )
    }

    /// Somebody's phone, with everything loaded.
    pub async fn loaded_phone_of(&self, key: &str) -> Device {
        let phone = self.phone_of(key);
        phone.sync().await;
        phone
    }

    /// Somebody's browser, signed in.
    #[must_use]
    pub fn browser_of(&self, key: &str) -> Browser {
        Browser::new(self.clone(), Some(self.cookie_of(key)))
    }

    /// A browser that nobody is signed in with.
    #[must_use]
    pub fn visitor(&self) -> Browser {
        Browser::new(self.clone(), None)
    }

    /// A second phone of somebody, signed in on its own.
    pub async fn second_phone_of(&self, key: &str) -> Device {
        let person = cast(key);
        let cookie = self.sign_in_directly(person.id()).await;
        Device::new(
            self.clone(),
            (person.key, person.id(), person.role),
            &cookie,
        )
    }

    /// A session without a mail.
    pub async fn sign_in_directly(&self, member: MemberId) -> String {
        let mut tx = self
            .services()
            .db
            .begin()
            .await
            .expect("the database can be written");
        let session =
            server::account::start_session(&mut tx, member, "Safari · iPhone", self.now()).await;
        tx.commit().await.expect("a session starts");
        session.expect("a session can be started").1
    }

    /// So many more offer-holders of the same cohort, each with a phone on which everything is loaded.
    pub async fn crowd(&self, count: usize) -> Vec<Device> {
        let mut csv = String::from("氏名,メール\n");
        for at in 0..count {
            csv.push_str(&format!("同期 {at},cohort-{at}@example.jp\n"));
        }
        let reply = self
            .browser_of("kawai")
            .upload(
                "/staff/people/import",
                csv.as_bytes(),
                &[("do", "carry-out")],
            )
            .await;
        assert!(
            reply.status.is_success(),
            "the cohort cannot be imported: {}",
            reply.page()
        );
        let members: Vec<(String, String)> = {
            let mut tx = self
                .services()
                .db
                .read()
                .await
                .expect("the database can be read");
            let rows = sqlx::query_as(
                "select id, email from members where email like 'cohort-%' order by id",
            )
            .fetch_all(&mut *tx);
            rows.await.expect("members can be read")
        };
        assert_eq!(
            members.len(),
            count,
            "not everybody was imported: {}",
            reply.page()
        );
        let mut phones = Vec::with_capacity(count);
        for (id, email) in members {
            let id = id.parse().expect("an id");
            let cookie = self.sign_in_directly(id).await;
            phones.push(Device::new(
                self.clone(),
                (&email, id, domain::member::Role::OfferHolder),
                &cookie,
            ));
        }
        futures::future::join_all(phones.iter().map(Device::sync)).await;
        phones
    }

    /// The session cookie of somebody's first device.
    #[must_use]
    pub fn cookie_of(&self, key: &str) -> String {
        self.0.cookies[cast(key).key].clone()
    }

    /// A host opens slots: `tue-1000` is on Tuesday of next week at ten. `tue-1000@sato` is another one than `tue-1000`.
    pub async fn open<const N: usize>(&self, host: &str, names: [&str; N]) {
        let phone = self.phone_of(host);
        for name in names {
            let (slot, starts) = (SlotId::born(starts(name), self.chance()), starts(name));
            let place = "会議室 A".to_owned();
            phone
                .wish(Mutation::OpenSlot(OpenSlot {
                    slot,
                    starts,
                    place,
                    link: String::new(),
                    note: String::new(),
                }))
                .await;
            self.know(
                name,
                Slot {
                    id: slot,
                    host: cast(host).id(),
                    starts,
                    place: room(),
                    note: None,
                },
            );
        }
        phone.sync().await;
        assert_eq!(
            phone.refusals(),
            Vec::<String>::new(),
            "{host} could not open their slots"
        );
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
        let mut tx = self
            .services()
            .db
            .read()
            .await
            .expect("the database can be read");
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
            &self.0.sink,
        )
        .await
        .expect("the server starts again");
        *locked(&self.0.running) = running;
    }

    /// A pool of its own, to look into tables.
    pub async fn look(&self) -> AnyPool {
        look(&self.database()).await
    }

    /// A copy of the database as it is now.
    pub async fn backup(&self) -> String {
        self.services().db.close().await;
        let database = self.database();
        let copy = match self.0.engine {
            Engine::Sqlite => {
                let copy = self.0.folder.join(format!("backup-{}.db", number()));
                std::fs::copy(database.trim_start_matches("sqlite:"), &copy)
                    .expect("the file can be copied");
                format!("sqlite:{}", copy.display())
            }
            Engine::Postgres => {
                let name = format!("backup_{}", number());
                copy_database(name_in(&database), &name).await;
                postgres::cluster(Disk::Quick).url(&name)
            }
        };
        self.restart().await;
        copy
    }

    /// The server goes on with a backup: another life of the database.
    pub async fn restore(&self, backup: &str) {
        self.services().db.close().await;
        backup.clone_into(&mut locked(&self.0.database));
        let pool = self.look().await;
        let history = domain::id::HistoryId::random(self.chance());
        sqlx::query("update company set value = $1 where key = 'history'")
            .bind(history.to_string())
            .execute(&pool)
            .await
            .expect("a new history");
        pool.close().await;
        self.restart().await;
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

/// Where the tests' slots are.
fn room() -> Place {
    serde_json::from_str(r#"{"at":"会議室 A"}"#).expect("a place")
}

async fn run(
    database: &str,
    folder: &std::path::Path,
    clock: Clock,
    sink: &server::notification::Sink,
) -> Result<Running> {
    let config = Config {
        database: database.to_owned(),
        site: folder::site(folder),
        mail: Some(sink.settings()),
        sink: Some(sink.clone()),
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

fn name_in(url: &str) -> &str {
    url.split('?')
        .next()
        .and_then(|it| it.rsplit('/').next())
        .unwrap_or(url)
}

async fn copy_database(from: &str, to: &str) {
    let pool = look(&postgres::cluster(Disk::Quick).url("postgres")).await;
    let copy = sqlx::AssertSqlSafe(format!("create database {to} template {}", name_in(from)));
    sqlx::query(copy)
        .execute(&pool)
        .await
        .expect("a database can be copied");
    pool.close().await;
}

/// Migrates a database and puts the cast there, each with a session.
async fn template(engine: Engine, disk: Disk) -> Template {
    let folder = ground().join("template");
    std::fs::create_dir_all(&folder).expect("the template's folder can be made");
    let file = ground().join("template.db");
    let database = match engine {
        Engine::Sqlite => format!("sqlite:{}", file.display()),
        Engine::Postgres => {
            let pool = look(&postgres::cluster(disk).url("postgres")).await;
            sqlx::query("create database template_town")
                .execute(&pool)
                .await
                .expect("a database can be made");
            pool.close().await;
            postgres::cluster(disk).url("template_town")
        }
    };
    let town = Town::on(engine, database.clone(), folder, HashMap::new(), number()).await;
    let cookies = settle_people(&town).await;
    town.services().db.close().await;
    Template {
        database: if engine == Engine::Sqlite {
            file.display().to_string()
        } else {
            database
        },
        cookies,
    }
}

/// The cast moves in: with fixed ids and a first session each, which have no other door; everything else about them
/// comes from the owner's file of people.
async fn settle_people(town: &Town) -> HashMap<&'static str, String> {
    let services = town.services();
    let mut tx = services
        .db
        .begin()
        .await
        .expect("the database can be written");
    let mut cookies = HashMap::new();
    for person in CAST {
        sqlx::query(
            "insert into members (id, role, name, email, email_key, talks_about, language, created_at) \
             values ($1, $2, $3, $4, $4, $5, 'ja', $6)",
        )
        .bind(person.id().to_string())
        .bind(person.role.code())
        .bind(person.name)
        .bind(person.email())
        .bind(person.role.is_host().then_some("入社前の不安"))
        .bind(opening().millis())
        .execute(&mut *tx)
        .await
        .expect("a person moves in");
        let session =
            server::account::start_session(&mut tx, person.id(), "Chrome · Android", opening())
                .await;
        cookies.insert(person.key, session.expect("a session can be started").1);
    }
    tx.commit().await.expect("the cast is here");
    let owner = Browser::new(town.clone(), Some(cookies["kawai"].clone()));
    let reply = owner
        .upload(
            "/staff/people/import",
            village::people_csv().as_bytes(),
            &[("do", "carry-out")],
        )
        .await;
    assert!(
        reply.status.is_success(),
        "the cast cannot be imported: {}",
        reply.page()
    );
    let (rows,): (i64,) = {
        let mut tx = services.db.read().await.expect("the database can be read");
        sqlx::query_as("select count(*) from feed where kind = 'me'")
            .fetch_one(&mut *tx)
            .await
            .expect("a count")
    };
    assert_eq!(
        rows,
        CAST.len() as i64,
        "not everybody was imported: {}",
        reply.page()
    );
    cookies
}
