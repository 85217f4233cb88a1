//! How often a network, a person and a device may ask, counted in memory: it must cost less than what it keeps away.
//!
//! Each has a bucket that holds so much at once and fills up again by so much a second. Counted is what an answer costs,
//! not the mere request: a page drawn by the server weighs as much as five questions that memory answers.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use axum::http::Method;
use domain::{
    id::{DeviceId, MemberId},
    sync::wire::SyncRequest,
    time::Time,
};

use crate::error::ApiError;

/// So much at once, then so much a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// What the bucket holds.
    pub at_once: i64,
    /// What flows into it each second.
    pub a_second: i64,
}

/// The rates of one company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Everything from one network.
    pub network: Rate,
    /// Forms from one network, each a write.
    pub forms: Rate,
    /// Everything of one person, on all their devices.
    pub person: Rate,
    /// Syncs of one device.
    pub device: Rate,
}

impl Rates {
    /// A lecture hall with 300 phones behind one address must get in at once: each loads a page and some thirty files
    /// and syncs a few times, which weighs about fifty, and may send three forms to sign in; after a poke all of them
    /// ask within two seconds. A person has three devices, each of which may come back with 500 wishes and as many
    /// delivered again after a restore; a busy console asks a few times a second.
    pub const USUAL: Self = Self {
        network: Rate {
            at_once: 20_000,
            a_second: 1_000,
        },
        forms: Rate {
            at_once: 1_500,
            a_second: 10,
        },
        person: Rate {
            at_once: 3_000,
            a_second: 20,
        },
        device: Rate {
            at_once: 300,
            a_second: 5,
        },
    };
}

/// What each network, person and device has used up.
#[derive(Debug, Default)]
pub struct Used {
    rates: Option<Rates>,
    networks: Meter<Option<IpAddr>>,
    forms: Meter<Option<IpAddr>>,
    people: Meter<MemberId>,
    devices: Meter<DeviceId>,
}

impl Used {
    /// Counts against these rates; without any, nothing is counted.
    #[must_use]
    pub fn against(rates: Option<Rates>) -> Self {
        Self {
            rates,
            ..Self::default()
        }
    }

    /// A network asks. Unknown networks share one bucket.
    pub(super) fn network(
        &self,
        network: Option<IpAddr>,
        (method, path): (&Method, &str),
        now: Time,
    ) -> Result<(), ApiError> {
        let Some(rates) = self.rates else {
            return Ok(());
        };
        // What a lesson reports is no form; its person has a rate for it.
        let is_form = ["/api/", "/play/"].iter().all(|it| !path.starts_with(it));
        if *method == Method::POST && is_form {
            self.forms.take(rates.forms, network, 1, now)?;
        }
        self.networks
            .take(rates.network, network, weight(path), now)
    }

    /// Somebody signed in asks.
    pub(crate) fn person(&self, member: MemberId, path: &str, now: Time) -> Result<(), ApiError> {
        match self.rates {
            Some(rates) => self.people.take(rates.person, member, weight(path), now),
            None => Ok(()),
        }
    }

    /// A device syncs. What its wishes and a load from the beginning cost is its person's.
    pub(crate) fn sync(
        &self,
        member: MemberId,
        request: &SyncRequest,
        bytes: usize,
        now: Time,
    ) -> Result<(), ApiError> {
        let Some(rates) = self.rates else {
            return Ok(());
        };
        self.devices.take(rates.device, request.device, 1, now)?;
        let is_heavy = request.check || request.cursor.is_none() || !request.reset.is_empty();
        let weight = request.mutations.len() + bytes / BYTES + if is_heavy { HEAVY } else { 0 };
        match i64::try_from(weight) {
            Ok(0) | Err(_) => Ok(()),
            Ok(weight) => self.people.take(rates.person, member, weight, now),
        }
    }
}

/// Bytes of a body that weigh as much as a request: what a rule refuses is kept for its person, however long it is.
const BYTES: usize = 16 << 10;
/// A load from the beginning, or sums over everything, in requests.
const HEAVY: usize = 10;

/// What an answer costs, in questions that memory answers. A card is some milliseconds of drawing.
fn weight(path: &str) -> i64 {
    if path.ends_with("/card.pdf") {
        return 50;
    }
    // A photo is read and drawn anew: a fifth of a second.
    if path.starts_with("/receipts/") || path.starts_with("/learn/") && path.ends_with("/ask") {
        return 20;
    }
    // A package may be made of hundreds of files.
    let is_light = ["/api/", "/assets/", "/play/", "/healthz", "/sw.js"]
        .iter()
        .any(|it| path.starts_with(it));
    if is_light { 1 } else { 5 }
}

/// Buckets by whose they are: of each, the moment at which it is full again (the “generic cell rate algorithm”).
#[derive(Debug)]
struct Meter<K>(Mutex<HashMap<K, i64>>);

impl<K> Default for Meter<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// Buckets that are remembered before the full ones are let go.
const ROOM: usize = 50_000;

impl<K: Eq + Hash> Meter<K> {
    /// Takes so much out of a bucket, or nothing when there is not so much in it.
    fn take(&self, rate: Rate, whose: K, weight: i64, now: Time) -> Result<(), ApiError> {
        let now = now.millis().saturating_mul(1_000);
        let each = 1_000_000 / rate.a_second.max(1);
        let (whole, wanted) = (rate.at_once * each, weight.min(rate.at_once) * each);
        let mut full_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= ROOM {
            full_at.retain(|_, it| *it > now);
            // So many at once are nobody's visitors: better to forget them than to run out of memory, or to look through
            // all of them again for the next one.
            if full_at.len() > ROOM / 2 {
                full_at.clear();
            }
        }
        let bucket = full_at.entry(whose).or_insert(now);
        // A bucket further from full than empty was filled by a clock that has been set back since.
        let before = if *bucket > now.saturating_add(whole) {
            now
        } else {
            now.max(*bucket)
        };
        let after = before.saturating_add(wanted);
        let missing = after.saturating_sub(now).saturating_sub(whole);
        if missing > 0 {
            return Err(ApiError::TooMany((missing + 999_999) / 1_000_000));
        }
        *bucket = after;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
