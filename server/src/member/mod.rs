//! People: their rows in the feed, and the file they come from.

mod import;
mod queries;
mod sheet;

use app::{
    online::{ImportLine, ImportReport, ImportState, Online},
    page::Page,
    start::FormAnswer,
};
use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Multipart, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::post,
};
use domain::{
    id::{ImportId, MemberId},
    member::{Me, Person, SetProfile, email_key},
    time::Time,
    visibility::Audience,
};
use serde::Deserialize;

use crate::{
    account,
    actor::{self, Hr},
    booking,
    db::{Conn, Db, Executor, Turn},
    error::{ApiError, ApiResult},
    event, interview,
    page::{self, page_with},
    promise,
    services::Services,
};
use import::By;
use queries::MemberRow;

/// Bytes of a file of people: ten thousand rows are a fifth of it.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Invitations made in one transaction, so that bookings do not wait for all of them.
const INVITED_AT_ONCE: i64 = 200;

/// Import, undo, invitations: HR's forms.
pub fn routes() -> Router<Services> {
    Router::new()
        .route(
            "/staff/people/import",
            post(import_form)
                .layer(DefaultBodyLimit::max(MOST_BYTES))
                .get(page::fallback),
        )
        .route("/staff/people/import/undo", post(undo_form))
        .route("/staff/people/invite", post(invite_form))
}

/// Publishes everything that a member is in the feed.
pub(crate) async fn publish(turn: &mut Turn, member: MemberId) -> ApiResult<()> {
    let row = queries::member(turn.conn(), member)
        .await?
        .ok_or(ApiError::NotFound)?;
    publish_change(turn, None, &row)
}

/// Publishes what a member is now, and withdraws what they were.
fn publish_change(turn: &mut Turn, before: Option<&MemberRow>, after: &MemberRow) -> ApiResult<()> {
    let id = after.id;
    let (is_here, was_here) = (
        after.left_at.is_none(),
        before.is_some_and(|it| it.left_at.is_none()),
    );
    let is_host = is_here && after.role.is_host();
    if is_host {
        turn.publish(Audience::OfferHolders, "host", id, &host_of(after))?;
    } else if was_here && before.is_some_and(|it| it.role.is_host()) {
        turn.withdraw(Audience::OfferHolders, "host", id);
    }
    if is_here {
        turn.publish(Audience::One(id), "me", id, &me_of(after))?;
        turn.publish(Audience::People, "person", id, &person_of(after))?;
    } else if was_here {
        turn.withdraw(Audience::One(id), "me", id);
        turn.withdraw(Audience::People, "person", id);
    }
    Ok(())
}

/// Tells anew whatever carries somebody's name or is written in their language: both have changed.
pub(crate) async fn tell_again(turn: &mut Turn, member: MemberId) -> ApiResult<()> {
    for id in queries::talks_of(turn.conn(), member).await? {
        booking::publish::booking(turn, id).await?;
        let talk = booking::queries::booking(turn.conn(), id)
            .await?
            .ok_or(ApiError::NotFound)?;
        interview::publish(turn, &talk).await?;
    }
    for id in queries::promises_of(turn.conn(), member).await? {
        promise::publish(turn, id).await?;
    }
    for id in event::queries::of_member(turn.conn(), member).await? {
        event::publish::event(turn, id).await?;
    }
    Ok(())
}

fn host_of(it: &MemberRow) -> domain::member::Host {
    domain::member::Host {
        id: it.id,
        name: it.name.clone(),
        role: it.role,
        team: it.team.clone(),
        talks_about: it.talks_about.clone(),
    }
}

fn me_of(it: &MemberRow) -> Me {
    Me {
        id: it.id,
        name: it.name.clone(),
        role: it.role,
        team: it.team.clone(),
        joining: it.joining,
        since: it.created_at.day(),
        talks_about: it.talks_about.clone(),
    }
}

fn person_of(it: &MemberRow) -> Person {
    Person {
        id: it.id,
        name: it.name.clone(),
        kana: it.kana.clone(),
        role: it.role,
        school: it.school.clone(),
        faculty: it.faculty.clone(),
        graduation_year: it.graduation_year,
        team: it.team.clone(),
        joining: it.joining,
    }
}

/// A host says what they like to talk about.
pub(crate) async fn set_profile(
    turn: &mut Turn,
    host: actor::Host,
    it: &SetProfile,
) -> ApiResult<()> {
    let words = it.checked()?;
    queries::set_talks_about(turn.conn(), host, words.as_deref()).await?;
    publish(turn, host.id()).await
}

/// What the import page shows before anything is sent.
pub(crate) async fn import_state(conn: &mut Conn, hr: Hr) -> ApiResult<ImportState> {
    let latest = queries::latest_import(conn, hr).await?;
    let latest = latest.map(|it| ImportLine {
        id: it.id,
        at: it.at,
        by: it.by,
        created: it.created,
        changed: it.changed,
    });
    Ok(ImportState {
        latest,
        report: None,
    })
}

/// Reads a file of people and carries it out, or only tries, from the command line.
pub(crate) async fn import_file(
    db: &Db,
    executor: &Executor,
    bytes: &[u8],
    is_dry: bool,
    now: Time,
) -> ApiResult<ImportReport> {
    let sheet = sheet::read(bytes);
    if is_dry {
        return import::try_out(&mut *db.read().await?, By::Machine, &sheet, now).await;
    }
    let (report, _) = executor
        .run(move |turn| {
            Box::pin(async move { import::carry_out(turn, By::Machine, &sheet).await })
        })
        .await?;
    Ok(report)
}

/// Has anybody a place here?
pub(crate) async fn is_anybody_here(db: &Db) -> anyhow::Result<bool> {
    Ok(!queries::everybody(&mut *db.read().await?).await?.is_empty())
}

/// The member of an address.
pub(crate) async fn member_of(db: &Db, address: &str) -> anyhow::Result<Option<MemberId>> {
    let Some(key) = email_key(&sheet::normal(address)) else {
        return Ok(None);
    };
    queries::by_address(&mut *db.read().await?, &key).await
}

/// Invites everybody who never signed in and holds no invitation that works. Returns how many.
pub(crate) async fn invite_all(db: &Db, now: Time) -> ApiResult<usize> {
    let mut count = 0;
    loop {
        let mut tx = db.begin().await?;
        let members = queries::uninvited(&mut tx, now, INVITED_AT_ONCE).await?;
        for member in &members {
            account::invite(&mut tx, *member, now).await?;
        }
        tx.commit().await?;
        count += members.len();
        if members.is_empty() {
            return Ok(count);
        }
    }
}

/// Invites the member of an address. False when there is none.
pub(crate) async fn invite_one(db: &Db, address: &str, now: Time) -> ApiResult<bool> {
    let Some(member) = member_of(db, address).await? else {
        return Ok(false);
    };
    let mut tx = db.begin().await?;
    account::invite(&mut tx, member, now).await?;
    tx.commit().await?;
    Ok(true)
}

async fn import_form(
    hr: Hr,
    State(services): State<Services>,
    headers: HeaderMap,
    mut form: Multipart,
) -> ApiResult<Response> {
    let (mut bytes, mut carries_out) = (None, false);
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|_| ApiError::Malformed("not a form with a file"))?
    {
        match field.name() {
            Some("file") => {
                bytes = Some(field.bytes().await.map_err(|_| {
                    ApiError::Malformed("the file did not arrive whole, or is too large")
                })?)
            }
            Some("do") => {
                carries_out = field
                    .text()
                    .await
                    .map_err(|_| ApiError::Malformed("not a form"))?
                    == "carry-out"
            }
            _ => {}
        }
    }
    let bytes = bytes.ok_or(ApiError::Malformed("a file is missing"))?;
    // Thousands of rows take longer than other requests may wait for this thread.
    let sheet = tokio::task::spawn_blocking(move || sheet::read(&bytes))
        .await
        .map_err(anyhow::Error::from)?;
    let report = if carries_out {
        let carried_out = services.executor.run(move |turn| {
            Box::pin(async move { import::carry_out(turn, By::Hr(hr), &sheet).await })
        });
        let (report, moved) = carried_out.await?;
        forget(&services, &moved);
        report
    } else {
        import::try_out(
            &mut *services.db.read().await?,
            By::Hr(hr),
            &sheet,
            services.clock.now(),
        )
        .await?
    };
    let status = if report.problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    import_page(&services, hr, &headers, Some(report), None, status).await
}

/// Which import is taken back.
#[derive(Debug, Deserialize)]
struct Undo {
    import: String,
}

async fn undo_form(
    hr: Hr,
    State(services): State<Services>,
    headers: HeaderMap,
    Form(form): Form<Undo>,
) -> ApiResult<Response> {
    let id: ImportId = form.import.parse().map_err(|_| ApiError::NotFound)?;
    let (answer, status) = match services
        .executor
        .run(move |turn| Box::pin(import::undo(turn, hr, id)))
        .await
    {
        Ok(moved) => {
            forget(&services, &moved);
            (FormAnswer::Done, StatusCode::OK)
        }
        Err(ApiError::Refused(no)) => (FormAnswer::Refused(no), StatusCode::UNPROCESSABLE_ENTITY),
        Err(other) => return Err(other),
    };
    import_page(&services, hr, &headers, None, Some(answer), status).await
}

async fn invite_form(
    hr: Hr,
    State(services): State<Services>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    invite_all(&services.db, services.clock.now()).await?;
    import_page(
        &services,
        hr,
        &headers,
        None,
        Some(FormAnswer::Done),
        StatusCode::OK,
    )
    .await
}

/// What is remembered of these members' sessions is no longer so.
fn forget(services: &Services, members: &[MemberId]) {
    for member in members {
        services.sessions.forget_member(*member);
    }
}

async fn import_page(
    services: &Services,
    hr: Hr,
    headers: &HeaderMap,
    report: Option<ImportReport>,
    answer: Option<FormAnswer>,
    status: StatusCode,
) -> ApiResult<Response> {
    let state = import_state(&mut *services.db.read().await?, hr).await?;
    let online = Some(Online::Import(ImportState { report, ..state }));
    page_with(
        services,
        hr.signed(),
        account::language_of(headers),
        Page::Import,
        online,
        answer,
        status,
    )
    .await
}

#[cfg(test)]
mod tests;
