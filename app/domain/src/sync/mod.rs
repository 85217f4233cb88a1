//! The sync machine: carries wishes to the server and facts to the device. Does no input or output itself.
//!
//! In reading order:
//! - [`mutation`]: everything a person can wish to change, by versioned name.
//! - [`row`]: every kind of fact a device can hold, and [`row::View`], the typed tables ([`table`]) the screens read.
//! - [`wire`]: the bodies of the one endpoint, and the answers a device can get.
//! - [`replica`]: confirmed rows by audience, and what the person sees: those rows with pending wishes replayed on them.
//! - [`outbox`]: wishes not yet answered, their journal and the dead letters.
//! - [`machine`]: what to do next, and what to learn from what happened.

pub mod machine;
pub mod mutation;
pub mod outbox;
pub mod rehearse;
pub mod replica;
pub mod row;
pub mod table;
pub mod wire;

#[cfg(test)]
mod tests;
