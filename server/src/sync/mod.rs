//! Sync: one endpoint that takes wishes and gives facts, and a content-free poke.

pub(crate) mod apply;
mod cursor;
mod feed;
pub(crate) mod outcome;
mod page;
mod poke;
mod pull;
pub(crate) mod queries;
mod recent;

pub use feed::{Feed, Listening, rows_for};
pub use poke::poke;
pub use pull::sync;
