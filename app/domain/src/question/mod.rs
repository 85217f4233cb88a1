//! 事前の質問: what people want to know before an event, and what becomes of it.
//!
//! Who is invited and who plans the event reads a question; whose it is they read only where the person says so. The
//! company's database knows, so nothing here is called 匿名. A question's id and its day say nothing of the hour at which
//! somebody wrote it. An answer can become an entry of the FAQ (よくある質問), in words of the company's own.

use serde::{Deserialize, Serialize};

use crate::{
    booking::Words,
    id::{EventId, QuestionId},
    refusal::{Field, Refusal},
    text::{Long, Name, Short},
    time::{Day, Time},
};

/// Questions of one person to one event.
pub const MOST_QUESTIONS: usize = 10;

/// Row `question`: one question, for those who are invited and those who plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// To which event.
    pub event: EventId,
    /// The question.
    pub text: Words,
    /// Whose it is, where the person says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// When it was asked.
    pub day: Day,
    /// When it was answered, here or at the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Day>,
    /// The written answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Long>,
    /// How it stands in the FAQ; for those who plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faq: Option<Short>,
}

/// Row `own_question`: the question of this id is the person's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnQuestion {
    /// To which event.
    pub event: EventId,
}

/// Row `faq`: an answer that many may look for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faq {
    /// The question, in words of the company's own.
    pub question: Short,
    /// The answer.
    pub answer: Long,
    /// When it was written.
    pub day: Day,
}

/// Mutation `question.ask.v1`: an offer-holder asks something about an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskQuestion {
    /// Its id, made on the device of chance alone: the others read it.
    pub question: QuestionId,
    /// About which event.
    pub event: EventId,
    /// The question.
    pub text: String,
    /// The others and those who plan may read the name.
    #[serde(default)]
    pub is_named: bool,
}

/// Mutation `question.withdraw.v1`: the person takes a question back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawQuestion {
    /// Which.
    pub question: QuestionId,
}

/// Mutation `question.answer.v1`: those who plan answer, or write the answer anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerQuestion {
    /// Which.
    pub question: QuestionId,
    /// The answer; empty when it was given at the event.
    #[serde(default)]
    pub answer: String,
    /// The question as it is to stand in the FAQ; empty for not at all.
    #[serde(default)]
    pub faq: String,
}

/// An answer whose words were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The written answer.
    pub answer: Option<Long>,
    /// The question as it stands in the FAQ; only where there is a written answer.
    pub faq: Option<Short>,
}

impl AskQuestion {
    /// May it be asked of an event that ends then, and are its words in order?
    ///
    /// # Errors
    /// After the end, or when the words are missing or too long.
    pub fn checked(&self, ends: Time, now: Time) -> Result<Words, Refusal> {
        if ends <= now {
            return Err(Refusal::EventPassed);
        }
        Words::new(&self.text).map_err(|it| it.in_field(Field::Question))
    }
}

impl AnswerQuestion {
    /// The checked words.
    ///
    /// # Errors
    /// When they are too long, or stand in the FAQ without an answer.
    pub fn checked(&self) -> Result<Answered, Refusal> {
        let answer = Long::optional(&self.answer).map_err(|it| it.in_field(Field::Answer))?;
        let faq = Short::optional(&self.faq).map_err(|it| it.in_field(Field::Faq))?;
        if faq.is_some() && answer.is_none() {
            let field = Field::Answer;
            return Err(Refusal::FieldEmpty { field });
        }
        Ok(Answered { answer, faq })
    }
}
