//! `GET /play/TOKEN/`: the page around a lesson, in which SCORM finds its API; for cmi5 the way to the lesson itself. And the
//! files of the package.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use domain::member::Language;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{commit, launch::Player, queries, xapi};
use crate::{
    actor::Visitor,
    asset,
    error::{ApiError, ApiResult},
    learning::{
        media,
        package::{Kind, kind_of},
    },
    services::Services,
};

const PAGE: &str = include_str!("player.html");

/// What the page around a lesson begins with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Begin<'a> {
    /// Where the API is.
    kit: &'a str,
    is_new: bool,
    /// The lesson's own page.
    opens: String,
    /// What lies on the device under this name was not sent yet.
    lies: String,
    /// What was kept, and when.
    cmi: Option<Box<RawValue>>,
    since: Option<i64>,
    learner: &'a str,
    name: &'a str,
    launch_data: &'a str,
    mastery: Option<f64>,
    words: Words,
}

#[derive(Clone, Copy, Serialize)]
struct Words {
    learner: &'static str,
    unsent: &'static str,
    late: &'static str,
    large: &'static str,
    gone: &'static str,
    #[serde(skip)]
    title: &'static str,
    #[serde(skip)]
    done: &'static str,
}

const JA: Words = Words {
    learner: "受講者",
    unsent: "まだ送れていません。電波が戻ると自動で送ります。",
    late: "この画面は時間が過ぎました。続きは、開き直すと始められます。",
    large: "途中経過が大きすぎるため、終えたことと点数だけを送りました。",
    gone: "教材を開けませんでした。電波の届くところで、開き直してください。",
    title: "教材",
    done: "教材を閉じました。上の「戻る」で、レッスンに戻れます。",
};

const EN: Words = Words {
    learner: "Learner",
    unsent: "Not sent yet. It will be sent by itself when there is a signal.",
    late: "This page has been open for long. Please open it again to go on.",
    large: "What it keeps is too large; only its end and your score were sent.",
    gone: "It did not open. Please open it again where there is a signal.",
    title: "Lesson",
    done: "This is closed. “Back” above leads to the lesson.",
};

fn words(language: Language) -> &'static Words {
    match language {
        Language::Ja => &JA,
        Language::En => &EN,
    }
}

/// The page around a lesson.
pub(super) async fn shown(player: Player, State(services): State<Services>) -> ApiResult<Response> {
    if player.package.kind == Kind::Cmi5 {
        return Ok(Redirect::to(&xapi::address(&player, &services)).into_response());
    }
    let whose = (player.holder.id(), player.lesson);
    let kept = queries::kept(
        &mut *services.db.read().await?,
        whose,
        commit::name(player.package.kind),
    )
    .await?;
    let is_new = player.package.kind == Kind::Scorm2004;
    let (unit, launch, words) = (&player.unit, &player.launch, words(player.launch.language));
    let since = kept.as_ref().map(|it| it.at.millis());
    let begin = Begin {
        kit: services.site.player(is_new).ok_or(ApiError::NotFound)?,
        is_new,
        opens: address(unit),
        lies: format!("{}.{}", launch.registration, player.lesson),
        cmi: kept.and_then(|it| RawValue::from_string(it.body).ok()),
        since,
        learner: &launch.registration,
        name: words.learner,
        launch_data: &unit.launch_data,
        mastery: unit.mastery,
        words: *words,
    };
    let data = serde_json::to_string(&begin).map_err(anyhow::Error::from)?;
    Ok(Html(page(&player, words.title, &data)).into_response())
}

/// The end of a lesson that wants to go somewhere.
pub(super) async fn done(player: Player) -> Html<String> {
    let words = words(player.launch.language);
    let language = language(&player);
    Html(format!(
        "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><title>{}</title><p>{}</p></html>",
        words.title, words.done
    ))
}

fn language(player: &Player) -> &'static str {
    match player.launch.language {
        Language::Ja => "ja",
        Language::En => "en",
    }
}

fn page(player: &Player, title: &str, data: &str) -> String {
    PAGE.replace("__LANGUAGE__", language(player))
        .replace("__TITLE__", title)
        // Nothing in it ends the element or begins a comment.
        .replace("__BEGIN__", &data.replace('<', "\\u003c"))
}

/// What stands in an address as it is (RFC 3986, unreserved).
pub(super) const KEPT: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
/// The same, and what divides a path.
const PATH: AsciiSet = KEPT.remove(b'/');

/// Where a lesson's own page stands, seen from the page around it.
pub(super) fn address(unit: &crate::learning::package::Unit) -> String {
    let path = utf8_percent_encode(&unit.path, &PATH);
    format!("files/{path}{}", unit.query)
}

/// A file of the package.
pub(super) async fn file(
    player: Player,
    State(services): State<Services>,
    Path((_, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let kind = kind_of(&path).ok_or(ApiError::NotFound)?;
    let name = queries::file_at(&mut *services.db.read().await?, player.course, &path).await?;
    let name = name.ok_or(ApiError::NotFound)?;
    let mut response = media::part_of(services, name, kind, &headers).await?;
    let kept = HeaderValue::from_static("private, max-age=43200");
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    Ok(response)
}

/// The API of SCORM, which the build has put among its files.
pub(super) async fn kit(
    _: Visitor,
    State(services): State<Services>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let is_it = |is_new| services.site.player(is_new) == Some(&*name);
    if !is_it(true) && !is_it(false) {
        return Err(ApiError::NotFound);
    }
    let path: Uri = format!("/assets/{name}")
        .parse()
        .map_err(|_| ApiError::NotFound)?;
    Ok(asset::file(&services, &path, &headers)
        .unwrap_or_else(|| StatusCode::NOT_FOUND.into_response()))
}
