//! What the console never says.

/// Every file of words, as it is written.
const WORDS: &[(&str, &str)] = &[
    ("frame", include_str!("words/mod.rs")),
    ("import", include_str!("words/import.rs")),
    ("interviews", include_str!("words/interviews.rs")),
    ("people", include_str!("words/people.rs")),
    ("settings", include_str!("words/settings.rs")),
    ("slots", include_str!("words/slots.rs")),
    ("today", include_str!("words/today.rs")),
];

/// What stands between quotation marks.
fn said(source: &str) -> impl Iterator<Item = &str> {
    source.split('"').skip(1).step_by(2)
}

#[test]
fn nobody_is_pressed_or_shouted_at() {
    for (file, source) in WORDS {
        for text in said(source) {
            for wrong in ["!", "!", "義務", "必須", "命令", "Oops"] {
                assert!(!text.contains(wrong), "{file}: {text}");
            }
            let is_emoji = |it: char| u32::from(it) >= 0x1_F000;
            assert!(!text.chars().any(is_emoji), "{file}: {text}");
        }
    }
}

#[test]
fn nobody_is_ranked() {
    for (file, source) in WORDS {
        for text in said(source) {
            for wrong in ["ランキング", "未ログイン", "inactive", "辞退率"] {
                assert!(!text.contains(wrong), "{file}: {text}");
            }
        }
    }
}
