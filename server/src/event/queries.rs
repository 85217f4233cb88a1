//! SQL of events and of replies to them.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use domain::{
    booking::{Cancellation, Words},
    event::{Edit, Entry, Invited, Memo, Plan, Roll, Way},
    id::{EventId, MemberId},
    member::Language,
    text::Long,
    time::Time,
};
use sqlx::{FromRow, Row as _, any::AnyRow};

use super::{
    breakout,
    person::{hosts, invited, names},
    roll::{Known, RsvpRow},
};
use crate::db::{Conn, many};

/// An event as stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EventRow {
    pub(crate) id: EventId,
    pub(crate) plan: Plan,
    pub(crate) published: Option<Time>,
    pub(crate) edits: Vec<Edit>,
    pub(crate) sequence: i64,
    pub(crate) cancelled: Option<Cancellation>,
    pub(crate) memo: Option<Memo<Long>>,
}

macro_rules! events {
    ($rest:literal) => {
        concat!(
            "select id, plan, published_at, edits, sequence, cancelled_at, cancelled_by, cancelled_word, memo from events ",
            $rest
        )
    };
}

pub(crate) fn decode(error: impl std::fmt::Display) -> sqlx::Error {
    sqlx::Error::Decode(error.to_string().into())
}

impl FromRow<'_, AnyRow> for EventRow {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let text = |at: usize| row.try_get::<String, _>(at);
        let maybe = |at: usize| row.try_get::<Option<String>, _>(at);
        let time = |at: usize| {
            Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(at)?.map(Time::from_millis))
        };
        let cancelled = match (time(5)?, maybe(6)?) {
            (Some(at), Some(by)) => Some(Cancellation {
                by: by.parse().map_err(decode)?,
                at,
                word: maybe(7)?
                    .map(|it| Words::new(&it))
                    .transpose()
                    .map_err(decode)?,
            }),
            _ => None,
        };
        Ok(Self {
            id: text(0)?.parse().map_err(decode)?,
            plan: serde_json::from_str(&text(1)?).map_err(decode)?,
            published: time(2)?,
            edits: serde_json::from_str(&text(3)?).map_err(decode)?,
            sequence: row.try_get(4)?,
            cancelled,
            memo: maybe(8)?
                .map(|it| serde_json::from_str(&it))
                .transpose()
                .map_err(decode)?,
        })
    }
}

/// One event, for what the server itself does: every feature that shows it asks who may see it first.
pub(crate) async fn event(db: &mut Conn, id: EventId) -> Result<Option<EventRow>> {
    Ok(sqlx::query_as(events!("where id = $1"))
        .bind(id.to_string())
        .fetch_optional(db)
        .await?)
}

/// Published events that start in a span of time and take place, by their start.
pub(crate) async fn between(db: &mut Conn, from: Time, until: Time) -> Result<Vec<EventRow>> {
    Ok(sqlx::query_as(events!(
        "where starts >= $1 and starts < $2 and published_at is not null and cancelled_at is null order by starts, id"
    ))
    .bind(from.millis())
    .bind(until.millis())
    .fetch_all(db)
    .await?)
}

/// The ids of all events.
pub(crate) async fn all(db: &mut Conn) -> Result<Vec<EventId>> {
    let rows: Vec<(String,)> = sqlx::query_as("select id from events order by id")
        .fetch_all(db)
        .await?;
    rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// Events that somebody replied to, asked about or hosts: what shows their name or is written in their language.
pub(crate) async fn of_member(db: &mut Conn, member: MemberId) -> Result<Vec<EventId>> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "select id from events where id in (select event_id from rsvps where member_id = $1) \
         or id in (select event_id from questions where asker_id = $1) or plan like $2 order by id",
    )
    .bind(member.to_string())
    // An id stands in the plan as it is; whoever is only mentioned is told anew for nothing.
    .bind(format!("%\"{member}\"%"))
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// Adds an event; false when the id is taken.
pub(super) async fn add(db: &mut Conn, row: &EventRow, by: MemberId, now: Time) -> Result<bool> {
    let done = sqlx::query(
        "insert into events (id, plan, starts, created_at, created_by) values ($1, $2, $3, $4, $5) on conflict do nothing",
    )
    .bind(row.id.to_string())
    .bind(serde_json::to_string(&row.plan)?)
    .bind(row.plan.starts.millis())
    .bind(now.millis())
    .bind(by.to_string())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what an edit changes.
pub(super) async fn put(db: &mut Conn, row: &EventRow) -> Result<()> {
    sqlx::query(
        "update events set plan = $2, starts = $3, edits = $4, sequence = $5 where id = $1",
    )
    .bind(row.id.to_string())
    .bind(serde_json::to_string(&row.plan)?)
    .bind(row.plan.starts.millis())
    .bind(serde_json::to_string(&row.edits)?)
    .bind(row.sequence)
    .execute(db)
    .await?;
    Ok(())
}

/// Shows an event to those who are invited.
pub(super) async fn publish(db: &mut Conn, id: EventId, by: MemberId, now: Time) -> Result<()> {
    sqlx::query("update events set published_at = $2, published_by = $3 where id = $1 and published_at is null")
        .bind(id.to_string())
        .bind(now.millis())
        .bind(by.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Calls an event off.
pub(super) async fn cancel(db: &mut Conn, id: EventId, it: &Cancellation) -> Result<()> {
    sqlx::query(
        "update events set cancelled_at = $2, cancelled_by = $3, cancelled_word = $4, sequence = sequence + 1 \
         where id = $1 and cancelled_at is null",
    )
    .bind(id.to_string())
    .bind(it.at.millis())
    .bind(it.by.to_string())
    .bind(it.word.as_deref())
    .execute(db)
    .await?;
    Ok(())
}

type Stored = (
    String,
    String,
    String,
    Option<String>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    i64,
    i64,
    i64,
    Option<String>,
    Option<i64>,
    Option<String>,
);

/// Everything that is known of these events and their replies.
pub(super) async fn known(db: &mut Conn, ids: &[EventId]) -> Result<HashMap<EventId, Known>> {
    let events: Vec<EventRow> = many::read(db, events!("where id in"), 1, "", ids, |query, id| {
        query.bind(id.to_string())
    })
    .await?;
    let mut known: HashMap<EventId, Known> = events
        .into_iter()
        .map(|event| (event.id, Known::new(event)))
        .collect();
    let select = "select event_id, member_id, state, way, place, line, until, named, at, sequence, code, attended_at, word \
                  from rsvps where event_id in";
    let rows: Vec<Stored> = many::read(db, select, 1, "", ids, |query, id| {
        query.bind(id.to_string())
    })
    .await?;
    let mut members: Vec<MemberId> = Vec::with_capacity(rows.len());
    for row in rows {
        let (event, member): (EventId, MemberId) = (row.0.parse()?, row.1.parse()?);
        if let Some(known) = known.get_mut(&event) {
            known.roll.entries.insert(member, entry(&row)?);
            known.rsvps.insert(member, rsvp(row)?);
            members.push(member);
        }
    }
    members.sort_unstable();
    members.dedup();
    for (id, dealt) in breakout::known(db, ids).await? {
        if let Some(known) = known.get_mut(&id) {
            known.dealt = Some(dealt);
        }
    }
    let names = names(db, &members).await?;
    for known in known.values_mut() {
        for (member, rsvp) in &mut known.rsvps {
            if let Some((name, language)) = names.get(member) {
                (rsvp.name, rsvp.language) = (Some(name.clone()), *language);
            }
        }
        fill(db, known).await?;
    }
    Ok(known)
}

/// Everything about one event, for letters about it.
pub(crate) async fn of_one(db: &mut Conn, id: EventId) -> Result<Option<Known>> {
    Ok(known(db, &[id]).await?.remove(&id))
}

/// Looks up whom an event's plan names.
pub(super) async fn fill(db: &mut Conn, known: &mut Known) -> Result<()> {
    let plan = &known.event.plan;
    known.hosts = hosts(db, &plan.hosts).await?;
    known.invited = match plan.invited {
        Invited::Everyone => Vec::new(),
        _ => invited(db, &plan.invited).await?,
    };
    Ok(())
}

fn entry(row: &Stored) -> Result<Entry> {
    let way = || {
        let way = row.3.as_deref().and_then(Way::from_code);
        way.context("a reply names no way")
    };
    let place = || u16::try_from(row.4.unwrap_or(0)).context("a place has no number");
    Ok(match row.2.as_str() {
        "going" => Entry::Going {
            way: way()?,
            place: place()?,
        },
        "maybe" => Entry::Maybe,
        "declined" => Entry::Declined,
        "lapsed" => Entry::Lapsed,
        "waiting" => Entry::Waiting {
            way: way()?,
            line: row.5.context("who waits has no turn")?,
        },
        "offered" => Entry::Offered {
            way: way()?,
            place: place()?,
            until: Time::from_millis(row.6.context("an offer has no end")?),
        },
        _ => anyhow::bail!("a reply that nobody knows"),
    })
}

fn rsvp(row: Stored) -> Result<RsvpRow> {
    Ok(RsvpRow {
        name: None,
        language: Language::default(),
        is_named: row.7 == 1,
        at: Time::from_millis(row.8),
        sequence: row.9,
        code: row.10,
        attended: row.11.map(Time::from_millis),
        word: row
            .12
            .map(|it| Words::new(&it))
            .transpose()
            .map_err(decode)?,
    })
}

/// One reply on its way into the table.
pub(super) struct NewReply<'a> {
    pub(super) event: EventId,
    pub(super) member: MemberId,
    pub(super) entry: &'a Entry,
    pub(super) rsvp: &'a RsvpRow,
}

/// Takes back the places in `freed`; what the rows become follows at once. Joined from there: see the recorded answers.
pub(crate) const FREED: (&str, &str) = (
    "with freed (event, member) as",
    "update rsvps set state = 'maybe', way = null, place = null, until = null, line = null \
     from freed where event_id = event and member_id = member and place is not null",
);

/// Writes replies. Their old places are given up first, so that one may take another's in the same turn.
pub(super) async fn put_replies(db: &mut Conn, rows: &[NewReply<'_>]) -> Result<()> {
    let keys: Vec<_> = rows.iter().map(|it| (it.event, it.member)).collect();
    many::change(db, FREED.0, 2, FREED.1, &keys, |query, (event, member)| {
        query.bind(event.to_string()).bind(member.to_string())
    })
    .await
    .context("cannot free places")?;
    many::write(
        db,
        "insert into rsvps (event_id, member_id, state, way, place, line, until, named, at, sequence, code, word)",
        12,
        "on conflict (event_id, member_id) do update set state = excluded.state, way = excluded.way, place = excluded.place, \
         line = excluded.line, until = excluded.until, named = excluded.named, at = excluded.at, sequence = excluded.sequence, \
         code = excluded.code, word = excluded.word",
        rows,
        |query, it| {
            let (state, way, place, line, until) = columns(it.entry);
            query
                .bind(it.event.to_string())
                .bind(it.member.to_string())
                .bind(state)
                .bind(way.map(Way::code))
                .bind(place.map(i64::from))
                .bind(line)
                .bind(until.map(Time::millis))
                .bind(i64::from(it.rsvp.is_named))
                .bind(it.rsvp.at.millis())
                .bind(it.rsvp.sequence)
                .bind(it.rsvp.code.as_deref())
                .bind(it.rsvp.word.as_deref())
        },
    )
    .await
    .context("cannot write replies")?;
    Ok(())
}

type Columns = (
    &'static str,
    Option<Way>,
    Option<u16>,
    Option<i64>,
    Option<Time>,
);

fn columns(entry: &Entry) -> Columns {
    match *entry {
        Entry::Going { way, place } => ("going", Some(way), Some(place), None, None),
        Entry::Maybe => ("maybe", None, None, None, None),
        Entry::Declined => ("declined", None, None, None, None),
        Entry::Lapsed => ("lapsed", None, None, None, None),
        Entry::Waiting { way, line } => ("waiting", Some(way), None, Some(line), None),
        Entry::Offered { way, place, until } => {
            ("offered", Some(way), Some(place), None, Some(until))
        }
    }
}

/// Keeps what was said at an event, or that there is nothing of it to read.
pub(super) async fn put_memo(db: &mut Conn, event: &EventRow, by: MemberId) -> Result<()> {
    let memo = event.memo.as_ref().map(serde_json::to_string).transpose()?;
    sqlx::query("update events set memo = $2, memo_by = $3 where id = $1")
        .bind(event.id.to_string())
        .bind(memo)
        .bind(by.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Somebody came in. The first time counts.
pub(super) async fn attend(
    db: &mut Conn,
    event: EventId,
    member: MemberId,
    by: MemberId,
    at: Time,
) -> Result<()> {
    sqlx::query(
        "update rsvps set attended_at = $3, attended_by = $4 where event_id = $1 and member_id = $2 and attended_at is null",
    )
    .bind(event.to_string())
    .bind(member.to_string())
    .bind(at.millis())
    .bind(by.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Coming events that somebody replied to, for when they leave.
pub(super) async fn replied_to(db: &mut Conn, member: MemberId, now: Time) -> Result<Vec<EventId>> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "select e.id from rsvps r join events e on e.id = r.event_id where r.member_id = $1 and e.starts > $2 \
         and r.state in ('going', 'maybe', 'waiting', 'offered') order by e.starts, e.id",
    )
    .bind(member.to_string())
    .bind(now.millis())
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// Published events that are not for everyone, from a moment on.
pub(super) async fn narrow(db: &mut Conn, from: Time) -> Result<Vec<EventRow>> {
    let rows: Vec<EventRow> = sqlx::query_as(events!(
        "where starts > $1 and published_at is not null order by starts, id"
    ))
    .bind(from.millis())
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .filter(|it| it.plan.invited != Invited::Everyone)
        .collect())
}

/// Who has a place at an event.
pub(crate) async fn going(db: &mut Conn, id: EventId) -> Result<Vec<MemberId>> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "select member_id from rsvps where event_id = $1 and state = 'going' order by member_id",
    )
    .bind(id.to_string())
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// Events that somebody has a place at, in a span of time, for their calendar.
pub(crate) async fn events_for_calendar(
    db: &mut Conn,
    member: MemberId,
    from: Time,
    until: Time,
) -> Result<Vec<(EventRow, i64, Way)>> {
    let ids: Vec<(String, i64, String)> = sqlx::query_as(
        "select e.id, r.sequence, r.way from rsvps r join events e on e.id = r.event_id where r.member_id = $1 \
         and r.state = 'going' and e.starts >= $2 and e.starts < $3 and e.cancelled_at is null order by e.starts, e.id",
    )
    .bind(member.to_string())
    .bind(from.millis())
    .bind(until.millis())
    .fetch_all(&mut *db)
    .await?;
    let mut found = Vec::with_capacity(ids.len());
    for (id, sequence, way) in ids {
        let way = Way::from_code(&way).context("a reply names no way")?;
        let event = event(db, id.parse()?).await?;
        found.extend(event.map(|it| (it, sequence, way)));
    }
    Ok(found)
}

impl Known {
    fn new(event: EventRow) -> Self {
        let roll = Roll {
            seats: event.plan.seats(),
            has_waitlist: event.plan.has_waitlist,
            closes: event.plan.closes,
            starts: event.plan.starts,
            is_cancelled: event.cancelled.is_some(),
            entries: BTreeMap::new(),
        };
        Self {
            event,
            roll,
            rsvps: BTreeMap::new(),
            dealt: None,
            invited: Vec::new(),
            hosts: Vec::new(),
            changed: Vec::new(),
        }
    }
}
