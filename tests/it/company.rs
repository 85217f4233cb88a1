//! Many companies in one process: each meets only its own.

use std::{path::PathBuf, time::Duration};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use domain::{
    booking::Ask,
    id::{BookingId, DeviceId, MutationId},
    sync::{
        mutation::Mutation,
        wire::{Envelope, PROTOCOL, SyncRequest},
    },
    time::{DAY, HOUR, MINUTE},
};
use server::{command::run_words, company::Companies, config::Config, services::Clock};
use tests::{Engine, Reply, Town, both_engines, eventually, folder, village::cast};
use tower::ServiceExt as _;

use crate::{mail, routes};

const EAST: &str = "east.localhost";
const WEST: &str = "west.localhost";
/// Longer than anything here takes, however busy the machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process that serves companies, whose databases are those of towns.
struct Process {
    companies: Companies,
    clock: Clock,
    folder: PathBuf,
}

impl Process {
    fn new(town: &Town) -> Self {
        let folder = town.folder().join("companies");
        std::fs::create_dir_all(&folder).unwrap();
        let clock = Clock::set_to(town.now());
        let common = Config {
            site: folder::site(town.folder()),
            mail: Some(town.mail().settings()),
            mail_from: String::new(),
            ..Config::for_tests()
        };
        let companies = Companies::read(folder.clone(), common, clock.clone()).unwrap();
        Self {
            companies,
            clock,
            folder,
        }
    }

    /// Gives a company its file.
    fn settle(&self, host: &str, name: &str, database: &str) {
        let text = format!(
            "name = {name:?}\ndatabase = {database:?}\nmail_from = \"{name} <bridge@{host}.example>\"\n"
        );
        std::fs::write(self.folder.join(format!("{host}.toml")), text).unwrap();
    }

    async fn send(
        &self,
        host: &str,
        cookie: &str,
        method: Method,
        path: &str,
        body: &str,
    ) -> Reply {
        let is_sync = path == "/api/v1/sync";
        let kind = if is_sync {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, host)
            .header(header::CONTENT_TYPE, kind)
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, format!("__Host-session={cookie}"));
        if is_sync {
            request = request
                .header("x-kakehashi", "1")
                .header("x-kakehashi-member", cast("aoi").id().to_string());
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        Reply::read(self.companies.router().oneshot(request).await.unwrap()).await
    }

    async fn get(&self, host: &str, cookie: &str, path: &str) -> Reply {
        self.send(host, cookie, Method::GET, path, "").await
    }

    /// Lets a company's packages play.
    fn let_play(&self, host: &str) {
        let file = self.folder.join(format!("{host}.toml"));
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, format!("{text}play = true\n")).unwrap();
    }

    fn pass(&self, millis: i64) {
        self.clock.move_to(self.clock.now() + millis);
    }
}

/// Aoi asks for a time, and writes what is for one company only.
fn asking(town: &Town, slot: &str, words: &str) -> String {
    let slot = town.slot(slot);
    let ask = Mutation::Ask(Ask {
        booking: BookingId::born(town.now(), town.chance()),
        wishes: vec![domain::booking::Wish {
            slot: slot.id,
            starts: slot.starts,
            place: slot.place,
        }],
        topic: String::new(),
        talk: words.to_owned(),
        avoid: String::new(),
    });
    syncing(town, &[ask])
}

fn syncing(town: &Town, mutations: &[Mutation]) -> String {
    let envelope = |(n, it): (u64, &Mutation)| Envelope {
        n,
        id: MutationId::born(town.now(), town.chance()),
        at: town.now(),
        name: it.name().into(),
        body: it.body(),
    };
    serde_json::to_string(&SyncRequest {
        protocol: PROTOCOL,
        build: "1".into(),
        device: DeviceId::random(town.chance()),
        cursor: None,
        mutations: (1..).zip(mutations).map(envelope).collect(),
        want: Vec::new(),
        reset: Vec::new(),
        check: false,
    })
    .unwrap()
}

both_engines! {
    /// Packages play beside their company, at a name of its own, and only where its file says so.
    async fn packages_play_beside_their_company(town) {
        let process = Process::new(&town);
        for (host, name) in [(EAST, "東の会社"), (WEST, "西の会社")] {
            process.settle(host, name, &town.database());
        }
        process.let_play(EAST);
        let (kit, east) = ("/play/kit/scorm12.1.js", format!("play.{EAST}"));
        assert_eq!(process.get(&east, "", kit).await.status, StatusCode::OK);
        assert_eq!(process.get(&east, "", "/sign-in").await.status, StatusCode::NOT_FOUND);
        assert_eq!(process.get(EAST, "", "/sign-in").await.status, StatusCode::OK);
        assert_eq!(process.get(EAST, "", kit).await.status, StatusCode::NOT_FOUND);
        let west = process.get(&format!("play.{WEST}"), "", kit).await;
        assert_eq!(west.status, StatusCode::MISDIRECTED_REQUEST);
        process.companies.close().await;
    }

    /// Two companies with the same people, the same ids and the same slots: what happens in one is nowhere in the other.
    async fn nothing_crosses(town) {
        let other = Town::new(Engine::Sqlite).await;
        let process = Process::new(&town);
        process.settle(EAST, "東の会社", &town.database());
        process.settle(WEST, "西の会社", &other.database());
        town.open("mio", ["tue-1000", "wed-1000"]).await;
        let east = town.sign_in_directly(cast("aoi").id()).await;
        let west = other.sign_in_directly(cast("aoi").id()).await;

        let reply = process.send(EAST, &east, Method::POST, "/api/v1/sync", &asking(&town, "tue-1000", "東だけの秘密")).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert!(reply.text().contains("東だけの秘密"), "{}", reply.text());
        // Each door opens with its own key only, however the name is written.
        for (host, own, foreign) in [(EAST, &east, &west), ("EAST.localhost:3000", &east, &west), (WEST, &west, &east), ("west.localhost.", &west, &east)] {
            assert_eq!(process.get(host, own, "/me").await.status, StatusCode::OK, "{host}");
            assert_eq!(process.get(host, foreign, "/me").await.status, StatusCode::SEE_OTHER, "{host}");
            let reply = process.send(host, foreign, Method::POST, "/api/v1/sync", &syncing(&town, &[])).await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{host}");
        }
        // No page and no row of the west knows of the east; the ids of the east are nothing there.
        let booking: (String,) = sqlx::query_as("select id from bookings").fetch_one(&mut *town.read().await).await.unwrap();
        let rows = process.send(WEST, &west, Method::POST, "/api/v1/sync", &syncing(&town, &[])).await.text();
        for words in ["東", &booking.0, &town.slot("tue-1000").id.to_string()] {
            assert!(!rows.contains(words), "{words} in {rows}");
        }
        for route in routes::all().iter().filter(|it| it.method == Method::GET && it.path != "/api/v1/poke") {
            let reply = process.get(WEST, &west, &route.filled(&booking.0)).await;
            assert!(!reply.text().contains("東"), "{}", route.path);
        }
        // Nor does writing reach over: the same slot, asked for in the west, is not there.
        let reply = process.send(WEST, &west, Method::POST, "/api/v1/sync", &asking(&town, "wed-1000", "西から")).await;
        assert!(reply.text().contains("\"refusal\""), "{}", reply.text());
        assert_eq!(town.show("bookings").await, "aoi: tue-1000");
        assert_eq!(other.count("select count(*) from bookings").await, 0);
        // What the west publishes wakes nobody in the east.
        let seq = "select value from company where key = 'seq'";
        let before: (String,) = sqlx::query_as(seq).fetch_one(&mut *town.read().await).await.unwrap();
        other.open("mio", ["fri-1000"]).await;
        process.companies.look().await.unwrap();
        let after: (String,) = sqlx::query_as(seq).fetch_one(&mut *town.read().await).await.unwrap();
        assert_eq!(before, after);
        // A code of the one opens nothing in the other, and every mail says whose it is.
        for host in [EAST, WEST] {
            let reply = process.send(host, "", Method::POST, "/sign-in", "email=ren%40example.jp").await;
            assert_eq!(reply.status, StatusCode::SEE_OTHER);
        }
        // Each company's own worker sends them.
        let begun = std::time::Instant::now();
        while mail::to(&town, "ren").len() < 2 && begun.elapsed() < PATIENCE {
            process.companies.look().await.unwrap();
            tokio::task::yield_now().await;
        }
        let (own, foreign): (Vec<_>, Vec<_>) = mail::to(&town, "ren").into_iter().partition(|it| it.text.contains("http://east.localhost:0/"));
        assert_eq!((own.len(), foreign.len()), (1, 1));
        for (mails, host, words) in [(own, EAST, '西'), (foreign, WEST, '東')] {
            let [it] = &mails[..] else { unreachable!() };
            assert!(it.text.contains(&format!("http://{host}:0/")) && !it.text.contains(words), "{}", it.text);
            let raw = String::from_utf8_lossy(&it.raw);
            assert!(raw.contains(&format!("<bridge@{host}.example>")), "{raw}");
        }
        process.companies.close().await;
    }

    /// Nobody comes for a while: the company is closed. Somebody comes: it is there. Its work is done in between.
    async fn closed_when_nobody_comes(town) {
        let process = Process::new(&town);
        process.settle(EAST, "東の会社", &town.database());
        town.open("mio", ["tue-1000"]).await;
        let cookie = town.sign_in_directly(cast("aoi").id()).await;
        assert_eq!(process.companies.open_count().await, 0, "opened when somebody comes");
        let reply = process.send(EAST, &cookie, Method::POST, "/api/v1/sync", &asking(&town, "tue-1000", "")).await;
        assert_eq!((reply.status, process.companies.open_count().await), (StatusCode::OK, 1));
        process.companies.look().await.unwrap();
        assert_eq!(process.companies.open_count().await, 1, "somebody was here a moment ago");

        // Who listens keeps it open.
        let listening = Request::get("/api/v1/poke").header(header::HOST, EAST).header(header::COOKIE, format!("__Host-session={cookie}"));
        let listening = process.companies.router().oneshot(listening.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(listening.status(), StatusCode::OK);
        process.pass(HOUR);
        process.companies.look().await.unwrap();
        assert_eq!(process.companies.open_count().await, 1, "somebody listens");
        drop(listening);
        process.pass(HOUR);
        // What its worker is just about ends first; then the next look finds nobody.
        eventually("it is closed", async || {
            process.companies.look().await.unwrap();
            process.companies.open_count().await == 0
        })
        .await;

        // The evening before, Aoi is reminded, although nobody came all week.
        let reminders = || mail::to(&town, "aoi").iter().filter(|it| it.subject.contains("明日")).count();
        assert_eq!(reminders(), 0);
        while process.clock.now() < town.slot("tue-1000").starts.plus(-HOUR) {
            process.pass(HOUR);
            process.companies.look().await.unwrap();
        }
        // Whose work is due is opened, and its worker takes as long as the machine gives it.
        eventually("Aoi is reminded", async || reminders() > 0).await;
        assert_eq!(reminders(), 1, "{:?}", mail::to(&town, "aoi").iter().map(|it| &it.subject).collect::<Vec<_>>());

        let begun = std::time::Instant::now();
        assert_eq!(process.get(EAST, &cookie, "/").await.status, StatusCode::OK);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        // Its file is taken away, and with it the company; the database stays.
        std::fs::rename(process.folder.join("east.localhost.toml"), process.folder.join("east.localhost.toml.off")).unwrap();
        process.companies.look().await.unwrap();
        assert_eq!(process.companies.open_count().await, 0);
        assert_eq!(process.get(EAST, &cookie, "/").await.status, StatusCode::MISDIRECTED_REQUEST);
    }

    /// A company whose database is broken has trouble of its own: the others notice nothing.
    async fn trouble_stays_where_it_is(town) {
        let process = Process::new(&town);
        process.settle(EAST, "東の会社", &town.database());
        process.settle(WEST, "西の会社", "sqlite:/nowhere/at/all.db");
        std::fs::write(process.folder.join("south.localhost.toml"), "name = 3").unwrap();
        let cookie = town.sign_in_directly(cast("aoi").id()).await;
        for host in [WEST, "south.localhost"] {
            let reply = process.get(host, "", "/").await;
            assert_eq!((reply.status, reply.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "10"), "{host}");
        }
        process.companies.look().await.unwrap();
        assert_eq!(process.get(EAST, &cookie, "/").await.status, StatusCode::OK);
        for host in ["north.localhost", "..", "east.localhost/../west", ""] {
            let reply = process.get(host, &cookie, "/").await;
            assert_eq!(reply.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        }
        assert_eq!(process.get("10.0.0.7:3000", "", "/healthz").await.text(), "ok", "whoever watches the machine knows no names");
        // The file is mended, and a moment later the company is there.
        process.settle(WEST, "西の会社", &format!("sqlite:{}", process.folder.join("west.db").display()));
        process.pass(MINUTE);
        assert_eq!(process.get(WEST, "", "/sign-in").await.status, StatusCode::OK);
        process.pass(DAY);
        process.companies.look().await.unwrap();
        process.companies.close().await;
    }

    /// What the command line does for one company, it does for all of them, each by itself.
    async fn commands_for_one_and_for_all(town) {
        let process = Process::new(&town);
        process.settle(EAST, "東の会社", &town.database());
        std::fs::write(process.folder.join("west.localhost.toml"), "name = \"西の会社\"\nmail_from = \"west@example.jp\"").unwrap();
        let folder = process.folder.to_str().unwrap().to_owned();
        let kakehashi = async |words: &[&str]| {
            let words = ["kakehashi", "--companies", &folder].into_iter().chain(words.iter().copied());
            run_words(words, process.clock.clone()).await
        };
        kakehashi(&["migrate"]).await.unwrap();
        let people = process.folder.join("people.csv");
        std::fs::write(&people, tests::village::people_csv().replace("@example.jp", "@west.example")).unwrap();
        let people = people.to_str().unwrap();
        let fault = kakehashi(&["import", people]).await.unwrap_err();
        assert!(fault.to_string().contains("--company is missing"), "{fault:#}");
        kakehashi(&["--company", WEST, "import", people]).await.unwrap();
        assert_eq!(town.count("select count(*) from members where email like '%west.example'").await, 0);
        assert_eq!(process.get(WEST, "", "/sign-in").await.status, StatusCode::OK);

        let copies = process.folder.join("copies");
        kakehashi(&["backup", copies.to_str().unwrap()]).await.unwrap();
        kakehashi(&["rebuild", "--check"]).await.unwrap();
        let copy = copies.join("west.localhost.backup");
        let restore = ["--company", WEST, "restore", "--yes", copy.to_str().unwrap()];
        let fault = kakehashi(&restore).await.unwrap_err();
        assert!(fault.to_string().contains("rename"), "{fault:#}");
        let card = process.folder.join("west.localhost.toml");
        std::fs::rename(&card, process.folder.join("west.localhost.toml.off")).unwrap();
        let fault = kakehashi(&restore).await.unwrap_err();
        assert!(fault.to_string().contains("stop the server first"), "{fault:#}");
        process.companies.look().await.unwrap();
        kakehashi(&restore).await.unwrap();
        std::fs::rename(process.folder.join("west.localhost.toml.off"), &card).unwrap();
        assert_eq!(process.get(WEST, "", "/sign-in").await.status, StatusCode::OK);
        process.companies.close().await;
        let west = format!("sqlite:{}", process.folder.join("west.localhost.db").display());
        let members: (i64,) = sqlx::query_as("select count(*) from members").fetch_one(&tests::town::look(&west).await).await.unwrap();
        assert_eq!(members.0, 7);

        // One that fails does not keep the others from it.
        process.settle("aaa.localhost", "壊れた会社", "sqlite:/nowhere/at/all.db");
        let more = process.folder.join("more");
        let fault = kakehashi(&["backup", more.to_str().unwrap()]).await.unwrap_err();
        assert!(fault.to_string().contains("1 of 3 companies"), "{fault:#}");
        assert!(more.join("west.localhost.backup").is_file() && more.join("east.localhost.backup").is_file());
    }
}
