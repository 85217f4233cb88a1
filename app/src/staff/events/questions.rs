//! What people want to know before the event, and the answers to it.

use domain::{
    id::{EventId, QuestionId},
    question::{AnswerQuestion, Question},
    refusal::Field,
    sync::mutation::Mutation,
};
use leptos::prelude::*;

use crate::{
    device::Device,
    format, order,
    staff::{
        form::{Draft, Form, about, act_button},
        lines::{mark, name_of},
        words::questions::{self, Words},
    },
    ui::{self, Look},
};

/// Characters of an answer.
const MOST: usize = 2000;

/// The questions to an event, those without an answer first.
pub(super) fn questions(device: Device, event: EventId) -> AnyView {
    let words = questions::of(device.language);
    let asked = device.read(move |seen| {
        let all = seen.view.questions.iter();
        let asked = all.filter(|it| it.1.event == event);
        let asked = order::sorted(asked, |(id, it)| {
            let day = i64::from(it.day.number());
            let last = i64::from(it.answered.is_some()) << 32;
            order::by(last + day, id.bits())
        });
        let asked: Vec<(QuestionId, Question)> = asked
            .into_iter()
            .map(|(id, it)| (*id, it.clone()))
            .collect();
        asked
    });
    let open = RwSignal::new(None);
    let list = ui::live(move || {
        let asked = asked.get();
        if asked.is_empty() {
            return vec![ui::note(words.none)];
        }
        let cards = asked
            .iter()
            .map(|(id, it)| card(device, words, (*id, it), open));
        vec![ui::list(cards.collect())]
    });
    ui::section(words.title, vec![ui::note(words.lead), list])
}

/// One question. `open` is the one that is being answered.
fn card(
    device: Device,
    words: &'static Words,
    (id, it): (QuestionId, &Question),
    open: RwSignal<Option<QuestionId>>,
) -> AnyView {
    let language = device.language;
    let name = it.name.as_ref();
    let name = name.map_or_else(|| words.unnamed.to_owned(), |it| name_of(language, it));
    let by = format!("{name} · {}", format::day(language, it.day));
    let mut parts = vec![ui::p("prose", it.text.to_string()), ui::note(by)];
    let standing = device.seen.with(|seen| seen.standing("question", id));
    parts.extend(mark(language, standing));
    match (&it.answer, it.answered) {
        (Some(answer), _) => {
            let answer = ui::el("span", "prose", vec![ui::text(answer.to_string())]);
            let mut facts = vec![(words.answer, answer)];
            let faq = it.faq.as_ref().map(|it| ui::text(it.to_string()));
            facts.extend(faq.map(|it| (words.faq, it)));
            parts.push(ui::facts(facts));
        }
        (None, Some(_)) => parts.push(ui::note(words.answered_there)),
        (None, None) => {}
    }
    if open.get() == Some(id) {
        parts.push(form(device, words, (id, it), open));
    } else {
        let label = words.write[usize::from(it.answered.is_some())];
        let name = format!("{label}: {}", &*it.text);
        let press = Callback::new(move |()| open.set(Some(id)));
        parts.push(act_button("button", label, name, press));
    }
    ui::card(None, parts)
}

fn form(
    device: Device,
    words: &'static Words,
    (id, it): (QuestionId, &Question),
    open: RwSignal<Option<QuestionId>>,
) -> AnyView {
    let form = Form::new(device.language);
    let written = it.answer.as_deref().unwrap_or_default();
    let answer = Draft::new(format!("question.answer.{id}"), written);
    let listed = it.faq.as_deref().unwrap_or_default();
    let faq = Draft::new(format!("question.faq.{id}"), listed);
    let fields = vec![
        form.area(
            &answer,
            Field::Answer,
            MOST,
            &about("question-answer", words.answer, words.answer_hint),
        ),
        form.line(
            &faq,
            Field::Faq,
            "text",
            &about("question-faq", words.faq, words.faq_hint),
        ),
        ui::submit(Look::Second, words.send),
        form.answer(),
    ];
    let send = Callback::new(move |()| {
        let wish = AnswerQuestion {
            question: id,
            answer: answer.now(),
            faq: faq.now(),
        };
        if let Err(no) = wish.checked() {
            return form.refuse(&no);
        }
        let (sent, listed) = (answer.clone(), faq.clone());
        let (now, now_listed) = (wish.answer.clone(), wish.faq.clone());
        form.send(Mutation::AnswerQuestion(wish), move || {
            sent.forget(&now);
            listed.forget(&now_listed);
            open.set(None);
        });
    });
    Form::around(send, fields)
}
