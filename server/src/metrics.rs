//! Figures for whoever operates this process, as Prometheus reads them.
//!
//! They count and measure; nobody is in them: no label names a person, and a route is its template. They are told on an
//! address of their own (`--metrics-listen`), never to the public.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use axum::{Router, http::header, routing::get};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use tokio::net::TcpListener;

use crate::{
    db::Pushed,
    error::{ApiError, ApiResult},
    job,
    services::Services,
};

/// Seconds up to which answers and commits are sorted: half a millisecond to eight seconds.
const SECONDS: [f64; 15] = [
    0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048,
    4.096, 8.192,
];
/// Wishes of one commit.
const WISHES: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

/// What is counted as it happens. Cheap to clone; all clones count together.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Arc<Figures>);

#[derive(Debug)]
struct Figures {
    requests: Family<Request, Counter>,
    answers: Family<Route, Histogram>,
    wishes: Family<Outcome, Counter>,
    batches: Histogram,
    commits: Histogram,
    jobs: Family<Outcome, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connections {
    pool: &'static str,
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
    build: String,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            answers: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            wishes: Family::default(),
            batches: Histogram::new(WISHES),
            commits: Histogram::new(SECONDS),
            jobs: Family::default(),
        }
    }
}

impl Metrics {
    /// A request was answered.
    pub(crate) fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.0
            .answers
            .get_or_create(&Route {
                route: route.clone(),
            })
            .observe(took.as_secs_f64());
        let request = Request {
            method,
            route,
            status,
        };
        // Its faults are counted from nought: of a counter that begins at one, `rate` never sees the first.
        if self.0.requests.get(&request).is_none() {
            let fault = Request {
                status: 500,
                ..request.clone()
            };
            drop(self.0.requests.get_or_create(&fault));
        }
        self.0.requests.get_or_create(&request).inc();
    }

    /// Pushes were committed together.
    pub(crate) fn pushed(&self, pushed: &[Pushed]) {
        let outcomes = || pushed.iter().flat_map(|it| &it.outcomes);
        let refused = outcomes().filter(|it| it.refusal.is_some()).count();
        let problems = pushed.iter().filter(|it| it.problem.is_some()).count();
        for (outcome, count) in [
            ("ok", outcomes().count() - refused),
            ("refused", refused),
            ("problem", problems),
        ] {
            self.0
                .wishes
                .get_or_create(&Outcome { outcome })
                .inc_by(count as u64);
        }
        self.0.batches.observe(outcomes().count() as f64);
    }

    /// A commit took so long.
    pub(crate) fn committed(&self, took: Duration) {
        self.0.commits.observe(took.as_secs_f64());
    }

    /// A job ended.
    pub(crate) fn job_ended(&self, outcome: &'static str) {
        self.0.jobs.get_or_create(&Outcome { outcome }).inc();
    }

    /// What was counted so far.
    fn counted(&self) -> Registry {
        let mut all = Registry::with_prefix("kakehashi");
        let it = &self.0;
        all.register("requests", "Requests answered", it.requests.clone());
        all.register(
            "request_seconds",
            "Time to the head of an answer",
            it.answers.clone(),
        );
        all.register(
            "wishes",
            "Mutations that were decided, repeated ones included",
            it.wishes.clone(),
        );
        all.register(
            "batch_wishes",
            "Mutations that shared a commit",
            it.batches.clone(),
        );
        all.register(
            "commit_seconds",
            "Time of a commit, with what is written at its end",
            it.commits.clone(),
        );
        all.register("jobs", "Attempts at jobs that ended", it.jobs.clone());
        all
    }

    /// Everything, with how things stand at this moment.
    pub(crate) async fn text(&self, services: &Services) -> ApiResult<String> {
        let mut all = self.counted();
        let jobs = job::standing(&services.db, services.clock.now()).await?;
        let oldest = jobs
            .oldest
            .map_or(0, |it| services.clock.now().since(it).max(0) / 1_000);
        for (name, help, value) in [
            (
                "queue_waiting",
                "Requests that wait for the writer",
                number(services.executor.waiting()),
            ),
            (
                "poke_listeners",
                "Open lines of pokes",
                number(services.feed.listeners()),
            ),
            (
                "feed_seq",
                "Up to where this process knows the feed",
                services.feed.seq(),
            ),
            ("jobs_due", "Jobs that are due and not done", jobs.due),
            ("jobs_given_up", "Jobs that failed for good", jobs.given_up),
            (
                "jobs_oldest_seconds",
                "How long the oldest due job waits",
                oldest,
            ),
        ] {
            let gauge = Gauge::<i64>::default();
            gauge.set(value);
            all.register(name, help, gauge);
        }
        let pools = Family::<Connections, Gauge>::default();
        for (pool, size, idle) in services.db.pools() {
            for (state, count) in [("idle", idle), ("used", size.saturating_sub(idle))] {
                pools
                    .get_or_create(&Connections { pool, state })
                    .set(number(count));
            }
        }
        all.register("database_connections", "Connections to the database", pools);
        let build = Family::<Build, Gauge>::default();
        build
            .get_or_create(&Build {
                version: env!("CARGO_PKG_VERSION"),
                build: services.site.build.clone(),
            })
            .set(1);
        all.register("build", "Which program this is", build);

        written(&all)
    }

    /// What was counted for all companies of this process together, and how many of them are open.
    pub(crate) fn text_of_many(&self, open: usize) -> ApiResult<String> {
        let mut all = self.counted();
        let gauge = Gauge::<i64>::default();
        gauge.set(number(open));
        all.register("companies_open", "Companies that are open", gauge);
        written(&all)
    }
}

fn written(all: &Registry) -> ApiResult<String> {
    let mut text = String::new();
    encode(&mut text, all).context("figures cannot be written")?;
    Ok(text)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Tells the figures on an address of their own, until the listener fails.
pub(crate) async fn serve<F>(
    listener: TcpListener,
    text: impl Fn() -> F + Clone + Send + Sync + 'static,
) -> Result<()>
where
    F: Future<Output = ApiResult<String>> + Send + 'static,
{
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let figures = move || {
        let text = text();
        async move { Ok::<_, ApiError>(([(header::CONTENT_TYPE, kind)], text.await?)) }
    };
    let router = Router::new().route("/metrics", get(figures));
    axum::serve(listener, router)
        .await
        .context("the listener of figures failed")
}
