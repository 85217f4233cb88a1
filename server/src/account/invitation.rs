//! Invitations: a link by mail that lets somebody in for 14 days.
//!
//! It may be used again within its days: people open it inside a mail app first, then in their browser, then on a
//! laptop, and whoever can read the mail could ask for a code as well. Each use is a session of its own that its owner
//! sees and can end, and a link used more often than one person has devices is stopped.

use app::sign_in::{self as pages, problem::LinkProblem, words};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    id::{InvitationId, MemberId},
    time::{DAY, Day, Time},
};
use tokio::time::Instant;

use super::{
    browser::Browser,
    queries::{self, WayIn},
    secret, see_other,
    sign_in::{NO_SOONER, Opening, here, onward, welcome},
};
use crate::{
    actor::Visitor,
    db::Conn,
    error::{ApiError, ApiResult},
    limit::{self, ASK_OF_ADDRESS, ASK_OF_NETWORK},
    notification, page,
    services::{Services, chance},
};

/// How long an invitation works.
const LASTS: i64 = 14 * DAY;
/// How often it may be used: more than one person has devices and mail apps.
const USES: i64 = 10;

/// Makes an invitation for a member and mails it. Earlier ones keep working until their day: whichever of two mails
/// somebody opens should let them in.
///
/// # Errors
/// When the database fails.
pub async fn invite(conn: &mut Conn, member: MemberId, now: Time) -> ApiResult<()> {
    let (id, token) = (InvitationId::born(now, chance()), secret::token());
    queries::add_invitation(
        conn,
        (id, member),
        secret::hash(&[&token]),
        (now, now.plus(LASTS)),
    )
    .await?;
    notification::invitation_later(conn, member, &token, now).await?;
    Ok(())
}

/// `GET /invitation/TOKEN`: shows a button.
pub(super) async fn show(
    Visitor(signed): Visitor,
    State(services): State<Services>,
    browser: Browser,
    Path(token): Path<String>,
) -> ApiResult<Response> {
    let mut tx = services.db.read().await?;
    let found = queries::link(&mut tx, "invitation", secret::hash(&[&token])).await?;
    drop(tx);
    match (signed, usable(found, services.clock.now())) {
        (Some(signed), Ok(way)) if way.somebody.id == signed.id => {
            Ok(see_other(&onward("", signed.role)))
        }
        (_, usable) => Ok(invitation_page(
            &services,
            &browser,
            token,
            usable.map(|it| (it.name.to_string(), it.expires.day())),
        )
        .await),
    }
}

/// `POST /invitation`: lets in whoever pressed the button.
pub(super) async fn accept(
    visitor: Visitor,
    State(services): State<Services>,
    browser: Browser,
    Form(opening): Form<Opening>,
) -> ApiResult<Response> {
    let now = services.clock.now();
    let mut tx = services.db.begin().await?;
    let found = queries::link(&mut tx, "invitation", secret::hash(&[&opening.token])).await?;
    let accepted = match usable(found, now) {
        Ok(way) if queries::take_try(&mut tx, way.id, USES).await? => Ok(way),
        Ok(_) => Err(LinkProblem::UsedOften),
        Err(problem) => Err(problem),
    };
    match accepted {
        Ok(way) => {
            // The first use is noted; later ones change nothing.
            queries::use_once(&mut tx, way.id, now).await?;
            welcome(tx, &services, visitor, &browser, way.somebody, "").await
        }
        Err(problem) => Ok(invitation_page(&services, &browser, opening.token, Err(problem)).await),
    }
}

/// `POST /invitation/again`: mails a new invitation to where the old one went. The same answer for everybody.
pub(super) async fn again(
    _: Visitor,
    State(services): State<Services>,
    browser: Browser,
    Form(opening): Form<Opening>,
) -> ApiResult<Response> {
    let answer_at = Instant::now() + NO_SOONER;
    match renew(&services, &browser, &opening.token).await {
        // Somebody who presses again and again has the mail already.
        Ok(()) | Err(ApiError::TooMany(_)) => {}
        Err(other) => return Err(other),
    }
    tokio::time::sleep_until(answer_at).await;
    Ok(see_other("/invitation/sent"))
}

/// `GET /invitation/sent`: says where to look.
pub(super) async fn show_sent(
    _: Visitor,
    State(services): State<Services>,
    browser: Browser,
) -> Response {
    let here = here(&services, &browser, "/invitation/sent".to_owned());
    let title = words::of(browser.language).code_title;
    page::plain(
        &services,
        browser.language,
        title,
        StatusCode::OK,
        move || pages::sent(&here),
    )
    .await
}

async fn renew(services: &Services, browser: &Browser, token: &str) -> ApiResult<()> {
    let now = services.clock.now();
    let mut tx = services.db.begin().await?;
    let found = queries::link(&mut tx, "invitation", secret::hash(&[token])).await?;
    let of_network = (ASK_OF_NETWORK, &*browser.network);
    match found {
        None => limit::take(&mut tx, &[of_network], now).await?,
        Some(way) => {
            limit::take(
                &mut tx,
                &[(ASK_OF_ADDRESS, &way.email_key), of_network],
                now,
            )
            .await?;
            invite(&mut tx, way.somebody.id, now).await?;
        }
    }
    Ok(tx.commit().await?)
}

fn usable(found: Option<WayIn>, now: Time) -> Result<WayIn, LinkProblem> {
    match found {
        None => Err(LinkProblem::Unknown),
        Some(way) if way.expires <= now => Err(LinkProblem::Expired),
        Some(way) if way.tries >= USES => Err(LinkProblem::UsedOften),
        Some(way) => Ok(way),
    }
}

async fn invitation_page(
    services: &Services,
    browser: &Browser,
    token: String,
    invited: Result<(String, Day), LinkProblem>,
) -> Response {
    let status = if invited.is_ok() {
        StatusCode::OK
    } else {
        StatusCode::GONE
    };
    let here = here(services, browser, format!("/invitation/{token}"));
    let title = words::of(browser.language).invitation;
    let view = move || {
        let invited = invited
            .as_ref()
            .map(|(name, last)| (name.as_str(), *last))
            .map_err(|it| *it);
        pages::invitation(&here, &token, invited)
    };
    page::plain(services, browser.language, title, status, view).await
}
