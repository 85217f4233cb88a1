//! The invariants of sync, by name, against the real server.
//!
//! `wishes` (what people wish arrives), `rows` (what devices hold), `network` (whatever is answered), `crash` (whenever
//! the app dies), `lives` (backups, copies, old builds), `nodes` (several servers on one database), `pages` (answers that do not fit on one).

mod crash;
mod lives;
mod network;
mod nodes;
mod pages;
mod rows;
mod wishes;

use axum::http::{Method, StatusCode};
use domain::{
    booking::{Cancel, CloseSlot, Limits},
    id::{BookingId, DeviceId, MutationId},
    member::SetProfile,
    sync::{
        machine::{ANSWER_WITHIN, Hold, LONGEST_PAUSE, Link, Machine, News, Step, Stored},
        mutation::{Mutation, Noop},
        outbox::{Full, MOST_ENTRIES},
        replica::Standing,
        wire::{Answer, Answered, Envelope, MOST_MUTATIONS, Problem, SyncAnswer, SyncRequest},
    },
    time::{DAY, HOUR, MINUTE},
    visibility::Audience,
};
use futures::future::join_all;
use tests::{
    Device, Engine, Town, both_engines,
    device::{Death, Trouble, understood},
    village::{cast, opening},
};

/// What a device sends that has nothing but these wishes, from number `first` on.
pub(crate) fn pushing(
    town: &Town,
    device: DeviceId,
    first: u64,
    mutations: &[Mutation],
) -> SyncRequest {
    let envelope = |(n, it): (u64, &Mutation)| Envelope {
        n,
        id: MutationId::born(town.now(), town.chance()),
        at: town.now(),
        name: it.name().into(),
        body: it.body(),
    };
    SyncRequest {
        protocol: 1,
        build: "1".into(),
        device,
        cursor: None,
        mutations: (first..).zip(mutations).map(envelope).collect(),
        want: Vec::new(),
        reset: Vec::new(),
        check: false,
    }
}

fn nothing() -> Mutation {
    Mutation::Noop(Noop {})
}

fn profile(words: &str) -> Mutation {
    Mutation::SetProfile(SetProfile {
        talks_about: Some(words.to_owned()),
    })
}

fn changes(answer: Answer) -> SyncAnswer {
    match answer {
        Answer::Changes(it) => *it,
        other => panic!("not changes: {other:?}"),
    }
}
