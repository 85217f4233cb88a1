//! Settings of this process: read once, checked together, never changed.

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use domain::text::Name;
use lettre::message::Mailbox;

use crate::{drain::Drain, limit::Rates, metrics::Metrics, notification::Sink};

/// How mail leaves.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// TLS from the first byte (`smtps://`); otherwise STARTTLS, which only a loopback address may go without.
    pub is_implicit_tls: bool,
    /// The mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Name and password, where the server wants them.
    pub login: Option<(String, String)>,
}

impl fmt::Debug for SmtpSettings {
    /// Without the login: settings end up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl SmtpSettings {
    /// Reads `smtp://user:password@host:port` or `smtps://…`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it, without repeating it: it may hold a password.
    pub fn parse(url: &str) -> Result<Self, String> {
        let (scheme, rest) = url
            .split_once("://")
            .ok_or("it begins with smtp:// or smtps://")?;
        let is_implicit_tls = match scheme {
            "smtp" => false,
            "smtps" => true,
            _ => return Err("it begins with smtp:// or smtps://".into()),
        };
        let rest = rest.trim_end_matches('/');
        let (login, server) = match rest.rsplit_once('@') {
            Some((login, server)) => {
                let (name, password) = login
                    .split_once(':')
                    .ok_or("before the @ stand a name and a password, with a colon between them")?;
                (Some((decoded(name)?, decoded(password)?)), server)
            }
            None => (None, rest),
        };
        let (host, port) = match server.rsplit_once(':') {
            Some((host, port)) => (
                host,
                port.parse()
                    .map_err(|_| "the port is a number up to 65535")?,
            ),
            None => (server, if is_implicit_tls { 465 } else { 587 }),
        };
        if host.is_empty() || host.contains(['/', ' ']) {
            return Err("the name of the mail server is missing".into());
        }
        Ok(Self {
            is_implicit_tls,
            host: host.to_owned(),
            port,
            login,
        })
    }

    /// The server is this machine: no wire to listen on.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(
            self.host.as_str(),
            "localhost" | "127.0.0.1" | "::1" | "[::1]"
        )
    }
}

/// The address of a database.
///
/// # Errors
/// What it should be.
pub(crate) fn database(address: &str) -> Result<String, String> {
    if ["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|it| address.starts_with(it))
    {
        Ok(address.to_owned())
    } else {
        Err("begins with sqlite: or postgres://".into())
    }
}

/// Whom mail comes from.
///
/// # Errors
/// What it should be.
pub(crate) fn mail_from(from: &str) -> Result<String, String> {
    if from.parse::<Mailbox>().is_ok() {
        Ok(from.to_owned())
    } else {
        Err("is a mail address, or a name with one: `Name <address>`".into())
    }
}

/// The company's name.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn company_name(name: &str) -> Result<String, String> {
    Name::new(name)
        .map(|it| it.to_string())
        .map_err(|it| format!("is {it}"))
}

/// Undoes %-encoding, so that a password may hold `@`, `:` and `/`.
pub(crate) fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |it: Option<u8>| it.and_then(|it| char::from(it).to_digit(16));
        let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) else {
            return Err("a % in name or password is written %25".into());
        };
        bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
    }
    String::from_utf8(bytes).map_err(|_| "name and password are text in UTF-8".into())
}

/// Settings of this process.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// What people type to come here; no slash at the end.
    pub origin: String,
    /// Where packages play: another origin. Without it none can be imported.
    pub play: Option<String>,
    /// `sqlite:PATH` or `postgres://…`.
    pub database: String,
    /// The folder of companies, where there are many.
    pub companies: Option<PathBuf>,
    /// The folder of built files.
    pub site: PathBuf,
    /// How mail leaves. Without it no mail is sent and its jobs wait.
    pub mail: Option<SmtpSettings>,
    /// From whom it comes, and where answers go.
    pub mail_from: String,
    /// The company's name, for a database that has none yet.
    pub company_name: String,
    /// A demo: a company with its people, and mail that stays here.
    pub is_demo: bool,
    /// Proxies in front whose `X-Forwarded-For` is believed.
    pub trusted_proxy_hops: u8,
    /// How often networks, people and devices may ask; without it nobody counts.
    pub rates: Option<Rates>,
    /// Browsers are told to remove the service worker.
    pub is_worker_off: bool,
    /// Where the mail of a demo lands.
    pub sink: Option<Sink>,
    /// How long this process still takes requests after it said that it is leaving.
    pub drain_for: Duration,
    /// Whether it is leaving.
    pub drain: Drain,
    /// Where figures are told, if anywhere.
    pub metrics_listen: Option<SocketAddr>,
    /// The figures.
    pub metrics: Metrics,
    /// Requests are traced.
    pub is_traced: bool,
}

impl Config {
    /// Settings for a test: a database in memory is no file, so the caller sets `database`. Nobody counts: a test is one
    /// person in a great hurry.
    #[must_use]
    pub fn for_tests() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            origin: "http://localhost:3000".into(),
            play: Some("http://play.localhost:3000".into()),
            database: "sqlite::memory:".into(),
            companies: None,
            site: PathBuf::from("target/site"),
            mail: None,
            mail_from: "Kakehashi <kakehashi@example.jp>".into(),
            company_name: "架け橋商事".into(),
            is_demo: false,
            trusted_proxy_hops: 0,
            rates: None,
            is_worker_off: false,
            sink: None,
            drain_for: Duration::ZERO,
            drain: Drain::default(),
            metrics_listen: None,
            metrics: Metrics::default(),
            is_traced: false,
        }
    }

    /// The host of the origin, without its port.
    #[must_use]
    pub fn host(&self) -> &str {
        let host = self.origin.split_once("://").map_or("", |it| it.1);
        match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) => name,
            _ => host,
        }
    }
}

#[cfg(test)]
mod tests;
