//! Connections that never become a request: real sockets against the real door.

use std::time::{Duration, Instant};

use server::limit::door::Door;
use tests::Engine;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinSet,
    time::timeout,
};

use super::*;

/// As in production, thirty times as impatient.
const DOOR: Door = Door {
    most: 8,
    most_of_network: None,
    head: Duration::from_millis(500),
    idle: Duration::from_millis(2_500),
    stuck: Duration::from_millis(1_000),
    look: Duration::from_millis(50),
};
/// Longer than anything here takes, however busy the machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The town behind a door.
struct House {
    port: u16,
    town: Town,
    _open: JoinSet<()>,
}

async fn house(door: Door) -> House {
    let town = Town::new(Engine::Sqlite).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut open = JoinSet::new();
    open.spawn(door.serve(town.router(), listener, std::future::pending()));
    House {
        port,
        town,
        _open: open,
    }
}

impl House {
    async fn come(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }

    /// Is anybody answered?
    async fn is_open(&self) -> bool {
        let mut stream = self.come().await;
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            .await
            .unwrap();
        let mut answer = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut answer))
            .await
            .is_ok_and(|it| it.is_ok())
            && answer.starts_with("HTTP/1.1 200")
    }
}

/// Waits until the other side has ended; everything that came until then.
async fn ended(stream: &mut TcpStream) -> (Vec<u8>, Duration) {
    let (begun, mut all) = (Instant::now(), Vec::new());
    // Whoever is cut may see an end or a reset.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut all))
        .await
        .expect("the connection is cut");
    (all, begun.elapsed())
}

/// Silence, a head that drips, a body that drips: all of them are cut, and the places they held are free again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_drips_is_cut() {
    let house = house(DOOR).await;
    let mut silent = house.come().await;
    let (said, took) = ended(&mut silent).await;
    assert!(said.is_empty() && took >= DOOR.head, "{took:?}");

    let mut dripping = house.come().await;
    let begun = Instant::now();
    let cut = async {
        for byte in b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: "
            .iter()
            .chain([b'a'; 4_000].iter())
        {
            if dripping.write_all(&[*byte]).await.is_err() {
                return;
            }
            // Each byte is news, so nobody could call it idle.
            let _ = timeout(Duration::from_millis(20), dripping.readable()).await;
            if matches!(dripping.try_read(&mut [0; 8]), Ok(0)) {
                return;
            }
        }
        panic!("four thousand drops and still open");
    };
    timeout(PATIENCE, cut).await.unwrap();
    assert!(begun.elapsed() >= DOOR.head, "{:?}", begun.elapsed());

    // All places at once, all silent: whoever comes next waits a little and is answered.
    let crowd = futures::future::join_all((0..DOOR.most * 2).map(|_| house.come())).await;
    assert!(house.is_open().await);
    drop(crowd);
}

/// Whoever asks and never reads the answer is cut as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_never_reads_is_cut() {
    let house = house(Door { most: 1, ..DOOR }).await;
    let mut greedy = house.come().await;
    let asking = b"GET /sign-in HTTP/1.1\r\nhost: x\r\n\r\n";
    let cut = async {
        // Until nothing more can be said because nothing of what was answered is taken.
        while timeout(
            Duration::from_millis(200),
            greedy.write_all(&asking.repeat(50)),
        )
        .await
        .is_ok_and(|it| it.is_ok())
        {}
    };
    timeout(PATIENCE * 2, cut).await.unwrap();
    // There is one place: somebody else gets it only when this one is gone.
    assert!(house.is_open().await);
}

/// A connection that rests between two requests stays for a while, and a stream of events as long as it likes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_politely_stays() {
    let house = house(DOOR).await;
    let mut resting = house.come().await;
    for _ in 0..3 {
        resting
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        let mut answer = [0; 15];
        timeout(PATIENCE, resting.read_exact(&mut answer))
            .await
            .unwrap()
            .unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200 OK"));
        // Longer than a head may take, shorter than the rest that is allowed.
        let _ = timeout(Duration::from_millis(900), async {
            while resting.read(&mut [0; 512]).await.unwrap() > 0 {}
        })
        .await;
    }
    let (_, took) = ended(&mut resting).await;
    assert!(took < PATIENCE);

    let mut stream = house.come().await;
    let cookie = house.town.cookie_of("aoi");
    let asking =
        format!("GET /api/v1/poke HTTP/1.1\r\nhost: x\r\ncookie: __Host-session={cookie}\r\n\r\n");
    stream.write_all(asking.as_bytes()).await.unwrap();
    let mut begin = vec![0; 12];
    timeout(PATIENCE, stream.read_exact(&mut begin))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(begin, b"HTTP/1.1 200");
}

/// One network has so many connections and no more; what it gives up it may have again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_network_does_not_take_all() {
    let house = house(Door {
        most_of_network: Some(4),
        head: PATIENCE,
        idle: PATIENCE,
        ..DOOR
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..4 {
        let mut stream = house.come().await;
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        stream.read_exact(&mut [0; 15]).await.unwrap();
        held.push(stream);
    }
    let (said, _) = ended(&mut house.come().await).await;
    assert!(said.is_empty(), "the fifth is sent away");
    held.pop();
    // The place is free as soon as the server has seen that they left.
    let begun = Instant::now();
    while !house.is_open().await {
        assert!(begun.elapsed() < PATIENCE);
    }
}

/// Two lengths, or a length and chunks: one request or none, never a second one out of the first one's body.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_hides_in_another() {
    let house = house(DOOR).await;
    let hidden = "GET /version HTTP/1.1\r\nhost: x\r\n\r\n";
    let heads = [
        format!(
            "content-length: {}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            5 + hidden.len()
        ),
        format!(
            "content-length: 0\r\ncontent-length: {}\r\n\r\n",
            hidden.len()
        ),
        "transfer-encoding: xchunked\r\n\r\n".to_owned(),
        "transfer-encoding: chunked, identity\r\n\r\n".to_owned(),
        "content-length: +5\r\n\r\n".to_owned(),
        "content-length : 5\r\n\r\n".to_owned(),
    ];
    for head in heads {
        let mut stream = house.come().await;
        let asking = format!(
            "POST /language HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n{head}{hidden}"
        );
        stream.write_all(asking.as_bytes()).await.unwrap();
        let (said, _) = ended(&mut stream).await;
        let said = String::from_utf8_lossy(&said);
        // Where chunks win over a length the rest is another request of the same connection, and the connection ends.
        assert!(said.starts_with("HTTP/1.1 4"), "{head:?}: {said}");
        let has_second = said.contains("0123456789abcdef");
        assert!(
            !has_second || head.contains("\r\n0\r\n"),
            "{head:?}: {said}"
        );
    }
}

/// A head beyond all measure is refused, over both versions of HTTP's grammar.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_head_is_too_large() {
    let house = house(Door {
        head: PATIENCE,
        ..DOOR
    })
    .await;
    for head in [
        format!("x: {}\r\n", "a".repeat(200_000)),
        "x: a\r\n".repeat(3_000),
    ] {
        let mut stream = house.come().await;
        let asking = format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{head}\r\n");
        // The other side may have hung up before all of it was said.
        let _ = stream.write_all(asking.as_bytes()).await;
        let (said, _) = ended(&mut stream).await;
        let said = String::from_utf8_lossy(&said);
        assert!(
            said.is_empty() || said.starts_with("HTTP/1.1 431") || said.starts_with("HTTP/1.1 400"),
            "{said}"
        );
    }
    assert!(house.is_open().await);
}

/// When the server ends, whoever is being answered is answered to the end, and whoever only holds a connection is let go.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_waits_for_answers() {
    let town = Town::new(Engine::Sqlite).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (end, ending) = oneshot::channel::<()>();
    let mut serving = JoinSet::new();
    serving.spawn(
        Door::of_machine(false).serve(town.router(), listener, async move {
            let _ = ending.await;
        }),
    );
    let mut asking = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut resting = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    resting
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    resting.read_exact(&mut [0; 15]).await.unwrap();
    // An answer that takes a moment: nobody learns sooner whether an address is known.
    let body = "email=aoi%40example.jp";
    let form = format!(
        "POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    asking.write_all(form.as_bytes()).await.unwrap();
    while town.count("select count(*) from attempts").await == 0 {
        tokio::task::yield_now().await;
    }
    end.send(()).unwrap();
    let (said, _) = ended(&mut asking).await;
    assert!(
        String::from_utf8_lossy(&said).starts_with("HTTP/1.1 303"),
        "{}",
        String::from_utf8_lossy(&said)
    );
    timeout(PATIENCE, serving.join_next())
        .await
        .expect("the door closes")
        .unwrap()
        .unwrap();
}
