//! Place, link and note: the same three fields in both forms.

use domain::refusal::Field;
use leptos::prelude::*;

use crate::staff::{
    form::{Draft, Form, about},
    words::slots::Words,
};

/// Where an interview takes place, as it is typed.
#[derive(Clone)]
pub(super) struct PlaceDrafts {
    place: Draft,
    link: Draft,
    note: Draft,
}

impl PlaceDrafts {
    /// The drafts of one form.
    pub(super) fn new(form: &str) -> Self {
        let draft = |field: &str| Draft::new(format!("slots.{form}.{field}"), "");
        Self {
            place: draft("place"),
            link: draft("link"),
            note: draft("note"),
        }
    }

    /// Place, link and note as they stand.
    pub(super) fn now(&self) -> (String, String, String) {
        (self.place.now(), self.link.now(), self.note.now())
    }

    /// The three fields. `names` keeps them apart from those of the other form.
    pub(super) fn fields(
        &self,
        form: Form,
        words: &Words,
        names: [&'static str; 3],
    ) -> [AnyView; 3] {
        let [place, link, note] = names;
        let place = about(place, words.place, words.place_hint);
        let link = about(link, words.link, words.link_hint);
        let note = about(note, words.note, words.note_hint);
        [
            form.line(&self.place, Field::Place, "text", &place),
            form.line(&self.link, Field::Link, "url", &link),
            form.line(&self.note, Field::Note, "text", &note),
        ]
    }
}
