//! `/staff/subsidies`: HR's page, without code, and its form.

use std::collections::BTreeMap;

use app::{
    online::Online,
    page::Page,
    staff::subsidies::{Subsidies, SubsidyLine, Unsaid},
};
use axum::{
    Form, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use domain::{
    id::SubsidyId,
    refusal::{Field, Refusal},
    subsidy::Decision,
    text::Long,
    time::Time,
};
use serde::Deserialize;

use super::{publish, queries};
use crate::{
    account,
    actor::Hr,
    error::{ApiError, ApiResult},
    learning,
    page::page_with,
    services::Services,
};

/// HR's form.
pub(super) fn routes() -> Router<Services> {
    Router::new().route("/staff/subsidies/decide", post(decide))
}

/// What stands on the page.
pub(crate) async fn online(services: &Services, _: Hr) -> ApiResult<Online> {
    Ok(Online::Subsidies(Subsidies {
        lines: lines(services).await?,
        unsaid: None,
    }))
}

async fn lines(services: &Services) -> ApiResult<Vec<SubsidyLine>> {
    let mut tx = services.db.read().await?;
    let titles: BTreeMap<_, _> = learning::titles(&mut tx).await?.into_iter().collect();
    let rows = queries::all(&mut tx).await?;
    let line = |row: queries::SubsidyRow| {
        Some(SubsidyLine {
            id: row.id,
            name: row.holder_name,
            course: titles.get(&row.subsidy.fee.course)?.clone(),
            subsidy: row.subsidy,
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// `asked` is the request as HR read it, in milliseconds.
#[derive(Deserialize)]
struct DecideForm {
    subsidy: SubsidyId,
    asked: i64,
    decision: Decision,
    #[serde(default)]
    word: String,
}

impl DecideForm {
    /// The words in order: a "no" and a question come with some.
    fn checked(&self) -> Result<Option<Long>, Refusal> {
        let field = Field::Word;
        if self.decision == Decision::Open {
            return Err(Refusal::NotThere);
        }
        let word = Long::optional(&self.word).map_err(|it| it.in_field(field))?;
        if word.is_none() && self.decision != Decision::Approved {
            return Err(Refusal::WordNeeded);
        }
        Ok(word)
    }
}

async fn decide(
    hr: Hr,
    State(services): State<Services>,
    headers: HeaderMap,
    Form(it): Form<DecideForm>,
) -> ApiResult<Response> {
    let no = match it.checked() {
        Ok(word) => {
            if say(&services, hr, &it, word).await? {
                return Ok(Redirect::to(&Page::Subsidies.path()).into_response());
            }
            None
        }
        Err(no) => Some(no),
    };
    let state = Subsidies {
        lines: lines(&services).await?,
        unsaid: Some(Unsaid {
            id: it.subsidy,
            word: it.word,
            no,
        }),
    };
    page_with(
        &services,
        hr.signed(),
        account::language_of(&headers),
        Page::Subsidies,
        Some(Online::Subsidies(state)),
        None,
        StatusCode::UNPROCESSABLE_ENTITY,
    )
    .await
}

/// Says it, unless the request is no longer what HR read.
async fn say(services: &Services, hr: Hr, it: &DecideForm, word: Option<Long>) -> ApiResult<bool> {
    let (id, asked, decision) = (it.subsidy, Time::from_millis(it.asked), it.decision);
    services
        .executor
        .run(move |turn| {
            let word = word.clone();
            Box::pin(async move {
                let known = queries::subsidy(turn.conn(), id).await?;
                known.ok_or(ApiError::NotFound)?;
                let now = turn.now();
                let said = (decision, word.as_ref());
                if !queries::decide(turn.conn(), (id, asked), hr, said, now).await? {
                    return Ok(false);
                }
                let known = queries::subsidy(turn.conn(), id).await?;
                publish(turn, &known.ok_or(ApiError::NotFound)?)?;
                Ok(true)
            })
        })
        .await
}
