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

/// So many of something in English: "1 lesson", "2 lessons".
#[must_use]
pub fn counted(count: &dyn std::fmt::Display, noun: &str) -> String {
    let count = count.to_string();
    let end = if count == "1" { "" } else { "s" };
    [&count, " ", noun, end].concat()
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_is_one() {
        let said = [0, 1, 2, 11].map(|it| super::counted(&it, "lesson"));
        assert_eq!(said, ["0 lessons", "1 lesson", "2 lessons", "11 lessons"]);
    }
}
