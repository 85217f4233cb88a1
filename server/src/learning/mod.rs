//! 学ぶ: courses that come in as folders, and how far people are with them.
//!
//! In reading order: this file (what people do), [`mod@import`], [`folder`] and [`mod@format`] (how a course comes in),
//! [`media`] (its files), [`package`] (courses that others made as SCORM or cmi5) and [`mod@play`] (where these play), [`card`] (what somebody who finished one may keep), [`mod@console`] and [`edit`] (HR's pages), [`publish`] (which rows it becomes), [`queries`]. How far somebody is leaves the server only for
//! that person's own devices.

mod card;
mod console;
mod edit;
mod folder;
mod format;
mod import;
mod media;
mod package;
mod play;
mod publish;
mod queries;

pub(crate) use console::online as console;
pub(crate) use format::Problem;
pub(crate) use import::{found, import, import_found};
pub(crate) use play::{begin as play, beside, purge};

use axum::Router;
use domain::{
    id::{CourseId, LessonId},
    learning::{Course, Enroll, Enrollment, Participation, Study},
    member::Language,
    refusal::Refusal,
    text::{Said, Short},
    time::Time,
};

use crate::{
    actor::OfferHolder,
    db::{Conn, Db, Executor, Turn},
    error::{ApiError, ApiResult},
    services::Services,
};

/// Routes of this feature.
pub(crate) fn routes() -> Router<Services> {
    console::routes()
        .merge(card::routes())
        .merge(edit::routes())
        .merge(media::routes())
}

/// Imports the courses that come with the program, shown to offer-holders, as a company uses them that pays for exams.
pub(crate) async fn use_shipped(db: &Db, executor: &Executor, now: Time) -> ApiResult<()> {
    for name in folder::SHIPPED_NAMES {
        let mut folder = folder::shipped(name).ok_or(ApiError::NotFound)?;
        format::offer_subsidy(&mut folder);
        let done = import(db, executor, (name, &folder), true, now).await?;
        if let Err(problems) = done {
            let all: Vec<_> = problems.iter().map(|it| it.words(Language::En)).collect();
            return Err(anyhow::anyhow!("{}", all.join("\n")).into());
        }
    }
    Ok(())
}

/// Lessons of one course of which somebody's progress is kept, those of its earlier versions too.
const MOST_LESSONS: i64 = 400;

/// An offer-holder says whether they want a course.
pub(crate) async fn enroll(turn: &mut Turn, holder: OfferHolder, it: &Enroll) -> ApiResult<()> {
    let row = queries::course(turn.conn(), it.course).await?;
    let row = row.filter(|it| it.is_shown).ok_or(ApiError::NotFound)?;
    // There is nothing to agree to where nothing is asked for.
    let is_optional = row.course.participation == Participation::Optional;
    if it.enrollment == Enrollment::Agreed && is_optional {
        return Err(Refusal::NotThere.into());
    }
    let now = turn.now();
    queries::put_enrollment(turn.conn(), holder.id(), it.course, it.enrollment, now).await?;
    publish::enrollment(turn, holder.id(), it.course, it.enrollment)
}

/// An offer-holder is so far with a lesson. What they have reached stays, whatever arrives later from another phone.
pub(crate) async fn study(turn: &mut Turn, holder: OfferHolder, it: &Study) -> ApiResult<()> {
    let report = it.checked(turn.now())?;
    let known = queries::progress(turn.conn(), holder.id(), it.lesson).await?;
    let progress = match known {
        Some(mut known) => {
            known.merge(&report);
            known
        }
        None => {
            queries::course(turn.conn(), report.course)
                .await?
                .ok_or(ApiError::NotFound)?;
            let begun = queries::begun(turn.conn(), holder.id(), report.course).await?;
            if begun >= MOST_LESSONS {
                return Err(ApiError::NotFound);
            }
            report
        }
    };
    let now = turn.now();
    queries::put_progress(turn.conn(), holder.id(), it.lesson, &progress, now).await?;
    publish::progress(turn, holder.id(), it.lesson, &progress)
}

/// A course that is shown.
pub(crate) async fn shown(db: &mut Conn, course: CourseId) -> ApiResult<Option<Course>> {
    let row = queries::course(db, course).await?;
    Ok(row.filter(|it| it.is_shown).map(|it| it.course))
}

/// What all courses are called, those that are not shown too.
pub(crate) async fn titles(db: &mut Conn) -> ApiResult<Vec<(CourseId, Said<Short>)>> {
    let rows = queries::courses(db).await?;
    Ok(rows
        .into_iter()
        .map(|it| (it.course.id, it.course.title))
        .collect())
}

/// The page of a lesson of a course that is shown.
pub(crate) async fn text(
    db: &mut Conn,
    course: CourseId,
    lesson: LessonId,
    language: Language,
) -> ApiResult<Option<String>> {
    let page = shown(db, course).await?.and_then(|it| {
        let lesson = it.pages().find(|it| it.id == lesson)?;
        Some(lesson.page_in(language).clone())
    });
    let Some(page) = page else { return Ok(None) };
    let (mut bytes, mut next) = (Vec::new(), 0);
    while let Some(part) = queries::part(db, &page.name, next).await? {
        bytes.extend(part);
        next += 1;
    }
    Ok(String::from_utf8(bytes).ok())
}

/// Everything that devices are told of courses.
pub(crate) async fn rows(turn: &mut Turn) -> ApiResult<()> {
    for it in queries::courses(turn.conn()).await? {
        if it.is_shown {
            publish::course(turn, &it)?;
        }
    }
    for (member, course, it) in queries::enrollments(turn.conn()).await? {
        publish::enrollment(turn, member, course, it)?;
    }
    for (member, lesson, it) in queries::all_progress(turn.conn()).await? {
        publish::progress(turn, member, lesson, &it)?;
    }
    Ok(())
}
