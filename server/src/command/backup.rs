//! `kakehashi backup` and `kakehashi restore`.

use std::{net::SocketAddr, path::Path};

use anyhow::{Context as _, Result, ensure};
use domain::id::HistoryId;

use super::{is_answered, say, settings::file_of};
use crate::{db::copy, services::chance, sync::queries};

/// Copies the database into a file.
pub(super) async fn backup(database: &str, to: &Path) -> Result<()> {
    copy::backup(database, to).await?;
    say(&format!("The backup is in {}.", to.display()))
}

/// Puts a backup in the place of the database.
pub(super) async fn restore(
    database: &str,
    listen: SocketAddr,
    from: &Path,
    yes: bool,
) -> Result<()> {
    ensure!(
        !is_answered(listen).await,
        "a server answers on {listen}: stop it first"
    );
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
