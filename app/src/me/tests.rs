//! What 自分 must show.

use domain::{member::Language, visibility::SIGHTS};

use super::sights::{kind, seen_by};

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
