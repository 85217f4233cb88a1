//! SQL of slots, weekly rules and the time that people hold.

use anyhow::Result;
use domain::{
    booking::{OpenAvailability, Place, Where},
    id::{AvailabilityId, BookingId, MemberId, SlotId},
    text::Short,
    time::{DAY, Day, Time},
};
use sqlx::{FromRow, Row as _, any::AnyRow};

use super::super::queries::{decode, undone};
use crate::{
    actor::{Host, Signed},
    db::Conn,
};

/// A slot with what became of it.
#[derive(Debug, Clone)]
pub(crate) struct SlotRow {
    pub(crate) id: SlotId,
    pub(crate) host: MemberId,
    pub(crate) availability: Option<AvailabilityId>,
    pub(crate) starts: Time,
    pub(crate) place: Place,
    pub(crate) note: Option<Short>,
    pub(crate) weekly_cap: Option<u16>,
    pub(crate) is_closed: bool,
    pub(crate) taken_by: Option<BookingId>,
}

macro_rules! slots {
    ($rest:literal) => {
        concat!(
            "select s.id, s.host_id, s.availability_id, s.starts, s.place, s.note, s.weekly_cap, s.closed_at, b.id \
             from slots s left join bookings b on b.slot_id = s.id and b.cancelled_at is null ",
            $rest
        )
    };
}

impl FromRow<'_, AnyRow> for SlotRow {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let text = |at: usize| row.try_get::<String, _>(at);
        let maybe = |at: usize| row.try_get::<Option<String>, _>(at);
        Ok(Self {
            id: text(0)?.parse().map_err(decode)?,
            host: text(1)?.parse().map_err(decode)?,
            availability: maybe(2)?.map(|it| it.parse()).transpose().map_err(decode)?,
            starts: Time::from_millis(row.try_get(3)?),
            place: serde_json::from_str(&text(4)?).map_err(decode)?,
            note: maybe(5)?
                .map(|it| Short::new(&it))
                .transpose()
                .map_err(undone)?,
            weekly_cap: row
                .try_get::<Option<i64>, _>(6)?
                .map(u16::try_from)
                .transpose()
                .map_err(decode)?,
            is_closed: row.try_get::<Option<i64>, _>(7)?.is_some(),
            taken_by: maybe(8)?.map(|it| it.parse()).transpose().map_err(decode)?,
        })
    }
}

/// One slot.
pub(crate) async fn slot(db: &mut Conn, id: SlotId) -> Result<Option<SlotRow>> {
    Ok(sqlx::query_as(slots!("where s.id = $1"))
        .bind(id.to_string())
        .fetch_optional(db)
        .await?)
}

/// A slot, if it is this member's to close: its host's, or anybody's for HR.
pub(in crate::booking) async fn slot_to_close(
    db: &mut Conn,
    signed: Signed,
    id: SlotId,
) -> Result<Option<SlotRow>> {
    let slot = slot(db, id).await?;
    Ok(slot.filter(|it| it.host == signed.id || signed.role.is_hr()))
}

/// Slots of a host in the week of a day, Monday to Sunday.
pub(in crate::booking) async fn week_of(
    db: &mut Conn,
    host: MemberId,
    day: Day,
) -> Result<Vec<SlotRow>> {
    let monday = day.monday();
    Ok(sqlx::query_as(slots!(
        "where s.host_id = $1 and s.day >= $2 and s.day < $3 order by s.starts"
    ))
    .bind(host.to_string())
    .bind(i64::from(monday.number()))
    .bind(i64::from(monday.plus(7).number()))
    .fetch_all(db)
    .await?)
}

/// Slots that start in a span of time.
pub(in crate::booking) async fn between(
    db: &mut Conn,
    from: Time,
    until: Time,
) -> Result<Vec<SlotRow>> {
    Ok(sqlx::query_as(slots!(
        "where s.starts >= $1 and s.starts < $2 order by s.starts"
    ))
    .bind(from.millis())
    .bind(until.millis())
    .fetch_all(db)
    .await?)
}

/// Open slots of a rule that nobody has taken and that lie ahead, through their host.
pub(in crate::booking) async fn free_of_rule(
    db: &mut Conn,
    host: Host,
    rule: AvailabilityId,
    now: Time,
) -> Result<Vec<SlotRow>> {
    Ok(sqlx::query_as(slots!(
        "where s.host_id = $1 and s.availability_id = $2 and s.starts > $3 and s.closed_at is null and b.id is null"
    ))
    .bind(host.id().to_string())
    .bind(rule.to_string())
    .bind(now.millis())
    .fetch_all(db)
    .await?)
}

/// Free slots within two weeks of a time, nearest first: candidates to offer instead.
pub(in crate::booking) async fn free_around(
    db: &mut Conn,
    wished: Time,
    now: Time,
) -> Result<Vec<SlotRow>> {
    Ok(sqlx::query_as(slots!(
        "where s.starts > $1 and s.starts >= $2 and s.starts < $3 and s.closed_at is null and b.id is null \
         order by abs(s.starts - $4) limit 60"
    ))
    .bind(now.millis())
    .bind(wished.plus(-14 * DAY).millis())
    .bind(wished.plus(14 * DAY).millis())
    .bind(wished.millis())
    .fetch_all(db)
    .await?)
}

/// Live bookings of a slot's host on its day and in its week, one booking left out.
pub(in crate::booking) async fn host_load(
    db: &mut Conn,
    slot: &SlotRow,
    without: Option<BookingId>,
) -> Result<(u16, u16)> {
    let day = slot.starts.day();
    let monday = day.monday();
    let (in_day, in_week): (i64, i64) = sqlx::query_as(
        // Asked slot by slot, through the index on live bookings: as a join, a planner without statistics reads all
        // bookings for each slot.
        "select count(case when s.day = $2 then 1 end), count(*) from slots s \
         where s.host_id = $1 and s.day >= $3 and s.day < $4 and \
         coalesce((select b.id from bookings b where b.slot_id = s.id and b.cancelled_at is null), $5) <> $5",
    )
    .bind(slot.host.to_string())
    .bind(i64::from(day.number()))
    .bind(i64::from(monday.number()))
    .bind(i64::from(monday.plus(7).number()))
    .bind(without.map(|it| it.to_string()).unwrap_or_default())
    .fetch_one(db)
    .await?;
    Ok((u16::try_from(in_day)?, u16::try_from(in_week)?))
}

/// Adds a slot; false when it is there already. The unique blocks of its host are claimed with it.
pub(in crate::booking) async fn add_slot(
    db: &mut Conn,
    host: Host,
    id: SlotId,
    rule: Option<(AvailabilityId, Option<u16>)>,
    starts: Time,
    place: &Where,
    now: Time,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "insert into slots (id, host_id, availability_id, starts, day, place, link, note, weekly_cap, opened_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing",
    )
    .bind(id.to_string())
    .bind(host.id().to_string())
    .bind(rule.map(|it| it.0.to_string()))
    .bind(starts.millis())
    .bind(i64::from(starts.day().number()))
    .bind(serde_json::to_string(&place.place).map_err(decode)?)
    .bind(place.link.as_deref())
    .bind(place.note.as_deref())
    .bind(rule.and_then(|it| it.1).map(i64::from))
    .bind(now.millis())
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Closes a slot.
pub(in crate::booking) async fn close_slot(
    db: &mut Conn,
    id: SlotId,
    by: MemberId,
    now: Time,
) -> Result<()> {
    sqlx::query(
        "update slots set closed_at = $2, closed_by = $3 where id = $1 and closed_at is null",
    )
    .bind(id.to_string())
    .bind(now.millis())
    .bind(by.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Claims three blocks of somebody's time.
pub(in crate::booking) async fn claim(
    db: &mut Conn,
    member: MemberId,
    blocks: [i64; 3],
    slot: SlotId,
) -> sqlx::Result<()> {
    sqlx::query("insert into busy (member_id, block, slot_id) values ($1, $2, $5), ($1, $3, $5), ($1, $4, $5)")
        .bind(member.to_string())
        .bind(blocks[0])
        .bind(blocks[1])
        .bind(blocks[2])
        .bind(slot.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Gives back the time somebody held for a slot.
pub(in crate::booking) async fn release(
    db: &mut Conn,
    member: MemberId,
    slot: SlotId,
) -> Result<()> {
    sqlx::query("delete from busy where slot_id = $1 and member_id = $2")
        .bind(slot.to_string())
        .bind(member.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Adds a weekly rule; false when it is there already.
pub(in crate::booking) async fn add_rule(
    db: &mut Conn,
    host: Host,
    it: &OpenAvailability,
    place: &Where,
    now: Time,
) -> Result<bool> {
    let done = sqlx::query(
        "insert into availabilities (id, host_id, pattern, place, link, note, opened_at) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing",
    )
    .bind(it.availability.to_string())
    .bind(host.id().to_string())
    .bind(serde_json::to_string(&it.pattern)?)
    .bind(serde_json::to_string(&place.place)?)
    .bind(place.link.as_deref())
    .bind(place.note.as_deref())
    .bind(now.millis())
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends a weekly rule of this host; false when there is none.
pub(in crate::booking) async fn close_rule(
    db: &mut Conn,
    host: Host,
    id: AvailabilityId,
    now: Time,
) -> Result<bool> {
    let done = sqlx::query("update availabilities set closed_at = $3 where id = $1 and host_id = $2 and closed_at is null")
        .bind(id.to_string())
        .bind(host.id().to_string())
        .bind(now.millis())
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}
