//! The feed, computed anew from the facts: by the same functions that publish, into a turn that is thrown away.
//!
//! What differs from the stored feed is a row that somebody sees wrongly, so it is a fault of ours.

mod queries;

use std::collections::BTreeMap;

use anyhow::Result;
use domain::{booking::Slot, time::Time, visibility::Audience};
use serde_json::Value;

use crate::{
    booking::publish,
    db::{Db, Turn},
    error::{ApiError, ApiResult},
    event, interview, learning, member, promise, subsidy,
};

/// A row that is not what the facts say.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// For whom.
    pub audience: String,
    /// Kind of row.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// It is in the feed.
    pub is_stored: bool,
    /// It follows from the facts.
    pub is_due: bool,
}

type Rows = BTreeMap<(String, String, String), Value>;

/// Compares the stored feed with the one that follows from the facts. Nothing is written.
///
/// # Errors
/// When the database does not answer or holds what cannot be read.
pub async fn check(db: &Db, now: Time) -> Result<Vec<Difference>> {
    let mut turn = Turn::begin(db, now).await?;
    let mut stored = Rows::new();
    for (audience, kind, id, body) in queries::live_rows(turn.conn()).await? {
        stored.insert((audience, kind, id), serde_json::from_str(&body)?);
    }
    compute(&mut turn).await.map_err(|error| match error {
        ApiError::Fault(fault) => fault,
        other => anyhow::anyhow!("the facts do not fit together: {other:?}"),
    })?;
    let mut due = Rows::new();
    for (audience, kind, id, body) in turn.into_rows() {
        let key = (audience.to_string(), kind.to_owned(), id);
        match body {
            Some(body) => due.insert(key, serde_json::from_str(body.get())?),
            None => due.remove(&key),
        };
    }
    let mut keys: Vec<_> = stored.keys().chain(due.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let differs = |key: &&(String, String, String)| {
        stored.get(*key) != due.get(*key)
            && !is_only_late(key, stored.get(*key), due.get(*key), now)
    };
    let difference = |key: &(String, String, String)| Difference {
        audience: key.0.clone(),
        kind: key.1.clone(),
        id: key.2.clone(),
        is_stored: stored.contains_key(key),
        is_due: due.contains_key(key),
    };
    Ok(keys.into_iter().filter(differs).map(difference).collect())
}

/// Slots leave and enter the phones once a day: one that began today, or came within eight weeks today, may wait.
fn is_only_late(
    key: &(String, String, String),
    stored: Option<&Value>,
    due: Option<&Value>,
    now: Time,
) -> bool {
    let starts = |row: &Value| {
        row.get("starts")
            .and_then(Value::as_i64)
            .map(Time::from_millis)
    };
    match (key.1.as_str(), stored, due) {
        ("slot", Some(row), None) => {
            serde_json::from_value::<Slot>(row.clone()).is_ok_and(|it| it.starts <= now)
        }
        ("slot", None, Some(row)) => starts(row)
            .is_some_and(|it| it > now + publish::HORIZON.saturating_sub(2 * domain::time::DAY)),
        ("host_slot", None, Some(row)) => starts(row).is_some_and(|it| it <= now),
        _ => false,
    }
}

/// Publishes everything there is.
async fn compute(turn: &mut Turn) -> ApiResult<()> {
    publish::company(turn).await?;
    for id in queries::members(turn.conn()).await? {
        member::publish(turn, id).await?;
    }
    for id in queries::slots(turn.conn()).await? {
        publish::slot(turn, id).await?;
    }
    for rule in queries::open_rules(turn.conn()).await? {
        turn.publish(Audience::One(rule.host), "availability", rule.id, &rule)?;
        turn.publish(Audience::Hr, "availability", rule.id, &rule)?;
    }
    for id in queries::bookings(turn.conn()).await? {
        publish::booking(turn, id).await?;
        let booking = crate::booking::queries::booking(turn.conn(), id)
            .await?
            .ok_or(ApiError::NotFound)?;
        interview::publish(turn, &booking).await?;
    }
    for id in queries::promises(turn.conn()).await? {
        promise::publish(turn, id).await?;
    }
    for id in event::queries::all(turn.conn()).await? {
        event::publish::event(turn, id).await?;
    }
    learning::rows(turn).await?;
    subsidy::rows(turn).await?;
    for (member, outcome) in queries::outcomes(turn.conn()).await? {
        turn.publish(Audience::One(member), "outcome", outcome.mutation, &outcome)?;
    }
    Ok(())
}
