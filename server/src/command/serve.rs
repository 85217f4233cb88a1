//! `kakehashi serve`: from settings to a running server, and to its end.

use std::{io, net::SocketAddr, path::PathBuf};

use anyhow::{Context as _, Result};
use tokio::{
    net::{TcpListener, TcpSocket},
    signal::unix::{SignalKind, signal},
};

use super::{open, say, systemd};
use crate::{
    company::{self, Companies},
    config::Config,
    error::ApiResult,
    job, metrics,
    notification::Sink,
    seed::{self, CAST},
    services::Clock,
};

/// Serves until SIGTERM or Ctrl-C.
pub(super) async fn serve(mut config: Config, clock: Clock) -> Result<()> {
    if config.is_demo {
        let sink = Sink::start().await?;
        config.mail = Some(sink.settings());
        config.sink = Some(sink);
    }
    let place = Place::take(config.listen)?;
    if let Some(folder) = config.companies.take() {
        return serve_many(folder, config, clock, place).await;
    }
    // Makes the folder of a new database, and tells of trouble with it first.
    open(&config.database).await?.close().await;
    let services = crate::start(config, clock).await?;
    if services.config.is_demo {
        seed::fill(&services)
            .await
            .context("cannot fill the demo")?;
    }
    let figures = figures(&services.config).await?;
    let worker = job::start(services.clone(), job::PAUSE)?;
    // Heard before anybody comes: who is asked to end after the first connection answers what it took.
    let stopped = stopped().context("the system's signals cannot be heard")?;
    let listener = place.open()?;
    greet(&services.config)?;
    systemd::tell("READY=1");
    let drain = services.config.drain.clone();
    // Jobs are left to other processes as soon as this one leaves, while it still answers.
    let serving = async {
        let (served, ()) = tokio::join!(crate::serve(services.clone(), listener, stopped), async {
            drain.begun().await;
            systemd::tell("STOPPING=1");
            worker.rest();
        });
        served
    };
    let text = {
        let services = services.clone();
        move || {
            let services = services.clone();
            async move { services.config.metrics.text(&services).await }
        }
    };
    beside(figures, text, serving).await?;
    worker.stop().await;
    services.executor.rest().await;
    services.db.close().await;
    say("Kakehashi has stopped.")
}

/// Serves the companies of a folder until SIGTERM or Ctrl-C.
async fn serve_many(folder: PathBuf, config: Config, clock: Clock, place: Place) -> Result<()> {
    let figures = figures(&config).await?;
    let (listen, metrics) = (config.listen, config.metrics.clone());
    let drain = config.drain.clone();
    let companies = Companies::read(folder, config, clock)?;
    let stopped = stopped().context("the system's signals cannot be heard")?;
    let listener = place.open()?;
    say(&format!("Kakehashi is ready for its companies: {listen}"))?;
    systemd::tell("READY=1");
    let text = {
        let companies = companies.clone();
        move || {
            let (companies, metrics) = (companies.clone(), metrics.clone());
            async move { metrics.text_of_many(companies.open_count().await) }
        }
    };
    let serving = async {
        let (served, ()) = tokio::join!(company::serve(&companies, listener, stopped), async {
            drain.begun().await;
            systemd::tell("STOPPING=1");
        });
        served
    };
    beside(figures, text, serving).await?;
    companies.close().await;
    say("Kakehashi has stopped.")
}

/// Connections that wait to be taken.
const BACKLOG: u32 = 1024;

/// An address that is ours and not open yet: whoever comes is turned away at once, and a proxy asks another node. What is taken
/// before it can be answered is lost when the start fails.
struct Place {
    listen: SocketAddr,
    socket: TcpSocket,
}

impl Place {
    fn take(listen: SocketAddr) -> Result<Self> {
        let take = || {
            let socket = match listen {
                SocketAddr::V4(_) => TcpSocket::new_v4(),
                SocketAddr::V6(_) => TcpSocket::new_v6(),
            }?;
            socket.set_reuseaddr(true)?;
            socket.bind(listen)?;
            io::Result::Ok(socket)
        };
        let socket = take().with_context(|| cannot_listen(listen))?;
        Ok(Self { listen, socket })
    }

    fn open(self) -> Result<TcpListener> {
        let Self { listen, socket } = self;
        socket
            .listen(BACKLOG)
            .with_context(|| cannot_listen(listen))
    }
}

fn cannot_listen(listen: SocketAddr) -> String {
    format!("cannot listen on {listen}: does another server run there?")
}

/// Where figures are told, when somebody wants them.
async fn figures(config: &Config) -> Result<Option<TcpListener>> {
    let Some(listen) = config.metrics_listen else {
        return Ok(None);
    };
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("cannot tell figures on {listen}: does another server run there?")
    })?;
    Ok(Some(listener))
}

/// Serves, and tells figures beside it.
async fn beside<F>(
    figures: Option<TcpListener>,
    text: impl Fn() -> F + Clone + Send + Sync + 'static,
    serving: impl Future<Output = Result<()>>,
) -> Result<()>
where
    F: Future<Output = ApiResult<String>> + Send + 'static,
{
    match figures {
        Some(figures) => tokio::select! {
            served = serving => served,
            failed = metrics::serve(figures, text) => failed,
        },
        None => serving.await,
    }
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

/// Waits until somebody wants an end. Heard from the call on, not from the first look at what it returns.
fn stopped() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}
