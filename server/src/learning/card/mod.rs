//! 修了カード: `GET /learn/COURSE/card.pdf`, a private card for somebody who has finished every lesson of a course.
//!
//! It is drawn when it is asked for, out of the person's own progress, and kept nowhere; nobody else can ask for it, and
//! nothing on it compares. In reading order: this file (who gets one), [`sheet`] (the drawing), [`wrap`] (lines), [`face`]
//! (glyphs), [`words`].

mod face;
mod sheet;
mod words;
mod wrap;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{id::CourseId, member::Language, time::Day};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::queries;
use crate::{
    account,
    actor::OfferHolder,
    error::{ApiError, ApiResult},
    services::Services,
};

/// What stands on a card.
struct Card {
    language: Language,
    title: String,
    name: String,
    company: String,
    finished: Day,
    lessons: usize,
    minutes: u16,
}

/// Routes of this feature.
pub(super) fn routes() -> Router<Services> {
    Router::new().route("/learn/{id}/card.pdf", get(card))
}

async fn card(
    holder: OfferHolder,
    State(services): State<Services>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let id: CourseId = id.parse().map_err(|_| ApiError::NotFound)?;
    let (language, now) = (account::language_of(&headers), services.clock.now());
    let mut tx = services.db.read().await?;
    let row = queries::course(&mut tx, id).await?;
    let progress = queries::progress_of(&mut tx, holder, id).await?;
    let name = queries::name_of(&mut tx, holder).await?;
    drop(tx);
    let course = row.filter(|it| it.is_shown).map(|it| it.course);
    let course = course.ok_or(ApiError::NotFound)?;
    let finished = course.finished(|it| progress.get(&it)?.completed);
    let card = Card {
        language,
        title: course.title.in_language(language).to_string(),
        name: name.ok_or(ApiError::NotFound)?,
        company: services.config.company_name.clone(),
        finished: finished.ok_or(ApiError::NotFound)?.day(),
        lessons: course.lessons().count(),
        minutes: course.minutes(),
    };
    let disposition = disposition(&card);
    // Drawing takes longer than other requests may wait for this thread.
    let pdf = tokio::task::spawn_blocking(move || sheet::drawn(&card, now));
    let pdf = pdf.await.map_err(anyhow::Error::from)??;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            HeaderName::from_static("x-robots-tag"),
            "noindex".to_owned(),
        ),
    ];
    Ok((headers, pdf).into_response())
}

/// Characters of a title in the name of a file.
const IN_A_NAME: usize = 60;

/// What a header takes as it is.
const IN_A_HEADER: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.');

/// What the file is called: in plain letters for whoever reads no others, then as people would call it (RFC 6266).
fn disposition(card: &Card) -> String {
    let title: String = card.title.chars().take(IN_A_NAME).collect();
    let name = format!("{} {}.pdf", words::of(card.language).card, title.trim());
    // What names a folder or a device somewhere.
    let name = name.replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "-");
    let coded = utf8_percent_encode(&name, &IN_A_HEADER);
    format!("attachment; filename=\"card.pdf\"; filename*=UTF-8''{coded}")
}

#[cfg(test)]
mod tests;
