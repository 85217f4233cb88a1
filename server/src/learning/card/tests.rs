//! What any card must be: all of it on the page, readable, small, and the same for the same card.

use domain::time::Time;
use proptest::{collection::vec, prelude::*, sample::select};

use super::{
    face::{composed, glyphs, lacks},
    sheet::{PAGE, drawn, laid_out},
    wrap::fit,
    *,
};

fn now() -> Time {
    Time::from_millis(1_920_000_000_000)
}

fn card(language: Language, title: &str, name: &str, company: &str) -> Card {
    Card {
        language,
        title: title.to_owned(),
        name: name.to_owned(),
        company: company.to_owned(),
        finished: now().day(),
        lessons: 5,
        minutes: 24,
    }
}

/// Nothing leaves the frame or lies on something else, and nothing is too small to read.
fn assert_fits(card: &Card) {
    let all = laid_out(card, words::of(card.language));
    for it in &all {
        let (right, bottom) = (it.right(), it.bottom());
        assert!(
            it.left >= 55.9 && right <= PAGE.0 - 55.9,
            "{}: {right}",
            it.text
        );
        assert!(
            it.top >= 50.0 && bottom <= PAGE.1 - 45.0,
            "{}: {bottom}",
            it.text
        );
        assert!(it.fitted.size >= 5.0, "{}: {}", it.text, it.fitted.size);
        let drawn: usize = it.fitted.lines.iter().map(ExactSizeIterator::len).sum();
        assert_eq!(drawn, it.fitted.glyphs.len(), "{}", it.text);
    }
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            let is_beside = one.right() <= other.left || other.right() <= one.left;
            let is_apart = one.bottom() <= other.top + 0.1 || other.bottom() <= one.top + 0.1;
            assert!(is_beside || is_apart, "{} lies on {}", one.text, other.text);
        }
    }
}

/// Letters that break, lean, join, are wide, are rare, are not there; the widest of the fonts; whatever else Unicode has.
fn text(most: usize) -> impl Strategy<Value = String> {
    let letters = [
        "あ",
        "漢",
        "、",
        "「",
        "」",
        "ー",
        "っ",
        " ",
        "\u{3000}",
        "W",
        "i",
        "-",
        "Ǆ",
        "㏄",
        "\u{2E3B}",
        "𠮷",
        "髙",
        "Ế",
        "e\u{302}\u{323}",
        "葛\u{E0100}",
        "\u{200D}",
        "\u{FEFF}",
        "안",
        "ฉ",
        "😀",
        "ﷺ",
        "\u{FFFF}",
    ];
    let letter = prop_oneof![
        6 => select(letters.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    vec(letter, 1..most).prop_map(move |it| it.concat().chars().take(most).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_title_and_any_name_fit(
        title in text(200), name in text(80), company in text(80), is_english: bool, minutes: u16, lessons in 1_usize..401,
    ) {
        let language = if is_english { Language::En } else { Language::Ja };
        let card = Card { lessons, minutes, ..card(language, &title, &name, &company) };
        assert_fits(&card);
        prop_assert!(drawn(&card, now()).unwrap().starts_with(b"%PDF"));
    }
}

#[test]
fn the_widest_and_longest_fit() {
    for it in ["国", "W", "Ǆ", "i", "\u{2E3B}", "あ ", "長い"] {
        for language in [Language::Ja, Language::En] {
            let of = |most: usize| it.chars().cycle().take(most).collect::<String>();
            assert_fits(&card(language, &of(200), &of(80), &of(80)));
        }
    }
}

#[test]
fn rare_names_are_drawn_as_they_are_written() {
    for name in [
        "髙橋",
        "山﨑",
        "𠮷田",
        "渡邉",
        "渡邊",
        "齋藤",
        "濵田",
        "德川",
        "凜",
        "栁",
        "桒原",
        "神",
        "福",
        "羽生",
        "辻",
        "葛\u{E0100}城",
        "Nguyễn Thị Ánh",
        "Łukasz Wiśniewski",
        "Çağlar Şimşek",
        "Ольга",
        "Παπαδόπουλος",
        "ﾊﾝｶｸ",
    ] {
        assert!(!lacks(name), "{name}");
        assert_eq!(
            glyphs(name).len(),
            name.chars().filter(|it| *it != '\u{E0100}').count()
        );
    }
    // A name is not changed: 神 is another character than 神.
    assert_eq!(composed("神"), "神");
    assert_eq!(composed("e\u{323}\u{302}か\u{3099}"), "ệが");
    // What is not there is 〓, is said, and is still read as itself.
    assert!(lacks("안") && lacks("ฉ") && !lacks(" \u{3000}\u{200B}"));
    assert_eq!(glyphs("안a")[0].of, '안');
    let said = |name| {
        let all = laid_out(
            &card(Language::Ja, "題", name, "会社"),
            words::of(Language::Ja),
        );
        all.iter().any(|it| it.text.contains('〓'))
    };
    assert!(said("안녕") && !said("青井 葵"));
}

#[test]
fn lines_end_where_japanese_lines_may() {
    let lines = |text: &str, width| {
        let fitted = fit(text, (width, 1_000.0), 10.0);
        let line = |it: &std::ops::Range<usize>| {
            fitted.glyphs[it.clone()]
                .iter()
                .map(|it| it.of)
                .collect::<String>()
        };
        fitted.lines.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(
        lines("あいうえお。かきくけこ", 51.0),
        ["あいうえ", "お。かき", "くけこ"]
    );
    assert_eq!(lines("あいうえ「お」", 51.0), ["あいうえ", "「お」"]);
    assert_eq!(lines("good manners", 45.0), ["good ", "manners"]);
    assert_eq!(lines("メールのABC入門", 45.0), ["メールの", "ABC入門"]);
    // About equally long, not one letter alone.
    assert_eq!(lines("あいうえおか", 50.0), ["あいう", "えおか"]);
    assert_eq!(lines("iiiiiiiiii", 10.0).concat(), "iiiiiiiiii");
}

#[test]
fn the_same_card_is_the_same_small_file() {
    let it = card(Language::Ja, &"国".repeat(200), "青井 葵", "架け橋商事");
    let pdf = drawn(&it, now()).unwrap();
    assert_eq!(drawn(&it, now()).unwrap(), pdf);
    assert_ne!(drawn(&it, now().plus(60_000)).unwrap(), pdf);
    let many: String = ('一'..='龥').step_by(100).take(200).collect();
    let pdf = drawn(
        &card(Language::Ja, &many, "髙橋﨑𠮷田邉", "架け橋商事"),
        now(),
    )
    .unwrap();
    assert!(pdf.len() < 60_000, "{} bytes", pdf.len());
}

#[test]
fn the_file_is_called_as_people_would_call_it() {
    let name = |title: &str| disposition(&card(Language::Ja, title, "青井 葵", "架け橋商事"));
    let card = "%E4%BF%AE%E4%BA%86%E3%82%AB%E3%83%BC%E3%83%89";
    assert_eq!(
        name("a/b\r\n\"c"),
        format!("attachment; filename=\"card.pdf\"; filename*=UTF-8''{card}%20a-b%0D%0A-c.pdf")
    );
    assert!(name(&"国".repeat(200)).is_ascii() && name(&"国".repeat(200)).len() < 800);
}
