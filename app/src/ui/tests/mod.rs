//! What the pieces must never do.

use std::sync::Arc;

use domain::{
    member::Language,
    sync::{
        machine::Hold,
        replica::{Seen, Standing},
        row::View,
    },
    time::Time,
};
use leptos::prelude::*;

use crate::ui::Any;

use super::*;
use crate::{
    device::{Device, Status},
    start::Start,
};

fn device(language: Language) -> Device {
    let start = Start {
        build: "test".into(),
        now: Time::from_millis(1_795_000_000_000),
        language,
        who: None,
        rows: Vec::new(),
        lesson: None,
        online: None,
        answer: None,
    };
    let device = Device::new(&start, None);
    device.seen.set(Arc::new(Seen::confirmed(&View::default())));
    provide_context(device);
    device
}

fn html(make: impl FnOnce(Device) -> AnyView) -> String {
    Owner::new_root(None).with(|| make(device(Language::Ja)).to_html())
}

#[test]
fn what_is_typed_cannot_leave_its_textarea() {
    let evil = "</textarea><script>alert(1)</script>&lt;\"";
    let html = html(|_| {
        let text = RwSignal::new(evil.to_owned());
        view! { <TextArea name="talk" label="話したいこと" most=600 text/> }.any()
    });
    assert!(!html.contains("<script"), "{html}");
    let inside = html
        .split_once("<textarea")
        .and_then(|it| it.1.split_once('>'))
        .and_then(|it| it.1.split_once("</textarea>"))
        .expect("a textarea")
        .0;
    assert_eq!(
        inside,
        "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;&quot;"
    );
}

#[test]
fn what_is_typed_cannot_leave_its_input() {
    let html = html(|_| {
        let text = RwSignal::new("\"><script>".to_owned());
        view! { <InputField name="topic" label="話題" kind="text" text/> }.any()
    });
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn only_the_servers_yes_is_called_confirmed() {
    for (standing_of, is_sure) in [
        (Standing::Saved, false),
        (Standing::Sending, false),
        (Standing::Confirmed, true),
    ] {
        for (language, word) in [(Language::Ja, "確定"), (Language::En, "Confirmed")] {
            let html = html(|_| standing(language, standing_of.into()));
            assert_eq!(html.contains(word), is_sure, "{standing_of:?}: {html}");
        }
    }
    for mark in [Mark::Refused, Mark::Owed] {
        assert!(!html(|_| standing(Language::Ja, mark)).contains("確定"));
    }
}

#[test]
fn nothing_here_not_loaded_and_offline_are_three_different_things() {
    let status = |is_loading, hold| Status {
        is_loading,
        hold,
        ..Status::default()
    };
    let of = |status: &Status| Blank::of(status, "空です", "ここに予約が並びます。");
    assert_eq!(
        of(&status(false, Some(Hold::Offline))),
        Blank::Nothing("空です", "ここに予約が並びます。")
    );
    assert_eq!(of(&status(true, None)), Blank::Unloaded);
    assert_eq!(of(&status(true, Some(Hold::Offline))), Blank::Offline);
    let shown: std::collections::BTreeSet<_> = [
        Blank::Nothing("空です", "ここに予約が並びます。"),
        Blank::Unloaded,
        Blank::Offline,
    ]
    .into_iter()
    .map(|blank| html(|_| empty(Language::Ja, blank)))
    .collect();
    assert_eq!(shown.len(), 3);
}

#[test]
fn the_frame_has_one_main_and_no_inline_style() {
    let html = html(|_| view! { <PortalFrame><p>"本文"</p></PortalFrame> }.any());
    assert_eq!(html.matches("<main").count(), 1);
    assert!(html.contains("href=\"#main\""));
    assert!(html.contains("id=\"fault\""));
    assert!(!html.contains("style="), "{html}");
}

#[test]
fn words_never_press() {
    for file in [
        include_str!("../words.rs"),
        include_str!("../../home/words.rs"),
        include_str!("../../booking/words.rs"),
        include_str!("../../me/words.rs"),
        include_str!("../../words/refusal/mod.rs"),
        include_str!("../../words/refusal/staff.rs"),
    ] {
        for quoted in file.split('"').skip(1).step_by(2) {
            for word in ["!", "!", "義務", "必須", "必ず", "エラー", "Oops"] {
                assert!(!quoted.contains(word), "{word} in {quoted}");
            }
        }
    }
}

mod contrast;
