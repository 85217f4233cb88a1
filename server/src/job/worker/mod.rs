//! The task that runs what is due.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use domain::time::{MINUTE, Time};
use futures::{StreamExt as _, stream};
use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
};

use super::{
    Done, Hearing, Job, hearing, periodic,
    queries::{self, MOST_ATTEMPTS, Taken},
};
use crate::{
    notification::{Failure, Mailer, send},
    services::Services,
};

/// Jobs taken at once.
const BATCH: i64 = 40;
/// Mails on their way at the same time.
const AT_ONCE: usize = 4;
/// After this long a job of a process that died is taken by another.
const LEASE: i64 = 5 * MINUTE;
/// How often the worker looks. Nobody waits for less: a mail takes longer than a second.
pub const PAUSE: Duration = Duration::from_secs(1);

/// The running task.
pub struct Worker {
    stop: watch::Sender<bool>,
    nudged: Arc<Notify>,
    task: JoinHandle<()>,
    /// Hears other processes as long as there is a worker.
    _hearing: Option<Hearing>,
}

impl Worker {
    /// There may be something to do: the worker looks now.
    pub fn nudge(&self) {
        self.nudged.notify_one();
    }

    /// Begins nothing more: what is under way ends, what was taken and not begun is given back.
    pub fn rest(&self) {
        self.stop.send_replace(true);
    }

    /// Lets the worker end what it does, and waits for that.
    pub async fn stop(self) {
        self.rest();
        let _ = self.task.await;
    }
}

/// Starts the worker, which looks after every pause and when it is nudged.
///
/// # Errors
/// When the connection to the mail server cannot be prepared.
pub fn start(services: Services, pause: Duration) -> Result<Worker> {
    let mailer = mailer(&services)?;
    let hearing = hearing::hear(&services);
    let (stop, mut stopped) = watch::channel(false);
    let nudged = Arc::new(Notify::new());
    let nudge = nudged.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place for work that outlives its caller; Worker::stop awaits it"
    )]
    let task = tokio::spawn(async move {
        let mut periodic = periodic::Periodic::default();
        loop {
            // A fault here must not end the worker: the next look may find the database back.
            if let Err(fault) = periodic.look(&services).await {
                tracing::error!(error = format!("{fault:#}"), "Could not plan jobs");
            }
            if let Err(fault) = run(&services, mailer.as_ref(), &stopped).await {
                tracing::error!(error = format!("{fault:#}"), "Could not run jobs");
            }
            tokio::select! {
                _ = stopped.wait_for(|it| *it) => return,
                () = nudge.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    });
    Ok(Worker {
        stop,
        nudged,
        task,
        _hearing: hearing,
    })
}

/// Runs everything that is due, housekeeping included, and says how many jobs ran.
///
/// # Errors
/// When the database does not answer.
pub async fn run_due(services: &Services) -> Result<usize> {
    periodic::Periodic::default().look(services).await?;
    let mailer = mailer(services)?;
    let (_never, stopped) = watch::channel(false);
    run(services, mailer.as_ref(), &stopped).await
}

fn mailer(services: &Services) -> Result<Option<Mailer>> {
    services
        .config
        .mail
        .as_ref()
        .map(Mailer::new)
        .transpose()
        .context("cannot prepare mail")
}

pub(super) async fn run(
    services: &Services,
    mailer: Option<&Mailer>,
    stopped: &watch::Receiver<bool>,
) -> Result<usize> {
    let mut count = 0;
    while !*stopped.borrow() {
        let now = services.clock.now();
        let with_mail = mailer.is_some();
        let is_any = {
            let mut read = services.db.read().await?;
            queries::is_any_due(&mut read, now, with_mail).await?
        };
        if !is_any {
            return Ok(count);
        }
        let mut tx = services.db.begin().await?;
        let taken = queries::take(&mut tx, BATCH, now, now + LEASE, with_mail).await?;
        tx.commit().await?;
        if taken.is_empty() {
            return Ok(count);
        }
        count += taken.len();
        let ended: Vec<(Taken, Result<Done, Failure>)> = stream::iter(taken)
            .map(|it| async move {
                // Given back as it was: another process takes it at once, instead of when the lease ends.
                let result = if *stopped.borrow() {
                    Ok(Done::At(Time::from_millis(it.due_at)))
                } else {
                    carry_out(services, mailer, &it).await
                };
                (it, result)
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        settle(services, &ended).await?;
    }
    Ok(count)
}

async fn carry_out(
    services: &Services,
    mailer: Option<&Mailer>,
    taken: &Taken,
) -> Result<Done, Failure> {
    let job: Job = serde_json::from_str(&taken.body).map_err(|_| Failure {
        said: "the job cannot be read".into(),
        is_final: true,
    })?;
    match (&job, mailer) {
        (Job::TurnOfDay, _) => {
            let turned = services
                .executor
                .run(|turn| Box::pin(crate::booking::publish::turn_of_day(turn)))
                .await;
            turned.map_err(|error| Failure {
                said: format!("the day did not turn: {error:?}"),
                is_final: false,
            })?;
            Ok(Done::Now)
        }
        (Job::OffersEnd { event }, _) => {
            let event = *event;
            let ended = services
                .executor
                .run(move |turn| Box::pin(crate::event::offers_end(turn, event)))
                .await;
            ended.map_err(|error| Failure {
                said: format!("the offers did not end: {error:?}"),
                is_final: false,
            })?;
            Ok(Done::Now)
        }
        (Job::Purge, _) => {
            periodic::purge(services).await?;
            Ok(Done::Now)
        }
        (_, Some(mailer)) => send(services, mailer, &taken.id, &job).await,
        (_, None) => Err(Failure {
            said: "no mail server is set".into(),
            is_final: false,
        }),
    }
}

/// Notes how jobs ended, in one transaction. When that fails they run again: they are safe to.
async fn settle(services: &Services, ended: &[(Taken, Result<Done, Failure>)]) -> Result<()> {
    let now = services.clock.now();
    let mut tx = services.db.begin().await?;
    let metrics = &services.config.metrics;
    for (taken, result) in ended {
        metrics.job_ended(match result {
            Ok(Done::Now) => "done",
            Ok(Done::At(_)) => "put_off",
            Err(_) => "failed",
        });
        match result {
            Ok(Done::Now) => queries::finish(&mut tx, &taken.id, now).await?,
            Ok(Done::At(due)) => queries::put_off(&mut tx, &taken.id, *due).await?,
            Err(failure) => {
                let attempts = if failure.is_final {
                    MOST_ATTEMPTS
                } else {
                    taken.attempts + 1
                };
                let is_over = attempts >= MOST_ATTEMPTS;
                let is_secret =
                    serde_json::from_str::<Job>(&taken.body).is_ok_and(|it| it.is_secret());
                tracing::warn!(
                    job.id = taken.id,
                    job.kind = taken.kind,
                    attempts,
                    is_over,
                    error = failure.said,
                    "Job failed"
                );
                queries::fail(
                    &mut tx,
                    &taken.id,
                    attempts,
                    now + pause(attempts),
                    &failure.said,
                    is_over && is_secret,
                )
                .await?;
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The pause after so many failed attempts: 20 seconds, then three times as long each time. All of them make six hours.
fn pause(attempts: i64) -> i64 {
    let exponent = u32::try_from(attempts.clamp(1, MOST_ATTEMPTS) - 1).unwrap_or(0);
    20_000 * 3_i64.pow(exponent)
}

#[cfg(test)]
mod tests;
