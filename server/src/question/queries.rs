//! SQL of questions. Callers have loaded the event through their actor.

use anyhow::Result;
use domain::{
    booking::Words,
    id::{EventId, MemberId, QuestionId},
    question::{Answered, AskQuestion},
    text::{Long, Name, Short},
    time::{Day, Time},
};
use sqlx::{FromRow, Row as _, any::AnyRow};

use crate::{
    actor::{OfferHolder, Signed},
    db::Conn,
    event::queries::decode,
};

/// A question as stored.
pub(super) struct QuestionRow {
    pub(super) id: QuestionId,
    pub(super) event: EventId,
    pub(super) asker: MemberId,
    pub(super) asker_name: Option<Name>,
    /// Nothing once it was taken back.
    pub(super) text: Option<Words>,
    pub(super) is_named: bool,
    pub(super) day: Day,
    pub(super) answered: Option<Day>,
    pub(super) answer: Option<Long>,
    pub(super) faq: Option<Short>,
}

impl FromRow<'_, AnyRow> for QuestionRow {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let text = |at: usize| row.try_get::<String, _>(at);
        let maybe = |at: usize| row.try_get::<Option<String>, _>(at);
        let day = |it: i64| i32::try_from(it).map(Day::from_number).map_err(decode);
        let answered: Option<i64> = row.try_get(7)?;
        Ok(Self {
            id: text(0)?.parse().map_err(decode)?,
            event: text(1)?.parse().map_err(decode)?,
            asker: text(2)?.parse().map_err(decode)?,
            asker_name: Name::optional(&text(3)?).map_err(decode)?,
            text: Words::optional(&text(4)?).map_err(decode)?,
            is_named: row.try_get::<i64, _>(5)? != 0,
            day: day(row.try_get(6)?)?,
            answered: answered.map(day).transpose()?,
            answer: maybe(8)?
                .map(|it| Long::new(&it))
                .transpose()
                .map_err(decode)?,
            faq: maybe(9)?
                .map(|it| Short::new(&it))
                .transpose()
                .map_err(decode)?,
        })
    }
}

macro_rules! questions {
    ($rest:literal) => {
        concat!(
            "select q.id, q.event_id, q.asker_id, m.name, q.text, q.named, q.day, q.answered_day, q.answer, q.faq \
             from questions q join members m on m.id = q.asker_id where ",
            $rest
        )
    };
}

/// One question.
pub(super) async fn question(db: &mut Conn, id: QuestionId) -> Result<Option<QuestionRow>> {
    Ok(sqlx::query_as(questions!("q.id = $1"))
        .bind(id.to_string())
        .fetch_optional(db)
        .await?)
}

/// All questions to an event, those that were taken back too.
pub(super) async fn of_event(db: &mut Conn, event: EventId) -> Result<Vec<QuestionRow>> {
    Ok(sqlx::query_as(questions!("q.event_id = $1 order by q.id"))
        .bind(event.to_string())
        .fetch_all(db)
        .await?)
}

/// What somebody has asked about an event and not taken back.
pub(super) async fn of_asker(
    db: &mut Conn,
    asker: MemberId,
    event: EventId,
) -> Result<Vec<QuestionRow>> {
    Ok(sqlx::query_as(questions!(
        "q.asker_id = $1 and q.event_id = $2 and q.withdrawn_at is null"
    ))
    .bind(asker.to_string())
    .bind(event.to_string())
    .fetch_all(db)
    .await?)
}

/// What somebody has asked at all and not taken back.
pub(super) async fn of_member(db: &mut Conn, asker: MemberId) -> Result<Vec<QuestionRow>> {
    Ok(sqlx::query_as(questions!(
        "q.asker_id = $1 and q.withdrawn_at is null order by q.id"
    ))
    .bind(asker.to_string())
    .fetch_all(db)
    .await?)
}

/// Adds a question; false when the id is taken.
pub(super) async fn add(
    db: &mut Conn,
    holder: OfferHolder,
    it: &AskQuestion,
    text: &Words,
    day: Day,
) -> Result<bool> {
    let done = sqlx::query(
        "insert into questions (id, event_id, asker_id, text, named, day) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
    )
    .bind(it.question.to_string())
    .bind(it.event.to_string())
    .bind(holder.id().to_string())
    .bind(&**text)
    .bind(i64::from(it.is_named))
    .bind(i64::from(day.number()))
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes an answer. The day of the first one stays.
pub(super) async fn answer(
    db: &mut Conn,
    id: QuestionId,
    by: Signed,
    it: &Answered,
    day: Day,
) -> Result<()> {
    sqlx::query(
        "update questions set answered_day = coalesce(answered_day, $2), answered_by = $3, answer = $4, faq = $5 where id = $1",
    )
    .bind(id.to_string())
    .bind(i64::from(day.number()))
    .bind(by.id.to_string())
    .bind(it.answer.as_deref())
    .bind(it.faq.as_deref())
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets what was asked.
pub(super) async fn withdraw(db: &mut Conn, id: QuestionId, now: Time) -> Result<()> {
    sqlx::query("update questions set text = '', named = 0, withdrawn_at = $2 where id = $1")
        .bind(id.to_string())
        .bind(now.millis())
        .execute(db)
        .await?;
    Ok(())
}
