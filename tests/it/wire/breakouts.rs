//! What protocol 1 learnt with small groups.

use domain::{
    breakout::{Breakout, EventBreakouts, Group, GroupEvent},
    event::Way,
    id::{EventId, MemberId},
    sync::{mutation::Mutation, wire::RowChange},
};

use super::{AT, as_they_did, as_they_were, member, name, raw};

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
    as_they_did("breakout", &mutations(), &rows());
}

#[test]
fn todays_types_read_groups_as_they_were_written() {
    let view = as_they_were("breakout", &mutations());
    assert_eq!(view.breakouts[&event()], own());
    assert_eq!(view.event_breakouts[&event()], all());
}
