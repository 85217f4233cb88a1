//! What a lesson of cmi5 keeps for itself, and what it is told at its start: the state resource of xAPI.

use axum::{
    Json,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::time::{Day, HOUR, MINUTE, Time};
use serde::Deserialize;
use serde_json::{Value, json};
use toml::value::{Datetime, Offset};

use super::{
    launch::Player,
    queries,
    xapi::{activity, kept, proven},
};
use crate::{
    account::secret,
    error::{ApiError, ApiResult},
    learning::package::Unit,
    services::Services,
};

/// What begins so is ours: a lesson writes none of it.
const OURS: &str = "LMS.";
/// What the lesson is told at its start.
const LAUNCH_DATA: &str = "LMS.LaunchData";
/// Things that one lesson may keep.
const MOST_KEPT: usize = 20;

/// Which thing that a lesson keeps.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "activityId")]
    activity: String,
    registration: Option<String>,
    #[serde(rename = "stateId")]
    state: Option<String>,
    since: Option<String>,
}

impl Asked {
    /// Its name.
    fn name(&self) -> ApiResult<&str> {
        let is_fine = |it: &&str| !it.is_empty() && it.len() <= 200 && !it.contains('\u{0}');
        let name = self.state.as_deref().filter(is_fine);
        name.ok_or(ApiError::Malformed("stateId is missing, or too long"))
    }

    fn checked(&self, player: &Player, services: &Services) -> ApiResult<()> {
        let registration = self.registration.as_ref();
        if self.activity == activity(player, services)
            && registration.is_none_or(|it| *it == player.launch.registration)
        {
            Ok(())
        } else {
            Err(ApiError::NotFound)
        }
    }
}

/// What is kept under a name, or the names.
pub(super) async fn given(
    player: Player,
    State(services): State<Services>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    proven(&player, &headers)?;
    asked.checked(&player, &services)?;
    let whose = (player.holder.id(), player.lesson);
    let mut tx = services.db.read().await?;
    if asked.state.is_none() {
        let since = match &asked.since {
            Some(since) => moment(since).ok_or(ApiError::Malformed("since is no moment"))?,
            None => Time::from_millis(0),
        };
        let names = queries::names(&mut tx, whose, since).await?;
        let names = names.into_iter().filter(|it| !it.starts_with(OURS));
        let all: Vec<_> = names.chain([LAUNCH_DATA.to_owned()]).collect();
        return Ok(Json(all).into_response());
    }
    let name = asked.name()?;
    if name == LAUNCH_DATA {
        return Ok(Json(launch_data(&player, &services)).into_response());
    }
    if name.starts_with(OURS) {
        return Err(ApiError::NotFound);
    }
    let kept = queries::kept(&mut tx, whose, name).await?;
    let kept = kept.ok_or(ApiError::NotFound)?;
    let tag = format!("\"{}\"", secret::hash(&[&kept.body]));
    let headers = [(header::CONTENT_TYPE, kept.kind), (header::ETAG, tag)];
    Ok((headers, kept.body).into_response())
}

/// A moment as xAPI writes it: `2030-11-05T09:00:00Z`, or with the distance to UTC.
fn moment(text: &str) -> Option<Time> {
    let it: Datetime = text.parse().ok()?;
    let (date, time) = (it.date?, it.time?);
    let day = Day::from_date(date.year.into(), date.month.into(), date.day.into())?;
    let minutes = match it.offset? {
        Offset::Z => 0,
        Offset::Custom { minutes } => i64::from(minutes),
    };
    // A day of ours begins in Tokyo.
    let midnight = day.start().plus(9 * HOUR);
    let (hour, minute) = (i64::from(time.hour), i64::from(time.minute));
    let second = i64::from(time.second.unwrap_or(0));
    Some(midnight.plus(hour * HOUR + (minute - minutes) * MINUTE + second * 1_000))
}

/// What the lesson is told at its start.
fn launch_data(player: &Player, services: &Services) -> Value {
    let Unit {
        launch_data,
        mastery,
        au,
        ..
    } = &player.unit;
    let play = services.config.play.as_deref().unwrap_or("");
    let mut out = json!({
        "contextTemplate": {
            "registration": player.launch.registration,
            "contextActivities": {
                "grouping": [{
                    "objectType": "Activity",
                    "id": au.as_ref().map_or("", |it| &it.id),
                }],
            },
            "extensions": {
                "https://w3id.org/xapi/cmi5/context/extensions/sessionid": player.launch.session,
            },
        },
        "launchMode": "Normal",
        "launchMethod": au.as_ref().map_or("AnyWindow", |it| &it.launch_method),
        "moveOn": au.as_ref().map(|it| it.move_on).unwrap_or_default(),
        "returnURL": format!("{play}{}done", player.place),
    });
    if !launch_data.is_empty() {
        out["launchParameters"] = launch_data.clone().into();
    }
    if let Some(mastery) = mastery {
        out["masteryScore"] = (*mastery).into();
    }
    if let Some(key) = au.as_ref().and_then(|it| it.entitlement.as_ref()) {
        out["entitlementKey"] = json!({ "courseStructure": key });
    }
    out
}

/// Keeps something.
pub(super) async fn put(
    player: Player,
    State(services): State<Services>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Response> {
    write(player, services, asked, headers, body, false).await
}

/// Keeps fields beside those that are there.
pub(super) async fn merged(
    player: Player,
    State(services): State<Services>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Response> {
    write(player, services, asked, headers, body, true).await
}

async fn write(
    player: Player,
    services: Services,
    asked: Asked,
    headers: HeaderMap,
    body: Bytes,
    merges: bool,
) -> ApiResult<Response> {
    proven(&player, &headers)?;
    asked.checked(&player, &services)?;
    let name = asked.name()?.to_owned();
    if name.starts_with(OURS) {
        return Ok(StatusCode::FORBIDDEN.into_response());
    }
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|it| it.to_str().ok());
    let kind = kind.unwrap_or("application/octet-stream").to_owned();
    let text = String::from_utf8(body.to_vec());
    let text = text.map_err(|_| ApiError::Malformed("only texts are kept"))?;
    let is_kept = services
        .executor
        .run(move |turn| {
            Box::pin(async move {
                let whose = (player.holder.id(), player.lesson);
                let known = queries::kept(turn.conn(), whose, &name).await?;
                let all = queries::names(turn.conn(), whose, Time::from_millis(0)).await?;
                if known.is_none() && all.len() >= MOST_KEPT {
                    return Ok(false);
                }
                let text = match known.filter(|_| merges) {
                    Some(known) => match joined(&known.body, &text) {
                        Some(text) if text.len() <= super::MOST_BYTES => text,
                        _ => return Ok(false),
                    },
                    None => text,
                };
                let now = turn.now();
                queries::keep(turn.conn(), whose, &name, &kept(&kind, text, now)).await?;
                Ok(true)
            })
        })
        .await?;
    Ok(if is_kept {
        StatusCode::NO_CONTENT.into_response()
    } else {
        (StatusCode::BAD_REQUEST, "so much is not kept").into_response()
    })
}

/// The fields of two objects, the newer ones last.
fn joined(old: &str, new: &str) -> Option<String> {
    let mut old: serde_json::Map<String, Value> = serde_json::from_str(old).ok()?;
    let new: serde_json::Map<String, Value> = serde_json::from_str(new).ok()?;
    old.extend(new);
    serde_json::to_string(&old).ok()
}

/// Forgets something.
pub(super) async fn forgotten(
    player: Player,
    State(services): State<Services>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> ApiResult<StatusCode> {
    proven(&player, &headers)?;
    asked.checked(&player, &services)?;
    let name = asked.name()?.to_owned();
    if name.starts_with(OURS) {
        return Ok(StatusCode::FORBIDDEN);
    }
    services
        .executor
        .run(move |turn| {
            Box::pin(async move {
                let whose = (player.holder.id(), player.lesson);
                Ok(queries::forget(turn.conn(), whose, &name).await?)
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_xapi() {
        let midnight = Time::from_millis(1_920_067_200_000);
        for text in [
            "2030-11-05T00:00:00Z",
            "2030-11-05T09:00:00+09:00",
            "2030-11-05T00:00:00.000Z",
        ] {
            assert_eq!(moment(text), Some(midnight), "{text}");
        }
        assert_eq!(moment("2030-11-05"), None);
    }
}
