//! Which rows courses become.

use domain::{
    id::{CourseId, LessonId, MemberId},
    learning::{Enrollment, Progress},
    visibility::Audience,
};

use super::queries::CourseRow;
use crate::{db::Turn, error::ApiResult};

/// A course, for those who may take it.
pub(super) fn course(turn: &mut Turn, row: &CourseRow) -> ApiResult<()> {
    let course = &row.course;
    if row.is_shown {
        turn.publish(Audience::OfferHolders, "course", course.id, course)?;
    } else {
        turn.withdraw(Audience::OfferHolders, "course", course.id);
    }
    Ok(())
}

/// What somebody said to a course, for themselves.
pub(super) fn enrollment(
    turn: &mut Turn,
    member: MemberId,
    course: CourseId,
    it: Enrollment,
) -> ApiResult<()> {
    turn.publish(Audience::One(member), "enrollment", course, &it)?;
    Ok(())
}

/// How far somebody is, for themselves.
pub(super) fn progress(
    turn: &mut Turn,
    member: MemberId,
    lesson: LessonId,
    it: &Progress,
) -> ApiResult<()> {
    turn.publish(Audience::One(member), "progress", lesson, it)?;
    Ok(())
}
