//! SQL of records and corrections. Callers have loaded the booking through their actor.

use anyhow::Result;
use domain::{
    id::{BookingId, MemberId},
    interview::{Correct, Correction, Written},
    text::{Long, Name, Short, TextFault},
    time::Time,
};

use crate::{actor::Host, db::Conn};

/// A record with its writer's name.
pub(super) struct RecordRow {
    pub(super) by: MemberId,
    pub(super) by_name: Name,
    pub(super) said: Long,
    pub(super) next: Option<Short>,
    pub(super) at: Time,
}

fn stored(fault: TextFault) -> anyhow::Error {
    anyhow::anyhow!("a stored text is {fault}")
}

/// The record of an interview.
pub(super) async fn record_of(db: &mut Conn, booking: BookingId) -> Result<Option<RecordRow>> {
    let row: Option<(String, String, String, Option<String>, i64)> = sqlx::query_as(
        "select r.by_id, m.name, r.said, r.next, r.at from records r join members m on m.id = r.by_id where r.booking_id = $1",
    )
    .bind(booking.to_string())
    .fetch_optional(db)
    .await?;
    row.map(|(by, name, said, next, at)| {
        Ok(RecordRow {
            by: by.parse()?,
            by_name: Name::new(&name).map_err(stored)?,
            said: Long::new(&said).map_err(stored)?,
            next: next.map(|it| Short::new(&it)).transpose().map_err(stored)?,
            at: Time::from_millis(at),
        })
    })
    .transpose()
}

/// Corrections, oldest first.
pub(super) async fn corrections(db: &mut Conn, booking: BookingId) -> Result<Vec<Correction>> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select id, text, at from corrections where booking_id = $1 order by at, id",
    )
    .bind(booking.to_string())
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(id, text, at)| {
            Ok(Correction {
                id: id.parse()?,
                text: Long::new(&text).map_err(stored)?,
                at: Time::from_millis(at),
            })
        })
        .collect()
}

/// Writes or rewrites the record.
pub(super) async fn write(
    db: &mut Conn,
    host: Host,
    booking: BookingId,
    it: &Written,
    now: Time,
) -> Result<()> {
    sqlx::query(
        "insert into records (booking_id, by_id, said, next, at) values ($1, $2, $3, $4, $5) \
         on conflict (booking_id) do update set said = excluded.said, next = excluded.next, at = excluded.at",
    )
    .bind(booking.to_string())
    .bind(host.id().to_string())
    .bind(&*it.said)
    .bind(it.next.as_deref())
    .bind(now.millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Adds a correction; the same one twice is one.
pub(super) async fn correct(db: &mut Conn, it: &Correct, text: &Long, now: Time) -> Result<()> {
    sqlx::query("insert into corrections (id, booking_id, text, at) values ($1, $2, $3, $4) on conflict (id) do nothing")
        .bind(it.correction.to_string())
        .bind(it.booking.to_string())
        .bind(&**text)
        .bind(now.millis())
        .execute(db)
        .await?;
    Ok(())
}
