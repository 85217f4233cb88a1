//! What protocol 1 learnt with questions.

use domain::{
    booking::Words,
    id::{EventId, QuestionId},
    question::{AnswerQuestion, AskQuestion, Faq, OwnQuestion, Question, WithdrawQuestion},
    sync::{mutation::Mutation, wire::RowChange},
    text::{Long, Short},
};

use super::{AT, as_they_did, as_they_were, member, name, raw};

fn id() -> QuestionId {
    QuestionId::random(31)
}

fn event() -> EventId {
    EventId::born(AT, 11)
}

pub(super) fn mutations() -> Vec<Mutation> {
    vec![
        Mutation::AskQuestion(AskQuestion {
            question: id(),
            event: event(),
            text: "服装は自由ですか。".into(),
            is_named: true,
        }),
        Mutation::WithdrawQuestion(WithdrawQuestion { question: id() }),
        Mutation::AnswerQuestion(AnswerQuestion {
            question: id(),
            answer: "自由です。".into(),
            faq: "服装に決まりはありますか。".into(),
        }),
    ]
}

/// One of each kind.
pub(super) fn rows() -> Vec<RowChange> {
    let faq = Short::new("服装に決まりはありますか。").unwrap();
    let answer = Long::new("自由です。").unwrap();
    let question = Question {
        event: event(),
        text: Words::new("服装は自由ですか。").unwrap(),
        name: Some(name("青井 葵")),
        day: AT.day(),
        answered: Some(AT.day()),
        answer: Some(answer.clone()),
        faq: Some(faq.clone()),
    };
    let own = OwnQuestion { event: event() };
    let listed = Faq {
        question: faq,
        answer,
        day: AT.day(),
    };
    let row = |seq, kind: &str, audience: &str, body| {
        let id = id().to_string();
        RowChange(kind.into(), id.into(), seq, audience.into(), Some(body))
    };
    vec![
        row(30, "question", "hr", raw(&question)),
        row(31, "own_question", &format!("p:{}", member()), raw(&own)),
        row(32, "faq", "holders", raw(&listed)),
    ]
}

#[test]
fn todays_types_write_questions_as_they_did() {
    as_they_did("question", &mutations(), &rows());
}

#[test]
fn todays_types_read_questions_as_they_were_written() {
    let view = as_they_were("question", &mutations());
    assert!(view.faqs.contains_key(&id()) && view.own_questions.contains_key(&id()));
}
