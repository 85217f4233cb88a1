//! SQL of sessions and mailed ways in.

use anyhow::Context;
use domain::{
    id::{InvitationId, MemberId, SessionId},
    member::{Language, Role},
    text::Name,
    time::Time,
};

use super::secret::Hash;
use crate::{actor::Signed, db::Conn};

/// A live session.
pub(super) struct Session {
    pub(super) signed: Signed,
    pub(super) created: Time,
    pub(super) last_seen: Time,
}

/// A session as its owner reads it.
#[derive(sqlx::FromRow)]
pub(super) struct SessionRow {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) created_at: i64,
    pub(super) last_seen_at: i64,
}

/// Somebody who may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Somebody {
    pub(super) id: MemberId,
    pub(super) role: Role,
}

/// A mailed way in, with whom it lets in.
pub(super) struct WayIn {
    pub(super) id: InvitationId,
    pub(super) somebody: Somebody,
    pub(super) name: Name,
    pub(super) email_key: String,
    pub(super) code_hash: Option<String>,
    pub(super) expires: Time,
    pub(super) tries: i64,
    pub(super) is_used: bool,
}

#[derive(sqlx::FromRow)]
struct WayInRow {
    id: String,
    member_id: String,
    role: String,
    name: String,
    email_key: String,
    code_hash: Option<String>,
    expires_at: i64,
    tries: i64,
    used_at: Option<i64>,
}

fn somebody(id: &str, role: &str) -> anyhow::Result<Somebody> {
    let id = id.parse().context("a member has no id")?;
    Ok(Somebody {
        id,
        role: Role::from_code(role).context("a member has no role")?,
    })
}

fn way_in_from_row(row: WayInRow) -> anyhow::Result<WayIn> {
    Ok(WayIn {
        id: row.id.parse().context("an invitation has no id")?,
        somebody: somebody(&row.member_id, &row.role)?,
        name: Name::new(&row.name).ok().context("a member has no name")?,
        email_key: row.email_key,
        code_hash: row.code_hash,
        expires: Time::from_millis(row.expires_at),
        tries: row.tries,
        is_used: row.used_at.is_some(),
    })
}

/// The live session of a cookie, begun after a moment and in use after another.
pub(super) async fn session(
    conn: &mut Conn,
    hash: Hash,
    (begun, used): (Time, Time),
) -> anyhow::Result<Option<Session>> {
    let found: Option<(String, String, String, i64, i64)> = sqlx::query_as(
        "select s.id, s.member_id, m.role, s.created_at, s.last_seen_at from sessions s join members m on m.id = s.member_id \
         where s.token_hash = $1 and s.ended_at is null and s.created_at > $2 and s.last_seen_at > $3 and m.left_at is null",
    )
    .bind(hash.to_string())
    .bind(begun.millis())
    .bind(used.millis())
    .fetch_optional(conn)
    .await?;
    let Some((id, member, role, created, last_seen)) = found else {
        return Ok(None);
    };
    let (member, session) = (
        somebody(&member, &role)?,
        id.parse().context("a session has no id")?,
    );
    Ok(Some(Session {
        signed: Signed {
            id: member.id,
            role: member.role,
            session,
        },
        created: Time::from_millis(created),
        last_seen: Time::from_millis(last_seen),
    }))
}

pub(super) async fn seen(conn: &mut Conn, session: SessionId, now: Time) -> sqlx::Result<()> {
    sqlx::query("update sessions set last_seen_at = $1 where id = $2 and last_seen_at < $1")
        .bind(now.millis())
        .bind(session.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn start_session(
    conn: &mut Conn,
    (session, member): (SessionId, MemberId),
    hash: Hash,
    label: &str,
    now: Time,
) -> sqlx::Result<()> {
    sqlx::query("insert into sessions (id, token_hash, member_id, label, created_at, last_seen_at) values ($1, $2, $3, $4, $5, $5)")
        .bind(session.to_string())
        .bind(hash.to_string())
        .bind(member.to_string())
        .bind(label)
        .bind(now.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends one session of a member; false when it is not theirs or ended before.
pub(super) async fn end_session_of(
    conn: &mut Conn,
    member: MemberId,
    session: SessionId,
    now: Time,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "update sessions set ended_at = $1 where id = $2 and member_id = $3 and ended_at is null",
    )
    .bind(now.millis())
    .bind(session.to_string())
    .bind(member.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn end_sessions_of(
    conn: &mut Conn,
    member: MemberId,
    now: Time,
) -> sqlx::Result<()> {
    sqlx::query("update sessions set ended_at = $1 where member_id = $2 and ended_at is null")
        .bind(now.millis())
        .bind(member.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// The live sessions of a member, lately used first.
pub(super) async fn sessions_of(
    conn: &mut Conn,
    member: MemberId,
) -> sqlx::Result<Vec<SessionRow>> {
    sqlx::query_as(
        "select id, label, created_at, last_seen_at from sessions where member_id = $1 and ended_at is null \
         order by last_seen_at desc, id desc",
    )
    .bind(member.to_string())
    .fetch_all(conn)
    .await
}

/// Was this member ever signed in?
pub(super) async fn has_been_here(conn: &mut Conn, member: MemberId) -> sqlx::Result<bool> {
    let count: i64 = sqlx::query_scalar("select count(*) from sessions where member_id = $1")
        .bind(member.to_string())
        .fetch_one(conn)
        .await?;
    Ok(count > 0)
}

/// Notes a member's language; false when it was that one before.
pub(super) async fn set_language(
    conn: &mut Conn,
    member: MemberId,
    language: Language,
) -> sqlx::Result<bool> {
    let done = sqlx::query("update members set language = $1 where id = $2 and language <> $1")
        .bind(language.code())
        .bind(member.to_string())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Who signs in with an address.
pub(super) async fn member_of_address(
    conn: &mut Conn,
    email_key: &str,
) -> anyhow::Result<Option<Somebody>> {
    let found: Option<(String, String)> =
        sqlx::query_as("select id, role from members where email_key = $1 and left_at is null")
            .bind(email_key)
            .fetch_optional(conn)
            .await?;
    found.map(|(id, role)| somebody(&id, &role)).transpose()
}

pub(super) async fn add_code(
    conn: &mut Conn,
    (id, member): (InvitationId, MemberId),
    (code, link): (Hash, Hash),
    (now, expires): (Time, Time),
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into invitations (id, kind, member_id, code_hash, link_hash, created_at, expires_at) \
         values ($1, 'code', $2, $3, $4, $5, $6)",
    )
    .bind(id.to_string())
    .bind(member.to_string())
    .bind(code.to_string())
    .bind(link.to_string())
    .bind(now.millis())
    .bind(expires.millis())
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn add_invitation(
    conn: &mut Conn,
    (id, member): (InvitationId, MemberId),
    link: Hash,
    (now, expires): (Time, Time),
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into invitations (id, kind, member_id, link_hash, created_at, expires_at) \
         values ($1, 'invitation', $2, $3, $4, $5)",
    )
    .bind(id.to_string())
    .bind(member.to_string())
    .bind(link.to_string())
    .bind(now.millis())
    .bind(expires.millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// The way in that is so, with whom it lets in, if they still have a place here.
macro_rules! way_in {
    ($is:literal) => {
        concat!(
            "select i.id, i.member_id, m.role, m.name, m.email_key, i.code_hash, i.expires_at, i.tries, i.used_at \
             from invitations i join members m on m.id = i.member_id where m.left_at is null and ",
            $is
        )
    };
}

/// The sign-in code of an id, used or not, expired or not.
pub(super) async fn code(conn: &mut Conn, id: InvitationId) -> anyhow::Result<Option<WayIn>> {
    let found: Option<WayInRow> = sqlx::query_as(way_in!("i.id = $1 and i.kind = 'code'"))
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    found.map(way_in_from_row).transpose()
}

/// What a link leads to, used or not, expired or not. `kind` is `code` or `invitation`.
pub(super) async fn link(conn: &mut Conn, kind: &str, hash: Hash) -> anyhow::Result<Option<WayIn>> {
    let found: Option<WayInRow> = sqlx::query_as(way_in!("i.link_hash = $1 and i.kind = $2"))
        .bind(hash.to_string())
        .bind(kind)
        .fetch_optional(conn)
        .await?;
    found.map(way_in_from_row).transpose()
}

/// Takes a try at a code; false when it has had `most`. The statement itself is the judge: no two tries share a place.
pub(super) async fn take_try(conn: &mut Conn, id: InvitationId, most: i64) -> sqlx::Result<bool> {
    let done = sqlx::query("update invitations set tries = tries + 1 where id = $1 and tries < $2")
        .bind(id.to_string())
        .bind(most)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Uses a way in for the first time; false when somebody was quicker.
pub(super) async fn use_once(conn: &mut Conn, id: InvitationId, now: Time) -> sqlx::Result<bool> {
    let done = sqlx::query("update invitations set used_at = $1 where id = $2 and used_at is null")
        .bind(now.millis())
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Closes every mailed way in of a member.
pub(super) async fn end_invitations_of(
    conn: &mut Conn,
    member: MemberId,
    now: Time,
) -> sqlx::Result<()> {
    sqlx::query("update invitations set expires_at = $1 where member_id = $2 and expires_at > $1")
        .bind(now.millis())
        .bind(member.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes sessions that ended before a moment, or were last used before another.
pub(super) async fn purge_sessions(conn: &mut Conn, ended: Time, seen: Time) -> sqlx::Result<()> {
    sqlx::query("delete from sessions where ended_at < $1 or last_seen_at < $2")
        .bind(ended.millis())
        .bind(seen.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes codes that expired before a moment and invitations that expired before another.
pub(super) async fn purge_invitations(
    conn: &mut Conn,
    codes: Time,
    invitations: Time,
) -> sqlx::Result<()> {
    sqlx::query(
        "delete from invitations where expires_at < $1 and kind = 'code' or expires_at < $2",
    )
    .bind(codes.millis())
    .bind(invitations.millis())
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn secret(conn: &mut Conn) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select value from company where key = 'secret'")
        .fetch_optional(conn)
        .await
}

pub(super) async fn set_secret(conn: &mut Conn, secret: &str) -> sqlx::Result<()> {
    sqlx::query(
        "insert into company (key, value) values ('secret', $1) on conflict (key) do nothing",
    )
    .bind(secret)
    .execute(conn)
    .await?;
    Ok(())
}
