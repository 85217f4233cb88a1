//! `POST /play/TOKEN/commit`: what a lesson of SCORM keeps and reports. The page around it sends all of it, again and again.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    launch::Player,
    queries::{self, Kept},
    report::{self, Report},
};
use crate::{
    error::{ApiError, ApiResult},
    learning::package::{Kind, Unit},
    services::Services,
};

/// Under this name a lesson of SCORM keeps what it says of itself; the two versions do not read each other's.
pub(super) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Scorm12 => "scorm12",
        Kind::Scorm2004 | Kind::Cmi5 => "scorm2004",
    }
}

#[derive(Deserialize)]
struct Body {
    /// The data model, as the API gives it.
    cmi: Value,
    /// The state that this play began with, by the time it was kept; none where there was none.
    #[serde(default)]
    since: Option<i64>,
    /// It lay on the device since an earlier play.
    #[serde(default)]
    late: bool,
    /// The lesson has ended.
    #[serde(default)]
    over: bool,
}

#[derive(Serialize)]
struct Answer {
    at: i64,
}

/// Keeps the state, and takes what is reported in it.
pub(super) async fn commit(
    player: Player,
    State(services): State<Services>,
    body: Bytes,
) -> ApiResult<Response> {
    if player.package.kind == Kind::Cmi5 {
        return Err(ApiError::NotFound);
    }
    let read = |_| ApiError::Malformed("not what the page of a lesson sends");
    let body: Body = serde_json::from_slice(&body).map_err(read)?;
    let at = services
        .executor
        .run(move |turn| {
            Box::pin(async move {
                let whose = (player.holder.id(), player.lesson);
                let name = name(player.package.kind);
                let kept = queries::kept(turn.conn(), whose, name).await?;
                let at = kept.map(|it| it.at);
                // What lay on a phone is not put over what another has kept since.
                let is_stale = body.late && at.map(Time::millis) > body.since;
                let now = turn.now();
                if !is_stale {
                    let it = Kept {
                        kind: "application/json".to_owned(),
                        body: body.cmi.to_string(),
                        at: now,
                    };
                    queries::keep(turn.conn(), whose, name, &it).await?;
                }
                let report = report_of(player.package.kind, &player.unit, &body.cmi, body.over);
                let of = (player.course, player.lesson);
                report::take(turn, player.holder, of, &report).await?;
                Ok(at.filter(|_| is_stale).unwrap_or(now))
            })
        })
        .await?;
    Ok(Json(Answer { at: at.millis() }).into_response())
}

/// What the data model says of the end and the score.
fn report_of(kind: Kind, unit: &Unit, cmi: &Value, is_over: bool) -> Report {
    let word = |path: &str| cmi.pointer(path).and_then(Value::as_str).unwrap_or("");
    let number = |path: &str| {
        let it = cmi.pointer(path)?;
        let read = it.as_f64().or_else(|| it.as_str()?.trim().parse().ok());
        read.filter(|it: &f64| it.is_finite())
    };
    if kind == Kind::Scorm12 {
        let score = number("/core/score/raw");
        let passes = || Some(score? >= unit.mastery?);
        let status = word("/core/lesson_status");
        let passed = match status {
            "passed" => Some(true),
            "failed" => Some(false),
            "completed" => passes(),
            _ => None,
        };
        let is_finished = matches!(status, "passed" | "completed");
        return Report {
            is_finished,
            passed,
            score,
            is_settled: is_finished || status == "failed" || is_over,
        };
    }
    let success = match word("/success_status") {
        "passed" => Some(true),
        "failed" => Some(false),
        _ => None,
    };
    let scaled = number("/score/scaled").map(|it| it * 100.0);
    let is_finished = word("/completion_status") == "completed" || success == Some(true);
    Report {
        is_finished,
        passed: success,
        score: scaled.or_else(|| number("/score/raw")),
        is_settled: is_finished || success.is_some() || is_over,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn old(status: &str, raw: &str) -> Report {
        let unit = Unit {
            mastery: Some(80.0),
            ..Unit::default()
        };
        let cmi = json!({ "core": { "lesson_status": status, "score": { "raw": raw } } });
        report_of(Kind::Scorm12, &unit, &cmi, false)
    }

    fn new(completion: &str, success: &str, scaled: &str) -> Report {
        let score = json!({ "scaled": scaled, "raw": "" });
        let cmi =
            json!({ "completion_status": completion, "success_status": success, "score": score });
        report_of(Kind::Scorm2004, &Unit::default(), &cmi, false)
    }

    #[test]
    fn what_scorm_12_says() {
        let cases = [
            (("passed", "90"), (true, Some(true), Some(90.0), true)),
            (("completed", "80"), (true, Some(true), Some(80.0), true)),
            (("completed", "79"), (true, Some(false), Some(79.0), true)),
            (("completed", ""), (true, None, None, true)),
            (("failed", "10"), (false, Some(false), Some(10.0), true)),
            (("incomplete", "10"), (false, None, Some(10.0), false)),
            (("browsed", "NaN"), (false, None, None, false)),
        ];
        for ((status, raw), expected) in cases {
            let it = old(status, raw);
            let found = (it.is_finished, it.passed, it.score, it.is_settled);
            assert_eq!(found, expected, "{status} {raw}");
        }
    }

    #[test]
    fn what_scorm_2004_says() {
        let cases = [
            (
                ("completed", "passed", "0.8"),
                (true, Some(true), Some(80.0)),
            ),
            (("completed", "unknown", ""), (true, None, None)),
            (
                ("incomplete", "passed", "1"),
                (true, Some(true), Some(100.0)),
            ),
            (
                ("completed", "failed", "0.1"),
                (true, Some(false), Some(10.0)),
            ),
            (("unknown", "unknown", "0.5"), (false, None, Some(50.0))),
        ];
        for ((completion, success, scaled), expected) in cases {
            let it = new(completion, success, scaled);
            let found = (it.is_finished, it.passed, it.score);
            assert_eq!(found, expected, "{completion} {success} {scaled}");
        }
    }
}
