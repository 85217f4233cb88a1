//! A company's file in the folder of companies.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::config::{self, Config, SmtpSettings};

/// Before a company's host name: where its packages play.
pub(super) const PLAY: &str = "play.";

/// What a company's file says: TOML, named `HOST.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The host name, which is the file's.
    #[serde(skip)]
    pub host: String,
    /// The company's name, as people read it.
    pub name: String,
    /// `sqlite:PATH` or `postgres://…`; without it a file `HOST.db` beside this one.
    database: Option<String>,
    /// From whom mail comes, where it is not from whom all companies' mail comes.
    mail_from: Option<String>,
    /// The mail server, where it has its own.
    smtp_url: Option<String>,
    /// Packages play at `play.HOST`.
    #[serde(default)]
    play: bool,
    #[serde(skip)]
    folder: PathBuf,
}

impl Card {
    /// Has this host a company?
    #[must_use]
    pub fn is_there(folder: &Path, host: &str) -> bool {
        is_host(host) && file(folder, host).is_file()
    }

    /// Reads the file of a host.
    ///
    /// # Errors
    /// When there is none, or it says what nobody understands: which file, and what.
    pub fn read(folder: &Path, host: &str) -> Result<Self> {
        Self::read_file(folder, host, &file(folder, host))
    }

    /// Reads the file of a host that is taken away from the server, `HOST.toml.off`.
    ///
    /// # Errors
    /// As [`Card::read`]; and when the server still has it.
    pub fn read_off(folder: &Path, host: &str) -> Result<Self> {
        let (on, off) = (file(folder, host), folder.join(format!("{host}.toml.off")));
        if on.exists() {
            bail!(
                "rename {} to {} first, so that the server lets the company go",
                on.display(),
                off.display()
            );
        }
        Self::read_file(folder, host, &off)
    }

    fn read_file(folder: &Path, host: &str, file: &Path) -> Result<Self> {
        if !is_host(host) {
            bail!("{host} is no host name in small letters");
        }
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        // The parser's own words show the line, and a line can hold a password.
        let card: Self = toml::from_str(&text)
            .map_err(|fault| anyhow::anyhow!("{}: {}", file.display(), fault.message()))?;
        Ok(Self {
            host: host.to_owned(),
            folder: folder.to_owned(),
            ..card
        })
    }

    /// The address of its database.
    ///
    /// # Errors
    /// When the file says something else.
    pub fn database(&self) -> Result<String> {
        match &self.database {
            Some(address) => config::database(address).map_err(|it| self.wrong("database", &it)),
            None => Ok(format!(
                "sqlite:{}",
                self.folder.join(format!("{}.db", self.host)).display()
            )),
        }
    }

    /// The settings of this company: what holds for all, and its own.
    ///
    /// # Errors
    /// What is wrong in the file.
    pub fn config(&self, common: &Config) -> Result<Config> {
        let mail_from = match &self.mail_from {
            Some(from) => config::mail_from(from).map_err(|it| self.wrong("mail_from", &it))?,
            None if common.mail_from.is_empty() => {
                bail!(self.wrong("mail_from", "is missing, and --mail-from too"))
            }
            None => common.mail_from.clone(),
        };
        let mail = match &self.smtp_url {
            Some(url) => Some(SmtpSettings::parse(url).map_err(|it| self.wrong("smtp_url", &it))?),
            None => common.mail.clone(),
        };
        let (host, port) = (&self.host, common.listen.port());
        Ok(Config {
            origin: origin(host, port),
            play: self.play.then(|| origin(&[PLAY, host].concat(), port)),
            database: self.database()?,
            company_name: config::company_name(&self.name).map_err(|it| self.wrong("name", &it))?,
            mail_from,
            mail,
            ..common.clone()
        })
    }

    /// Do packages play?
    #[must_use]
    pub fn has_play_address(&self) -> bool {
        self.play
    }

    fn wrong(&self, field: &str, what: &str) -> anyhow::Error {
        anyhow::anyhow!(
            "{}: {field} {what}",
            file(&self.folder, &self.host).display()
        )
    }
}

/// Names of this very machine are reached without a proxy in front.
fn origin(host: &str, port: u16) -> String {
    if host == "localhost" || host.ends_with(".localhost") {
        format!("http://{host}:{port}")
    } else {
        format!("https://{host}")
    }
}

/// The hosts that have a file in the folder, in order.
///
/// # Errors
/// When the folder cannot be read.
pub fn hosts(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("{} is no folder of companies", folder.display()))?;
    let mut hosts = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let host = name.to_str().and_then(|it| it.strip_suffix(".toml"));
        hosts.extend(host.filter(|it| is_host(it)).map(str::to_owned));
    }
    hosts.sort_unstable();
    Ok(hosts)
}

fn file(folder: &Path, host: &str) -> PathBuf {
    folder.join(format!("{host}.toml"))
}

/// A host name in small letters: it becomes part of a path.
pub(super) fn is_host(text: &str) -> bool {
    let is_label = |it: &str| {
        !it.is_empty()
            && it.len() <= 63
            && it
                .bytes()
                .all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_is_no_path() {
        for good in ["bridge.example.jp", "a", "xn--q9jyb4c.example", "127.0.0.1"] {
            assert!(is_host(good), "{good}");
        }
        let long = "a".repeat(64);
        for bad in [
            "",
            ".",
            "..",
            "../etc/passwd",
            "A.example",
            "a..b",
            "a/b",
            "a\\b",
            "a b",
            "a:80",
            "架け橋.jp",
            &long,
        ] {
            assert!(!is_host(bad), "{bad}");
        }
    }
}
