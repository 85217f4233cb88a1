//! What 自分 must show.

use domain::{member::Language, sync::mutation::Mutation, visibility::SIGHTS};

use super::{
    called,
    sights::{kind, seen_by},
};

#[test]
fn every_kind_of_row_has_words_and_somebody_who_sees_it() {
    for language in [Language::Ja, Language::En] {
        for sight in SIGHTS {
            let (what, single) =
                kind(language, sight.kind).unwrap_or_else(|| panic!("no words for {}", sight.kind));
            assert!(!what.is_empty());
            assert_eq!(sight.one, !single.is_empty(), "{}", sight.kind);
            assert!(!seen_by(language, sight).is_empty(), "{}", sight.kind);
        }
    }
}

#[test]
fn every_wish_has_a_name_but_the_one_that_is_nothing() {
    for language in [Language::Ja, Language::En] {
        let unknown = called(language, "tomorrow.invented.v1");
        for name in Mutation::NAMES {
            let is_named = called(language, name) != unknown;
            assert_eq!(is_named, *name != "noop.v1", "{name}");
        }
    }
    assert_eq!(called(Language::Ja, "slot.open.v2"), "枠の追加");
}
