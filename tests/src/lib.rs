//! What the tests speak with: a town with its people, their phones, and what became of it all.
//!
//! In reading order: [`village`] (the cast), [`town`] (a server of its own with a fresh database and a clock that is
//! moved by hand), [`device`] (the real sync machine on an in-memory store, through the real router), [`browser`] (pages
//! and forms without code), [`show`] (what became of it, as text); [`node`] and [`door`] (real processes, and the way to
//! them); [`routes`] (every door of the server, read from its sources), [`fuzz`] (requests as nobody of ours sends them),
//! [`history`] (what clients saw, and whether it can be true), [`gathering`] (events), [`calendar`] and [`pdf`] (files as others read them); [`postgres`] and [`folder`] are the ground it stands on.
//!
//! Helpers go through public HTTP; only what has no other door (the cast's first sessions, looking into a table) opens
//! the database.

pub mod browser;
pub mod calendar;
pub mod device;
pub mod door;
pub mod folder;
pub mod fuzz;
pub mod gathering;
pub mod history;
pub mod node;
pub mod pdf;
pub mod postgres;
pub mod routes;
pub mod show;
pub mod town;
pub mod village;

use std::time::Duration;

pub use browser::{Browser, Reply};
pub use device::Device;
pub use door::Door;
pub use node::{Node, Proxy};
pub use server::db::Engine;
pub use town::Town;

/// Runs each test on both engines: `both_engines! { async fn name(town) { … } }` becomes `name::sqlite` and
/// `name::postgres`.
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($town:ident) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a story that needs nothing from its file")]
            use super::*;

            async fn story($town: $crate::Town) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story($crate::Town::new($crate::Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                story($crate::Town::new($crate::Engine::Postgres).await).await;
            }
        }
    )*};
}

/// Waits until something is so that happens by itself.
///
/// # Panics
/// When it does not within a minute.
pub async fn eventually(what: &str, is_so: impl AsyncFn() -> bool) {
    let mut beat = tokio::time::interval(Duration::from_millis(20));
    let waiting = async {
        while !is_so().await {
            beat.tick().await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(60), waiting).await;
    assert!(waited.is_ok(), "in vain: {what}");
}
