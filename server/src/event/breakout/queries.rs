//! SQL of small groups.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use domain::{
    breakout::Pair,
    event::Way,
    id::{EventId, MemberId},
    time::Time,
};

use super::Dealt;
use crate::db::{Conn, many};

/// The groups of these events, where there are any.
pub(in crate::event) async fn known(
    db: &mut Conn,
    ids: &[EventId],
) -> Result<Vec<(EventId, Dealt)>> {
    let select =
        "select event_id, apart, together, alone, dealt_at from breakouts where event_id in";
    let rows: Vec<(String, String, String, String, i64)> =
        many::read(db, select, 1, "", ids, |query, id| {
            query.bind(id.to_string())
        })
        .await?;
    let mut known: Vec<(EventId, Dealt)> = Vec::with_capacity(rows.len());
    for (event, apart, together, alone, at) in rows {
        let event = event.parse()?;
        let dealt = Dealt {
            groups: groups(db, event).await?,
            together: serde_json::from_str(&together)?,
            alone: serde_json::from_str(&alone)?,
            apart: serde_json::from_str(&apart)?,
            at: Time::from_millis(at),
        };
        known.push((event, dealt));
    }
    Ok(known)
}

async fn groups(db: &mut Conn, event: EventId) -> Result<BTreeMap<(Way, u16), Vec<MemberId>>> {
    let rows: Vec<(String, i64, String)> = sqlx::query_as(
        "select way, number, member_id from breakout_members where event_id = $1 order by member_id",
    )
    .bind(event.to_string())
    .fetch_all(db)
    .await?;
    let mut groups: BTreeMap<_, Vec<MemberId>> = BTreeMap::new();
    for (way, number, member) in rows {
        let way = Way::from_code(&way).context("a group of no way")?;
        let key = (way, u16::try_from(number)?);
        groups.entry(key).or_default().push(member.parse()?);
    }
    Ok(groups)
}

/// Writes groups in the place of those that were there.
pub(super) async fn put(db: &mut Conn, event: EventId, dealt: &Dealt, by: MemberId) -> Result<()> {
    sqlx::query("delete from breakout_members where event_id = $1")
        .bind(event.to_string())
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "insert into breakouts (event_id, apart, together, alone, dealt_at, dealt_by) values ($1, $2, $3, $4, $5, $6) \
         on conflict (event_id) do update set apart = excluded.apart, together = excluded.together, \
         alone = excluded.alone, dealt_at = excluded.dealt_at, dealt_by = excluded.dealt_by",
    )
    .bind(event.to_string())
    .bind(serde_json::to_string(&dealt.apart)?)
    .bind(serde_json::to_string(&dealt.together)?)
    .bind(serde_json::to_string(&dealt.alone)?)
    .bind(dealt.at.millis())
    .bind(by.to_string())
    .execute(&mut *db)
    .await?;
    let places: Vec<(Way, u16, MemberId)> = dealt
        .groups
        .iter()
        .flat_map(|((way, number), members)| members.iter().map(|it| (*way, *number, *it)))
        .collect();
    many::write(
        db,
        "insert into breakout_members (event_id, member_id, way, number)",
        4,
        "",
        &places,
        |query, (way, number, member)| {
            query
                .bind(event.to_string())
                .bind(member.to_string())
                .bind(way.code())
                .bind(i64::from(*number))
        },
    )
    .await?;
    Ok(())
}

/// Who sat with whom at an earlier event that took place, and still had the place then.
pub(super) async fn met(db: &mut Conn, event: EventId, starts: Time) -> Result<Vec<Pair>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "with sat as (select m.event_id, m.member_id, m.way, m.number from breakout_members m \
         join events e on e.id = m.event_id \
         join rsvps r on r.event_id = m.event_id and r.member_id = m.member_id and r.way = m.way \
         where e.starts < $1 and e.id <> $2 and e.cancelled_at is null and r.state = 'going') \
         select distinct a.member_id, b.member_id from sat a join sat b on b.event_id = a.event_id and b.way = a.way \
         and b.number = a.number and b.member_id > a.member_id",
    )
    .bind(starts.millis())
    .bind(event.to_string())
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(one, other)| Ok((one.parse()?, other.parse()?)))
        .collect()
}

/// Somebody's school and the department they will join, as far as they are known.
type Origin = (Option<String>, Option<String>);

/// Where these people come from and go to.
pub(super) async fn origins(db: &mut Conn, ids: &[MemberId]) -> Result<HashMap<MemberId, Origin>> {
    let select = "select id, school, team from members where id in";
    let rows: Vec<(String, Option<String>, Option<String>)> =
        many::read(db, select, 1, "", ids, |query, id| {
            query.bind(id.to_string())
        })
        .await?;
    rows.into_iter()
        .map(|(id, school, team)| Ok((id.parse()?, (school, team))))
        .collect()
}
