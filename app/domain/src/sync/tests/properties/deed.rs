//! What may happen, and how often.

use proptest::prelude::*;

use super::super::phone::Fuse;
use crate::time::{DAY, MINUTE};

/// What a person, a browser, the network or the server may do next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    Act(Act),
    /// The driver's turn: sends if there is something to send.
    Run,
    Kick,
    GiveUp(usize),
    Revive,
    Bury,
    Crash(Option<Fuse>),
    Refresh,
    Clone,
    Evict,
    SignOut,
    SignIn,
    Clock(i64),
    Wire(usize, Wire),
    Role,
    Disable(bool),
    Backup,
    Restore,
    ForgetTombstones,
    Page(usize),
    Pass(i64),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    Open,
    Ask(usize),
    Cancel(usize),
    Profile,
    Unreadable,
    TooLarge,
}

/// What may happen to a request on its way.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wire {
    Deliver,
    /// The server gets it a second time, perhaps much later; that answer reaches nobody.
    Repeat,
    LoseRequest,
    LoseAnswer,
    /// The phone stops waiting; the request is still on its way.
    TimeOut,
    Answer,
    Busy(i64),
    Garbage,
    /// The server thinks this build too old.
    Outdated,
    Refuse(u8),
}

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Open),
        6 => (0_usize..4).prop_map(Act::Ask),
        3 => (0_usize..3).prop_map(Act::Cancel),
        6 => Just(Act::Profile),
        1 => Just(Act::Unreadable),
        1 => Just(Act::TooLarge),
    ]
}

fn wires() -> impl Strategy<Value = Wire> {
    prop_oneof![
        6 => Just(Wire::Deliver),
        10 => Just(Wire::Answer),
        2 => Just(Wire::Repeat),
        2 => Just(Wire::LoseRequest),
        3 => Just(Wire::LoseAnswer),
        2 => Just(Wire::TimeOut),
        1 => prop_oneof![Just(0), Just(1_000), Just(2 * MINUTE)].prop_map(Wire::Busy),
        1 => Just(Wire::Garbage),
        1 => Just(Wire::Outdated),
        1 => any::<u8>().prop_map(Wire::Refuse),
    ]
}

pub(super) fn deeds() -> impl Strategy<Value = Deed> {
    prop_oneof![
        20 => acts().prop_map(Deed::Act),
        20 => Just(Deed::Run),
        20 => (0_usize..4, wires()).prop_map(|(which, wire)| Deed::Wire(which, wire)),
        4 => Just(Deed::Kick),
        2 => (0_usize..3).prop_map(Deed::GiveUp),
        1 => Just(Deed::Revive),
        1 => Just(Deed::Bury),
        3 => prop_oneof![
            Just(None),
            Just(Some(Fuse::AfterWrite)),
            Just(Some(Fuse::BeforeWrite)),
        ].prop_map(Deed::Crash),
        4 => Just(Deed::Refresh),
        1 => Just(Deed::Clone),
        1 => Just(Deed::Evict),
        1 => Just(Deed::SignOut),
        2 => Just(Deed::SignIn),
        1 => prop_oneof![Just(-10), Just(0), Just(10)].prop_map(Deed::Clock),
        2 => Just(Deed::Role),
        1 => any::<bool>().prop_map(Deed::Disable),
        1 => Just(Deed::Backup),
        1 => Just(Deed::Restore),
        1 => Just(Deed::ForgetTombstones),
        1 => prop_oneof![Just(1_usize), Just(3), Just(1_000)].prop_map(Deed::Page),
        4 => prop_oneof![Just(1_000), Just(MINUTE), Just(2 * DAY)].prop_map(Deed::Pass),
    ]
}
