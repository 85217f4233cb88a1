//! 事前の質問: what those who are invited want to know before an event, on its page; and `/faq`, よくある質問.

mod words;

use domain::{
    event::Event,
    id::{EventId, QuestionId},
    question::{AskQuestion, Faq, Question, WithdrawQuestion},
    sync::{
        mutation::Mutation,
        replica::{Seen, Standing},
    },
};
use leptos::prelude::*;

use crate::{
    device::{Device, NotSaved, edge},
    format, order,
    page::Page,
    ui::{self, Any, Blank, Look, TextArea},
};

/// Characters of a question.
const MOST: usize = 600;

/// The questions to an event, and the form for another one. It stands outside of what is drawn anew with the event, so that
/// nothing typed is disturbed.
pub(crate) fn section(device: Device, id: EventId) -> AnyView {
    let words = words::of(device.language);
    let trouble = RwSignal::new(None);
    let asked = ui::live(move || {
        let seen = device.seen.get();
        asked(device, &seen, id, trouble)
    });
    let is_open = device.read(move |seen| {
        let event = seen.view.events.get(&id);
        event.map(|it| (it.ends, it.cancelled.is_some()))
    });
    let can_ask = move || {
        let now = device.now.get();
        is_open.with(|it| it.is_some_and(|(ends, is_off)| !is_off && ends > now))
    };
    let form = ui::shown_while(can_ask, form(device, id, trouble));
    let faq = ui::link_button(Look::Plain, words.faq, Page::Faq.path());
    let is_there = move || is_open.with(Option::is_some);
    let parts = vec![asked, form, ui::trouble(device, trouble), faq];
    ui::shown_while(is_there, ui::section(words.title, parts))
}

/// What was asked, in the order of days.
fn asked(
    device: Device,
    seen: &Seen,
    event: EventId,
    trouble: RwSignal<Option<NotSaved>>,
) -> Vec<AnyView> {
    let questions = seen.view.questions.iter();
    let questions = questions.filter(|it| it.1.event == event);
    let questions = order::sorted(questions, |(id, it)| {
        order::by(i64::from(it.day.number()), id.bits())
    });
    let card = |(id, it): (&QuestionId, &Question)| card(device, seen, *id, it, trouble);
    if questions.is_empty() {
        return Vec::new();
    }
    vec![ui::list(questions.into_iter().map(card).collect())]
}

fn card(
    device: Device,
    seen: &Seen,
    id: QuestionId,
    it: &Question,
    trouble: RwSignal<Option<NotSaved>>,
) -> AnyView {
    let (language, words) = (device.language, words::of(device.language));
    let is_own = seen.view.own_questions.contains_key(&id);
    let standing = seen.standing("question", id);
    let mark = ui::Mark::from(standing);
    let mut parts = Vec::new();
    if standing != Standing::Confirmed {
        parts.push(ui::standing(language, mark));
    } else if is_own {
        parts.push(ui::row(vec![ui::chip(words.own)]));
    }
    parts.push(ui::p("prose", it.text.to_string()));
    let name = it.name.as_ref().map_or(words.unnamed, |it| it);
    let by = [name, " · ", &format::day(language, it.day)].concat();
    parts.push(ui::note(by));
    match (&it.answer, it.answered) {
        (Some(answer), _) => {
            let answer = ui::el("span", "prose", vec![ui::text(answer.to_string())]);
            parts.push(ui::facts(vec![(words.answer, answer)]));
        }
        (None, Some(_)) => parts.push(ui::note(words.answered_there)),
        (None, None) => {}
    }
    if is_own {
        let withdraw = Callback::new(move |()| {
            let wish = WithdrawQuestion { question: id };
            ui::act(Mutation::WithdrawQuestion(wish), trouble, || {});
        });
        let button = ui::button(Look::Second, words.withdraw_do, withdraw);
        parts.push(ui::more(
            &id.to_string(),
            words.withdraw,
            vec![ui::note(words.withdraw_note), button],
        ));
    }
    ui::card((standing != Standing::Confirmed).then_some(mark), parts)
}

fn form(device: Device, event: EventId, trouble: RwSignal<Option<NotSaved>>) -> AnyView {
    let words = words::of(device.language);
    let text = RwSignal::new(String::new());
    let is_named = RwSignal::new(ui::typed("input[name=name_shown]:checked").is_some());
    let key = format!("question.{event}");
    let send = {
        let key = key.clone();
        Callback::new(move |()| {
            let key = key.clone();
            ask(device, event, (text, is_named), trouble, move || {
                text.set(String::new());
                if let Some(edge) = edge() {
                    edge.keep_draft(&key, "");
                }
            });
        })
    };
    let name = ui::live(move || {
        let turn = Callback::new(move |()| is_named.update(|it| *it = !*it));
        let text = vec![ui::text(words.named)];
        let state = (is_named.get(), false);
        vec![ui::choice(
            "name_shown",
            "1".to_owned(),
            true,
            state,
            text,
            turn,
        )]
    });
    let form = ui::form(
        ["/event/", &event.to_string(), "/ask"].concat(),
        send,
        vec![
            view! { <TextArea name="question" label=words.label hint=words.hint most=MOST text draft=key/> }
                .any(),
            name,
            ui::note(words.who_reads),
            ui::submit(Look::Second, words.send),
        ],
    );
    ui::more("", words.ask, vec![form])
}

/// Asks, where the words are in order; the field says it where they are not.
fn ask(
    device: Device,
    event: EventId,
    (text, is_named): (RwSignal<String>, RwSignal<bool>),
    trouble: RwSignal<Option<NotSaved>>,
    then: impl FnOnce() + 'static,
) {
    let Some(edge) = edge() else { return };
    let ends = |seen: &std::sync::Arc<Seen>| seen.view.events.get(&event).map(|it: &Event| it.ends);
    let Some(ends) = device.seen.with_untracked(ends) else {
        return;
    };
    let it = AskQuestion {
        question: QuestionId::random(edge.chance()),
        event,
        text: text.get_untracked(),
        is_named: is_named.get_untracked(),
    };
    if it.checked(ends, edge.now()).is_ok() {
        ui::act(Mutation::AskQuestion(it), trouble, then);
    }
}

/// `/faq`: what many ask, with the answers. All of it reads offline.
#[must_use]
pub fn faq() -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    let body = ui::live(move || {
        let seen = device.seen.get();
        let all = order::sorted(seen.view.faqs.iter(), |(id, it)| {
            order::by(-i64::from(it.day.number()), id.bits())
        });
        if all.is_empty() {
            let blank = |it: &_| Blank::of(it, words.no_faq, words.no_faq_more);
            return vec![ui::empty(device.language, device.status.with(blank))];
        }
        let entry = |(id, it): (&QuestionId, &Faq)| {
            let answer = ui::p("prose", it.answer.to_string());
            let day = ui::p("caption", format::day(device.language, it.day));
            ui::more(&id.to_string(), it.question.to_string(), vec![answer, day])
        };
        all.into_iter().map(entry).collect()
    });
    ui::screen(vec![
        ui::back(device.language, Page::Events.path()),
        ui::title(words.faq, words.faq_lead),
        ui::el("div", "stack", vec![body]),
        ui::fetched(device),
    ])
}
