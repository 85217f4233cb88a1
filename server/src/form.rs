//! Forms that work before the code has arrived, or without it: each becomes the same mutation and goes to the same
//! `apply`; the answer is a redirect to a page that says in words what became of it.

use app::{booking::parse_wish, page::Page};
use axum::{
    Form, Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};
use domain::{
    booking::{Ask, Cancel, Move, Wish},
    event::{Answer, ReplyTo, Way},
    id::{BookingId, CorrectionId, MutationId, QuestionId},
    interview::Correct,
    member::SetProfile,
    question::AskQuestion,
    sync::mutation::{Acknowledge, Mutation},
};
use serde::Deserialize;

use crate::{
    actor::{Host, OfferHolder, Signed},
    booking::slot,
    db::Turn,
    error::{ApiError, ApiResult},
    page::back_to,
    services::{Services, chance},
    sync::{apply, outcome},
};

/// The routes of all forms.
pub(crate) fn routes() -> Router<Services> {
    Router::new()
        .route("/booking/ask", post(ask))
        .route("/booking/{id}/cancel", post(cancel))
        .route("/booking/{id}/move", post(reschedule))
        .route("/booking/{id}/correct", post(correct))
        .route("/event/{id}/reply", post(reply))
        .route("/event/{id}/ask", post(ask_question))
        .route("/outcome/{id}/read", post(acknowledge))
        .route("/me/profile", post(set_profile))
}

/// Up to three wishes, each a slot and the start that was shown; see [`app::booking::wish_value`].
#[derive(Debug, Deserialize)]
struct WishForm {
    #[serde(default)]
    wish1: String,
    #[serde(default)]
    wish2: String,
    #[serde(default)]
    wish3: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    talk: String,
    #[serde(default)]
    avoid: String,
    /// The outcome that offered these wishes: it has been read.
    #[serde(default)]
    read: String,
}

impl WishForm {
    /// The wishes, each with the start that was shown. The place is the one of now: a page without code shows it
    /// when it is made.
    async fn wishes(&self, services: &Services) -> ApiResult<Vec<Wish>> {
        let mut tx = services.db.read().await?;
        let mut wishes = Vec::new();
        for (slot, starts) in [&self.wish1, &self.wish2, &self.wish3]
            .into_iter()
            .filter_map(|it| parse_wish(it))
        {
            let Some(known) = slot::queries::slot(&mut tx, slot).await? else {
                continue;
            };
            wishes.push(Wish {
                slot,
                starts,
                place: known.place,
            });
        }
        Ok(wishes)
    }

    /// What offered these wishes has been read, once they are granted.
    async fn acknowledge(&self, services: &Services, signed: Signed) -> ApiResult<()> {
        match self.read.parse() {
            Ok(mutation) => {
                carry_out(
                    services,
                    signed,
                    Mutation::Acknowledge(Acknowledge { mutation }),
                )
                .await
            }
            Err(_) => Ok(()),
        }
    }
}

async fn ask(
    holder: OfferHolder,
    State(services): State<Services>,
    Form(form): Form<WishForm>,
) -> ApiResult<Response> {
    let booking = BookingId::born(services.clock.now(), chance());
    let wishes = form.wishes(&services).await?;
    let ask = Ask {
        booking,
        wishes,
        topic: form.topic.clone(),
        talk: form.talk.clone(),
        avoid: form.avoid.clone(),
    };
    let result = carry_out(&services, holder.signed(), Mutation::Ask(ask)).await;
    form.acknowledge(&services, holder.signed()).await?;
    let page = if result.is_ok() {
        Page::Booking(booking)
    } else {
        Page::Home
    };
    back_to(&page, &result)
}

async fn cancel(
    holder: OfferHolder,
    State(services): State<Services>,
    Path(booking): Path<String>,
) -> ApiResult<Response> {
    let booking = booking.parse().map_err(|_| ApiError::NotFound)?;
    let result = carry_out(
        &services,
        holder.signed(),
        Mutation::Cancel(Cancel { booking }),
    )
    .await;
    back_to(&Page::Booking(booking), &result)
}

async fn reschedule(
    holder: OfferHolder,
    State(services): State<Services>,
    Path(booking): Path<String>,
    Form(form): Form<WishForm>,
) -> ApiResult<Response> {
    let booking = booking.parse().map_err(|_| ApiError::NotFound)?;
    let wishes = form.wishes(&services).await?;
    let result = carry_out(
        &services,
        holder.signed(),
        Mutation::Move(Move { booking, wishes }),
    )
    .await;
    form.acknowledge(&services, holder.signed()).await?;
    back_to(&Page::Booking(booking), &result)
}

#[derive(Debug, Deserialize)]
struct CorrectForm {
    #[serde(default)]
    text: String,
}

async fn correct(
    holder: OfferHolder,
    State(services): State<Services>,
    Path(booking): Path<String>,
    Form(form): Form<CorrectForm>,
) -> ApiResult<Response> {
    let booking = booking.parse().map_err(|_| ApiError::NotFound)?;
    let correction = CorrectionId::born(services.clock.now(), chance());
    let correct = Correct {
        booking,
        correction,
        text: form.text,
    };
    let result = carry_out(&services, holder.signed(), Mutation::Correct(correct)).await;
    back_to(&Page::Booking(booking), &result)
}

/// `answer` is `on_site`, `online`, `maybe` or `declined`; `named` is there when the others may read the name.
#[derive(Debug, Deserialize)]
struct ReplyForm {
    answer: String,
    #[serde(default)]
    named: Option<String>,
}

async fn reply(
    holder: OfferHolder,
    State(services): State<Services>,
    Path(event): Path<String>,
    Form(form): Form<ReplyForm>,
) -> ApiResult<Response> {
    let event = event.parse().map_err(|_| ApiError::NotFound)?;
    let answer = match form.answer.as_str() {
        "maybe" => Answer::Maybe,
        "declined" => Answer::Declined,
        way => Answer::Going(Way::from_code(way).ok_or(ApiError::Malformed("no such answer"))?),
    };
    let it = ReplyTo {
        event,
        answer,
        is_named: form.named.is_some(),
    };
    let result = carry_out(&services, holder.signed(), Mutation::Reply(it)).await;
    back_to(&Page::Event(event), &result)
}

/// `name_shown` is there when the others may read whose question it is.
#[derive(Debug, Deserialize)]
struct QuestionForm {
    #[serde(default)]
    question: String,
    #[serde(default)]
    name_shown: Option<String>,
}

async fn ask_question(
    holder: OfferHolder,
    State(services): State<Services>,
    Path(event): Path<String>,
    Form(form): Form<QuestionForm>,
) -> ApiResult<Response> {
    let event = event.parse().map_err(|_| ApiError::NotFound)?;
    let it = AskQuestion {
        question: QuestionId::random(chance()),
        event,
        text: form.question,
        is_named: form.name_shown.is_some(),
    };
    let result = carry_out(&services, holder.signed(), Mutation::AskQuestion(it)).await;
    back_to(&Page::Event(event), &result)
}

async fn acknowledge(
    signed: Signed,
    State(services): State<Services>,
    Path(mutation): Path<String>,
) -> ApiResult<Response> {
    let mutation = mutation.parse().map_err(|_| ApiError::NotFound)?;
    let result = carry_out(
        &services,
        signed,
        Mutation::Acknowledge(Acknowledge { mutation }),
    )
    .await;
    back_to(&Page::first_of(signed.role), &result)
}

#[derive(Debug, Deserialize)]
struct ProfileForm {
    #[serde(default)]
    talks_about: String,
}

async fn set_profile(
    host: Host,
    State(services): State<Services>,
    Form(form): Form<ProfileForm>,
) -> ApiResult<Response> {
    let it = SetProfile {
        talks_about: Some(form.talks_about),
    };
    let result = carry_out(&services, host.signed(), Mutation::SetProfile(it)).await;
    back_to(&Page::Me, &result)
}

/// The same way as a device's mutation. A refusal leaves its outcome row, with everything that was typed.
pub(crate) async fn carry_out(
    services: &Services,
    signed: Signed,
    mutation: Mutation,
) -> ApiResult<()> {
    let id = MutationId::born(services.clock.now(), chance());
    let wish = mutation.clone();
    let result = services
        .executor
        .run(move |turn: &mut Turn| {
            Box::pin(async move { apply::apply(turn, signed, id, &wish).await })
        })
        .await;
    let no = match &result {
        Err(ApiError::Refused(no)) => no.clone(),
        Err(ApiError::NotFound) => domain::refusal::Refusal::NotThere,
        _ => return result,
    };
    let told = no.clone();
    services
        .executor
        .run(move |turn: &mut Turn| {
            Box::pin(async move { Ok(outcome::refused(turn, signed, id, &mutation, &told)?) })
        })
        .await?;
    Err(ApiError::Refused(no))
}
