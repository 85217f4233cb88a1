//! The command line: one program that serves, imports, invites, backs up, restores, migrates and checks.

mod address;
mod backup;
mod courses;
mod people;
mod serve;
mod settings;
mod systemd;

use std::{
    ffi::OsString,
    io::{IsTerminal as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Args, Parser, Subcommand};
use domain::time::Time;
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::{db::Db, services::Clock, trace::Traces};
use settings::Settings;

/// Kakehashi (架け橋): keeps a company in honest contact with those who hold its offer.
///
/// Every option can also be set by the environment variable that its description names. What is secret can stand in a
/// file: set the variable with _FILE at its end to the file's path.
#[derive(Debug, Parser)]
#[command(name = "kakehashi", version, about, long_about, max_term_width = 110)]
struct Line {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer browsers and send mail, until told to stop.
    Serve {
        /// A demo: a company with its people, and mail that stays in this process and is shown at /dev/mail.
        #[arg(long)]
        demo: bool,
    },
    /// Take people from a CSV file: UTF-8 or Windows-31J, with Japanese or English headers.
    ///
    /// Nothing changes when anything in the file is wrong. People are told apart by their mail address, so the same file
    /// can be imported again.
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Import(Imported),
    /// Mail invitations. The running server sends them.
    Invite(Invited),
    /// Copy the database as it is at one moment into a file, while the server runs.
    Backup {
        /// The new file; a folder, when it is for each of many companies.
        to: PathBuf,
    },
    /// Replace the database by a backup. The server must not run; devices load everything anew and send what is missing.
    Restore {
        /// The backup.
        from: PathBuf,
        /// Replace what is there.
        #[arg(long)]
        yes: bool,
    },
    /// Bring the database's schema up to date. The server does the same at its start.
    Migrate,
    /// Compute again, from the facts, everything that devices are told, and compare.
    Rebuild {
        /// Compare; change nothing.
        #[arg(long, required = true)]
        check: bool,
    },
}

#[derive(Debug, Args)]
struct Imported {
    /// The file.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Only say what would change.
    #[arg(long)]
    dry_run: bool,
    #[command(subcommand)]
    what: Option<ImportedWhat>,
}

#[derive(Debug, Subcommand)]
enum ImportedWhat {
    /// Take a course instead: a folder, a ZIP of one, a package that others made (SCORM 1.2, SCORM 2004, cmi5; it needs
    /// --play-address), or the name of one that comes with the program (manners, mail, calls, rules, money, health, boki-3,
    /// it-passport).
    ///
    /// Nothing changes when anything in it is wrong. Imported again, it is renewed, and people go on where they were.
    Course {
        /// The folder, the ZIP or the name.
        from: PathBuf,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Invited {
    /// Everybody who never signed in and holds no invitation that still works.
    #[arg(long)]
    all: bool,
    /// The mail address of one person.
    address: Option<String>,
}

/// Does what the command line says.
#[must_use]
pub fn main() -> ExitCode {
    let line = Line::parse();
    let traces = log(&line.settings);
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")
        .and_then(|it| it.block_on(run(line, Clock::System)));
    if let Some(traces) = traces {
        traces.close();
    }
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to be done when even this cannot be written.
            let _ = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Logs to the terminal, and where a collector is set, traces to it. A mistake in its address is told with all others.
fn log(settings: &Settings) -> Option<Traces> {
    let endpoint = settings.otlp_endpoint().ok().flatten();
    let traces = endpoint.and_then(|it| Traces::to(it).ok());
    let filter = EnvFilter::try_new(&settings.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let log = if settings.log_json {
        log.json().with_filter(filter).boxed()
    } else {
        log.with_ansi(std::io::stderr().is_terminal())
            .compact()
            .with_filter(filter)
            .boxed()
    };
    tracing_subscriber::registry()
        .with(log)
        .with(traces.as_ref().map(Traces::layer))
        .init();
    traces
}

/// Does what a command line says, its first word being the program's name, at the time of a clock.
///
/// # Errors
/// What the program would say at its end.
pub async fn run_words<W: Into<OsString> + Clone>(
    words: impl IntoIterator<Item = W>,
    clock: Clock,
) -> Result<()> {
    run(Line::try_parse_from(words)?, clock).await
}

async fn run(line: Line, clock: Clock) -> Result<()> {
    let settings = line.settings;
    match line.command {
        Command::Serve { demo } => serve::serve(settings.for_serving(demo)?, clock).await,
        Command::Import(Imported {
            what: Some(ImportedWhat::Course { from }),
            ..
        }) => courses::import(&settings, &from, clock).await,
        Command::Import(Imported { file, dry_run, .. }) => {
            let file = file.unwrap_or_default();
            people::import(&settings.database()?, &file, dry_run, clock).await
        }
        Command::Invite(Invited { all, address }) => {
            people::invite(
                &settings.database()?,
                if all { None } else { address.as_deref() },
                clock.now(),
            )
            .await
        }
        Command::Backup { to } => backup::backup(&settings.databases()?, &to).await,
        Command::Restore { from, yes } => {
            backup::restore(&settings.database_to_restore()?, &from, yes).await
        }
        Command::Migrate => {
            for_each(&settings.databases()?, async |database| {
                open(database).await?.close().await;
                say("The database is up to date.")
            })
            .await
        }
        Command::Rebuild { check: _ } => {
            for_each(&settings.databases()?, async |it| {
                rebuild(it, clock.now()).await
            })
            .await
        }
    }
}

/// Does something for one company, or for each of many, one after the other: one that fails does not keep the others from it.
async fn for_each(
    databases: &[(Option<String>, String)],
    work: impl AsyncFn(&str) -> Result<()>,
) -> Result<()> {
    let mut failed = 0;
    for (host, database) in databases {
        let Some(host) = host else {
            return work(database).await;
        };
        say(&format!("{host}:"))?;
        if let Err(fault) = work(database).await {
            say(&format!("{fault:#}"))?;
            failed += 1;
        }
    }
    ensure!(
        failed == 0,
        "{failed} of {} companies failed",
        databases.len()
    );
    Ok(())
}

async fn rebuild(database: &str, now: Time) -> Result<()> {
    let db = open(database).await?;
    let differences = crate::rebuild::check(&db, now).await?;
    db.close().await;
    if differences.is_empty() {
        return say("What devices are told is what the facts say.");
    }
    for it in &differences {
        let what = match (it.is_stored, it.is_due) {
            (true, true) => "is told differently",
            (true, false) => "is told and is not so",
            _ => "is so and is not told",
        };
        say(&format!("{} {} for {} {what}", it.kind, it.id, it.audience))?;
    }
    bail!("{} rows differ from the facts", differences.len())
}

/// Opens a database; the folder of an SQLite file is made when it is missing.
async fn open(database: &str) -> Result<Db> {
    if let Some(parent) = settings::file_of(database).and_then(|it| it.parent().map(PathBuf::from))
    {
        std::fs::create_dir_all(&parent)
            .with_context(|| format!("cannot make the folder {}", parent.display()))?;
    }
    Db::open(database).await
}

/// Says a line to whoever called.
fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").context("cannot write to the terminal")
}

#[cfg(test)]
mod tests;
