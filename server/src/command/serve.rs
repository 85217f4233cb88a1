//! `kakehashi serve`: from settings to a running server, and to its end.

use anyhow::{Context as _, Result};
use tokio::{net::TcpListener, signal};

use super::{open, say, systemd};
use crate::{
    config::Config,
    job, metrics,
    notification::Sink,
    seed::{self, CAST},
    services::Clock,
};

/// Serves until SIGTERM or Ctrl-C.
pub(super) async fn serve(mut config: Config) -> Result<()> {
    if config.is_demo {
        let sink = Sink::start().await?;
        config.mail = Some(sink.settings());
        config.sink = Some(sink);
    }
    let listen = config.listen;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}: does another server run there?"))?;
    // Makes the folder of a new database, and tells of trouble with it first.
    open(&config.database).await?.close().await;
    let services = crate::start(config, Clock::System).await?;
    if services.config.is_demo {
        seed::fill(&services)
            .await
            .context("cannot fill the demo")?;
    }
    let figures = match services.config.metrics_listen {
        Some(listen) => Some(TcpListener::bind(listen).await.with_context(|| {
            format!("cannot tell figures on {listen}: does another server run there?")
        })?),
        None => None,
    };
    let worker = job::start(services.clone())?;
    greet(&services.config)?;
    systemd::tell("READY=1");
    let drain = services.config.drain.clone();
    // Jobs are left to other processes as soon as this one leaves, while it still answers.
    let serving = async {
        let (served, ()) =
            tokio::join!(crate::serve(services.clone(), listener, stopped()), async {
                drain.begun().await;
                systemd::tell("STOPPING=1");
                worker.rest();
            });
        served
    };
    match figures {
        Some(figures) => tokio::select! {
            served = serving => served?,
            failed = metrics::serve(services.clone(), figures) => failed?,
        },
        None => serving.await?,
    }
    worker.stop().await;
    services.executor.rest().await;
    services.db.close().await;
    say("Kakehashi has stopped.")
}

/// Says where to go, and in a demo as whom.
fn greet(config: &Config) -> Result<()> {
    say(&format!("Kakehashi is ready: {}", config.origin))?;
    if !config.is_demo {
        return Ok(());
    }
    say("Sign in with one of these addresses; the code comes to the demo's mail:")?;
    for person in CAST {
        say(&format!(
            "  {:<20} {:<14} {}",
            person.email,
            person.role.code(),
            person.name
        ))?;
    }
    say(&format!("Mail of the demo: {}/dev/mail", config.origin))
}

/// Waits until somebody wants an end.
async fn stopped() {
    let interrupted = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
