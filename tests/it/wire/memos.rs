//! What protocol 1 learnt with memos of events: rows that are known already say more.

use domain::{
    event::{Event, EventPlan, Memo, Said, WriteMemo},
    sync::{mutation::Mutation, row::View, wire::RowChange},
    text::{HttpsLink, Long},
};
use expect_test::expect_file;

use super::{AT, events, raw, written};

/// One of each name.
pub(super) fn mutations() -> Vec<Mutation> {
    vec![Mutation::WriteMemo(WriteMemo {
        event: events::event(),
        text: "集合は**3階**です。".into(),
        text_en: "We meet on the **third floor**.".into(),
        recording: "https://meet.example.jp/recordings/1".into(),
    })]
}

fn memo<T>(ja: T, en: T) -> Option<Memo<T>> {
    Some(Memo {
        at: AT,
        text: Some(Said { ja, en: Some(en) }),
        recording: Some(HttpsLink::new("https://meet.example.jp/recordings/1").unwrap()),
    })
}

fn shown() -> Event {
    let memo = memo(
        "<p>集合は3階です。</p>".into(),
        "<p>Third floor.</p>".into(),
    );
    Event {
        memo,
        ..events::shown()
    }
}

fn planned() -> EventPlan {
    let [ja, en] = ["集合は3階です。", "Third floor."].map(|it| Long::new(it).unwrap());
    EventPlan {
        memo: memo(ja, en),
        ..events::planned()
    }
}

/// One of each kind.
pub(super) fn rows() -> Vec<RowChange> {
    let id = events::event().to_string();
    let row = |seq, kind: &str, audience: &str, body| {
        RowChange(kind.into(), (&*id).into(), seq, audience.into(), Some(body))
    };
    vec![
        row(60, "event", "holders", raw(&shown())),
        row(61, "event_plan", "hr", raw(&planned())),
    ]
}

#[test]
fn todays_types_write_memos_as_they_did() {
    let mutations: Vec<_> = mutations()
        .iter()
        .map(|it| (it.name(), it.body()))
        .collect();
    expect_file!["./memo_mutations.json"].assert_eq(&written(&mutations));
    expect_file!["./memo_rows.json"].assert_eq(&written(&rows()));
}

#[test]
fn todays_types_read_memos_as_they_were_written() {
    let folder = tests::folder::root().join("tests/it/wire");
    let text = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let written: Vec<(String, Box<serde_json::value::RawValue>)> =
        serde_json::from_str(&text("memo_mutations.json")).unwrap();
    for ((name, body), mutation) in written.iter().zip(mutations()) {
        assert_eq!(Mutation::read(name, body), Ok(mutation), "{name}");
    }
    let rows: Vec<RowChange> = serde_json::from_str(&text("memo_rows.json")).unwrap();
    let mut view = View::default();
    for RowChange(kind, id, _, _, body) in &rows {
        let body = body.as_ref().expect("a body");
        assert!(view.put(kind, id, body.get()), "a {kind} cannot be read");
    }
    assert_eq!(view.events[&events::event()], shown());
    assert_eq!(view.event_plans[&events::event()], planned());
}
