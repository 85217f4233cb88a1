//! `POST /language`: the switch between Japanese and English, on every page, signed in or not.

use axum::{Form, extract::State, response::Response};
use domain::member::Language;
use serde::Deserialize;

use super::{browser, queries, see_other};
use crate::{
    actor::Visitor,
    error::{ApiError, ApiResult},
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
        queries::set_language(&mut tx, signed.id, language).await?;
        tx.commit().await?;
    }
    let mut response = see_other(local(&choice.back).unwrap_or("/"));
    browser::give_language(&mut response, language);
    Ok(response)
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
