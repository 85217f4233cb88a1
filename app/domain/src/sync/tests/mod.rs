//! Proofs of the sync machine: a small reference server, simulated phones, and what must hold between them.
//!
//! - `model`: the server, as the protocol describes it, in memory.
//! - `phone`: a device: an atomic store, two tabs on it, and a driver that can crash around every write.
//! - `properties`: random lives of several devices; when the network heals, they agree and nothing is lost.
//! - `invariants`: each rule of the protocol by its name.

mod invariants;
mod model;
mod phone;
mod properties;
