//! Words that belong to no single feature. Each feature keeps its own in `{feature}/words.rs`, as one struct with two
//! values, so that a missing sentence in either language does not compile.

pub mod cards;
mod refusal;

pub use refusal::refusal;

use domain::member::Language;

/// Picks the value of a language.
#[must_use]
pub fn of<T>(language: Language, ja: &'static T, en: &'static T) -> &'static T {
    match language {
        Language::Ja => ja,
        Language::En => en,
    }
}
