use super::*;

#[test]
fn what_people_type_is_trimmed_and_bounded() {
    assert_eq!(Name::new("  青木 葵\n").as_deref(), Ok("青木 葵"));
    assert_eq!(Name::new(" \u{3000} "), Err(TextFault::Empty));
    assert_eq!(Line::<3>::new("四文字だ"), Err(TextFault::Long(3)));
    assert_eq!(
        Long::new("一行目\r\n二行目").as_deref(),
        Ok("一行目\n二行目")
    );
    assert_eq!(Short::new("a\u{202E}b").as_deref(), Ok("ab"));
    assert_eq!(Short::optional("  "), Ok(None));
}

#[test]
fn only_https_addresses_are_meeting_links() {
    for good in [
        "https://meet.example.co.jp/abc?x=1",
        "https://会議.example/部屋",
    ] {
        assert!(HttpsLink::new(good).is_ok(), "{good}");
    }
    for bad in [
        "http://example.com",
        "javascript:alert(1)",
        "https://",
        "https://a b.com",
        "https://user@evil.example",
        "https://x.jp/\"onclick",
    ] {
        assert_eq!(HttpsLink::new(bad), Err(TextFault::NotHttps), "{bad}");
    }
}

#[test]
fn a_stored_text_that_breaks_the_rule_is_not_read() {
    assert!(serde_json::from_str::<Line<2>>("\"abc\"").is_err());
    assert!(serde_json::from_str::<HttpsLink>("\"ftp://x\"").is_err());
}
