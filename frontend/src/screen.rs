//! What the machine knows, put into the signals that screens read.

use std::sync::Arc;

use app::device::{Status, Unsent};
use domain::sync::{
    machine::{Hold, Machine},
    mutation::{Mutation, Noop},
    replica::Standing,
};
use leptos::prelude::{GetUntracked, Set};

use crate::{browser, sync_loop::SyncLoop};

/// Rows and status.
pub(crate) fn show(it: &SyncLoop) {
    if let Some(machine) = &*it.machine.borrow() {
        it.device.seen.set(Arc::new(machine.seen(browser::now())));
    }
    show_status(it);
}

/// The status alone.
pub(crate) fn show_status(it: &SyncLoop) {
    let Some(status) = it
        .machine
        .borrow()
        .as_ref()
        .map(|machine| status(it, machine))
    else {
        return;
    };
    if it.device.status.get_untracked() != status {
        it.device.status.set(status);
    }
}

fn status(it: &SyncLoop, machine: &Machine) -> Status {
    let is_offline = !browser::is_online() || it.is_unreachable.get();
    let sending = machine.is_sending();
    Status {
        hold: machine.hold().or(is_offline.then_some(Hold::Offline)),
        is_loading: machine.is_loading(),
        is_sending: sending,
        fetched: it.current.get().or(machine.place().fetched),
        unsent: unsent(machine),
        dead: machine.dead().to_vec(),
        is_memory_only: it.store.is_memory_only(),
        has_new_version: it.has_new_version.get(),
    }
}

fn unsent(machine: &Machine) -> Vec<Unsent> {
    let standing = if machine.is_sending() {
        Standing::Sending
    } else {
        Standing::Saved
    };
    machine
        .outbox()
        .iter()
        .map(|entry| {
            let mutation = Mutation::read(&entry.envelope.name, &entry.envelope.body).ok();
            Unsent {
                id: entry.envelope.id,
                at: entry.envelope.at,
                mutation: mutation.filter(|it| *it != Mutation::Noop(Noop {})),
                standing,
            }
        })
        .collect()
}
