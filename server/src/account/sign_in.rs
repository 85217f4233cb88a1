//! Signing in by mail: an address is asked for, a code and a link go out, either one lets in.
//!
//! Nothing here tells whether an address is known. Known or not, it takes the same limits, the same time and the same
//! cookie, and the code page counts tries and minutes from what both kinds have: an id with its moment of birth.

use std::time::Duration;

use app::{
    page::Page,
    sign_in::{
        self as pages, Here,
        problem::{AskProblem, CodeProblem, LinkProblem},
        words,
    },
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use domain::{
    id::InvitationId,
    member::{Role, email_key},
    time::{MINUTE, Time},
};
use serde::Deserialize;
use tokio::time::Instant;
use unicode_normalization::UnicodeNormalization;

use super::{
    browser::{self, Browser, PENDING, Pending},
    language,
    queries::{self, Somebody, WayIn},
    secret, see_other, sessions,
};
use crate::{
    actor::Visitor,
    db::Tx,
    error::{ApiError, ApiResult},
    limit::{self, ASK_OF_ADDRESS, ASK_OF_NETWORK, TRY_CODE},
    notification, page,
    services::{Services, chance},
};

/// How long a code and its link work.
const CODE_LASTS: i64 = 10 * MINUTE;
/// Tries at one code.
const TRIES: i64 = 5;
/// The answer to an address comes no sooner, so that a few statements more or less do not tell whether it is known.
pub(super) const NO_SOONER: Duration = Duration::from_millis(150);

#[derive(Deserialize)]
pub(super) struct Asking {
    #[serde(default)]
    email: String,
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
pub(super) struct Entering {
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
pub(super) struct Opening {
    #[serde(default)]
    pub(super) token: String,
}

/// `GET /sign-in`: asks for the address.
pub(super) async fn show(
    Visitor(signed): Visitor,
    State(services): State<Services>,
    browser: Browser,
    Query(asking): Query<Asking>,
) -> ApiResult<Response> {
    if let Some(signed) = signed {
        return Ok(see_other(&onward(&asking.back, signed.role)));
    }
    Ok(ask_page(&services, &browser, asking, None, StatusCode::OK).await)
}

/// `POST /sign-in`: mails a code and a link, if the address is known.
pub(super) async fn ask(
    _: Visitor,
    State(services): State<Services>,
    browser: Browser,
    Form(asking): Form<Asking>,
) -> ApiResult<Response> {
    let answer_at = Instant::now() + NO_SOONER;
    let Some(key) = email_key(&asking.email.nfkc().collect::<String>()) else {
        return Ok(ask_page(
            &services,
            &browser,
            asking,
            Some(AskProblem::NotAnAddress),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await);
    };
    let asked = mail_code(&services, &browser, &key).await;
    tokio::time::sleep_until(answer_at).await;
    match asked {
        Ok(id) => {
            let mut response = see_other("/sign-in/code");
            let pending = Pending {
                id,
                address: asking.email.trim().to_owned(),
                back: asking.back,
            };
            give_pending(&mut response, &pending);
            Ok(response)
        }
        Err(ApiError::TooMany(seconds)) => {
            let problem = AskProblem::TooOften {
                minutes: (seconds + 59) / 60,
            };
            let mut response = ask_page(
                &services,
                &browser,
                asking,
                Some(problem),
                StatusCode::TOO_MANY_REQUESTS,
            )
            .await;
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

/// Takes from the limits and, when somebody has this address, mails them. The id is born either way.
async fn mail_code(services: &Services, browser: &Browser, key: &str) -> ApiResult<InvitationId> {
    let now = services.clock.now();
    let id = InvitationId::born(now, chance());
    let mut tx = services.db.begin().await?;
    limit::take(
        &mut tx,
        &[(ASK_OF_ADDRESS, key), (ASK_OF_NETWORK, &browser.network)],
        now,
    )
    .await?;
    if let Some(somebody) = queries::member_of_address(&mut tx, key).await? {
        let (code, link) = (secret::code(), secret::token());
        let hashes = (secret::hash_of_code(id, &code), secret::hash(&[&link]));
        queries::add_code(
            &mut tx,
            (id, somebody.id),
            hashes,
            (now, now.plus(CODE_LASTS)),
        )
        .await?;
        notification::code_later(&mut tx, somebody.id, &code, &link, now).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// `GET /sign-in/code`: asks for the six digits.
pub(super) async fn show_code(
    Visitor(signed): Visitor,
    State(services): State<Services>,
    browser: Browser,
) -> ApiResult<Response> {
    match (signed, &browser.pending) {
        (Some(signed), _) => Ok(see_other(&onward("", signed.role))),
        (None, Some(_)) => Ok(code_page(&services, browser, None, StatusCode::OK).await),
        (None, None) => Ok(not_asked(&services, &browser).await),
    }
}

/// `POST /sign-in/code`: lets in whoever has the six digits, in the browser that asked for them.
pub(super) async fn enter(
    visitor: Visitor,
    State(services): State<Services>,
    browser: Browser,
    Form(entering): Form<Entering>,
) -> ApiResult<Response> {
    let Some(pending) = browser.pending.clone() else {
        return Ok(not_asked(&services, &browser).await);
    };
    let Some(code) = six_digits(&entering.code) else {
        return Ok(code_page(
            &services,
            browser,
            Some(CodeProblem::NotSixDigits),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await);
    };
    let now = services.clock.now();
    let mut tx = services.db.begin().await?;
    match try_code(&mut tx, pending.id, &code, now).await? {
        Ok(somebody) => welcome(tx, &services, visitor, &browser, somebody, &pending.back).await,
        Err(problem) => {
            // A try that failed counts, too.
            tx.commit().await?;
            Ok(code_page(
                &services,
                browser,
                Some(problem),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await)
        }
    }
}

/// Who the code lets in, or why nobody.
async fn try_code(
    tx: &mut Tx,
    id: InvitationId,
    code: &str,
    now: Time,
) -> ApiResult<Result<Somebody, CodeProblem>> {
    if now.since(birth(id)) >= CODE_LASTS {
        return Ok(Err(CodeProblem::Expired));
    }
    let counted = (TRY_CODE, &*id.to_string());
    match limit::take(tx, &[counted], now).await {
        Ok(()) => {}
        Err(ApiError::TooMany(_)) => return Ok(Err(CodeProblem::NoTries)),
        Err(other) => return Err(other),
    }
    let found = queries::code(tx, id).await?;
    // Nobody's code is compared too, with what no hash is.
    let written = found
        .as_ref()
        .and_then(|it| it.code_hash.as_deref())
        .unwrap_or("");
    let is_right = secret::hash_of_code(id, code).is(written);
    let has_try = queries::take_try(tx, id, TRIES).await?;
    match found {
        Some(way) if is_right && has_try => match queries::use_once(tx, way.id, now).await? {
            true => Ok(Ok(way.somebody)),
            false => Ok(Err(CodeProblem::Used)),
        },
        _ => match limit::left(tx, counted, now).await? {
            0 => Ok(Err(CodeProblem::NoTries)),
            left => Ok(Err(CodeProblem::Wrong { left })),
        },
    }
}

/// `GET /sign-in/link/TOKEN`: shows a button. Programs that inspect mail open links, so opening changes nothing.
pub(super) async fn show_link(
    Visitor(signed): Visitor,
    State(services): State<Services>,
    browser: Browser,
    Path(token): Path<String>,
) -> ApiResult<Response> {
    let mut tx = services.db.read().await?;
    let found = queries::link(&mut tx, "code", secret::hash(&[&token])).await?;
    drop(tx);
    let usable = usable(found, services.clock.now());
    match (signed, usable) {
        (Some(signed), Ok(way)) if way.somebody.id == signed.id => {
            Ok(see_other(&onward("", signed.role)))
        }
        (_, usable) => Ok(link_page(
            &services,
            &browser,
            token,
            usable.map(|it| it.name.to_string()),
        )
        .await),
    }
}

/// `POST /sign-in/link`: lets in whoever pressed the button.
pub(super) async fn enter_by_link(
    visitor: Visitor,
    State(services): State<Services>,
    browser: Browser,
    Form(opening): Form<Opening>,
) -> ApiResult<Response> {
    let now = services.clock.now();
    let mut tx = services.db.begin().await?;
    let found = queries::link(&mut tx, "code", secret::hash(&[&opening.token])).await?;
    let entered = match usable(found, now) {
        Ok(way) if queries::use_once(&mut tx, way.id, now).await? => Ok(way),
        Ok(_) => Err(LinkProblem::Used),
        Err(problem) => Err(problem),
    };
    match entered {
        Ok(way) => {
            // In the browser that asked, the way back is known.
            let back = browser
                .pending
                .as_ref()
                .filter(|it| it.id == way.id)
                .map_or(String::new(), |it| it.back.clone());
            welcome(tx, &services, visitor, &browser, way.somebody, &back).await
        }
        Err(problem) => Ok(link_page(&services, &browser, String::new(), Err(problem)).await),
    }
}

fn usable(found: Option<WayIn>, now: Time) -> Result<WayIn, LinkProblem> {
    match found {
        None => Err(LinkProblem::Unknown),
        Some(way) if way.is_used => Err(LinkProblem::Used),
        Some(way) if way.expires <= now => Err(LinkProblem::Expired),
        Some(way) => Ok(way),
    }
}

/// Signs somebody in to this browser and leads them on. The session that was here before ends: a browser has one.
pub(super) async fn welcome(
    mut tx: Tx,
    services: &Services,
    Visitor(before): Visitor,
    browser: &Browser,
    somebody: Somebody,
    back: &str,
) -> ApiResult<Response> {
    let now = services.clock.now();
    // Mails speak the language somebody chose, or that of the first browser they came with.
    let speaks = browser.has_chosen || !queries::has_been_here(&mut tx, somebody.id).await?;
    let is_new = speaks && queries::set_language(&mut tx, somebody.id, browser.language).await?;
    if let Some(before) = before {
        queries::end_session_of(&mut tx, before.id, before.session, now).await?;
    }
    let (session, token) =
        sessions::start_session(&mut tx, somebody.id, &browser.label, now).await?;
    tx.commit().await?;
    if let Some(before) = before {
        services.sessions.forget(before.session);
    }
    if is_new {
        language::tell_again(services, somebody.id).await;
    }
    tracing::info!(session.id = %session, member.id = %somebody.id, "Signed in");
    let mut response = see_other(&onward(back, somebody.role));
    sessions::give_session(&mut response, &token);
    browser::take_away(&mut response, PENDING);
    Ok(response)
}

/// The page somebody came from, when it is one of theirs, else their first. Spelled anew from the table of pages, so that
/// no link can lead elsewhere.
pub(super) fn onward(back: &str, role: Role) -> String {
    let first = Page::first_of(role);
    page_of(back)
        .filter(|it| it.is_for(role))
        .unwrap_or(first)
        .path()
}

fn page_of(path: &str) -> Option<Page> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    if path.starts_with('/') {
        Page::parse(path, query)
    } else {
        None
    }
}

/// Six digits as a hurried thumb types them: full-width, with spaces or hyphens.
fn six_digits(text: &str) -> Option<String> {
    let code: String = text
        .nfkc()
        .filter(|it| !it.is_whitespace() && *it != '-')
        .collect();
    (code.len() == 6 && code.bytes().all(|it| it.is_ascii_digit())).then_some(code)
}

/// When an id was born. Ids that nobody gave out are nobody's, whatever they say.
fn birth(id: InvitationId) -> Time {
    Time::from_millis(i64::try_from(id.bits() >> 80).unwrap_or(0))
}

fn give_pending(response: &mut Response, pending: &Pending) {
    if let Ok(value) = serde_json::to_string(pending) {
        browser::give(response, PENDING, &value, CODE_LASTS / 1_000);
    }
}

pub(super) fn here(services: &Services, browser: &Browser, path: String) -> Here {
    Here {
        language: browser.language,
        path,
        is_demo: services.config.is_demo,
    }
}

async fn ask_page(
    services: &Services,
    browser: &Browser,
    asking: Asking,
    problem: Option<AskProblem>,
    status: StatusCode,
) -> Response {
    let back = page_of(&asking.back).map_or(String::new(), |it| it.path());
    let path = if back.is_empty() {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?back={back}")
    };
    let (here, has_code) = (here(services, browser, path), browser.pending.is_some());
    let title = words::of(browser.language).sign_in;
    let view = move || pages::sign_in(&here, &back, &asking.email, problem, has_code);
    page::plain(services, browser.language, title, status, view).await
}

/// A code without an address that was asked for.
async fn not_asked(services: &Services, browser: &Browser) -> Response {
    let asking = Asking {
        email: String::new(),
        back: String::new(),
    };
    ask_page(
        services,
        browser,
        asking,
        Some(AskProblem::NotAsked),
        StatusCode::UNPROCESSABLE_ENTITY,
    )
    .await
}

async fn code_page(
    services: &Services,
    browser: Browser,
    problem: Option<CodeProblem>,
    status: StatusCode,
) -> Response {
    let (here, language) = (
        here(services, &browser, "/sign-in/code".to_owned()),
        browser.language,
    );
    let (address, back) = browser
        .pending
        .map_or_else(Default::default, |it| (it.address, it.back));
    let view = move || pages::code(&here, &address, &back, problem);
    page::plain(
        services,
        language,
        words::of(language).code_title,
        status,
        view,
    )
    .await
}

async fn link_page(
    services: &Services,
    browser: &Browser,
    token: String,
    name: Result<String, LinkProblem>,
) -> Response {
    let path = if token.is_empty() {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in/link/{token}")
    };
    let status = if name.is_ok() {
        StatusCode::OK
    } else {
        StatusCode::GONE
    };
    let (here, title) = (
        here(services, browser, path),
        words::of(browser.language).sign_in,
    );
    let view = move || pages::link(&here, &token, name.as_deref().map_err(|it| *it));
    page::plain(services, browser.language, title, status, view).await
}
