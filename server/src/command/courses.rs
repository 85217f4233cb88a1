//! `kakehashi import course`.

use std::{path::Path, sync::Arc};

use anyhow::{Result, anyhow, bail};
use app::words::counted;
use domain::member::Language;

use super::{open, people::begin_history, say, settings::Settings};
use crate::{db::Executor, learning, services::Clock, sync::Feed};

/// Imports a course, which offer-holders see from then on.
pub(super) async fn import(settings: &Settings, from: &Path, clock: Clock) -> Result<()> {
    let (database, has_play_address) = (settings.database()?, settings.has_play_address()?);
    let problem = |fault| learning::Problem {
        path: from.display().to_string(),
        fault,
    };
    let (slug, found) =
        learning::found(from).map_err(|fault| anyhow!(problem(fault).words(Language::En)))?;
    let db = open(&database).await?;
    begin_history(&db).await?;
    let now = clock.now();
    let executor = Executor::start(db.clone(), Arc::new(Feed::load(&db).await?), clock);
    let place = (&db, &executor, has_play_address);
    let done = learning::import_found(place, (&slug, found), true, now).await;
    drop(executor);
    db.close().await;
    match done.map_err(|error| anyhow!("the course could not be imported: {error:?}"))? {
        Ok(it) => say(&format!(
            "Done: {}, {}, {} kB.",
            it.slug,
            counted(&it.lessons, "lesson"),
            it.bytes / 1_000
        )),
        Err(problems) => {
            for it in &problems {
                say(&it.words(Language::En))?;
            }
            bail!("Nothing was changed: {} problems.", problems.len())
        }
    }
}
