//! What is typed into a record, kept as drafts until it was sent.

use domain::{id::BookingId, interview::Record, time::Time};
use leptos::prelude::*;

use crate::staff::form::Draft;

/// Promises that one record adds at most; the names of their fields.
pub(super) const ROWS: [[&str; 2]; 5] = [
    ["promise-1", "due-1"],
    ["promise-2", "due-2"],
    ["promise-3", "due-3"],
    ["promise-4", "due-4"],
    ["promise-5", "due-5"],
];
/// Days until a promise is due when nothing else was typed.
const DUE_IN: i32 = 7;
/// The fields of one record, with their drafts.
#[derive(Clone)]
pub(super) struct Fields {
    pub(super) said: Draft,
    pub(super) next: Draft,
    pub(super) promises: Vec<(Draft, Draft)>,
    /// Promise rows in sight.
    pub(super) rows: RwSignal<usize>,
}

impl Fields {
    /// The fields of this record, filled with what it says so far.
    pub(super) fn new(id: BookingId, before: Option<&Record>, now: Time) -> Self {
        let draft = |field: &str, text: String| Draft::new(format!("record.{id}.{field}"), text);
        let due = now.day().plus(DUE_IN).to_string();
        let row = |[promise, day]: [&str; 2]| {
            let text = draft(promise, String::new()).recalled();
            (text, draft(day, due.clone()))
        };
        let said = before.map(|it| it.said.to_string());
        let next = before.and_then(|it| it.next.as_ref().map(ToString::to_string));
        Self {
            said: draft("said", said.unwrap_or_default()),
            next: draft("next", next.unwrap_or_default()),
            promises: ROWS.into_iter().map(row).collect(),
            rows: RwSignal::new(1),
        }
    }

    /// Promises that have words, each with the text of its day.
    pub(super) fn promised(&self) -> impl Iterator<Item = (String, String)> {
        let rows = self.promises.iter();
        rows.map(|(text, due)| (text.text.get(), due.text.get()))
            .filter(|it| !it.0.trim().is_empty())
    }

    /// It was sent.
    pub(super) fn forget(&self) {
        for draft in [&self.said, &self.next] {
            draft.forget("");
        }
        for (text, due) in &self.promises {
            text.forget("");
            due.forget(&due.now());
        }
    }
}
