//! The way to a server that is another process: real connections, and what becomes of each request is counted.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

/// A phone's pause after a request that nobody answered.
const PAUSE: Duration = Duration::from_millis(50);

/// What became of requests, by name: a status, `refused` (nobody listens), `broken` (no answer came), `half` (it broke off).
#[derive(Debug, Clone, Default)]
pub struct Door {
    port: u16,
    seen: Arc<Mutex<BTreeMap<String, usize>>>,
}

enum Trouble {
    Refused,
    Broken,
    Half,
}

impl Door {
    /// To whatever listens on a port of this machine.
    #[must_use]
    pub fn to(port: u16) -> Self {
        Self {
            port,
            seen: Arc::default(),
        }
    }

    /// What became of the requests so far.
    #[must_use]
    pub fn seen(&self) -> BTreeMap<String, usize> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How many fared so.
    #[must_use]
    pub fn count(&self, what: &str) -> usize {
        self.seen().get(what).copied().unwrap_or(0)
    }

    /// Requests that reached nobody or nothing, and those that a proxy could not pass on.
    #[must_use]
    pub fn failed(&self) -> usize {
        let seen = self.seen();
        let is_fine = |it: &String| it.starts_with(['2', '3', '4']);
        seen.iter().filter(|it| !is_fine(it.0)).map(|it| it.1).sum()
    }

    fn note(&self, what: &str) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen.entry(what.to_owned()).or_default() += 1;
    }

    pub(crate) fn router(&self) -> Router {
        Router::new().fallback(pass).with_state(self.clone())
    }

    /// Opens the line of pokes.
    pub async fn listen(&self, cookie: &str) -> Line {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))
            .await
            .expect("somebody listens");
        let request = format!(
            "GET /api/v1/poke HTTP/1.1\r\nhost: localhost:3000\r\naccept: text/event-stream\r\ncookie: __Host-session={cookie}\r\n\r\n"
        );
        stream
            .write_all(request.as_bytes())
            .await
            .expect("a request can be sent");
        let mut line = Line(BufReader::new(stream));
        let status = line.next().await.expect("an answer");
        assert!(status.starts_with("HTTP/1.1 200"), "{status}");
        line
    }
}

/// The line of pokes.
pub struct Line(BufReader<TcpStream>);

impl Line {
    /// Waits for the next poke. False when the line ended.
    pub async fn poked(&mut self) -> bool {
        while let Some(line) = self.next().await {
            if line.starts_with("data:") {
                return true;
            }
            // The last piece of a body that is sent in pieces.
            if line.trim_end() == "0" {
                return false;
            }
        }
        false
    }

    async fn next(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.0.read_line(&mut line).await {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line),
        }
    }
}

async fn pass(State(door): State<Door>, request: Request) -> Response {
    let response = match exchange(door.port, request).await {
        Ok(response) => {
            door.note(response.status().as_str());
            response
        }
        Err(trouble) => {
            door.note(match trouble {
                Trouble::Refused => "refused",
                Trouble::Broken => "broken",
                Trouble::Half => "half",
            });
            StatusCode::BAD_GATEWAY.into_response()
        }
    };
    if response.status().is_server_error() {
        let mut pause = tokio::time::interval(PAUSE);
        pause.tick().await;
        pause.tick().await;
    }
    response
}

/// One request on a connection of its own, read to the end.
async fn exchange(port: u16, request: Request) -> Result<Response, Trouble> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 64 << 20)
        .await
        .map_err(|_| Trouble::Broken)?;
    let mut stream = TcpStream::connect(("127.0.0.1", port))
        .await
        .map_err(|_| Trouble::Refused)?;
    let mut head = format!("{} {} HTTP/1.1\r\n", parts.method, parts.uri);
    for (name, value) in &parts.headers {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or("")));
    }
    head.push_str(&format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    ));
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&body);
    stream
        .write_all(&bytes)
        .await
        .map_err(|_| Trouble::Broken)?;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer).await;
    let Some(end) = answer.windows(4).position(|it| it == b"\r\n\r\n") else {
        return Err(if answer.is_empty() {
            Trouble::Broken
        } else {
            Trouble::Half
        });
    };
    let (head, body) = (
        String::from_utf8_lossy(&answer[..end]).into_owned(),
        &answer[end + 4..],
    );
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|it| it.get(9..12)?.parse::<u16>().ok())
        .ok_or(Trouble::Half)?;
    let headers: Vec<(&str, &str)> = lines.filter_map(|it| it.split_once(": ")).collect();
    let value = |name: &str| {
        headers
            .iter()
            .find(|it| it.0.eq_ignore_ascii_case(name))
            .map(|it| it.1)
    };
    let whole = if value("transfer-encoding").is_some() {
        unchunked(body)
    } else {
        let length = value("content-length")
            .and_then(|it| it.parse().ok())
            .unwrap_or(body.len());
        (read.is_ok() && body.len() == length).then(|| body.to_vec())
    };
    let mut response = Response::new(Body::from(whole.ok_or(Trouble::Half)?));
    *response.status_mut() = StatusCode::from_u16(status).map_err(|_| Trouble::Half)?;
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().append(name, value);
        }
    }
    Ok(response)
}

/// None when the last piece is missing.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|it| it == b"\r\n")?;
        let size =
            usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?.trim(), 16).ok()?;
        rest = &rest[line + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}
