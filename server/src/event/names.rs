//! The list for the door, as a file that spreadsheets in Japan open: UTF-8 with a mark at its beginning.

use anyhow::{Context as _, Result};
use app::format;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{
    event::{Reply, Way},
    member::Language,
};

use super::{planned_by, queries, roll::Known};
use crate::{
    actor::Signed,
    error::{ApiError, ApiResult},
    services::Services,
};

/// `/staff/events/ID/names.csv`, for those who plan the event.
pub(crate) fn routes() -> Router<Services> {
    Router::new().route("/staff/events/{id}/names.csv", get(file))
}

async fn file(
    signed: Signed,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let id = id.parse().map_err(|_| ApiError::NotFound)?;
    let mut read = services.db.read().await?;
    let known = queries::known(&mut read, &[id]).await?.remove(&id);
    let known = known.ok_or(ApiError::NotFound)?;
    planned_by(signed, &known.event)?;
    drop(read);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"names.csv\"",
        ),
        (header::CACHE_CONTROL, "private, no-store"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    Ok((headers, written(&known)?).into_response())
}

/// Who comes, may come or waits, by name. Who said no is on no list.
fn written(known: &Known) -> Result<String> {
    let mut rows: Vec<[String; 5]> = Vec::new();
    for (member, rsvp) in &known.rsvps {
        let (Some(name), Some(reply)) = (&rsvp.name, known.roll.reply_of(*member)) else {
            continue;
        };
        let Some((what, way)) = said(reply) else {
            continue;
        };
        let attended = rsvp.attended.map(|it| format::when(Language::Ja, it));
        rows.push([
            safe(name),
            what,
            way.map_or(String::new(), |it| word(it).to_owned()),
            rsvp.code.clone().unwrap_or_default(),
            attended.unwrap_or_default(),
        ]);
    }
    rows.sort_unstable();
    let mut file = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    file.write_record(["氏名", "返事", "参加方法", "受付の番号", "出席"])?;
    for row in rows {
        file.write_record(row)?;
    }
    let bytes = file.into_inner().context("the list cannot be written")?;
    Ok(String::from_utf8(bytes)?)
}

fn said(reply: Reply) -> Option<(String, Option<Way>)> {
    Some(match reply {
        Reply::Going(way) => ("参加".into(), Some(way)),
        Reply::Maybe => ("未定".into(), None),
        Reply::Waiting { way, before } => (
            format!("キャンセル待ち {}番目", u32::from(before) + 1),
            Some(way),
        ),
        Reply::Offered { way, .. } => ("繰り上げの案内中".into(), Some(way)),
        Reply::Declined | Reply::Lapsed => return None,
    })
}

fn word(way: Way) -> &'static str {
    match way {
        Way::OnSite => "会場",
        Way::Online => "オンライン",
    }
}

/// A name that a spreadsheet would take for a formula is read as the name it is.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn a_name_is_no_formula() {
        assert_eq!(safe("=1+1"), "'=1+1");
        assert_eq!(safe("青井 葵"), "青井 葵");
    }
}
