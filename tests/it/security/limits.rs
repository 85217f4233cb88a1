//! Asking too often, too much at once, too large.

use std::net::SocketAddr;

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use server::{config::Config, limit::Rates, services::Clock};
use tests::{Engine, folder};
use tower::ServiceExt as _;

use super::*;

/// A server that counts, as in production, beside the town's own that does not.
struct Counting {
    router: Router,
    clock: Clock,
}

impl Counting {
    async fn beside(town: &Town) -> Self {
        let clock = Clock::set_to(town.now());
        let config = Config {
            database: town.database(),
            site: folder::site(town.folder()),
            rates: Some(Rates::USUAL),
            ..Config::for_tests()
        };
        let services = server::start(config, clock.clone()).await.unwrap();
        Self {
            router: server::router(services),
            clock,
        }
    }

    /// Asks from an address, perhaps as somebody.
    async fn ask(
        &self,
        from: [u8; 4],
        cookie: &str,
        (method, path): (Method, &str),
        body: Vec<u8>,
    ) -> Reply {
        let kind = if path.starts_with("/api/") {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:3000")
            .header(header::CONTENT_TYPE, kind)
            .header("x-kakehashi", "1")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, format!("__Host-session={cookie}"))
            .body(Body::from(body))
            .unwrap();
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from((from, 40_000))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let is_stream = path.ends_with("/poke") && response.status() == StatusCode::OK;
        if is_stream {
            panic!("streams are opened by `stream`");
        }
        Reply::read(response).await
    }

    async fn get(&self, from: [u8; 4], cookie: &str, path: &str) -> Reply {
        self.ask(from, cookie, (Method::GET, path), Vec::new())
            .await
    }

    async fn sync(&self, from: [u8; 4], cookie: &str, request: &SyncRequest) -> Reply {
        let body = serde_json::to_vec(request).unwrap();
        self.ask(from, cookie, (Method::POST, "/api/v1/sync"), body)
            .await
    }
}

const HALL: [u8; 4] = [198, 51, 100, 7];
const ELSEWHERE: [u8; 4] = [203, 0, 113, 9];

fn assert_told_to_wait(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u32 = reply.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert!(reply.header("cache-control").contains("no-store"));
}

/// Three hundred phones behind one address get in at the same moment: a page, its files, three forms, a few syncs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lecture_hall_gets_in() {
    let town = Town::new(Engine::Sqlite).await;
    let server = Counting::beside(&town).await;
    for _ in 0..300 {
        let mut statuses = vec![server.get(HALL, "", "/sign-in").await.status];
        for _ in 0..30 {
            statuses.push(server.get(HALL, "", "/assets/app.1.css").await.status);
        }
        for path in ["/sign-in/link", "/invitation", "/sign-in/code"] {
            statuses.push(
                server
                    .ask(HALL, "", (Method::POST, path), b"token=0&code=1".to_vec())
                    .await
                    .status,
            );
        }
        for _ in 0..5 {
            statuses.push(
                server
                    .ask(HALL, "", (Method::POST, "/api/v1/sync"), b"{}".to_vec())
                    .await
                    .status,
            );
        }
        assert!(
            !statuses.contains(&StatusCode::TOO_MANY_REQUESTS),
            "{statuses:?}"
        );
    }
}

/// A flood from one network is told to wait, is let in again after that, and harms no other network.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_harms_its_own_network_only() {
    let town = Town::new(Engine::Sqlite).await;
    let server = Counting::beside(&town).await;
    let mut asked = 0;
    let reply = loop {
        let reply = server.get(HALL, "", "/version").await;
        if reply.status != StatusCode::OK {
            break reply;
        }
        asked += 1;
    };
    assert_told_to_wait(&reply);
    assert_eq!(asked, 4_000);
    assert_eq!(
        server.get([198, 51, 100, 200], "", "/version").await.status,
        StatusCode::TOO_MANY_REQUESTS,
        "its neighbour"
    );
    assert_eq!(
        server.get(ELSEWHERE, "", "/version").await.status,
        StatusCode::OK
    );
    server.clock.move_to(server.clock.now() + 1_000);
    assert_eq!(
        server.get(HALL, "", "/version").await.status,
        StatusCode::OK
    );
    // Forms are writes: of these there are fewer.
    let mut forms = 0;
    while server
        .ask(
            ELSEWHERE,
            "",
            (Method::POST, "/invitation"),
            b"token=0".to_vec(),
        )
        .await
        .status
        != StatusCode::TOO_MANY_REQUESTS
    {
        forms += 1;
    }
    assert_eq!(forms, Rates::USUAL.forms.at_once);
}

/// Somebody's runaway tablet is told to wait, their phone goes on; and whoever exhausts all of theirs harms nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runaway_device_and_a_runaway_person() {
    let town = Town::new(Engine::Sqlite).await;
    let server = Counting::beside(&town).await;
    let (aoi, ren) = (town.cookie_of("aoi"), town.cookie_of("ren"));
    let first = pushing(&town, DeviceId::random(1), 1, &[]);
    let answer: SyncAnswer =
        serde_json::from_slice(&server.sync(HALL, &aoi, &first).await.body).unwrap();
    let pull = |device: u128| SyncRequest {
        cursor: Some(answer.cursor.clone()),
        ..pushing(&town, DeviceId::random(device), 1, &[])
    };
    let mut count = 0;
    let reply = loop {
        let reply = server.sync(HALL, &aoi, &pull(1)).await;
        if reply.status != StatusCode::NO_CONTENT {
            break reply;
        }
        count += 1;
    };
    assert_told_to_wait(&reply);
    assert_eq!(
        count,
        Rates::USUAL.device.at_once - 1,
        "one of them was the load"
    );
    assert_eq!(
        server.sync(HALL, &aoi, &pull(2)).await.status,
        StatusCode::NO_CONTENT,
        "the phone goes on"
    );
    // Device after device, all the same person.
    for device in 3.. {
        if server.sync(HALL, &aoi, &pull(device)).await.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        assert!(device < 5_000, "nobody counts the person");
    }
    assert_told_to_wait(&server.get(HALL, &aoi, "/me").await);
    assert_eq!(
        server.get(HALL, &ren, "/me").await.status,
        StatusCode::OK,
        "somebody else in the same hall"
    );
    server.clock.move_to(server.clock.now() + 60_000);
    assert_eq!(server.get(HALL, &aoi, "/me").await.status, StatusCode::OK);
    assert_eq!(
        server.sync(HALL, &aoi, &pull(1)).await.status,
        StatusCode::NO_CONTENT
    );
}

/// A phone that comes back from thirty days offline, and again after a restore, delivers all it has without a pause.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_outbox_is_taken_at_once() {
    let town = Town::new(Engine::Sqlite).await;
    let server = Counting::beside(&town).await;
    let (aoi, device) = (town.cookie_of("aoi"), DeviceId::random(1));
    for batch in 0..20 {
        let noops = vec![Mutation::Noop(domain::sync::mutation::Noop {}); 50];
        let mut request = pushing(&town, device, 1, &noops);
        for envelope in &mut request.mutations {
            envelope.n += batch * 50;
        }
        assert_eq!(
            server.sync(HALL, &aoi, &request).await.status,
            StatusCode::OK,
            "batch {batch}"
        );
    }
}

/// One person keeps sixteen streams open; a closed one makes room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_are_few() {
    let town = Town::new(Engine::Sqlite).await;
    let open = |key: &str| {
        let request = Request::get("/api/v1/poke").header(
            header::COOKIE,
            format!("__Host-session={}", town.cookie_of(key)),
        );
        town.router().oneshot(request.body(Body::empty()).unwrap())
    };
    let mut streams = Vec::new();
    for _ in 0..16 {
        let stream = open("aoi").await.unwrap();
        assert_eq!(stream.status(), StatusCode::OK);
        streams.push(stream);
    }
    assert_eq!(
        open("aoi").await.unwrap().status(),
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(open("ren").await.unwrap().status(), StatusCode::OK);
    streams.pop();
    assert_eq!(open("aoi").await.unwrap().status(), StatusCode::OK);
}

/// Every route that takes a body takes so much and no more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_body_has_a_bound() {
    let town = Town::new(Engine::Sqlite).await;
    let mut refused = Vec::new();
    for route in routes::all()
        .into_iter()
        .filter(|it| it.method == Method::POST)
    {
        let path = route.filled(&"0".repeat(22));
        let (kind, bytes) = match path.as_str() {
            "/api/v1/sync" => ("application/json", 257 << 10),
            "/staff/people/import" | "/staff/courses/import" => continue,
            it if it.ends_with("/add") || it.ends_with("/write") => continue,
            // Of another host: see `package::the_next_phone_goes_on`.
            it if it.starts_with("/play/") => continue,
            _ => ("application/x-www-form-urlencoded", 65 << 10),
        };
        // Of a form the last field is what an endless one would be.
        let body = if kind.ends_with("json") {
            vec![b' '; bytes]
        } else {
            [b"x=".as_slice(), &vec![b'a'; bytes]].concat()
        };
        let headers = [
            ("content-type", kind),
            ("x-kakehashi", "1"),
            ("sec-fetch-site", "same-origin"),
        ];
        // A browser for each: one of these routes signs out.
        let sato = Browser::signed_in(&town, &town.sign_in_directly(cast("sato").id()).await);
        let reply = sato.send(Method::POST, &path, Some(body), &headers).await;
        assert!(reply.status.as_u16() < 500, "{path}: {}", reply.status);
        if reply.status == StatusCode::PAYLOAD_TOO_LARGE {
            refused.push(path);
        } else {
            // Not for this role, or no field of it is read: then nothing of the body is, either.
            let source = [StatusCode::NOT_FOUND, StatusCode::SEE_OTHER, StatusCode::OK];
            assert!(source.contains(&reply.status), "{path}: {}", reply.status);
        }
    }
    for path in [
        "/api/v1/sync",
        "/language",
        "/me/profile",
        "/sign-in",
        "/sign-in/code",
        "/sign-in/link",
        "/invitation",
        "/invitation/again",
        "/staff/people/import/undo",
        "/staff/courses/use",
        "/staff/courses/show",
        "/staff/subsidies/decide",
    ] {
        assert!(
            refused.iter().any(|it| it == path),
            "{path} is not among {refused:?}"
        );
    }
    // For offer-holders the same of theirs.
    let aoi = town.browser_of("aoi");
    for path in [
        "/booking/ask",
        "/booking/0000000000000000000000/move",
        "/booking/0000000000000000000000/correct",
    ] {
        let text = "a".repeat(65 << 10);
        assert_eq!(
            aoi.post(path, &[("talk", &text)]).await.status,
            StatusCode::PAYLOAD_TOO_LARGE,
            "{path}"
        );
    }
}

/// The file of people: eight megabytes with everything around it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_people_has_a_bound() {
    let town = Town::new(Engine::Sqlite).await;
    let sato = town.browser_of("sato");
    for (bytes, is_taken) in [((8 << 20) - 1_000, true), ((8 << 20) + 1, false)] {
        let reply = sato
            .upload("/staff/people/import", &vec![b'\n'; bytes], &[])
            .await;
        let expected = if is_taken {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::BAD_REQUEST
        };
        assert_eq!(reply.status, expected, "{bytes}");
    }
}
