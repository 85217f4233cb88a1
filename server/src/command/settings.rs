//! Settings as the command line and the environment give them, and all mistakes in them told at once.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Result, bail};
use clap::Args;

use super::address;
use crate::{
    company::{Card, hosts},
    config::{self, Config, SmtpSettings},
    drain::Drain,
    limit::Rates,
    metrics::Metrics,
};

/// Everything is text here, so that one run can tell all mistakes.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Settings {
    /// Address and port to listen on.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:3000"
    )]
    pub(super) listen: String,

    /// What people type to come here: https://…, or http:// for localhost. Default: http://localhost with the port.
    #[arg(long, global = true, env = "KAKEHASHI_ORIGIN", value_name = "URL")]
    origin: Option<String>,

    /// Where packages of others (SCORM, cmi5) play: the address of another host name that leads here, too. Default: none, and
    /// none can be imported; `http://play.localhost` with the port for a demo.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_PLAY_ADDRESS",
        value_name = "URL"
    )]
    play_address: Option<String>,

    /// sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. Default: sqlite:data/kakehashi.db; sqlite:data/demo.db for a demo.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    database: Option<String>,

    /// A file that holds the address of the database.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_DATABASE_FILE",
        value_name = "FILE"
    )]
    database_file: Option<PathBuf>,

    /// Many companies in one process: a folder with a file HOST.toml for each, which says `name = "…"`. Its database is
    /// HOST.db beside it unless the file says `database = "…"`; `mail_from` and `smtp_url` can stand there, too.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_COMPANIES",
        value_name = "FOLDER"
    )]
    companies: Option<PathBuf>,

    /// Which of many companies a command is for, by its host name.
    #[arg(long, global = true, env = "KAKEHASHI_COMPANY", value_name = "HOST")]
    company: Option<String>,

    /// The folder of built files. Default: target/site, else `site` beside this program.
    #[arg(long, global = true, env = "KAKEHASHI_SITE", value_name = "FOLDER")]
    site: Option<PathBuf>,

    /// The mail server: smtp://USER:PASSWORD@HOST:PORT (STARTTLS), or smtps:// (TLS at once).
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_SMTP_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    smtp_url: Option<String>,

    /// A file that holds the address of the mail server.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_SMTP_URL_FILE",
        value_name = "FILE"
    )]
    smtp_url_file: Option<PathBuf>,

    /// From whom mail comes and where answers to it go: `Name <address>`.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_MAIL_FROM",
        value_name = "MAILBOX"
    )]
    mail_from: Option<String>,

    /// The company's name, as people read it.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_COMPANY_NAME",
        value_name = "NAME"
    )]
    company_name: Option<String>,

    /// Proxies in front of this server whose X-Forwarded-For is believed.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_TRUSTED_PROXY_HOPS",
        value_name = "COUNT",
        default_value = "0"
    )]
    trusted_proxy_hops: String,

    /// The kill switch: browsers remove the service worker and every file it kept. What people wrote is not touched.
    #[arg(long, global = true, env = "KAKEHASHI_WORKER_OFF")]
    worker_off: bool,

    /// How long to take requests after the word that this process is leaving, so that a proxy hears it. Default: 5; 0 for a demo.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_DRAIN_SECONDS",
        value_name = "SECONDS"
    )]
    drain_seconds: Option<String>,

    /// Address and port on which Prometheus reads figures, at /metrics. Not for the public. Default: none.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_METRICS_LISTEN",
        value_name = "ADDRESS:PORT"
    )]
    metrics_listen: Option<String>,

    /// A collector of traces that speaks OTLP over HTTP: http://localhost:4318. Default: none.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_OTLP_ENDPOINT",
        value_name = "URL"
    )]
    otlp_endpoint: Option<String>,

    /// What is logged, as tracing's filters say it.
    #[arg(
        long,
        global = true,
        env = "KAKEHASHI_LOG",
        value_name = "FILTER",
        default_value = "info,sqlx=warn"
    )]
    pub(super) log: String,

    /// Log lines as JSON.
    #[arg(long, global = true, env = "KAKEHASHI_LOG_JSON")]
    pub(super) log_json: bool,
}

/// The file of an SQLite address.
pub(super) fn file_of(database: &str) -> Option<&Path> {
    let path = database.strip_prefix("sqlite:")?;
    let path = path.split('?').next().unwrap_or(path);
    let path = path.strip_prefix("//").unwrap_or(path);
    (!path.is_empty() && path != ":memory:").then(|| Path::new(path))
}

/// Sentences about what is wrong.
#[derive(Debug, Default)]
struct Mistakes(Vec<String>);

impl Mistakes {
    /// The value, or a note of what is wrong with it.
    fn take<T>(&mut self, value: Result<T, String>) -> Option<T> {
        value.map_err(|it| self.0.push(it)).ok()
    }

    fn all(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = self.0.iter().map(|it| format!("  - {it}")).collect();
        bail!(
            "These settings need a change:\n{}\nSee `kakehashi help` for all of them.",
            lines.join("\n")
        )
    }
}

impl Settings {
    /// Settings for a server.
    ///
    /// # Errors
    /// All mistakes together.
    pub(super) fn for_serving(&self, is_demo: bool) -> Result<Config> {
        let mut mistakes = Mistakes::default();
        let listen = mistakes.take(listen(&self.listen));
        let origin = mistakes.take(self.origin(listen));
        let play = mistakes.take(self.play(origin.as_deref(), is_demo));
        let database = mistakes.take(self.address(is_demo));
        let site = mistakes.take(self.site());
        let hops = self
            .trusted_proxy_hops
            .trim()
            .parse()
            .map_err(|_| "--trusted-proxy-hops is a number from 0 to 255".to_owned());
        let trusted_proxy_hops = mistakes.take(hops);
        let mail = mistakes.take(self.mail(is_demo));
        let mail_from = mistakes.take(self.mail_from(is_demo));
        let company_name = mistakes.take(self.company_name(is_demo));
        mistakes.take(self.one_or_many(is_demo));
        let drain_for = mistakes.take(self.drain_for(is_demo));
        let metrics_listen = mistakes.take(self.metrics_listen());
        let is_traced = mistakes
            .take(self.otlp_endpoint())
            .is_some_and(|it| it.is_some());
        mistakes.all()?;
        let (Some(listen), Some(origin), Some(database), Some(site)) =
            (listen, origin, database, site)
        else {
            bail!("settings are missing")
        };
        let (Some(mail), Some(mail_from), Some(company_name)) = (mail, mail_from, company_name)
        else {
            bail!("settings are missing")
        };
        let (Some(trusted_proxy_hops), Some(drain_for), Some(play)) =
            (trusted_proxy_hops, drain_for, play)
        else {
            bail!("settings are missing")
        };
        Ok(Config {
            listen,
            origin,
            play,
            database,
            companies: self.companies.clone(),
            site,
            mail,
            mail_from,
            company_name,
            is_demo,
            trusted_proxy_hops,
            rates: Some(Rates::USUAL),
            is_worker_off: self.worker_off,
            sink: None,
            drain_for,
            drain: Drain::default(),
            metrics_listen: metrics_listen.flatten(),
            metrics: Metrics::default(),
            is_traced,
        })
    }

    /// What can be said of one company only cannot be said of many.
    fn one_or_many(&self, is_demo: bool) -> Result<(), String> {
        let said = [
            ("--demo", is_demo),
            ("--origin", self.origin.is_some()),
            ("--play-address", self.play_address.is_some()),
            (
                "--database",
                self.database.is_some() || self.database_file.is_some(),
            ),
            ("--company-name", self.company_name.is_some()),
        ];
        match said.into_iter().find(|it| self.companies.is_some() && it.1) {
            Some((name, _)) => Err(format!(
                "{name} is for one company; --companies is for many"
            )),
            None => Ok(()),
        }
    }

    /// The database alone, for commands that need no more.
    ///
    /// # Errors
    /// When it is not one.
    pub(super) fn database(&self) -> Result<String> {
        match (&self.companies, &self.company) {
            (None, None) => self.address(false).map_err(anyhow::Error::msg),
            (Some(folder), Some(host)) => Card::read(folder, host)?.database(),
            (Some(_), None) => bail!("--company is missing: which of the companies is it?"),
            (None, Some(_)) => bail!("--company is one of many, and --companies is missing"),
        }
    }

    /// The database that a backup takes the place of. One of many companies has been taken away from the running server:
    /// its file is called `HOST.toml.off`.
    ///
    /// # Errors
    /// When it is not one, or its company is still served.
    pub(super) fn database_to_restore(&self) -> Result<String> {
        match (&self.companies, &self.company) {
            (Some(folder), Some(host)) => Card::read_off(folder, host)?.database(),
            _ => self.database(),
        }
    }

    /// The databases of a command that can do for all companies what it does for one, with their hosts.
    ///
    /// # Errors
    /// When one of them is none.
    pub(super) fn databases(&self) -> Result<Vec<(Option<String>, String)>> {
        match (&self.companies, &self.company) {
            (Some(folder), None) => hosts(folder)?
                .into_iter()
                .map(|host| {
                    let database = Card::read(folder, &host)?.database()?;
                    Ok((Some(host), database))
                })
                .collect(),
            _ => Ok(vec![(None, self.database()?)]),
        }
    }

    fn address(&self, is_demo: bool) -> Result<String, String> {
        let given = given(
            "--database",
            self.database.as_ref(),
            self.database_file.as_ref(),
        )?;
        let default = if is_demo {
            "sqlite:data/demo.db"
        } else {
            "sqlite:data/kakehashi.db"
        };
        let address = given.unwrap_or_else(|| default.to_owned());
        config::database(&address).map_err(|it| format!("--database {it}"))
    }

    fn origin(&self, listen: Option<SocketAddr>) -> Result<String, String> {
        let Some(origin) = &self.origin else {
            return Ok(format!(
                "http://localhost:{}",
                listen.map_or(3000, |it| it.port())
            ));
        };
        address::checked("--origin", origin)
    }

    /// Where packages play, for a command that imports one.
    ///
    /// # Errors
    /// When there is no such company, or it is no address.
    pub(super) fn has_play_address(&self) -> Result<bool> {
        match (&self.companies, &self.company) {
            (Some(folder), Some(host)) => Ok(Card::read(folder, host)?.has_play_address()),
            _ => {
                let play = self.play(None, false).map_err(anyhow::Error::msg)?;
                Ok(play.is_some())
            }
        }
    }

    pub(super) fn play(
        &self,
        origin: Option<&str>,
        is_demo: bool,
    ) -> Result<Option<String>, String> {
        address::play(self.play_address.as_deref(), origin, is_demo)
    }

    fn site(&self) -> Result<PathBuf, String> {
        let beside = std::env::current_exe()
            .ok()
            .and_then(|it| Some(it.parent()?.join("site")));
        let candidates = match &self.site {
            Some(site) => vec![site.clone()],
            None => [Some(PathBuf::from("target/site")), beside]
                .into_iter()
                .flatten()
                .collect(),
        };
        let found = candidates
            .iter()
            .find(|it| it.join("manifest.json").is_file());
        found.cloned().ok_or_else(|| {
            let tried: Vec<_> = candidates
                .iter()
                .map(|it| it.display().to_string())
                .collect();
            format!(
                "--site names the folder of built files; there are none in {}",
                tried.join(" or ")
            )
        })
    }

    fn mail(&self, is_demo: bool) -> Result<Option<SmtpSettings>, String> {
        // A demo keeps its mail to itself, whatever is set.
        if is_demo {
            return Ok(None);
        }
        let url = given(
            "--smtp-url",
            self.smtp_url.as_ref(),
            self.smtp_url_file.as_ref(),
        )?;
        let url = url.ok_or("--smtp-url is missing: without mail nobody can sign in")?;
        SmtpSettings::parse(&url)
            .map(Some)
            .map_err(|it| format!("--smtp-url: {it}"))
    }

    fn mail_from(&self, is_demo: bool) -> Result<String, String> {
        match &self.mail_from {
            Some(from) => config::mail_from(from).map_err(|it| format!("--mail-from {it}")),
            // Each company may have its own.
            None if self.companies.is_some() => Ok(String::new()),
            None if is_demo => Ok("架け橋 <kakehashi@example.jp>".into()),
            None => Err("--mail-from is missing: mail needs a sender, and answers need somebody who reads them".into()),
        }
    }

    /// The collector of traces.
    pub(super) fn otlp_endpoint(&self) -> Result<Option<&str>, String> {
        let Some(endpoint) = &self.otlp_endpoint else {
            return Ok(None);
        };
        let endpoint = endpoint.trim().trim_end_matches('/');
        match endpoint.strip_prefix("http://") {
            Some(host) if !host.is_empty() && !host.contains(['/', '@', ' ']) => Ok(Some(endpoint)),
            _ => Err("--otlp-endpoint is http:// and a host, with nothing behind it: http://localhost:4318".into()),
        }
    }

    fn metrics_listen(&self) -> Result<Option<SocketAddr>, String> {
        let no = |_| "--metrics-listen is an address and a port, such as 127.0.0.1:9100".to_owned();
        let address = self.metrics_listen.as_ref().map(|it| it.trim().parse());
        address.transpose().map_err(no)
    }

    fn drain_for(&self, is_demo: bool) -> Result<Duration, String> {
        let default = if is_demo { "0" } else { "5" };
        let seconds = self.drain_seconds.as_deref().unwrap_or(default).trim();
        seconds
            .parse::<u8>()
            .map(|it| Duration::from_secs(it.into()))
            .map_err(|_| "--drain-seconds is a number from 0 to 255".into())
    }

    fn company_name(&self, is_demo: bool) -> Result<String, String> {
        match &self.company_name {
            Some(name) => config::company_name(name).map_err(|it| format!("--company-name {it}")),
            None if self.companies.is_some() => Ok(String::new()),
            None if is_demo => Ok("架け橋商事".into()),
            None => Err("--company-name is missing: people want to know who writes to them".into()),
        }
    }
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    text.trim()
        .parse()
        .map_err(|_| "--listen is an address and a port, such as 127.0.0.1:3000".into())
}

/// A value that may stand in a file.
fn given(
    name: &str,
    value: Option<&String>,
    file: Option<&PathBuf>,
) -> Result<Option<String>, String> {
    match (value, file) {
        (Some(_), Some(_)) => Err(format!(
            "{name} and {name}-file are both set; one is enough"
        )),
        (Some(value), None) => Ok(Some(value.trim().to_owned())),
        (None, Some(file)) => match std::fs::read_to_string(file) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(_) => Err(format!("{name}-file: {} cannot be read", file.display())),
        },
        (None, None) => Ok(None),
    }
}
