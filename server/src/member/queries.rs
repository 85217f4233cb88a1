//! SQL of members and imports.

use anyhow::{Context, Result};
use domain::{
    id::{AvailabilityId, BookingId, ImportId, MemberId, PromiseId, SlotId},
    member::Role,
    text::{Name, Short},
    time::{Day, Time},
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, Row as _, any::AnyRow};

use crate::{
    actor::{Host, Hr},
    db::{Conn, many},
};

/// A member as stored. Also what an import keeps for its undo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MemberRow {
    pub(crate) id: MemberId,
    pub(crate) role: Role,
    pub(crate) name: Name,
    pub(crate) kana: Option<Name>,
    pub(crate) email: String,
    pub(crate) email_key: String,
    pub(crate) school: Option<Name>,
    pub(crate) faculty: Option<Name>,
    pub(crate) graduation_year: Option<u16>,
    pub(crate) team: Option<Name>,
    pub(crate) joining: Option<Day>,
    pub(crate) talks_about: Option<Short>,
    pub(crate) created_at: Time,
    pub(crate) left_at: Option<Time>,
}

macro_rules! members {
    ($rest:literal) => {
        concat!(
            "select id, role, name, kana, email, email_key, school, faculty, graduation_year, team, joining, talks_about, created_at, \
             left_at from members ",
            $rest
        )
    };
}

fn undone(error: impl std::fmt::Display) -> sqlx::Error {
    sqlx::Error::Decode(error.to_string().into())
}

impl FromRow<'_, AnyRow> for MemberRow {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let text = |at: usize| row.try_get::<String, _>(at);
        let name = |at: usize| {
            row.try_get::<Option<String>, _>(at)?
                .map(|it| Name::new(&it))
                .transpose()
                .map_err(undone)
        };
        let number = |at: usize| row.try_get::<Option<i64>, _>(at);
        Ok(Self {
            id: text(0)?.parse().map_err(undone)?,
            role: Role::from_code(&text(1)?).ok_or_else(|| undone("a role that nobody knows"))?,
            name: Name::new(&text(2)?).map_err(undone)?,
            kana: name(3)?,
            email: text(4)?,
            email_key: text(5)?,
            school: name(6)?,
            faculty: name(7)?,
            graduation_year: number(8)?.map(u16::try_from).transpose().map_err(undone)?,
            team: name(9)?,
            joining: number(10)?
                .map(i32::try_from)
                .transpose()
                .map_err(undone)?
                .map(Day::from_number),
            talks_about: row
                .try_get::<Option<String>, _>(11)?
                .map(|it| Short::new(&it))
                .transpose()
                .map_err(undone)?,
            created_at: Time::from_millis(row.try_get(12)?),
            left_at: number(13)?.map(Time::from_millis),
        })
    }
}

/// Everybody, also who left: an address stays one person's.
pub(super) async fn everybody(db: &mut Conn) -> Result<Vec<MemberRow>> {
    Ok(sqlx::query_as(members!("")).fetch_all(db).await?)
}

/// One member, for what the server itself does: publishing. Never for an answer.
pub(super) async fn member(db: &mut Conn, id: MemberId) -> Result<Option<MemberRow>> {
    Ok(sqlx::query_as(members!("where id = $1"))
        .bind(id.to_string())
        .fetch_optional(db)
        .await?)
}

/// Writes members, each over the one of the same id.
pub(super) async fn put(db: &mut Conn, rows: &[&MemberRow]) -> Result<()> {
    many::write(
        db,
        "insert into members (id, role, name, kana, email, email_key, school, faculty, graduation_year, team, joining, talks_about, \
         created_at, left_at)",
        14,
        "on conflict (id) do update set role = excluded.role, name = excluded.name, kana = excluded.kana, \
         email = excluded.email, email_key = excluded.email_key, school = excluded.school, faculty = excluded.faculty, \
         graduation_year = excluded.graduation_year, team = excluded.team, joining = excluded.joining, \
         talks_about = excluded.talks_about, left_at = excluded.left_at",
        rows,
        |query, row| {
            query
                .bind(row.id.to_string())
                .bind(row.role.code())
                .bind(&*row.name)
                .bind(row.kana.as_deref())
                .bind(row.email.as_str())
                .bind(row.email_key.as_str())
                .bind(row.school.as_deref())
                .bind(row.faculty.as_deref())
                .bind(row.graduation_year.map(i64::from))
                .bind(row.team.as_deref())
                .bind(row.joining.map(|it| i64::from(it.number())))
                .bind(row.talks_about.as_deref())
                .bind(row.created_at.millis())
                .bind(row.left_at.map(Time::millis))
        },
    )
    .await
    .context("cannot write members")?;
    Ok(())
}

/// Notes an import, with every member as it was before.
pub(super) async fn add_import(
    db: &mut Conn,
    id: ImportId,
    by: MemberId,
    counts: (usize, usize),
    rows: &[(MemberId, Option<&MemberRow>)],
    now: Time,
) -> Result<()> {
    // The latest one is the one that can be undone, so no two are of the same moment.
    let (latest,): (Option<i64>,) = sqlx::query_as("select max(at) from imports")
        .fetch_one(&mut *db)
        .await?;
    let at = now
        .millis()
        .max(latest.map_or(i64::MIN, |it| it.saturating_add(1)));
    sqlx::query(
        "insert into imports (id, by_id, at, created, changed) values ($1, $2, $3, $4, $5)",
    )
    .bind(id.to_string())
    .bind(by.to_string())
    .bind(at)
    .bind(i64::try_from(counts.0)?)
    .bind(i64::try_from(counts.1)?)
    .execute(&mut *db)
    .await?;
    let before = |it: Option<&MemberRow>| it.map(serde_json::to_string).transpose();
    let rows = rows
        .iter()
        .map(|(member, row)| Ok((member, before(*row)?)))
        .collect::<Result<Vec<_>>>()?;
    many::write(
        db,
        "insert into import_rows (import_id, member_id, before)",
        3,
        "",
        &rows,
        |query, (member, before)| {
            query
                .bind(id.to_string())
                .bind(member.to_string())
                .bind(before.as_deref())
        },
    )
    .await
    .context("cannot note what an import changed")?;
    Ok(())
}

/// An import, as its line on the page.
pub(super) struct ImportRow {
    pub(super) id: ImportId,
    pub(super) at: Time,
    pub(super) by: Name,
    pub(super) created: usize,
    pub(super) changed: usize,
}

/// The latest import, if it was not undone.
pub(super) async fn latest_import(db: &mut Conn, _hr: Hr) -> Result<Option<ImportRow>> {
    let row: Option<(String, i64, String, i64, i64, Option<i64>)> = sqlx::query_as(
        "select i.id, i.at, m.name, i.created, i.changed, i.undone_at from imports i join members m on m.id = i.by_id \
         order by i.at desc, i.id desc limit 1",
    )
    .fetch_optional(db)
    .await?;
    let Some((id, at, by, created, changed, None)) = row else {
        return Ok(None);
    };
    Ok(Some(ImportRow {
        id: id.parse()?,
        at: Time::from_millis(at),
        by: Name::new(&by).map_err(|_| anyhow::anyhow!("a member's name cannot be shown"))?,
        created: usize::try_from(created)?,
        changed: usize::try_from(changed)?,
    }))
}

/// Every member that an import touched, as it was before.
pub(super) async fn import_rows(
    db: &mut Conn,
    id: ImportId,
) -> Result<Vec<(MemberId, Option<MemberRow>)>> {
    let rows: Vec<(String, Option<String>)> =
        sqlx::query_as("select member_id, before from import_rows where import_id = $1")
            .bind(id.to_string())
            .fetch_all(db)
            .await?;
    rows.into_iter()
        .map(|(member, before)| {
            Ok((
                member.parse()?,
                before
                    .map(|it| serde_json::from_str(&it))
                    .transpose()
                    .context("what an import kept cannot be read")?,
            ))
        })
        .collect()
}

/// An import was undone.
pub(super) async fn set_undone(db: &mut Conn, id: ImportId, now: Time) -> Result<()> {
    sqlx::query("update imports set undone_at = $1 where id = $2")
        .bind(now.millis())
        .bind(id.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Sets what a host likes to talk about.
pub(super) async fn set_talks_about(db: &mut Conn, host: Host, words: Option<&str>) -> Result<()> {
    sqlx::query("update members set talks_about = $1 where id = $2")
        .bind(words)
        .bind(host.id().to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Open rules of a host, to be closed when the host goes.
pub(super) async fn rules_of(db: &mut Conn, host: MemberId) -> Result<Vec<AvailabilityId>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("select id from availabilities where host_id = $1 and closed_at is null")
            .bind(host.to_string())
            .fetch_all(db)
            .await?;
    rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// Coming open slots of a host, booked or not, to be closed when the host goes.
pub(super) async fn slots_of(db: &mut Conn, host: MemberId, now: Time) -> Result<Vec<SlotId>> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "select id from slots where host_id = $1 and closed_at is null and starts > $2",
    )
    .bind(host.to_string())
    .bind(now.millis())
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// Coming live bookings of an offer-holder, to be cancelled when the person goes.
pub(super) async fn ahead_of(db: &mut Conn, member: MemberId, now: Time) -> Result<Vec<BookingId>> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "select b.id from bookings b join slots s on s.id = b.slot_id where b.member_id = $1 and b.cancelled_at is null and s.starts > $2",
    )
    .bind(member.to_string())
    .bind(now.millis())
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// Interviews of somebody, on either side of them.
pub(super) async fn talks_of(db: &mut Conn, member: MemberId) -> Result<Vec<BookingId>> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "select b.id from bookings b join slots s on s.id = b.slot_id where b.member_id = $1 or s.host_id = $1 order by b.id",
    )
    .bind(member.to_string())
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// Promises to somebody, and those they made.
pub(super) async fn promises_of(db: &mut Conn, member: MemberId) -> Result<Vec<PromiseId>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("select id from promises where member_id = $1 or by_id = $1 order by id")
            .bind(member.to_string())
            .fetch_all(db)
            .await?;
    rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// Members who never signed in and hold no invitation that still works.
pub(super) async fn uninvited(db: &mut Conn, now: Time, most: i64) -> Result<Vec<MemberId>> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "select m.id from members m where m.left_at is null and not exists (select 1 from sessions s where s.member_id = m.id) \
         and not exists (select 1 from invitations i where i.member_id = m.id and i.kind = 'invitation' and i.expires_at > $1) \
         order by m.created_at, m.id limit $2",
    )
    .bind(now.millis())
    .bind(most)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// The member of an address.
pub(super) async fn by_address(db: &mut Conn, email_key: &str) -> Result<Option<MemberId>> {
    let row: Option<(String,)> =
        sqlx::query_as("select id from members where email_key = $1 and left_at is null")
            .bind(email_key)
            .fetch_optional(db)
            .await?;
    row.map(|it| Ok(it.0.parse()?)).transpose()
}
