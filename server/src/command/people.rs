//! `kakehashi import` and `kakehashi invite`.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result, bail};
use app::{
    online::{ImportFault, ImportReport},
    words::counted,
};
use domain::{id::HistoryId, time::Time};

use super::{open, say};
use crate::{
    db::{Db, Executor},
    error::ApiError,
    member,
    services::{Clock, chance},
    sync::{Feed, queries},
};

/// Imports a file of people.
pub(super) async fn import(database: &str, file: &Path, is_dry: bool, clock: Clock) -> Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let db = open(database).await?;
    begin_history(&db).await?;
    let now = clock.now();
    let executor = Executor::start(db.clone(), Arc::new(Feed::load(&db).await?), clock);
    let report = member::import_file(&db, &executor, &bytes, is_dry, now).await;
    drop(executor);
    db.close().await;
    match report {
        Ok(report) => tell(&report),
        Err(ApiError::Malformed(what)) => bail!("{what}"),
        Err(ApiError::Fault(fault)) => Err(fault),
        Err(other) => bail!("the import could not be carried out: {other:?}"),
    }
}

/// A database that no server has started on yet has no history.
pub(super) async fn begin_history(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    if queries::fact(&mut tx, "history").await?.is_none() {
        queries::set_fact(&mut tx, "history", &HistoryId::random(chance()).to_string()).await?;
    }
    tx.commit().await.context("cannot prepare the database")
}

fn tell(report: &ImportReport) -> Result<()> {
    say(&format!(
        "Read as {}: {}.",
        report.encoding,
        counted(&report.rows, "row")
    ))?;
    for column in &report.unknown_columns {
        say(&format!(
            "Not read, because nobody knows this column: {column}"
        ))?;
    }
    for it in &report.problems {
        say(&format!(
            "Row {}, {}: {} {}",
            it.row,
            it.column,
            sentence(it.fault),
            it.found
        ))?;
    }
    if !report.problems.is_empty() {
        bail!("Nothing was changed: {} problems.", report.problems.len());
    }
    let verb = if report.is_done {
        "Done"
    } else {
        "This would happen"
    };
    say(&format!(
        "{verb}: {} new, {} changed, {} unchanged.",
        report.created, report.changed, report.unchanged
    ))
}

fn sentence(fault: ImportFault) -> &'static str {
    match fault {
        ImportFault::Missing => "is empty, but needed.",
        ImportFault::TooLong => "is too long:",
        ImportFault::NotAnAddress => "is no mail address:",
        ImportFault::AddressTwice => "stands in the file twice:",
        ImportFault::UnknownRole => "is no role:",
        ImportFault::NotADate => "is no date:",
        ImportFault::NotAYear => "is no year:",
        ImportFault::NotReadable => "holds characters that cannot be read:",
        ImportFault::NoSuchColumn => "is a column that is needed and missing.",
        ImportFault::TooManyRows => "There are too many rows.",
        ImportFault::NotRead => "What follows was not read.",
        ImportFault::OwnersAlone => "is a role that only the owner gives or takes:",
        ImportFault::LastOwner => "would leave the company without an owner:",
    }
}

/// Invites one person, or everybody who waits for it.
pub(super) async fn invite(database: &str, address: Option<&str>, now: Time) -> Result<()> {
    let db = open(database).await?;
    let said = match address {
        None => {
            let count = member::invite_all(&db, now)
                .await
                .map_err(|error| anyhow::anyhow!("cannot invite: {error:?}"))?;
            format!("{count} invitations are on their way; the running server mails them.")
        }
        Some(address) => {
            if !member::invite_one(&db, address, now)
                .await
                .map_err(|error| anyhow::anyhow!("cannot invite: {error:?}"))?
            {
                bail!("nobody here has this address");
            }
            "The invitation is on its way; the running server mails it.".to_owned()
        }
    };
    db.close().await;
    say(&said)
}
