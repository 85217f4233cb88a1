//! What goes wrong: the server is killed, its database loses its power, its disk fills up.

use std::{
    path::PathBuf,
    process::{Child, Command},
    time::Duration,
};

use anyhow::{Context as _, Result};
use domain::time::Time;
use tests::{
    Town, folder,
    postgres::{Disk, cluster},
};
use tokio::time::sleep;

use crate::kill;

/// The size of the small disk: the database and its log fit, with little more.
const SMALL: &str = "96m";

pub(super) struct Nemesis {
    port: u16,
    now: Time,
    database: String,
    site: PathBuf,
    folder: PathBuf,
    server: Option<Child>,
    small: Option<PathBuf>,
}

impl Nemesis {
    pub(super) fn new(town: &Town, port: u16, now: Time) -> Result<Self> {
        Ok(Self {
            port,
            now,
            database: town.database(),
            site: folder::site(town.folder()),
            folder: town.folder().to_owned(),
            server: None,
            small: None,
        })
    }

    /// Starts the server and waits until it answers.
    pub(super) async fn begin(&mut self) -> Result<()> {
        self.server = Some(kill::start(
            &self.database,
            &self.site,
            self.port,
            self.now,
        )?);
        kill::ready(self.port).await
    }

    /// `kill -9` after a while that is never the same, and a new server.
    pub(super) async fn kill(&mut self, round: u32) -> Result<()> {
        sleep(Duration::from_millis(250 + u64::from(round) * 37 % 400)).await;
        self.die()?;
        self.begin().await
    }

    /// The database's server stops as in a power cut, and comes back after a while.
    pub(super) async fn stop_database(&mut self, round: u32) -> Result<()> {
        sleep(Duration::from_millis(
            1_500 + u64::from(round) * 137 % 1_000,
        ))
        .await;
        let away = Duration::from_millis(200 + u64::from(round) * 331 % 1_500);
        let cluster = cluster(Disk::Sure);
        cluster.crash();
        sleep(away).await;
        cluster.begin_again();
        sleep(Duration::from_secs(1)).await;
        Ok(())
    }

    /// The disk fills up to its last byte, and after a while there is room again.
    pub(super) async fn fill_disk(&mut self) -> Result<()> {
        sleep(Duration::from_secs(2)).await;
        let ballast = self.small.as_ref().context("a small disk")?.join("ballast");
        // It ends where there is no room.
        let filled = Command::new("dd")
            .args(["if=/dev/zero", "bs=64k", "status=none"])
            .arg(format!("of={}", ballast.display()))
            .stderr(std::process::Stdio::null())
            .status();
        filled.context("dd")?;
        sleep(Duration::from_secs(3)).await;
        std::fs::remove_file(&ballast)?;
        sleep(Duration::from_secs(2)).await;
        Ok(())
    }

    /// Nothing goes wrong for a moment.
    pub(super) async fn quiet(&self) {
        sleep(Duration::from_secs(2)).await;
    }

    /// The database moves to a disk of its own, a small one. False where that may not be done.
    pub(super) fn move_to_small_disk(&mut self) -> Result<bool> {
        let small = self.folder.join("small");
        std::fs::create_dir_all(&small)?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={SMALL}"), "tmpfs"])
            .arg(&small)
            .status();
        if !mounted.is_ok_and(|it| it.success()) {
            return Ok(false);
        }
        let from = self.database.trim_start_matches("sqlite:").to_owned();
        let to = small.join("kakehashi.db");
        std::fs::copy(&from, &to)?;
        self.database = format!("sqlite:{}", to.display());
        self.small = Some(small);
        Ok(true)
    }

    /// The end of the server. Where its database is.
    pub(super) fn end(&mut self) -> Result<String> {
        self.die()?;
        Ok(self.database.clone())
    }

    pub(super) fn clear(&mut self) {
        if let Some(small) = self.small.take() {
            // What remains is gone with the machine's next start.
            let _ = Command::new("umount").arg(small).status();
        }
    }

    fn die(&mut self) -> Result<()> {
        if let Some(mut server) = self.server.take() {
            server.kill().context("the server cannot be killed")?;
            server.wait()?;
        }
        Ok(())
    }
}

impl Drop for Nemesis {
    fn drop(&mut self) {
        // Whatever ended the experiment, nothing of it goes on.
        let _ = self.die();
        self.clear();
    }
}
