//! SQL of bookings and of how much may be booked. Personal rows are loaded through whoever asks.

use std::collections::HashMap;

use anyhow::{Context, Result};
use domain::{
    booking::{BookingState, Cancellation, Limits, Place, Words},
    id::{BookingId, MemberId, SlotId},
    member::Language,
    text::{HttpsLink, Name, Short},
    time::Time,
};
use sqlx::{FromRow, Row as _, any::AnyRow};

use crate::{
    actor::{Host, OfferHolder},
    db::{Conn, Turn, many},
    sync::queries::{fact, set_fact},
};

/// A booking with the names and the place that its rows show.
#[derive(Debug, Clone)]
pub(crate) struct BookingRow {
    pub(crate) id: BookingId,
    pub(crate) slot: SlotId,
    pub(crate) member: MemberId,
    pub(crate) member_name: Name,
    pub(crate) member_language: Language,
    pub(crate) host: MemberId,
    pub(crate) host_name: Name,
    pub(crate) starts: Time,
    pub(crate) place: Place,
    pub(crate) link: Option<HttpsLink>,
    pub(crate) topic: Option<Short>,
    pub(crate) talk: Option<Words>,
    pub(crate) avoid: Option<Words>,
    pub(crate) sequence: i64,
    pub(crate) booked_at: Time,
    pub(crate) cancellation: Option<Cancellation>,
}

impl BookingRow {
    /// Booked or cancelled.
    pub(crate) fn state(&self) -> BookingState {
        self.cancellation
            .clone()
            .map_or(BookingState::Booked, BookingState::Cancelled)
    }
}

macro_rules! bookings {
    ($rest:literal) => {
        concat!(
            "select b.id, b.slot_id, b.member_id, m.name, m.language, s.host_id, h.name, s.starts, s.place, s.link, b.topic, \
             b.talk, b.avoid, b.sequence, b.booked_at, b.cancelled_at, b.cancelled_by, b.cancelled_word from bookings b \
             join slots s on s.id = b.slot_id join members m on m.id = b.member_id join members h on h.id = s.host_id ",
            $rest
        )
    };
}

impl FromRow<'_, AnyRow> for BookingRow {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let text = |at: usize| row.try_get::<String, _>(at);
        let maybe = |at: usize| row.try_get::<Option<String>, _>(at);
        let words = |at: usize| {
            maybe(at)?
                .map(|it| Words::new(&it))
                .transpose()
                .map_err(undone)
        };
        let cancellation = match (row.try_get::<Option<i64>, _>(15)?, maybe(16)?) {
            (Some(at), Some(by)) => Some(Cancellation {
                by: by.parse().map_err(decode)?,
                at: Time::from_millis(at),
                word: words(17)?,
            }),
            _ => None,
        };
        Ok(Self {
            id: text(0)?.parse().map_err(decode)?,
            slot: text(1)?.parse().map_err(decode)?,
            member: text(2)?.parse().map_err(decode)?,
            member_name: Name::new(&text(3)?).map_err(undone)?,
            member_language: Language::from_code(&text(4)?).unwrap_or_default(),
            host: text(5)?.parse().map_err(decode)?,
            host_name: Name::new(&text(6)?).map_err(undone)?,
            starts: Time::from_millis(row.try_get(7)?),
            place: serde_json::from_str(&text(8)?).map_err(decode)?,
            link: maybe(9)?
                .map(|it| HttpsLink::new(&it))
                .transpose()
                .map_err(undone)?,
            topic: maybe(10)?
                .map(|it| Short::new(&it))
                .transpose()
                .map_err(undone)?,
            talk: words(11)?,
            avoid: words(12)?,
            sequence: row.try_get(13)?,
            booked_at: Time::from_millis(row.try_get(14)?),
            cancellation,
        })
    }
}

/// A booking, through the offer-holder whose it is.
pub(crate) async fn booking_of(
    db: &mut Conn,
    holder: OfferHolder,
    id: BookingId,
) -> Result<Option<BookingRow>> {
    Ok(
        sqlx::query_as(bookings!("where b.id = $1 and b.member_id = $2"))
            .bind(id.to_string())
            .bind(holder.id().to_string())
            .fetch_optional(db)
            .await?,
    )
}

/// A booking, through the host whose slot it is.
pub(crate) async fn booking_of_host(
    db: &mut Conn,
    host: Host,
    id: BookingId,
) -> Result<Option<BookingRow>> {
    Ok(
        sqlx::query_as(bookings!("where b.id = $1 and s.host_id = $2"))
            .bind(id.to_string())
            .bind(host.id().to_string())
            .fetch_optional(db)
            .await?,
    )
}

/// A booking for what the server itself does with it: publishing, mails to its two sides. Never for an answer.
pub(crate) async fn booking(db: &mut Conn, id: BookingId) -> Result<Option<BookingRow>> {
    Ok(sqlx::query_as(bookings!("where b.id = $1"))
        .bind(id.to_string())
        .fetch_optional(db)
        .await?)
}

/// Live bookings of one member, as offer-holder or as host, in a span of time.
pub(crate) async fn bookings_for_calendar(
    db: &mut Conn,
    member: MemberId,
    from: Time,
    until: Time,
) -> Result<Vec<BookingRow>> {
    Ok(sqlx::query_as(bookings!(
        "where (b.member_id = $1 or s.host_id = $1) and s.starts >= $2 and s.starts < $3 and b.cancelled_at is null order by s.starts"
    ))
    .bind(member.to_string())
    .bind(from.millis())
    .bind(until.millis())
    .fetch_all(db)
    .await?)
}

/// Live bookings that start in a span of time, for reminders.
pub(crate) async fn starting(db: &mut Conn, from: Time, until: Time) -> Result<Vec<BookingRow>> {
    Ok(sqlx::query_as(bookings!(
        "where s.starts >= $1 and s.starts < $2 and b.cancelled_at is null order by s.starts"
    ))
    .bind(from.millis())
    .bind(until.millis())
    .fetch_all(db)
    .await?)
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct AskerRow {
    pub(crate) name: Name,
    pub(crate) language: Language,
    /// Their live bookings, also past ones, with their starts.
    pub(crate) booked: Vec<(BookingId, Time)>,
}

/// These members as they ask.
pub(super) async fn askers(
    db: &mut Conn,
    members: &[MemberId],
) -> Result<HashMap<MemberId, AskerRow>> {
    let select = "select m.id, m.name, m.language, b.id, s.starts from members m \
                  left join bookings b on b.member_id = m.id and b.cancelled_at is null \
                  left join slots s on s.id = b.slot_id where m.id in";
    type Row = (String, String, String, Option<String>, Option<i64>);
    let rows: Vec<Row> = many::read(db, select, 1, "", members, |query, it| {
        query.bind(it.to_string())
    })
    .await?;
    let mut askers = HashMap::with_capacity(members.len());
    for (id, name, language, booking, starts) in rows {
        let asker = AskerRow {
            name: Name::new(&name).map_err(undone)?,
            language: Language::from_code(&language).unwrap_or_default(),
            booked: Vec::new(),
        };
        let asker = askers.entry(id.parse()?).or_insert(asker);
        if let (Some(booking), Some(starts)) = (booking, starts) {
            asker
                .booked
                .push((booking.parse()?, Time::from_millis(starts)));
        }
    }
    Ok(askers)
}

/// Adds bookings; false when a slot or an id is taken already. The unique indexes are the last judges.
pub(super) async fn add(db: &mut Conn, bookings: &[BookingRow]) -> Result<bool> {
    let added = many::write(
        db,
        "insert into bookings (id, slot_id, member_id, topic, talk, avoid, booked_at)",
        7,
        "on conflict do nothing",
        bookings,
        |query, it| {
            query
                .bind(it.id.to_string())
                .bind(it.slot.to_string())
                .bind(it.member.to_string())
                .bind(it.topic.as_deref())
                .bind(it.talk.as_deref())
                .bind(it.avoid.as_deref())
                .bind(it.booked_at.millis())
        },
    )
    .await?;
    Ok(added == bookings.len())
}

/// Moves a booking to another slot.
pub(super) async fn set_slot(db: &mut Conn, id: BookingId, slot: SlotId) -> sqlx::Result<()> {
    sqlx::query("update bookings set slot_id = $2, sequence = sequence + 1 where id = $1")
        .bind(id.to_string())
        .bind(slot.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Ends a live booking.
pub(super) async fn cancel(
    db: &mut Conn,
    id: BookingId,
    by: MemberId,
    word: Option<&str>,
    now: Time,
) -> Result<()> {
    sqlx::query(
        "update bookings set cancelled_at = $2, cancelled_by = $3, cancelled_word = $4, sequence = sequence + 1 \
         where id = $1 and cancelled_at is null",
    )
    .bind(id.to_string())
    .bind(now.millis())
    .bind(by.to_string())
    .bind(word)
    .execute(db)
    .await?;
    Ok(())
}

/// The limits in force: read once in a turn.
pub(crate) async fn limits(turn: &mut Turn) -> Result<Limits> {
    if let Some(limits) = turn.known.limits {
        return Ok(limits);
    }
    let stored = fact(turn.conn(), "limits").await?;
    let limits = stored.map_or(Ok(Limits::default()), |it| {
        serde_json::from_str(&it).context("the company's limits cannot be read")
    })?;
    turn.known.limits = Some(limits);
    Ok(limits)
}

/// Sets the limits.
pub(super) async fn set_limits(turn: &mut Turn, limits: Limits) -> Result<()> {
    turn.known.limits = None;
    set_fact(turn.conn(), "limits", &serde_json::to_string(&limits)?).await
}

pub(super) fn decode(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

/// A stored text that breaks the rule it was stored under.
pub(super) fn undone(fault: domain::text::TextFault) -> sqlx::Error {
    sqlx::Error::Decode(fault.to_string().into())
}
