//! What protocol 1 learnt with memos of events: rows that are known already say more.

use domain::{
    event::{Event, EventPlan, Memo, WriteMemo},
    sync::{mutation::Mutation, wire::RowChange},
    text::{HttpsLink, Long, Said},
};

use super::{AT, as_they_did, as_they_were, events, raw};

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
    as_they_did("memo", &mutations(), &rows());
}

#[test]
fn todays_types_read_memos_as_they_were_written() {
    let view = as_they_were("memo", &mutations());
    assert_eq!(view.events[&events::event()], shown());
    assert_eq!(view.event_plans[&events::event()], planned());
}
