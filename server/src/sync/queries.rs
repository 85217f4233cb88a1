//! SQL of the feed, of devices and of recorded answers.

use std::collections::HashMap;

use anyhow::{Context, Result};
use domain::{
    id::{DeviceId, HistoryId, MemberId, MutationId},
    refusal::Refusal,
    sync::wire::RowChange,
    time::Time,
    visibility::Audience,
};
use serde_json::value::RawValue;

use crate::db::{Conn, Device, FeedRow, NewAnswer, NewOutcome, Wished, many};

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

/// Rows of an audience after `seq`, in order, up to a number of them.
pub(crate) async fn changes(
    db: &mut Conn,
    audience: Audience,
    seq: i64,
    most: usize,
) -> Result<Vec<RowChange>> {
    // Whatever is gone is told, too.
    live(db, audience, seq, i64::MIN, most).await
}

/// Rows of an audience after `seq`, in order, up to a number of them, for somebody who had none of them at `began`: what
/// was gone by then is left out.
pub(crate) async fn live(
    db: &mut Conn,
    audience: Audience,
    seq: i64,
    began: i64,
    most: usize,
) -> Result<Vec<RowChange>> {
    let name = audience.to_string();
    let rows: Vec<(String, String, i64, Option<String>)> = sqlx::query_as(
        "select kind, id, seq, body from feed where audience = $1 and seq > $2 and (body is not null or seq > $3) \
         order by seq limit $4",
    )
    .bind(&name)
    .bind(seq)
    .bind(began)
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
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

/// Writes rows, each over the one of the same audience, kind and id; of several for one place, the last.
pub(crate) async fn put_rows(db: &mut Conn, rows: &[FeedRow], now: Time) -> Result<()> {
    let mut last = HashMap::with_capacity(rows.len());
    for row in rows {
        last.insert((row.audience, row.kind, row.id.as_str()), row);
    }
    let mut rows: Vec<_> = last.into_values().collect();
    rows.sort_unstable_by_key(|it| it.seq);
    many::write(
        db,
        "insert into feed (audience, kind, id, seq, body, at)",
        6,
        "on conflict (audience, kind, id) do update set seq = excluded.seq, body = excluded.body, at = excluded.at",
        &rows,
        |query, row| {
            query
                .bind(row.audience.to_string())
                .bind(row.kind)
                .bind(row.id.as_str())
                .bind(row.seq)
                .bind(row.body.as_deref().map(RawValue::get))
                .bind(now.millis())
        },
    )
    .await?;
    Ok(())
}

/// Whose these devices are, and their last answered numbers.
pub(crate) async fn devices(db: &mut Conn, ids: &[DeviceId]) -> Result<Vec<Device>> {
    let select = "select id, member_id, last_n from devices where id in";
    let rows: Vec<(String, String, i64)> = many::read(db, select, 1, "", ids, |query, id| {
        query.bind(id.to_string())
    })
    .await?;
    let device = |(id, member, last): (String, String, i64)| {
        Ok(Device {
            id: id.parse()?,
            owner: member.parse()?,
            last: u64::try_from(last)?,
        })
    };
    rows.into_iter().map(device).collect()
}

/// Notes the last answered numbers of devices.
pub(crate) async fn set_devices(db: &mut Conn, devices: &[Device], now: Time) -> Result<()> {
    many::write(
        db,
        "insert into devices (id, member_id, last_n, seen_at)",
        4,
        "on conflict (id) do update set last_n = excluded.last_n, seen_at = excluded.seen_at",
        devices,
        |query, it| {
            query
                .bind(it.id.to_string())
                .bind(it.owner.to_string())
                .bind(it.last.cast_signed())
                .bind(now.millis())
        },
    )
    .await?;
    Ok(())
}

/// The recorded answers to `wished`. As a join from there to here: pairs that are `in` a list SQLite looks for in the whole
/// table.
pub(crate) const ANSWERS: (&str, &str) = (
    "with wished (member, mutation) as",
    "select member_id, mutation_id, refusal from wished cross join applied where member_id = member and mutation_id = mutation",
);

/// The recorded answers to wishes: those that were never decided are not among them.
pub(crate) async fn answers(
    db: &mut Conn,
    wishes: &[Wished],
) -> Result<HashMap<Wished, Option<Refusal>>> {
    let (with, select) = ANSWERS;
    let rows: Vec<(String, String, Option<String>)> =
        many::read(db, with, 2, select, wishes, |query, (member, mutation)| {
            query.bind(member.to_string()).bind(mutation.to_string())
        })
        .await?;
    let answer = |(member, mutation, refusal): (String, String, Option<String>)| {
        let refusal = refusal
            .map(|it| serde_json::from_str(&it))
            .transpose()
            .context("a recorded refusal cannot be read")?;
        Ok(((member.parse()?, mutation.parse()?), refusal))
    };
    rows.into_iter().map(answer).collect()
}

/// Records the answers to wishes.
pub(crate) async fn record(db: &mut Conn, answers: &[NewAnswer], now: Time) -> Result<()> {
    let refusals = answers
        .iter()
        .map(|it| it.refusal.as_ref().map(serde_json::to_string).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<_> = answers.iter().zip(refusals).collect();
    many::write(
        db,
        "insert into applied (member_id, mutation_id, device_id, n, refusal, at)",
        6,
        "",
        &rows,
        |query, (it, refusal)| {
            query
                .bind(it.member.to_string())
                .bind(it.mutation.to_string())
                .bind(it.device.to_string())
                .bind(it.n.cast_signed())
                .bind(refusal.as_deref())
                .bind(now.millis())
        },
    )
    .await?;
    Ok(())
}

/// Keeps what became of wishes until their people have read it.
pub(crate) async fn add_outcomes(db: &mut Conn, outcomes: &[NewOutcome], now: Time) -> Result<()> {
    many::write(
        db,
        "insert into outcomes (mutation_id, member_id, body, at)",
        4,
        "",
        outcomes,
        |query, it| {
            query
                .bind(it.mutation.to_string())
                .bind(it.member.to_string())
                .bind(it.body.as_str())
                .bind(now.millis())
        },
    )
    .await?;
    Ok(())
}

/// Forgets what became of a wish. False when there is nothing to forget.
pub(crate) async fn remove_outcome(
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
