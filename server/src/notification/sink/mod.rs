//! Where the mail of a demo lands: a small SMTP server inside this process, and a page that shows what it took.
//!
//! The mail really goes over SMTP, so what the page shows is what a mail server would have got. Outside a demo there is
//! no sink, and `/dev/mail` is not there.

use std::{
    collections::VecDeque,
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::State,
    http::{HeaderName, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use mail_parser::MessageParser;
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use super::mail::escaped;
use crate::{
    actor::Visitor,
    config::SmtpSettings,
    error::{ApiError, ApiResult},
    services::Services,
};

/// Mails that are kept.
const MOST: usize = 200;
/// Bytes of one mail.
const MOST_BYTES: usize = 1_000_000;

/// A mail as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landed {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text part.
    pub text: String,
    /// Everything, as it came over the wire.
    pub raw: Vec<u8>,
}

/// A mail server that keeps what it gets.
#[derive(Clone)]
pub struct Sink {
    address: SocketAddr,
    mails: Arc<Mutex<VecDeque<Landed>>>,
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mail sink on {}", self.address)
    }
}

impl Sink {
    /// Begins to take mail on a free port of this machine. Ends with the process.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .context("cannot open a port for the demo's mail")?;
        let sink = Self {
            address: listener.local_addr()?,
            mails: Arc::default(),
        };
        let keeper = sink.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "a stand-in for a mail server: it lives as long as the process, as a real one would"
        )]
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let keeper = keeper.clone();
                #[expect(
                    clippy::disallowed_methods,
                    reason = "one conversation of the stand-in above"
                )]
                tokio::spawn(async move {
                    // A conversation that breaks off is the other side's to repeat.
                    let _ = keeper.converse(stream).await;
                });
            }
        });
        Ok(sink)
    }

    /// How mail gets here.
    #[must_use]
    pub fn settings(&self) -> SmtpSettings {
        SmtpSettings {
            is_implicit_tls: false,
            host: "127.0.0.1".into(),
            port: self.address.port(),
            login: None,
        }
    }

    /// What came, oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Landed> {
        self.mails
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    fn keep(&self, to: &str, raw: Vec<u8>) {
        let parsed = MessageParser::default().parse(&raw);
        let subject = parsed
            .as_ref()
            .and_then(|it| it.subject())
            .unwrap_or("")
            .to_owned();
        let text = parsed
            .as_ref()
            .and_then(|it| it.body_text(0))
            .unwrap_or_default()
            .into_owned();
        let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.len() == MOST {
            mails.pop_front();
        }
        mails.push_back(Landed {
            to: to.to_owned(),
            subject,
            text,
            raw,
        });
    }

    /// One conversation (RFC 5321, as much of it as a mail client says).
    async fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut read = BufReader::new(read);
        let mut line = Vec::new();
        let mut to = String::new();
        write.write_all(b"220 demo\r\n").await?;
        loop {
            line.clear();
            if read.read_until(b'\n', &mut line).await? == 0 {
                return Ok(());
            }
            let said = String::from_utf8_lossy(&line).trim().to_owned();
            let verb = said
                .split([' ', ':'])
                .next()
                .unwrap_or("")
                .to_ascii_uppercase();
            let answer: &[u8] = match verb.as_str() {
                "EHLO" => b"250-demo\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
                "HELO" | "MAIL" | "NOOP" => b"250 ok\r\n",
                "RCPT" => {
                    to = said
                        .split_once('<')
                        .and_then(|it| it.1.split_once('>'))
                        .map(|it| it.0.to_owned())
                        .unwrap_or_default();
                    b"250 ok\r\n"
                }
                "RSET" => {
                    to.clear();
                    b"250 ok\r\n"
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await?;
                    match data(&mut read).await? {
                        Some(raw) => {
                            self.keep(&to, raw);
                            b"250 kept\r\n"
                        }
                        None => b"552 too large\r\n",
                    }
                }
                "QUIT" => {
                    write.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => b"502 not here\r\n",
            };
            write.write_all(answer).await?;
        }
    }
}

/// Everything up to the lonely dot, with doubled dots undone. `None` when it was too much.
async fn data(read: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let (mut raw, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        if read.read_until(b'\n', &mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok((raw.len() <= MOST_BYTES).then_some(raw));
        }
        if raw.len() <= MOST_BYTES {
            raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }
}

/// `/dev/mail` in a demo, nothing otherwise.
pub fn routes(services: &Services) -> Router<Services> {
    match services.config.sink {
        Some(_) => Router::new().route("/dev/mail", get(list)),
        None => Router::new(),
    }
}

/// What came, newest first.
async fn list(_: Visitor, State(services): State<Services>) -> ApiResult<Response> {
    let Some(sink) = &services.config.sink else {
        return Err(ApiError::NotFound);
    };
    let mails = sink.mails();
    let items: String = mails.iter().rev().map(item).collect();
    let empty = if mails.is_empty() {
        "<p>まだ何も届いていません。No mail yet.</p>"
    } else {
        ""
    };
    let page = format!(
        "<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>/dev/mail</title></head><body><main><h1>デモのメール</h1>\
         <p>このデモが送ったメールは、ここにだけ届きます。The mail of this demo lands only here.</p>{empty}{items}</main></body></html>"
    );
    Ok((
        [
            (header::CACHE_CONTROL, "no-store"),
            (HeaderName::from_static("x-robots-tag"), "noindex"),
        ],
        Html(page),
    )
        .into_response())
}

fn item(mail: &Landed) -> String {
    let text: String = mail
        .text
        .lines()
        .map(|line| linked(line.trim_end()) + "<br>")
        .collect();
    format!(
        "<article><h2>{}</h2><p>{}</p><p>{text}</p></article><hr>",
        escaped(&mail.subject),
        escaped(&mail.to)
    )
}

/// A line that is an address becomes a link.
fn linked(line: &str) -> String {
    let line = escaped(line);
    if line.starts_with("https://") || line.starts_with("http://") {
        format!("<a href=\"{line}\">{line}</a>")
    } else {
        line
    }
}

#[cfg(test)]
mod tests;
