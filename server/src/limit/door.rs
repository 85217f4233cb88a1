//! The door: takes connections, not more than there is room for, and shuts those on which nothing comes or goes.
//!
//! How long a *request* may take is said by the routes; here it is about connections that never become one.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    serve::Listener,
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};
use tower::ServiceExt as _;

use super::network;

/// Bytes of a request's head.
const HEAD_BYTES: usize = 64 << 10;
/// Requests under way on one connection (HTTP/2).
const AT_ONCE: u32 = 100;

/// How connections are taken.
#[derive(Debug, Clone, Copy)]
pub struct Door {
    /// Connections at the same time; whoever comes then waits until one ends.
    pub most: usize,
    /// Of these, from one network. Proxies in front are one network and do the same for theirs: then none.
    pub most_of_network: Option<usize>,
    /// From its first byte, a request's head is here after this long; so is the first byte of a new connection.
    pub head: Duration,
    /// Between two requests a connection may rest this long: longer than proxies keep theirs, so that they end it.
    pub idle: Duration,
    /// What is written is taken by the other side within this.
    pub stuck: Duration,
    /// How often somebody looks.
    pub look: Duration,
}

impl Door {
    /// The door of this machine: three quarters of the files that the process may open are connections, and one network
    /// has half of these at most.
    #[must_use]
    pub fn of_machine(is_behind_proxy: bool) -> Self {
        let most = (open_files() / 4 * 3).clamp(64, 20_000);
        Self {
            most,
            most_of_network: (!is_behind_proxy).then_some(most / 2),
            head: Duration::from_secs(15),
            idle: Duration::from_secs(75),
            stuck: Duration::from_secs(30),
            look: Duration::from_secs(2),
        }
    }

    /// Serves until `shutdown`, and then what is under way.
    pub async fn serve(
        self,
        router: Router,
        mut listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) {
        let places = Arc::new(Semaphore::new(self.most));
        let networks = Networks::default();
        let (end, ending) = watch::channel(());
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let next = async {
                // Never closed, so there is always a place at last.
                let place = places.clone().acquire_owned().await.ok();
                (place, Listener::accept(&mut listener).await)
            };
            let (place, (stream, peer)) = tokio::select! {
                it = next => it,
                () = &mut shutdown => break,
            };
            while connections.try_join_next().is_some() {}
            let Some(share) = networks.enter(peer.ip(), self.most_of_network) else {
                continue;
            };
            let service = Visit {
                router: router.clone(),
                peer,
                _held: (place, share),
            };
            connections.spawn(self.keep_open(stream, service, ending.clone()));
        }
        drop(listener);
        // Connections that are gone need not be told.
        let _ = end.send(());
        while connections.join_next().await.is_some() {}
    }

    /// One connection, until it ends or is shut.
    async fn keep_open(self, stream: TcpStream, visit: Visit, mut ending: watch::Receiver<()>) {
        // Answers are written whole; what is small must not wait for more.
        let _ = stream.set_nodelay(true);
        let seen = Arc::new(Seen::new());
        let io = TokioIo::new(Watched {
            stream,
            seen: seen.clone(),
        });
        let mut http = auto::Builder::new(TokioExecutor::new());
        http.http1().max_buf_size(HEAD_BYTES);
        http.http2()
            .max_header_list_size(HEAD_BYTES as u32)
            .max_concurrent_streams(AT_ONCE);
        let asked = seen.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let inside = Inside::new(asked.clone());
            let answer = visit.answer(request);
            async move {
                let _inside = inside;
                answer.await
            }
        });
        let mut connection = pin!(http.serve_connection(io, service));
        let mut is_ending = false;
        loop {
            tokio::select! {
                // What goes wrong on a wire is the other side's to repeat.
                _ = connection.as_mut() => return,
                _ = ending.changed(), if !is_ending => {
                    is_ending = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = tokio::time::sleep(self.look) => {
                    if seen.is_over(&self) {
                        return;
                    }
                }
            }
        }
    }
}

/// Files that this process may open at once; a small number where the system does not tell.
fn open_files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find_map(|it| it.strip_prefix("Max open files"));
    line.and_then(|it| it.split_whitespace().next()?.parse().ok())
        .unwrap_or(1_024)
}

/// Whoever came in, with the places they hold as long as they are here.
struct Visit {
    router: Router,
    peer: SocketAddr,
    _held: (Option<OwnedSemaphorePermit>, Share),
}

impl Visit {
    fn answer(&self, request: Request<Incoming>) -> impl Future<Output = Answer> + use<> {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.router.clone().oneshot(request)
    }
}

type Answer = Result<axum::response::Response, std::convert::Infallible>;

/// Connections by network.
#[derive(Default, Clone)]
struct Networks(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Networks {
    /// A place for one more from there, when its network has not too many.
    fn enter(&self, peer: IpAddr, most: Option<usize>) -> Option<Share> {
        let network = network(peer);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(network).or_default();
        if most.is_some_and(|most| *count >= most) {
            return None;
        }
        *count += 1;
        Some(Share {
            networks: self.clone(),
            network,
        })
    }
}

/// One connection of a network; counted until it is dropped.
struct Share {
    networks: Networks,
    network: IpAddr,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut counts = self
            .networks
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.network);
            }
        }
    }
}

/// What was seen of a connection, in milliseconds since it was opened.
struct Seen {
    opened: Instant,
    /// When a byte last came or went.
    moved: AtomicU64,
    /// Since when a head is awaited: one is begun, or the connection is new. [`NEVER`] otherwise.
    head: AtomicU64,
    /// Since when nothing of what is to be written is taken. [`NEVER`] otherwise.
    stuck: AtomicU64,
    /// Requests that are being answered.
    inside: AtomicUsize,
    /// HTTP/2 says more than requests on a connection: its bytes begin no head.
    is_many: AtomicBool,
}

const NEVER: u64 = u64::MAX;

impl Seen {
    fn new() -> Self {
        Self {
            opened: Instant::now(),
            moved: AtomicU64::new(0),
            head: AtomicU64::new(0),
            stuck: AtomicU64::new(NEVER),
            inside: AtomicUsize::new(0),
            is_many: AtomicBool::new(false),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(NEVER - 1)
    }

    fn came(&self, bytes: &[u8]) {
        let now = self.now();
        if self.moved.swap(now, Relaxed) == 0 && bytes.starts_with(b"PRI") {
            self.is_many.store(true, Relaxed);
            self.head.store(NEVER, Relaxed);
        }
        let begins_head = self.inside.load(Relaxed) == 0 && !self.is_many.load(Relaxed);
        if begins_head && self.head.load(Relaxed) == NEVER {
            self.head.store(now, Relaxed);
        }
    }

    fn went(&self, written: Poll<usize>) {
        match written {
            Poll::Ready(0) => {}
            Poll::Ready(_) => {
                self.moved.store(self.now(), Relaxed);
                self.stuck.store(NEVER, Relaxed);
            }
            Poll::Pending if self.stuck.load(Relaxed) == NEVER => {
                self.stuck.store(self.now(), Relaxed);
            }
            Poll::Pending => {}
        }
    }

    /// Nobody waits for anything on this connection any more, or has a right to.
    fn is_over(&self, door: &Door) -> bool {
        let now = self.now();
        let is_since = |then: u64, long: Duration| {
            then != NEVER && u128::from(now.saturating_sub(then)) > long.as_millis()
        };
        let is_empty = self.inside.load(Relaxed) == 0;
        is_since(self.stuck.load(Relaxed), door.stuck)
            || (is_empty && is_since(self.head.load(Relaxed), door.head))
            || (is_empty && is_since(self.moved.load(Relaxed), door.idle))
    }
}

/// A request that is being answered.
struct Inside(Arc<Seen>);

impl Inside {
    fn new(seen: Arc<Seen>) -> Self {
        seen.inside.fetch_add(1, Relaxed);
        seen.head.store(NEVER, Relaxed);
        Self(seen)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Relaxed);
    }
}

/// A wire of which it is noted when something comes and goes.
struct Watched {
    stream: TcpStream,
    seen: Arc<Seen>,
}

impl Watched {
    fn wrote(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Ready(Ok(bytes)) => self.seen.went(Poll::Ready(*bytes)),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.seen.went(Poll::Pending),
        }
        written
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let new = &buffer.filled()[before..];
        if !new.is_empty() {
            self.seen.came(new);
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
