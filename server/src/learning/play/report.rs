//! What a lesson of a package reports, and what of it becomes progress: that it is finished, and its last score.

use domain::{
    id::{AttemptId, CourseId, LessonId},
    learning::{Attempt, Progress, Study, progress::MOST_ATTEMPTS},
    time::Time,
};

use crate::{
    actor::OfferHolder,
    db::Turn,
    error::ApiResult,
    learning::{queries, study},
    services::chance,
};

/// The question whose answers are scores.
pub(crate) const SCORE: &str = "score";

/// What a lesson reports.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Report {
    /// It is finished.
    pub(super) is_finished: bool,
    /// It was passed; nothing while that is not decided.
    pub(super) passed: Option<bool>,
    /// To 100, or whatever the lesson counts in.
    pub(super) score: Option<f64>,
    /// What is said of the score holds: somebody is done, or has closed it.
    pub(super) is_settled: bool,
}

impl Report {
    /// What is new in it. The same report again says nothing.
    fn news(
        &self,
        known: Option<&Progress>,
        course: CourseId,
        (now, chance): (Time, u128),
    ) -> Option<Progress> {
        let was_finished = known.is_some_and(|it| it.completed.is_some());
        let is_new = self.is_finished && !was_finished;
        let score = self.score.filter(|_| self.is_settled);
        let attempt = score.map(|it| Attempt {
            id: AttemptId::born(now, chance),
            quiz: SCORE.into(),
            given: written(it).into(),
            right: self.passed == Some(true),
            at: now,
        });
        let attempt = attempt.filter(|new| {
            let last = known.and_then(|it| it.latest(SCORE));
            let is_full = known.is_some_and(|it| it.attempts.len() >= MOST_ATTEMPTS);
            !is_full && last.is_none_or(|it| (&it.given, it.right) != (&new.given, new.right))
        });
        (is_new || attempt.is_some()).then(|| Progress {
            course,
            position: 1,
            completed: is_new.then_some(now),
            attempts: attempt.into_iter().collect(),
        })
    }
}

/// A score without digits that nobody reads.
fn written(score: f64) -> String {
    let tenths = (score * 10.0).round() / 10.0;
    // Minus nothing is nothing.
    format!("{}", tenths + 0.0)
}

/// Takes a report into somebody's progress, which reaches all their devices as any other.
pub(super) async fn take(
    turn: &mut Turn,
    holder: OfferHolder,
    (course, lesson): (CourseId, LessonId),
    report: &Report,
) -> ApiResult<()> {
    let known = queries::progress(turn.conn(), holder.id(), lesson).await?;
    let news = report.news(known.as_ref(), course, (turn.now(), chance()));
    match news {
        Some(progress) => study(turn, holder, &Study { lesson, progress }).await,
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(score: f64, passed: bool) -> Report {
        Report {
            is_finished: true,
            passed: Some(passed),
            score: Some(score),
            is_settled: true,
        }
    }

    #[test]
    fn what_is_known_is_not_said_again() {
        let (course, at) = (CourseId::random(1), Time::from_millis(1_000));
        let first = report(80.0, true).news(None, course, (at, 1));
        let first = first.expect("a first score");
        assert_eq!(first.completed, Some(at));
        assert_eq!(
            (&*first.attempts[0].given, first.attempts[0].right),
            ("80", true)
        );
        let later = (Time::from_millis(2_000), 2);
        assert_eq!(report(80.0, true).news(Some(&first), course, later), None);
        let better = report(95.5, true)
            .news(Some(&first), course, later)
            .expect("another score");
        assert_eq!(better.completed, None);
        assert_eq!(&*better.attempts[0].given, "95.5");
    }

    #[test]
    fn a_score_on_the_way_is_none_yet() {
        let on_the_way = Report {
            score: Some(20.0),
            ..Report::default()
        };
        let now = (Time::from_millis(1), 1);
        assert_eq!(on_the_way.news(None, CourseId::random(1), now), None);
    }

    #[test]
    fn scores_are_written_short() {
        for (score, text) in [(80.0, "80"), (66.666, "66.7"), (-0.0, "0"), (100.0, "100")] {
            assert_eq!(written(score), text);
        }
    }
}
