//! A smallest HTTP/1.1 client with keep-alive: it must cost less than what it measures.

use anyhow::{Context as _, Result, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// One connection.
pub(crate) struct Client {
    stream: TcpStream,
    cookie: String,
    host: String,
    encoding: &'static str,
    buffer: Vec<u8>,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: usize,
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// Connects as whoever the session is of.
    pub(crate) async fn new(port: u16, cookie: &str) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            cookie: cookie.to_owned(),
            host: "localhost:3000".to_owned(),
            encoding: "identity",
            buffer: Vec::with_capacity(64 << 10),
        })
    }

    /// Asks for compressed answers from now on.
    pub(crate) fn compressed(mut self) -> Self {
        self.encoding = "br";
        self
    }

    /// Goes on with another company.
    pub(crate) fn go_to(&mut self, host: &str) {
        host.clone_into(&mut self.host);
    }

    /// Goes on as somebody else.
    pub(crate) fn turn_into(&mut self, cookie: &str) {
        cookie.clone_into(&mut self.cookie);
    }

    /// Posts to the sync endpoint and reads the answer.
    pub(crate) async fn sync(&mut self, body: &[u8]) -> Result<Answer> {
        let head = format!(
            "POST /api/v1/sync HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\nx-kakehashi: 1\r\nsec-fetch-site: same-origin\r\n\
             accept-encoding: {}\r\ncookie: __Host-session={}\r\ncontent-length: {}\r\n\r\n",
            self.host,
            self.encoding,
            self.cookie,
            body.len()
        );
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        self.stream.write_all(&request).await?;
        self.read().await
    }

    async fn read(&mut self) -> Result<Answer> {
        self.buffer.clear();
        let end = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
        let status = head
            .get(9..12)
            .and_then(|it| it.parse().ok())
            .context("a status")?;
        let value = |name: &str| {
            head.split("\r\n")
                .find_map(|it| it.strip_prefix(name))
                .map(|it| it.trim().to_owned())
        };
        let body = if let Some(length) = value("content-length:") {
            let length: usize = length.parse()?;
            while self.buffer.len() < end + length {
                self.more().await?;
            }
            self.buffer[end..end + length].to_vec()
        } else if value("transfer-encoding:").is_some() {
            self.chunks(end).await?
        } else {
            Vec::new()
        };
        Ok(Answer {
            status,
            head: end,
            body,
        })
    }

    async fn chunks(&mut self, mut at: usize) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(line) = find(&self.buffer[at..], b"\r\n") {
                    break line;
                }
                self.more().await?;
            };
            let length = usize::from_str_radix(
                std::str::from_utf8(&self.buffer[at..at + line])?.trim(),
                16,
            )?;
            let begin = at + line + 2;
            while self.buffer.len() < begin + length + 2 {
                self.more().await?;
            }
            body.extend_from_slice(&self.buffer[begin..begin + length]);
            at = begin + length + 2;
            if length == 0 {
                return Ok(body);
            }
        }
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the connection ended");
        }
        Ok(())
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|it| it == part)
}
