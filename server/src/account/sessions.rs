//! Sessions: one signed-in use of a browser, 180 days from the last use and 550 in all, ended by its
//! owner at any time.
//!
//! The cookie holds 256 random bits, the table their hash. What a request needs of it is remembered for a minute, so
//! that a sync without news touches no database; a session that ends here is forgotten at once, one that another server
//! process ended within that minute.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::{
    extract::{Request, State},
    http::{header, request::Parts},
    middleware::Next,
    response::Response,
};
use domain::{
    id::{MemberId, SessionId},
    time::{DAY, HOUR, MINUTE, Time},
};

use super::{
    browser::{self, SESSION},
    queries,
    secret::{self, Hash},
};
use crate::{
    actor::Signed,
    db::Conn,
    error::ApiResult,
    services::{Services, chance},
};

/// How long a session lasts after its last use.
pub(super) const LASTS: i64 = 180 * DAY;
/// How long a session lasts however much it is used: from the earliest offer over the first working day. Then a code by
/// mail proves again that the mailbox is still theirs.
pub(super) const LONGEST: i64 = 550 * DAY;
/// How long what is remembered counts.
const REMEMBERED: i64 = MINUTE;
/// Sessions that are remembered before the stale ones are let go.
const ROOM: usize = 20_000;

/// Sessions lately seen. Guarded by a lock that is held for a look-up only, never across a wait.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    known: HashMap<Hash, Known>,
    /// How often something was forgotten: an answer of the database from before must not be remembered after.
    forgotten: u64,
}

/// What is remembered of a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) signed: Signed,
    pub(super) checked: Time,
    /// When the browser last got its cookie.
    pub(super) given: Time,
}

impl Sessions {
    /// Forgets a session that ended.
    pub fn forget(&self, session: SessionId) {
        self.forget_where(|it| it.session == session);
    }

    /// Forgets all sessions of a member, whose sessions ended or whose role changed.
    pub fn forget_member(&self, member: MemberId) {
        self.forget_where(|it| it.id == member);
    }

    fn forget_where(&self, is_it: impl Fn(&Signed) -> bool) {
        let mut seen = self.seen();
        seen.forgotten += 1;
        seen.known.retain(|_, it| !is_it(&it.signed));
    }

    pub(super) fn known(&self, hash: Hash, now: Time) -> Result<Signed, u64> {
        let seen = self.seen();
        match seen.known.get(&hash) {
            Some(known) if now.since(known.checked) < REMEMBERED => Ok(known.signed),
            _ => Err(seen.forgotten),
        }
    }

    /// Remembers what the database said, unless something was forgotten since it was asked.
    pub(super) fn learn(&self, asked_at: u64, hash: Hash, known: Known) {
        let mut seen = self.seen();
        if seen.forgotten != asked_at {
            return;
        }
        if seen.known.len() >= ROOM {
            seen.known
                .retain(|_, it| known.checked.since(it.checked) < REMEMBERED);
        }
        let given = seen.known.get(&hash).map_or(known.given, |it| it.given);
        seen.known.insert(hash, Known { given, ..known });
    }

    /// Is it a day since the browser got its cookie? Says yes once a day.
    pub(super) fn is_cookie_due(&self, hash: Hash, now: Time) -> bool {
        let mut seen = self.seen();
        let Some(known) = seen.known.get_mut(&hash) else {
            return false;
        };
        let is_due = now.since(known.given) >= DAY;
        if is_due {
            known.given = now;
        }
        is_due
    }

    /// What is remembered can be made anew from the database, so a panic elsewhere does not spoil it.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who is signed in.
///
/// # Errors
/// When the database fails.
pub async fn signed(parts: &Parts, services: &Services) -> ApiResult<Option<Signed>> {
    let Some(token) = browser::session_token(&parts.headers) else {
        return Ok(None);
    };
    let (hash, now) = (secret::hash(&[&token]), services.clock.now());
    let asked_at = match services.sessions.known(hash, now) {
        Ok(signed) => return Ok(Some(signed)),
        Err(asked_at) => asked_at,
    };
    let mut tx = services.db.read().await?;
    let Some(session) =
        queries::session(&mut tx, hash, (now.plus(-LONGEST), now.plus(-LASTS))).await?
    else {
        return Ok(None);
    };
    drop(tx);
    services.sessions.learn(
        asked_at,
        hash,
        Known {
            signed: session.signed,
            checked: now,
            given: session.created,
        },
    );
    if now.since(session.last_seen) >= HOUR {
        note_seen(services, session.signed.session, now);
    }
    Ok(Some(session.signed))
}

/// Notes that a session is in use. Nobody waits for it, and when it is lost the next minute notes it again.
fn note_seen(services: &Services, session: SessionId, now: Time) {
    let db = services.db.clone();
    let note = async move {
        let mut tx = db.begin().await?;
        queries::seen(&mut tx, session, now).await?;
        Ok::<_, anyhow::Error>(tx.commit().await?)
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "one row that may be lost; no request waits for the one writer because of it"
    )]
    tokio::spawn(async move {
        if let Err(error) = note.await {
            tracing::warn!(
                error = format!("{error:#}"),
                "Could not note that a session is in use"
            );
        }
    });
}

/// A layer that gives a browser its session's cookie again, once a day, so that it ends 180 days after the last use.
pub async fn renew(State(services): State<Services>, request: Request, next: Next) -> Response {
    let token = browser::session_token(request.headers());
    let mut response = next.run(request).await;
    let Some(token) = token else { return response };
    // What anybody may keep must not carry anybody's cookie.
    let kept = response
        .headers()
        .get(header::CACHE_CONTROL)
        .and_then(|it| it.to_str().ok());
    let is_public = kept.is_some_and(|it| it.contains("public") || it.contains("immutable"));
    if !is_public
        && services
            .sessions
            .is_cookie_due(secret::hash(&[&token]), services.clock.now())
    {
        give_session(&mut response, &token);
    }
    response
}

/// Gives the browser a session's cookie.
pub(super) fn give_session(response: &mut Response, token: &str) {
    browser::give(response, SESSION, token, LASTS / 1_000);
}

/// Starts a session of a member. Returns its id and the cookie's value, which is stored nowhere else.
///
/// # Errors
/// When the database fails.
pub async fn start_session(
    conn: &mut Conn,
    member: MemberId,
    label: &str,
    now: Time,
) -> ApiResult<(SessionId, String)> {
    let (session, token) = (SessionId::born(now, chance()), secret::token());
    queries::start_session(conn, (session, member), secret::hash(&[&token]), label, now).await?;
    Ok((session, token))
}

/// Ends all sessions of a member and every mailed way in. After the commit the caller forgets them too:
/// [`Sessions::forget_member`].
///
/// # Errors
/// When the database fails.
pub async fn end_all_sessions(conn: &mut Conn, member: MemberId, now: Time) -> ApiResult<()> {
    queries::end_sessions_of(conn, member, now).await?;
    queries::end_invitations_of(conn, member, now).await?;
    Ok(())
}

/// Removes sessions a month after their end, and mailed ways in: codes after a day, invitations after a year, because an
/// old one can still be renewed by the person. Run by `job`.
///
/// # Errors
/// When the database fails.
pub(crate) async fn purge(conn: &mut Conn, now: Time) -> ApiResult<()> {
    let month_ago = now.plus(-30 * DAY);
    queries::purge_sessions(conn, month_ago, month_ago.plus(-LASTS)).await?;
    queries::purge_invitations(conn, now.plus(-DAY), now.plus(-365 * DAY)).await?;
    Ok(())
}
