//! SQL of slots, weekly rules and the time that people hold.

use anyhow::Result;
use domain::{
    booking::{OpenAvailability, Place, Where, blocks},
    id::{AvailabilityId, BookingId, MemberId, SlotId},
    text::{HttpsLink, Name, Short},
    time::{DAY, Day, Time},
};
use sqlx::{FromRow, Row as _, any::AnyRow};

use super::super::queries::{decode, undone};
use crate::{
    actor::{Host, Signed},
    db::{Conn, many},
};

/// A slot with what became of it.
#[derive(Debug, Clone)]
pub(crate) struct SlotRow {
    pub(crate) id: SlotId,
    pub(crate) host: MemberId,
    pub(crate) availability: Option<AvailabilityId>,
    pub(crate) starts: Time,
    pub(crate) place: Place,
    pub(crate) link: Option<HttpsLink>,
    pub(crate) note: Option<Short>,
    pub(crate) weekly_cap: Option<u16>,
    pub(crate) is_closed: bool,
    pub(crate) taken_by: Option<BookingId>,
    pub(crate) host_name: Name,
    /// Live bookings of its host on its day.
    pub(crate) host_day: u16,
    /// Live bookings of its host in its week, Monday to Sunday; counted only where there is a weekly cap.
    pub(crate) host_week: u16,
    /// Its host has open slots with a weekly cap in its week, this one or others.
    pub(crate) is_week_capped: bool,
}

/// The time of somebody, for a slot.
#[derive(Debug, Clone, Copy)]
pub(in crate::booking) struct Claim {
    pub(in crate::booking) member: MemberId,
    pub(in crate::booking) slot: SlotId,
    pub(in crate::booking) starts: Time,
}

impl Claim {
    /// The time of whoever booked.
    pub(in crate::booking) fn of(booking: &crate::booking::queries::BookingRow) -> Self {
        Self {
            member: booking.member,
            slot: booking.slot,
            starts: booking.starts,
        }
    }
}

impl SlotRow {
    /// The time of its host.
    pub(in crate::booking) fn held(&self) -> Claim {
        Claim {
            member: self.host,
            slot: self.id,
            starts: self.starts,
        }
    }
}

// The host's load is asked slot by slot, through the index on live bookings: as a join or an `exists`, a planner
// without statistics reads all bookings for each slot. Day 0 was a Thursday, so `(day + 3) % 7` counts from Monday.
macro_rules! slots {
    ($rest:literal) => {
        concat!(
            "select s.id, s.host_id, s.availability_id, s.starts, s.place, s.link, s.note, s.weekly_cap, s.closed_at, b.id, h.name, \
             (select count(*) from slots o where o.host_id = s.host_id and o.day = s.day \
              and coalesce((select l.id from bookings l where l.slot_id = o.id and l.cancelled_at is null), '') <> ''), \
             (select count(*) from slots o where s.weekly_cap is not null and o.host_id = s.host_id \
              and o.day >= s.day - (s.day + 3) % 7 and o.day < s.day - (s.day + 3) % 7 + 7 \
              and coalesce((select l.id from bookings l where l.slot_id = o.id and l.cancelled_at is null), '') <> ''), \
             (select count(*) from slots o where o.host_id = s.host_id and o.weekly_cap is not null and o.closed_at is null \
              and o.day >= s.day - (s.day + 3) % 7 and o.day < s.day - (s.day + 3) % 7 + 7) \
             from slots s join members h on h.id = s.host_id left join bookings b on b.slot_id = s.id and b.cancelled_at is null ",
            $rest
        )
    };
}

impl FromRow<'_, AnyRow> for SlotRow {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let text = |at: usize| row.try_get::<String, _>(at);
        let maybe = |at: usize| row.try_get::<Option<String>, _>(at);
        let count = |at: usize| u16::try_from(row.try_get::<i64, _>(at)?).map_err(decode);
        Ok(Self {
            id: text(0)?.parse().map_err(decode)?,
            host: text(1)?.parse().map_err(decode)?,
            availability: maybe(2)?.map(|it| it.parse()).transpose().map_err(decode)?,
            starts: Time::from_millis(row.try_get(3)?),
            place: serde_json::from_str(&text(4)?).map_err(decode)?,
            link: maybe(5)?
                .map(|it| HttpsLink::new(&it))
                .transpose()
                .map_err(undone)?,
            note: maybe(6)?
                .map(|it| Short::new(&it))
                .transpose()
                .map_err(undone)?,
            weekly_cap: row
                .try_get::<Option<i64>, _>(7)?
                .map(u16::try_from)
                .transpose()
                .map_err(decode)?,
            is_closed: row.try_get::<Option<i64>, _>(8)?.is_some(),
            taken_by: maybe(9)?.map(|it| it.parse()).transpose().map_err(decode)?,
            host_name: Name::new(&text(10)?).map_err(undone)?,
            host_day: count(11)?,
            host_week: count(12)?,
            is_week_capped: count(13)? > 0,
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

/// These slots.
pub(in crate::booking) async fn slots(db: &mut Conn, ids: &[SlotId]) -> Result<Vec<SlotRow>> {
    let select = slots!("where s.id in");
    Ok(many::read(db, select, 1, "", ids, |query, it| {
        query.bind(it.to_string())
    })
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

/// Claims blocks of people's time; false when one of them is held already. Then some may have been claimed.
pub(in crate::booking) async fn claim(db: &mut Conn, claims: &[Claim]) -> Result<bool> {
    let rows: Vec<_> = claims
        .iter()
        .flat_map(|it| blocks(it.starts).map(|block| (it, block)))
        .collect();
    let claimed = many::write(
        db,
        "insert into busy (member_id, block, slot_id)",
        3,
        "on conflict do nothing",
        &rows,
        |query, (it, block)| {
            query
                .bind(it.member.to_string())
                .bind(*block)
                .bind(it.slot.to_string())
        },
    )
    .await?;
    Ok(claimed == rows.len())
}

/// Gives back the time somebody held for a slot.
pub(in crate::booking) async fn release(db: &mut Conn, held: Claim) -> Result<()> {
    let [first, .., last] = blocks(held.starts);
    sqlx::query(
        "delete from busy where member_id = $1 and block between $2 and $3 and slot_id = $4",
    )
    .bind(held.member.to_string())
    .bind(first)
    .bind(last)
    .bind(held.slot.to_string())
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
