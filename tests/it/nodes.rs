//! Real processes, as they are shipped: three nodes on one PostgreSQL behind nginx, and how they begin and end.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use domain::{
    booking::{OpenSlot, Slot},
    id::SlotId,
    sync::mutation::Mutation,
};
use futures::future::join_all;
use server::services::Clock;
use tests::{
    Browser, Device, Door, Engine, Node, Proxy, Town,
    door::Line,
    eventually,
    village::{cast, opening, starts},
};
use tokio::task::JoinSet;

use crate::mail;

/// For whatever must happen, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);

const SLOTS: [&str; 12] = [
    "tue-1000", "tue-1015", "tue-1030", "tue-1045", "tue-1100", "tue-1115", "wed-1000", "wed-1015",
    "wed-1030", "wed-1045", "wed-1100", "wed-1115",
];

/// Real processes know no other time than the machine's.
async fn town_of_today(engine: Engine) -> Town {
    let town = Town::new(engine).await;
    town.move_to(Clock::System.now());
    town
}

/// A host opens slots: `tue-1000` is as far from today as it is from the day on which other towns wake up.
async fn open(town: &Town, host: &str, names: &[&str]) {
    let phone = town.phone_of(host);
    for name in names {
        let starts = town.now().day().start() + starts(name).since(opening().day().start());
        let slot = Slot {
            id: SlotId::born(starts, town.chance()),
            host: cast(host).id(),
            starts,
            place: serde_json::from_str(r#"{"at":"会議室 A"}"#).unwrap(),
            note: None,
        };
        phone
            .wish(Mutation::OpenSlot(OpenSlot {
                slot: slot.id,
                starts,
                place: "会議室 A".into(),
                link: String::new(),
                note: String::new(),
            }))
            .await;
        town.know(name, slot);
    }
    phone.sync().await;
    assert_eq!(phone.refusals(), Vec::<String>::new());
}

/// People who book and cancel without a pause, until they are told that it is enough.
struct Crowd {
    phones: Vec<Device>,
    is_enough: AtomicBool,
    rounds: AtomicUsize,
    wishes: AtomicUsize,
}

impl Crowd {
    async fn new(town: &Town, door: &Door, count: usize) -> Self {
        let through = town.through(door);
        through
            .open(
                "mio",
                SLOTS[..6].try_into().map(|it: [&str; 6]| it).unwrap(),
            )
            .await;
        through
            .open(
                "sato",
                SLOTS[6..].try_into().map(|it: [&str; 6]| it).unwrap(),
            )
            .await;
        let phones = town
            .crowd(count)
            .await
            .into_iter()
            .map(|it| it.served_by(&through))
            .collect();
        Self {
            phones,
            is_enough: AtomicBool::new(false),
            rounds: AtomicUsize::new(0),
            wishes: AtomicUsize::new(0),
        }
    }

    /// Returns when it is enough and the last wish is answered.
    async fn live(&self) {
        join_all(
            self.phones
                .iter()
                .enumerate()
                .map(|(at, phone)| async move {
                    let mut round = 0;
                    while !self.is_enough.load(Ordering::SeqCst) {
                        let booking = phone
                            .ask_for([SLOTS[(at * 5 + round * 7) % SLOTS.len()]])
                            .await;
                        phone.cancel(booking).await;
                        round += 1;
                        self.wishes.fetch_add(2, Ordering::SeqCst);
                        self.rounds.fetch_add(1, Ordering::SeqCst);
                    }
                    phone.sync().await;
                }),
        )
        .await;
    }

    /// Waits until so many more rounds are through.
    async fn goes_on(&self, rounds: usize) {
        let until = self.rounds.load(Ordering::SeqCst) + rounds;
        eventually("people go on booking", async || {
            self.rounds.load(Ordering::SeqCst) >= until
        })
        .await;
    }

    fn is_enough(&self) {
        self.is_enough.store(true, Ordering::SeqCst);
    }

    /// Everything that was wished was decided exactly once, everybody knows the answer, and everybody sees the same.
    async fn assert_nothing_lost(&self, town: &Town) {
        for phone in &self.phones {
            assert_eq!(phone.unsent(), 0, "{} waits for an answer", phone.owner());
            phone.sync().await;
            phone.assert_converged().await;
        }
        let (decided,): (i64,) = sqlx::query_as(
            "select count(*) from applied where member_id in (select id from members where email like 'cohort-%')",
        )
        .fetch_one(&town.look().await)
        .await
        .unwrap();
        assert_eq!(
            usize::try_from(decided).unwrap(),
            self.wishes.load(Ordering::SeqCst),
            "each wish was decided once"
        );
        let differences = server::rebuild::check(&town.services().db, town.now())
            .await
            .unwrap();
        assert!(differences.is_empty(), "{differences:?}");
    }
}

/// The newest mail to somebody, once it is there.
async fn code_for(town: &Town, address: &str) -> String {
    let newest = || town.mail().mails().into_iter().rfind(|it| it.to == address);
    eventually("a code is mailed", async || newest().is_some()).await;
    mail::code_in(&newest().unwrap().text)
}

/// Three nodes and nginx before them.
struct Site {
    town: Town,
    nodes: [Node; 3],
    proxy: Proxy,
    door: Door,
}

impl Site {
    async fn new(town: &Town) -> Self {
        let nodes = [
            Node::start(town, &[]).await,
            Node::start(town, &[]).await,
            Node::start(town, &[]).await,
        ];
        let proxy = Proxy::start(town, [0, 1, 2].map(|at: usize| nodes[at].port)).await;
        let door = Door::to(proxy.port);
        Self {
            town: town.clone(),
            nodes,
            proxy,
            door,
        }
    }

    /// Every node took part, none had a fault, none tells of anybody, and no request failed.
    async fn assert_well(&self) {
        let log = self.proxy.log();
        for node in &self.nodes {
            let used = log.matches(&format!(" 127.0.0.1:{} ", node.port)).count();
            assert!(used > 3, "every node took part: {log}");
            assert_eq!(node.log().matches("ERROR").count(), 0, "{}", node.log());
            let figures = figures_of(&self.town, node).await;
            let sync = r#"kakehashi_requests_total{method="POST",route="#;
            assert!(figures.contains(sync), "{figures}");
            for secret in ["aoi", "example.jp", "葵", "203.0.113", "tue-"] {
                assert!(!figures.contains(secret), "{secret} stands in {figures}");
            }
        }
        assert_eq!(self.door.failed(), 0, "{:?}", self.door.seen());
    }

    /// Waits until nginx sends requests to a node again.
    async fn is_used(&self, at: usize, somebody: &Browser) {
        let node = format!(" 127.0.0.1:{} 200", self.nodes[at].port);
        let before = self.proxy.log().matches(&node).count();
        eventually("nginx uses the node", async || {
            somebody.get("/healthz").await;
            self.proxy.log().matches(&node).count() > before
        })
        .await;
    }
}

/// A node that is told to end answers what it has begun, loses nothing, and takes nobody by surprise.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_ends_under_load_leaves_no_half_answer() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let town = town_of_today(engine).await;
        let mut node = Node::start(&town, &[]).await;
        let door = Door::to(node.port);
        let crowd = Crowd::new(&town, &door, 6).await;
        let through = town.through(&door);
        let story = async {
            let mut line = door.listen(&town.cookie_of("ren")).await;
            assert!(line.poked().await);
            crowd.goes_on(12).await;
            node.terminate();
            // Open lines end first, so that everybody looks for another node; this one says that it is leaving.
            let goodbye = async { while line.poked().await {} };
            tokio::time::timeout(PATIENCE, goodbye)
                .await
                .expect("the line of pokes ends");
            let ready = through.visitor().get("/readyz").await;
            assert_eq!(
                (ready.status, ready.text().as_str()),
                (StatusCode::SERVICE_UNAVAILABLE, "leaving")
            );
            assert_eq!(ready.header("connection"), "close");
            node.ended().await;
            node.start_again().await;
            assert_eq!(through.visitor().get("/readyz").await.text(), "ready");
            crowd.goes_on(12).await;
            crowd.is_enough();
        };
        tokio::join!(crowd.live(), story);
        crowd.assert_nothing_lost(&town).await;
        let seen = door.seen();
        assert_eq!(door.count("half"), 0, "{seen:?}");
        // A connection that nobody had taken when the door closed brings no answer; it is asked again, as by any phone.
        let fine = ["200", "204", "502", "503", "refused", "broken"];
        assert!(
            seen.keys().all(|it| fine.contains(&it.as_str())),
            "{seen:?}"
        );
    }
}

/// Any request to any node: a code asked of one lets in at another, and three workers send every mail once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_node_lets_in_and_every_mail_is_sent_once() {
    let town = town_of_today(Engine::Postgres).await;
    let site = Site::new(&town).await;
    let through = town.through(&site.door);
    let people = ["aoi", "ren", "mei", "mio", "sato"];
    for key in people {
        let (browser, address) = (through.visitor(), format!("{key}@example.jp"));
        assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK);
        browser.submit("/sign-in", &[("email", &address)]).await;
        let code = code_for(&town, &address).await;
        let reply = browser.post("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.page());
        assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    }
    let csv: String = (0..30)
        .map(|at| format!("同期 {at},cohort-{at}@example.jp\n"))
        .collect();
    through.import(&format!("氏名,メール\n{csv}")).await;
    let sato = through.browser_of("sato");
    sato.post("/staff/people/invite", &[]).await;
    let sent = || town.mail().mails().len();
    eventually("everybody is invited", async || sent() >= people.len() + 30).await;
    eventually("no job is due", async || {
        let figures = figures_of(&town, &site.nodes[0]).await;
        figures.contains("\nkakehashi_jobs_due 0\n")
    })
    .await;
    assert_eq!(sent(), people.len() + 30, "every mail is sent once");
    let tls = over_tls(site.proxy.tls);
    assert_eq!(tls, "h2 200 ready", "browsers come by HTTP/2");
    site.assert_well().await;
}

/// A wish sent to any node is poked and seen through all of them, at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_poked_and_seen_through_every_node() {
    let town = town_of_today(Engine::Postgres).await;
    let site = Site::new(&town).await;
    let through = town.through(&site.door);
    // nginx goes round, so each line is with another node.
    let mut lines = Vec::new();
    for _ in 0..3 {
        let mut line = site.door.listen(&town.cookie_of("ren")).await;
        assert!(line.poked().await, "the first poke comes at once");
        lines.push(line);
    }
    let poked = async |lines: &mut [Line]| {
        let begun = Instant::now();
        for line in lines {
            let poked = tokio::time::timeout(PATIENCE, line.poked()).await;
            assert_eq!(poked, Ok(true), "poked through every node");
        }
        begun.elapsed()
    };
    let ren = through.loaded_phone_of("ren").await;
    let aoi = through.loaded_phone_of("aoi").await;
    for name in ["tue-1000", "tue-1015", "tue-1030"] {
        open(&through, "mio", &[name]).await;
        let took = poked(&mut lines).await;
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
    aoi.ask_for(["tue-1000"]).await;
    poked(&mut lines).await;
    for phone in [&aoi, &ren] {
        // However often one asks, and whichever node answers.
        for _ in 0..3 {
            phone.sync().await;
            phone.assert_converged().await;
        }
    }
    assert_eq!(ren.free(), ["tue-1015", "tue-1030"]);
    site.assert_well().await;
}

/// Asks as a browser does, whose protocol is agreed on with the connection.
fn over_tls(port: u16) -> String {
    let script = "const it = require('http2').connect('https://localhost:' + process.argv[1], { rejectUnauthorized: false });
        const asked = it.request({ ':path': '/readyz' }).setEncoding('utf8'); let status;
        asked.on('response', head => status = head[':status']).on('data', text => {
            process.stdout.write(`${it.alpnProtocol} ${status} ${text}`); it.close() });";
    let output = std::process::Command::new("node")
        .args(["-e", script])
        .arg(port.to_string())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a node tells of itself.
async fn figures_of(town: &Town, node: &Node) -> String {
    let door = Door::to(node.metrics);
    let reply = town.through(&door).visitor().get("/metrics").await;
    let text = reply.text();
    assert_eq!(reply.status, StatusCode::OK, "{:?} {text}", door.seen());
    assert!(
        reply
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    text
}

/// The figures tell what happened, by route and not by address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_tell_what_happened_and_of_nobody() {
    let town = town_of_today(Engine::Sqlite).await;
    let node = Node::start(&town, &[]).await;
    let door = Door::to(node.port);
    let through = town.through(&door);
    open(&through, "mio", &["tue-1000"]).await;
    let (aoi, ren) = (
        through.loaded_phone_of("aoi").await,
        through.loaded_phone_of("ren").await,
    );
    aoi.ask_for(["tue-1000"]).await;
    ren.ask_for(["tue-1000"]).await;
    assert_eq!(ren.refusals().len(), 1);
    through
        .visitor()
        .get("/invitation/a-secret-of-somebody")
        .await;
    let mut line = door.listen(&town.cookie_of("ren")).await;
    assert!(line.poked().await);
    eventually("no job is due", async || {
        figures_of(&town, &node)
            .await
            .contains("\nkakehashi_jobs_due 0\n")
    })
    .await;
    let figures = figures_of(&town, &node).await;
    for line in [
        r#"kakehashi_requests_total{method="GET",route="/invitation/{token}",status="410"} 1"#,
        r#"kakehashi_requests_total{method="GET",route="/invitation/{token}",status="500"} 0"#,
        r#"kakehashi_wishes_total{outcome="ok"} 2"#,
        r#"kakehashi_wishes_total{outcome="refused"} 1"#,
        "kakehashi_batch_wishes_count 3",
        "kakehashi_poke_listeners 1",
        "kakehashi_queue_waiting 0",
        "kakehashi_jobs_given_up 0",
        r#"kakehashi_database_connections{pool="write",state="used"} 0"#,
        r#"build="0123456789abcdef""#,
        "# EOF",
    ] {
        assert!(figures.contains(line), "{line} is missing in {figures}");
    }
    assert!(!figures.contains("a-secret"), "{figures}");
}

/// Where a collector is set, requests are traced: their route, and nothing of whoever sent them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn traces_reach_a_collector() {
    let town = town_of_today(Engine::Sqlite).await;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let collected = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let keeper = collected.clone();
    let keep = move |uri: axum::http::Uri, body: axum::body::Bytes| async move {
        assert_eq!(uri.path(), "/v1/traces");
        keeper.lock().unwrap().extend_from_slice(&body);
    };
    let mut collector = JoinSet::new();
    collector.spawn(async move { axum::serve(listener, axum::Router::new().fallback(keep)).await });
    let mut node = Node::start(&town, &["--otlp-endpoint", &endpoint]).await;
    let through = town.through(&Door::to(node.port));
    through.loaded_phone_of("aoi").await;
    through
        .visitor()
        .get("/invitation/a-secret-of-somebody")
        .await;
    // What waits is sent at the end.
    node.terminate();
    node.ended().await;
    let text = String::from_utf8_lossy(&collected.lock().unwrap()).into_owned();
    for word in [
        "kakehashi",
        "POST /api/v1/sync",
        "GET /invitation/{token}",
        "http.response.status_code",
    ] {
        assert!(text.contains(word), "{word} is missing in {text:?}");
    }
    for secret in [
        "a-secret",
        "aoi",
        "example.jp",
        "203.0.113",
        "__Host-session",
        "select ",
    ] {
        assert!(!text.contains(secret), "{secret} stands in {text:?}");
    }
}

/// Until it can answer, a node takes no connection: nginx asks another, which it could not do for a form that was taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_waits_for_the_database_takes_nobody() {
    let town = town_of_today(Engine::Postgres).await;
    let mut node = Node::start(&town, &[]).await;
    node.terminate();
    node.ended().await;
    let pool = town.look().await;
    let mut another = pool.begin().await.unwrap();
    sqlx::query("lock table _sqlx_migrations in access exclusive mode")
        .execute(&mut *another)
        .await
        .unwrap();
    let place = ("127.0.0.1", node.port);
    let waiting = async {
        eventually("the node waits", async || {
            let waits = "select 1 from pg_locks where not granted and relation = '_sqlx_migrations'::regclass";
            sqlx::query(waits).fetch_optional(&pool).await.unwrap().is_some()
        })
        .await;
        let taken = tokio::net::TcpStream::connect(place).await;
        assert_eq!(
            taken.unwrap_err().kind(),
            std::io::ErrorKind::ConnectionRefused
        );
        another.rollback().await.unwrap();
    };
    tokio::join!(node.start_again(), waiting);
}

/// A node dies in the middle of everything: nothing that was acknowledged is lost, and nobody notices more than a retry.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_dies_under_load() {
    let town = town_of_today(Engine::Postgres).await;
    let mut site = Site::new(&town).await;
    let crowd = Crowd::new(&town, &site.door, 9).await;
    let story = async {
        for at in 0..3 {
            crowd.goes_on(15).await;
            site.nodes[at].kill();
            crowd.goes_on(15).await;
            site.nodes[at].start_again().await;
            let somebody = town.through(&site.door).visitor();
            site.is_used(at, &somebody).await;
        }
        crowd.is_enough();
    };
    tokio::join!(crowd.live(), story);
    assert!(
        !site.proxy.errors().contains("request:"),
        "nginx tells who asked for what: {}",
        site.proxy.errors()
    );
    crowd.assert_nothing_lost(&town).await;
    let seen = site.door.seen();
    assert_eq!(
        site.door.count("half") + site.door.count("broken") + site.door.count("refused"),
        0,
        "{seen:?}"
    );
    assert_eq!(
        site.door.failed(),
        0,
        "nginx asked another node each time: {seen:?}"
    );
}

/// All nodes are renewed one by one under load, and nobody notices.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_fails_nobody() {
    let town = town_of_today(Engine::Postgres).await;
    let mut site = Site::new(&town).await;
    let crowd = Crowd::new(&town, &site.door, 9).await;
    let reader = town.through(&site.door).browser_of("aoi");
    let site_door = site.door.clone();
    let story = async {
        for at in 0..3 {
            crowd.goes_on(10).await;
            site.nodes[at].terminate();
            site.nodes[at].ended().await;
            site.nodes[at].start_again().await;
            site.is_used(at, &town.through(&site.door).visitor()).await;
        }
        crowd.is_enough();
    };
    // Pages and forms, which nginx does not repeat.
    let reading = async {
        while !crowd.is_enough.load(Ordering::SeqCst) {
            assert_eq!(reader.get("/booking").await.status, StatusCode::OK);
            let reply = reader.post("/me/calendar", &[]).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.page());
            // As a person does, who reads what they opened.
            crowd.goes_on(1).await;
        }
    };
    // A line that ends is opened anew, as browsers do: that is how nginx hears that a node is leaving.
    let watching = async {
        loop {
            let mut line = site_door.listen(&town.cookie_of("ren")).await;
            while line.poked().await {}
        }
    };
    tokio::select! {
        _ = async { tokio::join!(crowd.live(), story, reading) } => {}
        () = watching => {}
    }
    crowd.assert_nothing_lost(&town).await;
    assert_eq!(site.door.failed(), 0, "{:?}", site.door.seen());
}

/// Old and new side by side: a newer program has added to the schema; the old one goes on, and can start again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_node_lives_beside_a_newer_schema() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let town = town_of_today(engine).await;
        let mut old = Node::start(&town, &[]).await;
        let through = town.through(&Door::to(old.port));
        open(&through, "mio", &["tue-1000", "tue-1015"]).await;
        let pool = town.look().await;
        for sql in [
            "alter table bookings add column wished_for text",
            "alter table members add column nickname text not null default ''",
            "create table albums (id text not null primary key)",
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
             select 9999, 'of a newer program', success, checksum, 1 from _sqlx_migrations where version = 1",
        ] {
            sqlx::query(sql).execute(&pool).await.unwrap();
        }
        let aoi = through.loaded_phone_of("aoi").await;
        aoi.ask_for(["tue-1000"]).await;
        old.terminate();
        old.ended().await;
        old.start_again().await;
        let ren = through.loaded_phone_of("ren").await;
        ren.ask_for(["tue-1015"]).await;
        for (phone, slot) in [(&aoi, "tue-1000"), (&ren, "tue-1015")] {
            phone.sync().await;
            phone.assert_converged().await;
            assert_eq!(phone.booked(), [slot]);
        }
    }
}
