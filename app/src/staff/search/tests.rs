use super::folded;

#[test]
fn kana_width_case_and_spaces_do_not_matter() {
    for (typed, held) in [
        ("さとう", "サトウ ミオ"),
        ("サトウミ", "さとう みお"),
        ("abc大学", "ABC大学"),
        ("ABC", "abc"),
        ("佐藤美", "佐藤 美緒"),
    ] {
        assert!(folded(held).contains(&folded(typed)), "{typed} in {held}");
    }
}
