//! `/me/sync` 送信箱: every unsent thing in words, with its age and state, and what can be done with it.

#[cfg(feature = "holder")]
use domain::booking::Wish;
#[cfg(feature = "staff")]
use domain::interview::WriteRecord;
use domain::{
    id::MutationId,
    member::Language,
    sync::{mutation::Mutation, outbox::DeadLetter},
    time::Time,
};
use leptos::prelude::*;

use super::words;
use crate::{
    device::{Device, Edge, Unsent, edge},
    format,
    page::Page,
    ui::{self, Blank, Look, Mark},
};

pub(super) fn screen() -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    let body = ui::live(move || {
        let now = device.now.get();
        let status = device.status.read();
        let unsent: Vec<_> = status
            .unsent
            .iter()
            .filter_map(|it| unsent_card(device, it, now))
            .collect();
        let dead: Vec<_> = status
            .dead
            .iter()
            .map(|it| dead_card(device, it, now))
            .collect();
        let mut parts = Vec::new();
        if unsent.is_empty() && dead.is_empty() {
            let blank = Blank::of(&status, words.sent_title, words.sent);
            parts.push(ui::empty(device.language, blank));
        }
        if !unsent.is_empty() {
            let kick = Callback::new(|()| with_edge(|it| it.kick()));
            parts.push(ui::section(
                words.waiting,
                vec![
                    ui::list(unsent),
                    ui::button(Look::Second, words.send_now, kick),
                ],
            ));
        }
        if !dead.is_empty() {
            let lines = vec![ui::note(words.dead_note), ui::list(dead)];
            parts.push(ui::section(words.dead, lines));
        }
        parts
    });
    ui::screen(vec![
        ui::back(device.language, Page::Me.path()),
        ui::title(words.outbox, words.outbox_note),
        body,
        ui::fetched(device),
    ])
}

fn with_edge(act: impl FnOnce(&dyn Edge)) {
    if let Some(edge) = edge() {
        act(edge);
    }
}

fn unsent_card(device: Device, it: &Unsent, now: Time) -> Option<AnyView> {
    let mutation = it.mutation.as_ref()?;
    let mark = Mark::from(it.standing);
    let said = said(device, mutation);
    let id = it.id;
    let mut parts = lines(device, &said, it.at, now, Some(mark));
    parts.extend(ways(device, id, said, |edge, id| edge.give_up(id)));
    Some(ui::card(Some(mark), parts))
}

fn dead_card(device: Device, it: &DeadLetter, now: Time) -> AnyView {
    let words = words::of(device.language);
    let envelope = &it.envelope;
    let said = match Mutation::read(&envelope.name, &envelope.body) {
        Ok(mutation) => said(device, &mutation),
        Err(_) => vec![words.unknown.to_owned(), envelope.body.get().to_owned()],
    };
    let id = envelope.id;
    let revive = Callback::new(move |()| with_edge(|it| it.revive(id)));
    let mut parts = lines(device, &said, envelope.at, now, None);
    parts.push(ui::button(Look::Second, words.retry, revive));
    parts.extend(ways(device, id, said, |edge, id| edge.bury(id)));
    ui::card(Some(Mark::Refused), parts)
}

/// Its state, what it is, what was written, how old it is.
fn lines(device: Device, said: &[String], at: Time, now: Time, mark: Option<Mark>) -> Vec<AnyView> {
    let words = words::of(device.language);
    let heading = said.first().cloned().unwrap_or_default();
    let standing = mark.map(|it| ui::standing(device.language, it));
    let written = said
        .iter()
        .skip(1)
        .map(|it| ui::p("prose note", it.clone()));
    let ago = (words.written)(&format::ago(device.language, at, now));
    standing
        .into_iter()
        .chain([ui::heading(heading)])
        .chain(written)
        .chain([ui::p("caption", ago)])
        .collect()
}

/// Copy it, or throw it away.
fn ways(
    device: Device,
    id: MutationId,
    said: Vec<String>,
    discard: fn(&dyn Edge, MutationId),
) -> Vec<AnyView> {
    let words = words::of(device.language);
    let copy = Callback::new(move |()| with_edge(|it| it.copy(&said.join("\n"))));
    let discard = Callback::new(move |()| with_edge(|it| discard(it, id)));
    vec![
        ui::button(Look::Plain, words.copy, copy),
        ui::more(
            words.discard,
            vec![
                ui::note(words.discard_note),
                ui::button(Look::Second, words.discard_do, discard),
            ],
        ),
    ]
}

/// A wish in words: what it is, then everything the person chose and wrote.
fn said(device: Device, mutation: &Mutation) -> Vec<String> {
    let words = words::of(device.language);
    let Some((kind, texts)) = chosen(device, mutation) else {
        return vec![words.unknown.to_owned()];
    };
    let texts = texts.into_iter().filter(|it| !it.trim().is_empty());
    std::iter::once(words.kinds[kind].to_owned())
        .chain(texts)
        .collect()
}

/// Which kind of wish it is, and what was chosen and written.
fn chosen(device: Device, mutation: &Mutation) -> Option<(usize, Vec<String>)> {
    let language = device.language;
    let chosen = match mutation {
        #[cfg(feature = "holder")]
        Mutation::Ask(it) => {
            let texts = [&it.topic, &it.talk, &it.avoid].map(String::clone);
            let when = wishes(language, &it.wishes);
            (0, std::iter::once(when).chain(texts).collect())
        }
        #[cfg(feature = "holder")]
        Mutation::Cancel(_) => (1, Vec::new()),
        #[cfg(feature = "holder")]
        Mutation::Move(it) => (2, vec![wishes(language, &it.wishes)]),
        #[cfg(feature = "staff")]
        Mutation::OpenAvailability(it) => {
            (3, [&it.place, &it.link, &it.note].map(String::clone).into())
        }
        #[cfg(feature = "staff")]
        Mutation::CloseAvailability(_) => (4, Vec::new()),
        #[cfg(feature = "staff")]
        Mutation::OpenSlot(it) => {
            let texts = [&it.place, &it.link, &it.note].map(String::clone);
            let when = format::when(language, it.starts);
            (5, std::iter::once(when).chain(texts).collect())
        }
        #[cfg(feature = "staff")]
        Mutation::CloseSlot(it) => (6, vec![it.word.clone()]),
        #[cfg(feature = "staff")]
        Mutation::WriteRecord(it) => (7, recorded(language, it)),
        #[cfg(feature = "holder")]
        Mutation::Correct(it) => (8, vec![it.text.clone()]),
        #[cfg(feature = "staff")]
        Mutation::Keep(_) => (9, Vec::new()),
        #[cfg(feature = "staff")]
        Mutation::SetProfile(it) => (10, it.talks_about.iter().cloned().collect()),
        #[cfg(feature = "staff")]
        Mutation::SetLimits(_) => (11, Vec::new()),
        Mutation::Acknowledge(_) => (12, Vec::new()),
        #[cfg(feature = "holder")]
        Mutation::Reply(it) => {
            let said = device
                .seen
                .with(|seen| crate::event::said(device, seen, it));
            (13, vec![said])
        }
        #[cfg(feature = "staff")]
        Mutation::WriteEvent(it) => (14, it.texts().map(str::to_owned).into()),
        #[cfg(feature = "staff")]
        Mutation::PublishEvent(_) => (15, Vec::new()),
        #[cfg(feature = "staff")]
        Mutation::CancelEvent(it) => (16, vec![it.word.clone()]),
        #[cfg(feature = "staff")]
        Mutation::RemoveGuest(it) => (17, vec![it.word.clone()]),
        #[cfg(feature = "staff")]
        Mutation::CheckIn(it) => (18, vec![it.code.clone()]),
        #[cfg(feature = "holder")]
        Mutation::AskQuestion(it) => (19, vec![it.text.clone()]),
        #[cfg(feature = "holder")]
        Mutation::WithdrawQuestion(_) => (20, Vec::new()),
        #[cfg(feature = "staff")]
        Mutation::AnswerQuestion(it) => (21, vec![it.answer.clone(), it.faq.clone()]),
        #[cfg(feature = "staff")]
        Mutation::GroupEvent(_) => (22, Vec::new()),
        Mutation::Noop(_) => return None,
    };
    Some(chosen)
}

#[cfg(feature = "staff")]
fn recorded(language: Language, it: &WriteRecord) -> Vec<String> {
    let promises = it.promises.iter();
    let promises = promises.map(|it| format!("{} ({})", it.text, format::day(language, it.due)));
    let texts = [it.said.clone(), it.next.clone()];
    texts.into_iter().chain(promises).collect()
}

#[cfg(feature = "holder")]
fn wishes(language: Language, wishes: &[Wish]) -> String {
    let when = wishes.iter().map(|it| format::when(language, it.starts));
    when.collect::<Vec<_>>().join("\n")
}
