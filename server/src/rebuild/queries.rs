//! SQL that names everything there is.

use anyhow::Result;
use domain::{
    booking::Availability,
    id::{BookingId, MemberId, PromiseId, SlotId},
    sync::row::Outcome,
};

use crate::db::Conn;

/// Rows that somebody sees: audience, kind, id, body.
pub(super) async fn live_rows(db: &mut Conn) -> Result<Vec<(String, String, String, String)>> {
    Ok(
        sqlx::query_as("select audience, kind, id, body from feed where body is not null")
            .fetch_all(db)
            .await?,
    )
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident: $id:ty = $sql:literal;)*) => {$(
        $(#[$doc])*
        pub(super) async fn $name(db: &mut Conn) -> Result<Vec<$id>> {
            let rows: Vec<(String,)> = sqlx::query_as($sql).fetch_all(db).await?;
            rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
        }
    )*};
}

ids! {
    /// Members with a place here.
    members: MemberId = "select id from members where left_at is null";
    /// All slots.
    slots: SlotId = "select id from slots";
    /// All bookings.
    bookings: BookingId = "select id from bookings";
    /// All promises.
    promises: PromiseId = "select id from promises";
}

/// Weekly rules in force.
pub(super) async fn open_rules(db: &mut Conn) -> Result<Vec<Availability>> {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "select id, host_id, pattern, place from availabilities where closed_at is null",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(id, host, pattern, place)| {
            Ok(Availability {
                id: id.parse()?,
                host: host.parse()?,
                pattern: serde_json::from_str(&pattern)?,
                place: serde_json::from_str(&place)?,
            })
        })
        .collect()
}

/// What became of wishes and was not read yet.
pub(super) async fn outcomes(db: &mut Conn) -> Result<Vec<(MemberId, Outcome)>> {
    let rows: Vec<(String, String)> = sqlx::query_as("select member_id, body from outcomes")
        .fetch_all(db)
        .await?;
    rows.into_iter()
        .map(|(member, body)| Ok((member.parse()?, serde_json::from_str(&body)?)))
        .collect()
}
