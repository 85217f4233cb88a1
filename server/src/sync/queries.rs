//! SQL of the feed, of devices and of recorded answers.

use anyhow::{Context, Result};
use domain::{
    id::{DeviceId, HistoryId, MemberId, MutationId},
    refusal::Refusal,
    sync::wire::{Envelope, RowChange},
    time::Time,
    visibility::Audience,
};
use serde_json::value::RawValue;

use crate::db::{Conn, FeedRow, Push};

/// Reads a fact of which there is one.
pub(crate) async fn fact(db: &mut Conn, key: &str) -> Result<Option<String>> {
    let value: Option<(String,)> = sqlx::query_as("select value from company where key = $1")
        .bind(key)
        .fetch_optional(db)
        .await?;
    Ok(value.map(|it| it.0))
}

/// Writes a fact of which there is one.
pub(crate) async fn set_fact(db: &mut Conn, key: &str, value: &str) -> Result<()> {
    sqlx::query("insert into company (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value")
        .bind(key)
        .bind(value)
        .execute(db)
        .await?;
    Ok(())
}

async fn number(db: &mut Conn, key: &str) -> Result<i64> {
    let value = fact(db, key).await?;
    value.map_or(Ok(0), |it| {
        it.parse()
            .with_context(|| format!("the company's {key} is not a number"))
    })
}

/// The newest seq.
pub(crate) async fn seq(db: &mut Conn) -> Result<i64> {
    number(db, "seq").await
}

/// Sets the newest seq.
pub(crate) async fn set_seq(db: &mut Conn, seq: i64) -> Result<()> {
    set_fact(db, "seq", &seq.to_string()).await
}

/// Up to where the tombstones of each audience are gone, or soon will be.
pub(crate) async fn floors(db: &mut Conn) -> Result<Vec<(Audience, i64)>> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("select key, value from company where key like 'floor:%'")
            .fetch_all(db)
            .await?;
    let floor = |(key, value): (String, String)| {
        let audience = key
            .strip_prefix("floor:")
            .and_then(audience_of)
            .with_context(|| format!("{key} is the floor of no audience"))?;
        Ok((
            audience,
            value
                .parse()
                .with_context(|| format!("the {key} is not a number"))?,
        ))
    };
    rows.into_iter().map(floor).collect()
}

/// Which life of the database this is.
pub(super) async fn history(db: &mut Conn) -> Result<HistoryId> {
    let text = fact(db, "history")
        .await?
        .context("the database has no history: it was not prepared")?;
    text.parse().context("the company's history is not an id")
}

/// The newest seq of each audience that has any after `since`.
pub(super) async fn newest(db: &mut Conn, since: i64) -> Result<Vec<(Audience, i64)>> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("select audience, max(seq) from feed where seq > $1 group by audience")
            .bind(since)
            .fetch_all(db)
            .await?;
    rows.into_iter()
        .map(|(audience, seq)| {
            Ok((
                audience_of(&audience)
                    .with_context(|| format!("no audience is called {audience}"))?,
                seq,
            ))
        })
        .collect()
}

fn audience_of(name: &str) -> Option<Audience> {
    match name {
        "all" => Some(Audience::Everyone),
        "holders" => Some(Audience::OfferHolders),
        "hr" => Some(Audience::Hr),
        "people" => Some(Audience::People),
        other => Some(Audience::One(other.strip_prefix("p:")?.parse().ok()?)),
    }
}

/// Rows of an audience after `seq`, in order.
pub(crate) async fn changes(db: &mut Conn, audience: Audience, seq: i64) -> Result<Vec<RowChange>> {
    let name = audience.to_string();
    let rows: Vec<(String, String, i64, Option<String>)> = sqlx::query_as(
        "select kind, id, seq, body from feed where audience = $1 and seq > $2 order by seq",
    )
    .bind(&name)
    .bind(seq)
    .fetch_all(db)
    .await?;
    let row = |(kind, id, seq, body): (String, String, i64, Option<String>)| {
        let body = body
            .map(RawValue::from_string)
            .transpose()
            .context("a stored row is not JSON")?;
        Ok(RowChange(
            kind.into(),
            id.into(),
            seq,
            name.as_str().into(),
            body,
        ))
    };
    rows.into_iter().map(row).collect()
}

/// Rows written by one statement: a booking becomes six rows, a full batch hundreds.
const TOGETHER: usize = 16;

macro_rules! upsert {
    ($values:literal) => {
        concat!(
            "insert into feed (audience, kind, id, seq, body, at) values ",
            $values,
            " on conflict (audience, kind, id) do update set seq = excluded.seq, body = excluded.body, at = excluded.at"
        )
    };
}

const ONE: &str = upsert!("($1, $2, $3, $4, $5, $6)");
const SIXTEEN: &str = upsert!(
    "($1, $2, $3, $4, $5, $6), ($7, $8, $9, $10, $11, $12), ($13, $14, $15, $16, $17, $18), ($19, $20, $21, $22, $23, $24), \
     ($25, $26, $27, $28, $29, $30), ($31, $32, $33, $34, $35, $36), ($37, $38, $39, $40, $41, $42), \
     ($43, $44, $45, $46, $47, $48), ($49, $50, $51, $52, $53, $54), ($55, $56, $57, $58, $59, $60), \
     ($61, $62, $63, $64, $65, $66), ($67, $68, $69, $70, $71, $72), ($73, $74, $75, $76, $77, $78), \
     ($79, $80, $81, $82, $83, $84), ($85, $86, $87, $88, $89, $90), ($91, $92, $93, $94, $95, $96)"
);

/// Writes rows, each over the one of the same audience, kind and id; of several for one place, the last.
pub(crate) async fn put_rows(db: &mut Conn, rows: &[FeedRow], now: Time) -> Result<()> {
    let mut last = std::collections::HashMap::with_capacity(rows.len());
    for row in rows {
        last.insert((row.audience, row.kind, row.id.as_str()), row);
    }
    let mut rows: Vec<_> = last.into_values().collect();
    rows.sort_unstable_by_key(|it| it.seq);
    for chunk in rows.chunks(TOGETHER) {
        if chunk.len() == TOGETHER {
            upsert(db, SIXTEEN, chunk, now).await?;
        } else {
            for row in chunk {
                upsert(db, ONE, std::slice::from_ref(row), now).await?;
            }
        }
    }
    Ok(())
}

async fn upsert(db: &mut Conn, sql: &'static str, rows: &[&FeedRow], now: Time) -> Result<()> {
    let mut query = sqlx::query(sql);
    for row in rows {
        query = query
            .bind(row.audience.to_string())
            .bind(row.kind)
            .bind(row.id.as_str())
            .bind(row.seq)
            .bind(row.body.as_deref())
            .bind(now.millis());
    }
    query.execute(db).await?;
    Ok(())
}

/// Whose device this is, and its last answered number.
pub(crate) async fn device(db: &mut Conn, id: DeviceId) -> Result<Option<(MemberId, u64)>> {
    let row: Option<(String, i64)> =
        sqlx::query_as("select member_id, last_n from devices where id = $1")
            .bind(id.to_string())
            .fetch_optional(db)
            .await?;
    row.map(|(member, last)| Ok((member.parse()?, u64::try_from(last)?)))
        .transpose()
}

/// Notes a device's last answered number.
pub(crate) async fn set_device(
    db: &mut Conn,
    id: DeviceId,
    member: MemberId,
    last: u64,
    now: Time,
) -> Result<()> {
    sqlx::query(
        "insert into devices (id, member_id, last_n, seen_at) values ($1, $2, $3, $4) \
         on conflict (id) do update set last_n = excluded.last_n, seen_at = excluded.seen_at",
    )
    .bind(id.to_string())
    .bind(member.to_string())
    .bind(i64::try_from(last)?)
    .bind(now.millis())
    .execute(db)
    .await?;
    Ok(())
}

/// The recorded answer to a wish of this person: `None` when it was never decided.
pub(crate) async fn recorded(
    db: &mut Conn,
    member: MemberId,
    mutation: MutationId,
) -> Result<Option<Option<Refusal>>> {
    let row: Option<(Option<String>,)> =
        sqlx::query_as("select refusal from applied where member_id = $1 and mutation_id = $2")
            .bind(member.to_string())
            .bind(mutation.to_string())
            .fetch_optional(db)
            .await?;
    row.map(|(refusal,)| {
        refusal
            .map(|it| serde_json::from_str(&it))
            .transpose()
            .context("a recorded refusal cannot be read")
    })
    .transpose()
}

/// Records the answer to a wish.
pub(crate) async fn record(
    db: &mut Conn,
    push: &Push,
    envelope: &Envelope,
    refusal: Option<&Refusal>,
    now: Time,
) -> Result<()> {
    sqlx::query("insert into applied (member_id, mutation_id, device_id, n, refusal, at) values ($1, $2, $3, $4, $5, $6)")
        .bind(push.signed.id.to_string())
        .bind(envelope.id.to_string())
        .bind(push.device.to_string())
        .bind(i64::try_from(envelope.n)?)
        .bind(refusal.map(serde_json::to_string).transpose()?)
        .bind(now.millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Keeps what became of a wish until the person has read it.
pub(super) async fn add_outcome(
    db: &mut Conn,
    member: MemberId,
    mutation: MutationId,
    body: &str,
    now: Time,
) -> Result<()> {
    sqlx::query("insert into outcomes (mutation_id, member_id, body, at) values ($1, $2, $3, $4)")
        .bind(mutation.to_string())
        .bind(member.to_string())
        .bind(body)
        .bind(now.millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets what became of a wish. False when there is nothing to forget.
pub(super) async fn remove_outcome(
    db: &mut Conn,
    member: MemberId,
    mutation: MutationId,
) -> Result<bool> {
    let done = sqlx::query("delete from outcomes where member_id = $1 and mutation_id = $2")
        .bind(member.to_string())
        .bind(mutation.to_string())
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}
