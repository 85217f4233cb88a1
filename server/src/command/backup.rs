//! `kakehashi backup` and `kakehashi restore`.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use domain::id::HistoryId;

use super::{say, settings::file_of};
use crate::{db::copy, services::chance, sync::queries};

/// Copies the database into a file; many companies' databases each into its own in a folder.
pub(super) async fn backup(databases: &[(Option<String>, String)], to: &Path) -> Result<()> {
    if let [(None, database)] = databases {
        copy::backup(database, to).await?;
        return say(&format!("The backup is in {}.", to.display()));
    }
    std::fs::create_dir_all(to)
        .with_context(|| format!("cannot make the folder {}", to.display()))?;
    let mut failed = 0;
    for (host, database) in databases {
        let host = host.as_deref().unwrap_or("company");
        let file = to.join(format!("{host}.backup"));
        match copy::backup(database, &file).await {
            Ok(()) => say(&format!("{host}: the backup is in {}.", file.display()))?,
            Err(fault) => {
                failed += 1;
                say(&format!("{host}: {fault:#}"))?;
            }
        }
    }
    ensure!(
        failed == 0,
        "{failed} of {} companies have no backup",
        databases.len()
    );
    Ok(())
}

/// Puts a backup in the place of the database.
pub(super) async fn restore(database: &str, from: &Path, yes: bool) -> Result<()> {
    let file = file_of(database);
    if !yes {
        ensure!(
            !copy::is_filled(database, file).await?,
            "there is a database already: add --yes to replace it"
        );
    }
    let db = copy::restore(database, file, from).await?;
    // Another life: devices whose cursors are of the old one load everything anew and bring back what is missing here.
    let mut tx = db.begin().await?;
    queries::set_fact(&mut tx, "history", &HistoryId::random(chance()).to_string()).await?;
    tx.commit().await.context("cannot begin a new history")?;
    db.close().await;
    say("The backup is in its place. Start the server now.")
}
