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
            &id.to_string(),
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
    let called = called(device.language, mutation.name());
    let written = written(device, mutation).into_iter();
    std::iter::once(called.to_owned())
        .chain(written.filter(|it| !it.trim().is_empty()))
        .collect()
}

/// What a wish of this name is called; it may be of a newer version.
pub(crate) fn called(language: Language, name: &str) -> &'static str {
    let [ja, en] = match name.split_once(".v").map_or(name, |it| it.0) {
        #[cfg(feature = "holder")]
        "booking.ask" => ["面談の申し込み", "Interview asked for"],
        #[cfg(feature = "holder")]
        "booking.cancel" => ["面談の取り消し", "Interview cancelled"],
        #[cfg(feature = "holder")]
        "booking.move" => ["面談の時間変更", "Another time asked for"],
        #[cfg(feature = "holder")]
        "interview.correct" => ["記録への補足", "Correction"],
        #[cfg(feature = "holder")]
        "event.reply" => ["イベントへの返事", "Reply to an event"],
        #[cfg(feature = "holder")]
        "question.ask" => ["質問", "Question"],
        #[cfg(feature = "holder")]
        "question.withdraw" => ["質問の取り下げ", "Question taken back"],
        #[cfg(feature = "holder")]
        "course.enroll" => ["講座への返事", "Reply to a course"],
        #[cfg(feature = "holder")]
        "lesson.study" => ["レッスンの進み具合", "How far you read"],
        #[cfg(feature = "holder")]
        "subsidy.ask" => ["受験料の補助の申請", "Subsidy asked for"],
        #[cfg(feature = "holder")]
        "subsidy.withdraw" => ["補助の申請の取り下げ", "Subsidy taken back"],
        #[cfg(feature = "staff")]
        "availability.open" => ["受付時間の追加", "Weekly times opened"],
        #[cfg(feature = "staff")]
        "availability.close" => ["受付時間の終了", "Weekly times ended"],
        #[cfg(feature = "staff")]
        "slot.open" => ["枠の追加", "Time opened"],
        #[cfg(feature = "staff")]
        "slot.close" => ["枠の終了", "Time closed"],
        #[cfg(feature = "staff")]
        "interview.record" => ["面談の記録", "Interview written up"],
        #[cfg(feature = "staff")]
        "promise.keep" => ["約束を果たした知らせ", "Promise kept"],
        #[cfg(feature = "staff")]
        "profile.set" => ["「話せること」の変更", "What I like to talk about"],
        #[cfg(feature = "staff")]
        "limits.set" => ["予約の上限の変更", "Limits changed"],
        #[cfg(feature = "staff")]
        "event.write" => ["イベントの案", "Event written"],
        #[cfg(feature = "staff")]
        "event.publish" => ["イベントの公開", "Event published"],
        #[cfg(feature = "staff")]
        "event.cancel" => ["イベントの中止", "Event called off"],
        #[cfg(feature = "staff")]
        "event.remove" => ["席の取り消し", "Place taken back"],
        #[cfg(feature = "staff")]
        "event.check_in" => ["受付", "Check-in"],
        #[cfg(feature = "staff")]
        "event.group" => ["グループ分け", "Groups made"],
        #[cfg(feature = "staff")]
        "event.memo" => ["当日のメモ", "Notes from the day"],
        #[cfg(feature = "staff")]
        "question.answer" => ["質問への答え", "Answer to a question"],
        "outcome.acknowledge" => ["結果を読んだ知らせ", "Answer read"],
        _ => return words::of(language).unknown,
    };
    match language {
        Language::Ja => ja,
        Language::En => en,
    }
}

/// Everything in a wish that the person chose and wrote; some of it may be empty.
fn written(device: Device, mutation: &Mutation) -> Vec<String> {
    let language = device.language;
    let of = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect();
    match mutation {
        #[cfg(feature = "holder")]
        Mutation::Ask(it) => {
            let when = wishes(language, &it.wishes);
            of(&[&when, &it.topic, &it.talk, &it.avoid])
        }
        #[cfg(feature = "holder")]
        Mutation::Move(it) => vec![wishes(language, &it.wishes)],
        #[cfg(feature = "holder")]
        Mutation::Correct(it) => of(&[&it.text]),
        #[cfg(feature = "holder")]
        Mutation::Reply(it) => {
            let seen = device.seen.read();
            vec![crate::event::said(device, &seen, it)]
        }
        #[cfg(feature = "holder")]
        Mutation::AskQuestion(it) => of(&[&it.text]),
        #[cfg(feature = "staff")]
        Mutation::OpenAvailability(it) => of(&[&it.place, &it.link, &it.note]),
        #[cfg(feature = "staff")]
        Mutation::OpenSlot(it) => {
            let when = format::when(language, it.starts);
            of(&[&when, &it.place, &it.link, &it.note])
        }
        #[cfg(feature = "staff")]
        Mutation::CloseSlot(it) => of(&[&it.word]),
        #[cfg(feature = "staff")]
        Mutation::WriteRecord(it) => recorded(language, it),
        #[cfg(feature = "staff")]
        Mutation::SetProfile(it) => it.talks_about.iter().cloned().collect(),
        #[cfg(feature = "staff")]
        Mutation::WriteEvent(it) => of(&it.texts()),
        #[cfg(feature = "staff")]
        Mutation::CancelEvent(it) => of(&[&it.word]),
        #[cfg(feature = "staff")]
        Mutation::RemoveGuest(it) => of(&[&it.word]),
        #[cfg(feature = "staff")]
        Mutation::CheckIn(it) => of(&[&it.code]),
        #[cfg(feature = "staff")]
        Mutation::AnswerQuestion(it) => of(&[&it.answer, &it.faq]),
        #[cfg(feature = "staff")]
        Mutation::WriteMemo(it) => of(&it.texts()),
        _ => Vec::new(),
    }
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
