//! What protocol 1 learnt with small groups.

use domain::{
    breakout::{Breakout, EventBreakouts, Group, GroupEvent},
    event::Way,
    id::{EventId, MemberId},
    sync::{mutation::Mutation, row::View, wire::RowChange},
};
use expect_test::expect_file;

use super::{AT, member, name, raw, written};

fn event() -> EventId {
    EventId::born(AT, 11)
}

fn pair() -> (MemberId, MemberId) {
    (member(), MemberId::born(AT, 21))
}

/// One of each name.
pub(super) fn mutations() -> Vec<Mutation> {
    vec![Mutation::GroupEvent(GroupEvent {
        event: event(),
        apart: vec![pair()],
    })]
}

fn own() -> Breakout {
    Breakout {
        number: 2,
        way: Way::OnSite,
        names: vec![name("蓮見 蓮")],
        unnamed: 2,
    }
}

fn all() -> EventBreakouts {
    let group = Group {
        number: 1,
        way: Way::Online,
        members: vec![pair().0, pair().1],
    };
    EventBreakouts {
        groups: vec![group],
        together: vec![pair()],
        alone: vec![member()],
        apart: vec![pair()],
        at: AT,
    }
}

/// One of each kind.
pub(super) fn rows() -> Vec<RowChange> {
    let audience = format!("p:{}", member());
    let row = |seq, kind: &str, audience: &str, body| {
        let id = event().to_string();
        RowChange(kind.into(), id.into(), seq, audience.into(), Some(body))
    };
    vec![
        row(40, "breakout", &audience, raw(&own())),
        row(41, "event_breakouts", "hr", raw(&all())),
    ]
}

#[test]
fn todays_types_write_groups_as_they_did() {
    let mutations: Vec<_> = mutations()
        .iter()
        .map(|it| (it.name(), it.body()))
        .collect();
    expect_file!["./breakout_mutations.json"].assert_eq(&written(&mutations));
    expect_file!["./breakout_rows.json"].assert_eq(&written(&rows()));
}

#[test]
fn todays_types_read_groups_as_they_were_written() {
    let folder = tests::folder::root().join("tests/it/wire");
    let text = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let written: Vec<(String, Box<serde_json::value::RawValue>)> =
        serde_json::from_str(&text("breakout_mutations.json")).unwrap();
    for ((name, body), mutation) in written.iter().zip(mutations()) {
        assert_eq!(Mutation::read(name, body), Ok(mutation), "{name}");
    }
    let rows: Vec<RowChange> = serde_json::from_str(&text("breakout_rows.json")).unwrap();
    let mut view = View::default();
    for RowChange(kind, id, _, _, body) in &rows {
        let body = body.as_ref().expect("a body");
        assert!(view.put(kind, id, body.get()), "a {kind} cannot be read");
    }
    assert_eq!(view.breakouts[&event()], own());
    assert_eq!(view.event_breakouts[&event()], all());
}
