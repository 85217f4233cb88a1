//! 進み具合: how far somebody is. It only grows, so phones that were apart agree whatever order their reports arrive in.

use serde::{Deserialize, Serialize};

use crate::{
    id::{AttemptId, CourseId, LessonId},
    refusal::{Field, Refusal},
    time::Time,
};

/// Parts of a lesson that are counted.
pub const MOST_PARTS: u16 = 500;
/// Answers to the questions of one lesson that are kept.
pub const MOST_ATTEMPTS: usize = 100;
/// Characters of one answer.
const MOST_WORDS: usize = 200;
/// Characters of a question's name.
const MOST_NAME: usize = 40;

/// Row `progress`: how far a person is with a lesson. Nobody else's phone or console gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Of which course.
    pub course: CourseId,
    /// Parts that were in sight.
    #[serde(default)]
    pub position: u16,
    /// When it was finished first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<Time>,
    /// Answers to its questions, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
}

/// One answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Which.
    pub id: AttemptId,
    /// The question's name within its lesson.
    pub quiz: Box<str>,
    /// What was answered: see [`quiz`](super::quiz).
    pub given: Box<str>,
    /// It was right.
    pub right: bool,
    /// When, by the person's own clock.
    pub at: Time,
}

/// Mutation `lesson.study.v1`: an offer-holder is so far with a lesson, or has answered a question in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Study {
    /// Which lesson.
    pub lesson: LessonId,
    /// What is new, by the person's own clock.
    pub progress: Progress,
}

impl Study {
    /// The progress that this report alone would be. What lies ahead of the clock happened now.
    ///
    /// # Errors
    /// Names what is longer than anything a lesson can ask.
    pub fn checked(&self, now: Time) -> Result<Progress, Refusal> {
        let mut progress = self.progress.clone();
        progress.position = progress.position.min(MOST_PARTS);
        progress.completed = progress.completed.map(|it| it.min(now));
        for it in &mut progress.attempts {
            if it.given.chars().count() > MOST_WORDS || it.quiz.len() > MOST_NAME {
                let field = Field::Answer;
                return Err(Refusal::FieldWrong { field });
            }
            it.at = it.at.min(now);
        }
        // In order, each once.
        let mut clean = Progress {
            attempts: Vec::new(),
            ..progress.clone()
        };
        clean.merge(&progress);
        Ok(clean)
    }
}

impl Progress {
    /// Takes in what another report or another phone knows. The order of reports does not matter, nor does one that comes twice.
    pub fn merge(&mut self, other: &Self) {
        self.position = self.position.max(other.position);
        self.completed = match (self.completed, other.completed) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        // Ids are born in the order of time; what does not fit any more is the newest, on every phone alike.
        for it in &other.attempts {
            let place = self.attempts.partition_point(|known| known.id < it.id);
            if self.attempts.get(place).is_none_or(|at| at.id != it.id) {
                self.attempts.insert(place, it.clone());
            }
        }
        self.attempts.truncate(MOST_ATTEMPTS);
    }

    /// The latest answer to a question.
    #[must_use]
    pub fn latest(&self, quiz: &str) -> Option<&Attempt> {
        self.attempts.iter().rev().find(|it| *it.quiz == *quiz)
    }
}
