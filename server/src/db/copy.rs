//! Copies of a whole database, and bringing one back. Here the engines have nothing in common.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Stdio,
    str::FromStr as _,
};

use anyhow::{Context, Result, bail, ensure};
use sqlx::{
    AnyConnection, ConnectOptions as _, Connection as _, Executor as _,
    any::{AnyConnectOptions, install_default_drivers},
};
use tokio::process::Command;

use super::Db;

/// Copies a database as it is at one moment. The schema stays what it is, so an old one can be kept before an upgrade.
///
/// # Errors
/// When there is something at `to`, or the database cannot be read.
pub async fn backup(database: &str, to: &Path) -> Result<()> {
    ensure!(!to.exists(), "{} is there already", to.display());
    if database.starts_with("sqlite:") {
        let mut conn = connect(&with_mode(database, "rw")).await?;
        let target = to.to_str().context("the backup's name is not text")?;
        sqlx::query("vacuum into $1")
            .bind(target)
            .execute(&mut conn)
            .await
            .context("cannot copy the database")?;
        conn.close().await?;
        return Ok(());
    }
    let mut dump = tool("pg_dump", database);
    dump.arg("--format=custom")
        .arg("--no-owner")
        .arg("--file")
        .arg(to);
    run(dump).await
}

/// Does the address hold a company?
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_filled(database: &str, file: Option<&Path>) -> Result<bool> {
    if let Some(file) = file {
        return Ok(file.exists());
    }
    let mut conn = connect(database).await?;
    let is_filled = sqlx::query("select key from company limit 1")
        .fetch_optional(&mut conn)
        .await
        .is_ok_and(|it| it.is_some());
    conn.close().await?;
    Ok(is_filled)
}

/// Puts a backup in the place of a database and opens it, its schema brought up to date.
///
/// # Errors
/// When the backup is none, or somebody is at work in the database; then what was there is still there.
pub async fn restore(database: &str, file: Option<&Path>, from: &Path) -> Result<Db> {
    be_alone(database, file).await?;
    match file {
        Some(file) => {
            restore_file(file, from).await?;
            Db::open(database).await
        }
        None => {
            let mut restore = tool("pg_restore", database);
            restore
                .args([
                    "--clean",
                    "--if-exists",
                    "--no-owner",
                    "--single-transaction",
                    "--exit-on-error",
                ])
                .arg(from);
            run(restore).await?;
            Db::open(database).await
        }
    }
}

/// Nobody may be at work in a database that is about to be replaced.
async fn be_alone(database: &str, file: Option<&Path>) -> Result<()> {
    let Some(file) = file else {
        let mut conn = connect(database).await?;
        let (others,): (i64,) = sqlx::query_as(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
        )
        .fetch_one(&mut conn)
        .await?;
        conn.close().await?;
        ensure!(
            others == 0,
            "{others} connections to the database are open: stop the server first"
        );
        return Ok(());
    };
    if !file.exists() {
        return Ok(());
    }
    let mut conn = connect(&with_mode(database, "rw")).await?;
    // A log beside the file is shared by whoever has it open; alone, one can do without.
    let locked = conn
        .execute("pragma busy_timeout = 2000; pragma locking_mode = exclusive; begin exclusive; rollback")
        .await;
    conn.close().await?;
    match locked {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(error)) if error.code().is_some_and(|it| it == "5") => {
            bail!("{} is open: stop the server first", file.display())
        }
        // A broken file is what backups are for.
        Err(_) => Ok(()),
    }
}

async fn restore_file(file: &Path, from: &Path) -> Result<()> {
    let source = from.to_str().context("the backup's name is not text")?;
    ensure!(from.is_file(), "{source} is no file");
    let mut conn = connect(&format!("sqlite:{source}?mode=ro&immutable=1"))
        .await
        .context("the backup cannot be opened")?;
    let history: Option<(String,)> =
        sqlx::query_as("select value from company where key = 'history'")
            .fetch_optional(&mut conn)
            .await
            .with_context(|| format!("{source} is no backup of Kakehashi"))?;
    ensure!(history.is_some(), "{source} holds no company");
    conn.close().await?;
    if let Some(parent) = file.parent().filter(|it| !it.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot make the folder {}", parent.display()))?;
    }
    // First beside it, then in one step in its place: a full disk leaves what was there.
    let beside = with_suffix(file, ".restored");
    std::fs::copy(from, &beside).context("cannot copy the backup")?;
    std::fs::File::open(&beside)
        .and_then(|it| it.sync_all())
        .context("cannot write the backup to the disk")?;
    for suffix in ["-wal", "-shm"] {
        let rest = with_suffix(file, suffix);
        if rest.exists() {
            std::fs::remove_file(&rest)
                .with_context(|| format!("cannot remove {}", rest.display()))?;
        }
    }
    std::fs::rename(&beside, file).context("cannot put the backup in its place")
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    PathBuf::from(name)
}

/// The address with a mode, whatever mode it had.
fn with_mode(database: &str, mode: &str) -> String {
    format!(
        "{}?mode={mode}",
        database.split('?').next().unwrap_or(database)
    )
}

async fn connect(database: &str) -> Result<AnyConnection> {
    install_default_drivers();
    // The address can hold a password, so the text of a parse error stays out of the message.
    let options = AnyConnectOptions::from_str(database)
        .map_err(|_| anyhow::anyhow!("the database address cannot be read"))?;
    options.connect().await.context("cannot open the database")
}

/// A program of PostgreSQL's. The password goes by its environment: arguments are for everybody on the machine to read.
fn tool(name: &str, database: &str) -> Command {
    let (address, password) = without_password(database);
    let mut command = Command::new(name);
    command.arg("--dbname").arg(address).stdin(Stdio::null());
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

/// `postgres://user:password@host/name` without its password, and the password.
fn without_password(database: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = database.split_once("://") else {
        return (database.to_owned(), None);
    };
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let Some((login, _)) = authority.rsplit_once('@') else {
        return (database.to_owned(), None);
    };
    let Some((user, password)) = login.split_once(':') else {
        return (database.to_owned(), None);
    };
    let address = format!("{scheme}://{user}{}", &rest[login.len()..]);
    (address, crate::config::decoded(password).ok())
}

async fn run(mut command: Command) -> Result<()> {
    let name = command
        .as_std()
        .get_program()
        .to_string_lossy()
        .into_owned();
    let status = command
        .status()
        .await
        .with_context(|| format!("cannot run {name}: install PostgreSQL's client programs"))?;
    if !status.success() {
        bail!("{name} failed; what it said stands above");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_no_argument() {
        let split =
            without_password("postgres://kake:p%40ss@db.example.jp:5432/kakehashi?sslmode=require");
        assert_eq!(
            split,
            (
                "postgres://kake@db.example.jp:5432/kakehashi?sslmode=require".into(),
                Some("p@ss".into())
            )
        );
        assert_eq!(without_password("postgres:///kakehashi").1, None);
        assert_eq!(
            without_password("postgres://kake@db/kakehashi?x=a:b@c").1,
            None
        );
    }
}
