//! 当日のメモ: what those who plan an event tell everybody who was invited, once it has begun.

use domain::{
    event::{EventPlan, Instead, WriteMemo},
    refusal::Field,
    sync::mutation::Mutation,
};
use leptos::prelude::*;

use crate::{
    device::{Device, edge},
    staff::{
        form::{Draft, Form, about},
        words::memo,
    },
    ui::{self, Look},
};

/// Characters of what was said.
const MOST: usize = 2000;

/// The part of an event's page.
pub(super) fn memo(device: Device, it: &EventPlan) -> AnyView {
    let words = memo::of(device.language);
    let form = Form::new(device.language);
    let (event, starts) = (it.id, it.plan.starts);
    let written = it.memo.as_ref();
    let said = written.and_then(|it| it.text.as_ref());
    let recording = written.and_then(|it| it.recording.as_deref());
    let texts = [
        said.map(|it| &*it.ja),
        said.and_then(|it| it.en.as_deref()),
        recording,
    ];
    let drafts: [Draft; 3] = std::array::from_fn(|at| {
        Draft::new(format!("event.memo.{event}.{at}"), texts[at].unwrap_or(""))
    });
    let [text, text_en, link] = &drafts;
    let mut parts = vec![ui::note(words.lead)];
    if it.plan.instead == Some(Instead::Recording) && recording.is_none() {
        parts.push(ui::p("event-hint", words.owed));
    }
    let fields = vec![
        form.area(text, Field::Text, MOST, &about("memo", words.text, "")),
        form.area(
            text_en,
            Field::Unknown,
            MOST,
            &about("memo-en", words.text_en, ""),
        ),
        form.line(
            link,
            Field::Link,
            "url",
            &about("recording", words.recording, ""),
        ),
        ui::submit(Look::Second, words.save),
        form.answer(),
    ];
    let send = Callback::new(move |()| {
        let [text, text_en, recording] = drafts.each_ref().map(Draft::now);
        let wish = WriteMemo {
            event,
            text,
            text_en,
            recording,
        };
        let Some(edge) = edge() else { return };
        if let Err(no) = wish.checked(starts, edge.now()) {
            return form.refuse(&no);
        }
        let drafts = drafts.clone();
        let sent = wish.texts().map(str::to_owned);
        form.send(Mutation::WriteMemo(wish), move || {
            drafts
                .iter()
                .zip(&sent)
                .for_each(|(it, now)| it.forget(now));
        });
    });
    parts.push(Form::around(send, fields));
    ui::section(words.title, parts)
}
