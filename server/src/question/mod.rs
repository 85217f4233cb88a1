//! 事前の質問: asked before an event by those who are invited, answered by those who plan it. Rows of questions go wherever the
//! event's own go; whose a question is stands in them only where the person says so.

mod queries;

use domain::{
    id::{EventId, MemberId, QuestionId},
    question::{
        AnswerQuestion, AskQuestion, Faq, MOST_QUESTIONS, OwnQuestion, Question, WithdrawQuestion,
    },
    refusal::{Field, Refusal},
    visibility::Audience,
};

use crate::{
    actor::{OfferHolder, Signed},
    db::Turn,
    error::{ApiError, ApiResult},
    event::{self, publish, roll::Known},
};
use queries::QuestionRow;

/// An offer-holder asks.
pub(crate) async fn ask(turn: &mut Turn, holder: OfferHolder, it: &AskQuestion) -> ApiResult<()> {
    let known = event::of_holder(turn, holder, it.event).await?;
    if known.event.cancelled.is_some() {
        return Err(Refusal::EventCancelled.into());
    }
    let text = it.checked(known.event.plan.ends, turn.now())?;
    let asked = queries::of_asker(turn.conn(), holder.id(), it.event).await?;
    if asked.iter().any(|row| row.id == it.question) {
        return Ok(());
    }
    if asked.len() >= MOST_QUESTIONS {
        let field = Field::Question;
        return Err(Refusal::FieldWrong { field }.into());
    }
    let day = turn.now().day();
    if !queries::add(turn.conn(), holder, it, &text, day).await? {
        return Err(ApiError::NotFound);
    }
    rows(turn, &known).await
}

/// The person takes a question back. What the company wrote for the FAQ stays.
pub(crate) async fn withdraw(
    turn: &mut Turn,
    holder: OfferHolder,
    it: &WithdrawQuestion,
) -> ApiResult<()> {
    let row = queries::question(turn.conn(), it.question).await?;
    let row = row.filter(|row| row.asker == holder.id());
    take_back(turn, &row.ok_or(ApiError::NotFound)?).await
}

/// Those who plan the event answer, or write the answer anew.
pub(crate) async fn answer(turn: &mut Turn, signed: Signed, it: &AnswerQuestion) -> ApiResult<()> {
    let row = queries::question(turn.conn(), it.question).await?;
    let row = row
        .filter(|row| row.text.is_some())
        .ok_or(ApiError::NotFound)?;
    let known = event::of_planner(turn, signed, row.event).await?;
    let written = it.checked()?;
    let day = turn.now().day();
    queries::answer(turn.conn(), it.question, signed, &written, day).await?;
    if written.faq.is_none() {
        turn.withdraw(Audience::OfferHolders, "faq", it.question);
    }
    rows(turn, &known).await
}

/// Whoever has no place here any more asks nothing.
pub(crate) async fn take_leave(turn: &mut Turn, member: MemberId) -> ApiResult<()> {
    for row in queries::of_member(turn.conn(), member).await? {
        take_back(turn, &row).await?;
    }
    Ok(())
}

async fn take_back(turn: &mut Turn, row: &QuestionRow) -> ApiResult<()> {
    let now = turn.now();
    queries::withdraw(turn.conn(), row.id, now).await?;
    let known = event::known(turn, row.event).await?;
    for audience in publish::readers(&known)
        .into_iter()
        .chain(publish::planners(&known))
    {
        turn.withdraw(audience, "question", row.id);
    }
    turn.withdraw(Audience::One(row.asker), "own_question", row.id);
    Ok(())
}

/// The questions to an event, for what reads them.
pub(crate) async fn ids(turn: &mut Turn, event: EventId) -> ApiResult<Vec<QuestionId>> {
    let rows = queries::of_event(turn.conn(), event).await?;
    Ok(rows.into_iter().map(|it| it.id).collect())
}

/// Publishes the questions to an event.
pub(crate) async fn rows(turn: &mut Turn, known: &Known) -> ApiResult<()> {
    for row in queries::of_event(turn.conn(), known.event.id).await? {
        if let (Some(question), Some(answer), Some(day)) = (&row.faq, &row.answer, row.answered) {
            let faq = Faq {
                question: question.clone(),
                answer: answer.clone(),
                day,
            };
            turn.publish(Audience::OfferHolders, "faq", row.id, &faq)?;
        }
        let Some(text) = row.text else { continue };
        let mut question = Question {
            event: row.event,
            text,
            name: row.asker_name.filter(|_| row.is_named),
            day: row.day,
            answered: row.answered,
            answer: row.answer,
            faq: None,
        };
        for audience in publish::readers(known) {
            turn.publish(audience, "question", row.id, &question)?;
        }
        question.faq = row.faq;
        for audience in publish::planners(known) {
            turn.publish(audience, "question", row.id, &question)?;
        }
        let own = OwnQuestion { event: row.event };
        turn.publish(Audience::One(row.asker), "own_question", row.id, &own)?;
    }
    Ok(())
}
