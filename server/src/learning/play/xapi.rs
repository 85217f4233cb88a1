//! What a lesson of cmi5 speaks to: as much of xAPI 1.0.3 as cmi5 asks for. Statements are heard and not kept: what counts of
//! them is somebody's own progress.

use app::page::Page;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use domain::{member::Language, time::Time};
use percent_encoding::{PercentEncode, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    cmi5::{Agreed, No, Standing},
    launch::{Player, uuid},
    player,
    queries::{self, Kept},
    report, state,
};
use crate::{
    account::secret,
    error::{ApiError, ApiResult},
    learning::package::Kind,
    services::{Services, chance},
};

/// Under this name stands how far a registration is.
const STANDING: &str = "LMS.Standing";
const PREFERENCES: &str = "cmi5LearnerPreferences";
/// Statements at once.
const MOST_STATEMENTS: usize = 100;

/// What a lesson speaks to.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/play/{token}/xapi/about", get(about))
        .route(
            "/play/{token}/xapi/statements",
            post(say).put(say_one).get(said),
        )
        .route(
            "/play/{token}/xapi/activities/state",
            get(state::given)
                .post(state::merged)
                .put(state::put)
                .delete(state::forgotten),
        )
        .route("/play/{token}/xapi/agents/profile", get(profile))
        .layer(middleware::from_fn(versioned))
}

/// Says the version of every answer, and wants it said.
async fn versioned(request: axum::extract::Request, next: Next) -> Response {
    const VERSION: &str = "x-experience-api-version";
    let said = request.headers().get(VERSION);
    let is_ours = said.is_some_and(|it| it.as_bytes().starts_with(b"1.0"));
    let mut response = if is_ours || request.uri().path().ends_with("/about") {
        next.run(request).await
    } else {
        ApiError::Malformed("X-Experience-API-Version is 1.0.3").into_response()
    };
    let version = HeaderValue::from_static("1.0.3");
    response.headers_mut().insert(VERSION, version);
    response
}

/// Where a lesson begins, with everything in its address that cmi5 puts there.
pub(super) fn address(player: &Player, services: &Services) -> String {
    let play = services.config.play.as_deref().unwrap_or("");
    let own = player::address(&player.unit);
    let (path, hash) = own.split_once('#').unwrap_or((&own, ""));
    let mut out = format!("{path}{}", if path.contains('?') { '&' } else { '?' });
    for (name, value) in [("endpoint", "xapi/"), ("fetch", "fetch")] {
        out += &format!(
            "{name}={}&",
            encoded(&format!("{play}{}{value}", player.place))
        );
    }
    out += &format!(
        "actor={}&registration={}&activityId={}",
        encoded(&actor(player, services).to_string()),
        player.launch.registration,
        encoded(&activity(player, services))
    );
    match hash {
        "" => out,
        hash => format!("{out}#{hash}"),
    }
}

fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, &player::KEPT)
}

/// Whoever plays: an account that means nothing anywhere else.
fn actor(player: &Player, services: &Services) -> Value {
    json!({
        "objectType": "Agent",
        "account": { "homePage": services.config.origin, "name": player.launch.actor },
    })
}

pub(super) fn activity(player: &Player, services: &Services) -> String {
    let page = Page::Lesson(player.course, player.lesson);
    [&*services.config.origin, &page.path()].concat()
}

/// `POST /play/TOKEN/fetch`: the word by which a lesson proves itself, given once.
pub(super) async fn fetch(player: Player, State(services): State<Services>) -> ApiResult<Response> {
    if player.package.kind != Kind::Cmi5 {
        return Err(ApiError::NotFound);
    }
    let word = secret::token();
    let hash = secret::hash(&[&word]).to_string();
    let is_first = services
        .executor
        .run(move |turn| {
            Box::pin(async move {
                let since = turn.now().plus(-super::launch::LASTS);
                let row = queries::play(turn.conn(), player.hash, since).await?;
                let mut launch = row.ok_or(ApiError::NotFound)?.launch;
                let is_first = launch.word.is_none();
                if is_first {
                    launch.word = Some(hash);
                    queries::put_launch(turn.conn(), player.hash, &launch).await?;
                }
                Ok(is_first)
            })
        })
        .await?;
    Ok(Json(if is_first {
        json!({ "auth-token": word })
    } else {
        json!({ "error-code": "1", "error-text": "the word was fetched before" })
    })
    .into_response())
}

/// Does the lesson prove itself?
pub(super) fn proven(player: &Player, headers: &HeaderMap) -> ApiResult<()> {
    let said = headers.get(header::AUTHORIZATION);
    let word = said.and_then(|it| it.to_str().ok()?.strip_prefix("Basic "));
    let is_it = word.is_some_and(|it| {
        let hash = secret::hash(&[it.trim()]).to_string();
        player.launch.word.as_ref() == Some(&hash)
    });
    if is_it && player.package.kind == Kind::Cmi5 {
        Ok(())
    } else {
        Err(ApiError::SignedOut)
    }
}

async fn about(player: Player) -> ApiResult<Json<Value>> {
    if player.package.kind == Kind::Cmi5 {
        Ok(Json(json!({ "version": ["1.0.3"] })))
    } else {
        Err(ApiError::NotFound)
    }
}

/// Nothing is kept, so nothing is given.
async fn said(player: Player, headers: HeaderMap) -> ApiResult<Json<Value>> {
    proven(&player, &headers)?;
    Ok(Json(json!({ "statements": [], "more": "" })))
}

async fn say(
    player: Player,
    State(services): State<Services>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Response> {
    proven(&player, &headers)?;
    let statements = match read(&body)? {
        Value::Array(all) if all.len() <= MOST_STATEMENTS => all,
        Value::Array(_) => return Err(ApiError::Malformed("so many statements at once")),
        one => vec![one],
    };
    hear(player, services, statements).await
}

#[derive(Deserialize)]
struct OneStatement {
    #[serde(rename = "statementId")]
    id: String,
}

async fn say_one(
    player: Player,
    State(services): State<Services>,
    Query(named): Query<OneStatement>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Response> {
    proven(&player, &headers)?;
    let mut one = read(&body)?;
    match one.as_object_mut() {
        Some(it) => it.insert("id".to_owned(), named.id.into()),
        None => return Err(ApiError::Malformed("a statement is an object")),
    };
    let heard = hear(player, services, vec![one]).await?;
    Ok(if heard.status().is_success() {
        StatusCode::NO_CONTENT.into_response()
    } else {
        heard
    })
}

fn read(body: &[u8]) -> ApiResult<Value> {
    serde_json::from_slice(body).map_err(|_| ApiError::Malformed("not JSON"))
}

/// Takes statements in their order: all of them or none.
async fn hear(player: Player, services: Services, statements: Vec<Value>) -> ApiResult<Response> {
    let (activity, home) = (activity(&player, &services), services.config.origin.clone());
    let heard = services
        .executor
        .run(move |turn| {
            Box::pin(async move {
                let since = turn.now().plus(-super::launch::LASTS);
                let row = queries::play(turn.conn(), player.hash, since).await?;
                let mut launch = row.ok_or(ApiError::NotFound)?.launch;
                let whose = (player.holder.id(), player.lesson);
                let known = queries::kept(turn.conn(), whose, STANDING).await?;
                let known = known.and_then(|it| serde_json::from_str(&it.body).ok());
                let mut standing: Standing = known.unwrap_or_default();
                let agreed = Agreed {
                    unit: &player.unit,
                    activity: &activity,
                    home: &home,
                };
                let mut reports = Vec::new();
                for it in &statements {
                    match agreed.take(it, &mut launch, &mut standing) {
                        Ok(report) => reports.push(report),
                        Err(no) => return Ok(Err(no)),
                    }
                }
                queries::put_launch(turn.conn(), player.hash, &launch).await?;
                let kept = kept("application/json", json!(standing).to_string(), turn.now());
                queries::keep(turn.conn(), whose, STANDING, &kept).await?;
                for it in &reports {
                    let of = (player.course, player.lesson);
                    report::take(turn, player.holder, of, it).await?;
                }
                let id = |it: &Value| match &it["id"] {
                    Value::String(id) => id.clone(),
                    _ => uuid(chance()),
                };
                Ok(Ok(Json(statements.iter().map(id).collect::<Vec<_>>())))
            })
        })
        .await?;
    Ok(match heard {
        Ok(ids) => ids.into_response(),
        Err(No::Malformed(why)) => (StatusCode::BAD_REQUEST, why).into_response(),
        Err(No::Forbidden(why)) => (StatusCode::FORBIDDEN, why).into_response(),
    })
}

pub(super) fn kept(kind: &str, body: String, at: Time) -> Kept {
    let kind = kind.to_owned();
    Kept { kind, body, at }
}

#[derive(Deserialize)]
struct Profile {
    #[serde(rename = "profileId")]
    id: Option<String>,
}

/// How somebody likes lessons: in the language of their pages. It is not the lesson's to change.
async fn profile(
    player: Player,
    Query(asked): Query<Profile>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    proven(&player, &headers)?;
    let languages = match player.launch.language {
        Language::Ja => "ja-JP,en-US",
        Language::En => "en-US,ja-JP",
    };
    match asked.id.as_deref() {
        None => Ok(Json(json!([PREFERENCES])).into_response()),
        Some(PREFERENCES) => Ok(Json(json!({
            "languagePreference": languages,
            "audioPreference": "on",
        }))
        .into_response()),
        Some(_) => Err(ApiError::NotFound),
    }
}
