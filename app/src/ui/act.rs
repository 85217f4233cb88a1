//! Saving a wish from a screen, and saying so when the device could not.

use domain::sync::mutation::Mutation;
use leptos::prelude::*;

use super::{attributes, live, tag, words};
use crate::device::{Device, NotSaved, edge};

/// Saves a wish on the device; `then` runs once it is saved. What was typed stays where it is when it is not.
pub fn act(mutation: Mutation, trouble: RwSignal<Option<NotSaved>>, then: impl FnOnce() + 'static) {
    let Some(edge) = edge() else { return };
    let heard = move |result| match result {
        Ok(()) => {
            trouble.try_set(None);
            then();
        }
        Err(not_saved) => {
            trouble.try_set(Some(not_saved));
        }
    };
    edge.act(mutation, Box::new(heard));
}

/// Why the last wish was not saved; nothing when it was.
pub fn trouble(device: Device, trouble: RwSignal<Option<NotSaved>>) -> AnyView {
    let words = words::of(device.language);
    alert(Signal::derive(move || match trouble.get() {
        None => "",
        Some(NotSaved::Full) => words.full,
        Some(NotSaved::Storage) => words.not_saved,
    }))
}

/// A sentence that is read out as soon as there is one. It takes no room while it is empty.
pub fn alert(text: Signal<&'static str>) -> AnyView {
    let text = live(move || match text.get() {
        "" => Vec::new(),
        words => vec![super::text(words)],
    });
    let attributes = attributes!["class" = "field__error", "role" = "alert"];
    tag("p", attributes, vec![text])
}
