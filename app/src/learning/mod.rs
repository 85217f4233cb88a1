//! 学ぶ: courses to read if one likes. In reading order: [`list`] (all of them), [`find`] (words in them), [`mod@course`] (one,
//! with its modules), [`mod@lesson`] (a page to read), [`shelf`] (what of it is on this device), `play` (a lesson that others made;
//! drawn by the server alone), [`subsidy`] (what the company was asked to pay of an exam).

mod course;
mod find;
mod lesson;
mod list;
#[cfg(feature = "ssr")]
mod play;
mod shelf;
mod subsidy;
mod words;

use domain::{
    id::{CourseId, LessonId},
    learning::{Course, Enrollment, Lesson},
    sync::replica::Seen,
};
use leptos::prelude::AnyView;

/// `/learn`.
pub(crate) fn courses() -> AnyView {
    list::screen()
}

/// `/learn/COURSE`.
pub(crate) fn course(id: CourseId) -> AnyView {
    course::screen(id)
}

/// `/learn/COURSE/LESSON`.
pub(crate) fn lesson(course: CourseId, id: LessonId) -> AnyView {
    lesson::screen(course, id)
}

/// `/learn/COURSE/LESSON/play`.
#[cfg(feature = "ssr")]
pub(crate) fn play(course: CourseId, id: LessonId) -> AnyView {
    play::screen(course, id)
}

fn is_declined(seen: &Seen, course: CourseId) -> bool {
    seen.view.enrollments.get(&course) == Some(&Enrollment::Declined)
}

fn is_completed(seen: &Seen, lesson: LessonId) -> bool {
    let progress = seen.view.progress.get(&lesson);
    progress.is_some_and(|it| it.completed.is_some())
}

/// How many of its lessons are finished.
fn completed(seen: &Seen, course: &Course) -> usize {
    let done = course.lessons().filter(|it| is_completed(seen, it.id));
    done.count()
}

/// Where somebody goes on: the first lesson that is not finished.
fn next<'a>(seen: &Seen, course: &'a Course) -> Option<&'a Lesson> {
    course.lessons().find(|it| !is_completed(seen, it.id))
}

#[cfg(test)]
mod tests;
