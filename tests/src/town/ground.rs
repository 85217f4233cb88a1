//! The ground that towns stand on: a template of each engine, migrated and with the cast in it, made once per process;
//! every town begins as a copy of that. And other lives of a database: backups, restored.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::time::Time;
use server::{db::Engine, services::Clock};
use tokio::sync::OnceCell;

use super::{Town, locked, look};
use crate::{
    Browser, folder,
    postgres::{self, Disk},
    village::{self, CAST, opening},
};

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

/// A place where a town can stand.
pub(super) struct Lot {
    pub(super) engine: Engine,
    pub(super) database: String,
    /// Files of its own.
    pub(super) folder: PathBuf,
    /// The cast's first sessions.
    pub(super) cookies: HashMap<&'static str, String>,
    pub(super) number: u64,
}

impl Lot {
    /// With a database of its own: a copy of the template, in which the cast is at home.
    pub(super) async fn new(engine: Engine, disk: Disk) -> Self {
        let source = match engine {
            Engine::Sqlite => &SQLITE,
            Engine::Postgres => &POSTGRES,
        };
        let template = source.get_or_init(|| template(engine, disk)).await;
        let mut lot = Self::of(engine, String::new(), template.cookies.clone());
        lot.database = match engine {
            Engine::Sqlite => {
                let file = lot.folder.join("kakehashi.db");
                std::fs::copy(&template.database, &file).expect("the template can be copied");
                format!("sqlite:{}", file.display())
            }
            Engine::Postgres => {
                let name = format!("town_{}", lot.number);
                copy_database(&template.database, &name).await;
                postgres::cluster(disk).url(&name)
            }
        };
        lot
    }

    /// With a database that is there.
    pub(super) fn of(
        engine: Engine,
        database: String,
        cookies: HashMap<&'static str, String>,
    ) -> Self {
        Self::at(ground(), engine, database, cookies)
    }

    /// As [`Lot::of`], with its files in this folder.
    fn at(
        home: &Path,
        engine: Engine,
        database: String,
        cookies: HashMap<&'static str, String>,
    ) -> Self {
        let number = number();
        let folder = home.join(format!("town-{number}"));
        std::fs::create_dir_all(&folder).expect("a town's folder can be made");
        Self {
            engine,
            database,
            folder,
            cookies,
            number,
        }
    }
}

/// Migrates a database and puts the cast there, each with a session.
async fn template(engine: Engine, disk: Disk) -> Template {
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
    let town = Town::on(Lot::of(engine, database.clone(), HashMap::new())).await;
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

/// What a town was at one moment. Any number of others can begin as it was.
pub struct Beginning {
    /// The copy lies in its folder.
    town: Town,
    database: String,
    now: Time,
}

/// A copy of a database that nobody has open.
async fn copied(engine: Engine, database: &str, folder: &Path, what: &str) -> String {
    let name = format!("{what}_{}", number());
    match engine {
        Engine::Sqlite => {
            let copy = folder.join(name + ".db");
            std::fs::copy(database.trim_start_matches("sqlite:"), &copy)
                .expect("the file can be copied");
            format!("sqlite:{}", copy.display())
        }
        Engine::Postgres => {
            copy_database(name_in(database), &name).await;
            postgres::cluster(Disk::Quick).url(&name)
        }
    }
}

impl Town {
    /// What it is now; it ends with that.
    pub async fn into_beginning(self) -> Beginning {
        let (database, now) = (self.backup().await, self.now());
        self.services().db.close().await;
        Beginning {
            town: self,
            database,
            now,
        }
    }

    /// A town that begins as another was, with its files in `home`, where the dice fall as the seed wants. It sends no
    /// mail.
    ///
    /// # Panics
    /// When the database cannot be copied.
    pub async fn begun(from: &Beginning, home: &Path, seed: u64) -> Self {
        let was = &from.town.0;
        let mut lot = Lot::at(home, was.engine, String::new(), was.cookies.clone());
        lot.database = copied(was.engine, &from.database, &lot.folder, "town").await;
        let slots = Arc::new(Mutex::new(locked(&was.slots).clone()));
        let clock = Clock::set_to(from.now);
        let town = Self::run(lot, clock, was.sink.clone(), slots, false).await;
        town.0.dice.store(seed << 32, Ordering::Relaxed);
        town
    }

    /// A copy of the database as it is now.
    pub async fn backup(&self) -> String {
        self.services().db.close().await;
        let database = self.database();
        let copy = copied(self.0.engine, &database, &self.0.folder, "backup").await;
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
}
