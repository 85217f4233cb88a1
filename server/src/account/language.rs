//! `POST /language`: the switch between Japanese and English, on every page, signed in or not.

use axum::{Form, extract::State, response::Response};
use domain::{id::MemberId, member::Language};
use serde::Deserialize;

use super::{browser, queries, see_other};
use crate::{
    actor::Visitor,
    error::{ApiError, ApiResult},
    member,
    services::Services,
};

#[derive(Deserialize)]
pub(super) struct Choice {
    language: String,
    #[serde(default)]
    back: String,
}

/// Remembers the language in the browser and, for mails, with the member.
pub(super) async fn choose(
    Visitor(signed): Visitor,
    State(services): State<Services>,
    Form(choice): Form<Choice>,
) -> ApiResult<Response> {
    let language =
        Language::from_code(&choice.language).ok_or(ApiError::Malformed("no such language"))?;
    if let Some(signed) = signed {
        let mut tx = services.db.begin().await?;
        let is_new = queries::set_language(&mut tx, signed.id, language).await?;
        tx.commit().await?;
        if is_new {
            tell_again(&services, signed.id).await;
        }
    }
    let mut response = see_other(local(&choice.back).unwrap_or("/"));
    browser::give_language(&mut response, language);
    Ok(response)
}

/// Calendar entries that ride in rows are in their reader's language, and follow it. When that fails now, they follow with
/// the next change of theirs.
pub(super) async fn tell_again(services: &Services, member: MemberId) {
    let told = services
        .executor
        .run(move |turn| Box::pin(member::tell_again(turn, member)))
        .await;
    if let Err(fault) = told {
        tracing::warn!(error = format!("{fault:?}"), "Rows keep their language");
    }
}

/// A path of this site, in plain letters. Two slashes or a backslash at the start would name another host.
fn local(back: &str) -> Option<&str> {
    let is_plain = |it: char| {
        it.is_ascii_alphanumeric()
            || matches!(it, '/' | '-' | '_' | '.' | '~' | '?' | '=' | '&' | '%')
    };
    (back.starts_with('/')
        && !back.starts_with("//")
        && back.len() <= 500
        && back.chars().all(is_plain))
    .then_some(back)
}
