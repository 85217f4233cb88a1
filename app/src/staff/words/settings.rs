//! Words of 設定.

use domain::member::Language;

pub(in crate::staff) struct Words {
    pub(in crate::staff) limits: &'static str,
    pub(in crate::staff) limits_more: &'static str,
    pub(in crate::staff) fields: [(&'static str, &'static str); 4],
    pub(in crate::staff) wrong: &'static str,
    pub(in crate::staff) save: &'static str,
    pub(in crate::staff) save_more: &'static str,
    pub(in crate::staff) offline: &'static str,
    pub(in crate::staff) on_its_way: &'static str,
}

const JA: Words = Words {
    limits: "予約できる数",
    limits_more: "日は東京の日付で数えます。",
    fields: [
        ("予約の締切(分)", "面談が始まる何分前まで予約を受けるか。"),
        ("1人が1日に予約できる面談(件)", "内定者1人あたり。"),
        (
            "1人が先に持てる予約(件)",
            "内定者1人が、これからの面談をいくつ持てるか。",
        ),
        (
            "担当者が1日に受ける面談(件)",
            "人事・メンター1人あたり。届いた日は、自動で満員になります。",
        ),
    ],
    wrong: "数字で入力してください。",
    save: "この数にする",
    save_more: "これからの予約に使います。すでにある予約は変わりません。",
    offline: "今は電波がないので変えられません。つながると押せるようになります。",
    on_its_way: "送っています。",
};

const EN: Words = Words {
    limits: "How much can be booked",
    limits_more: "Days are counted in Tokyo.",
    fields: [
        (
            "Lead time in minutes",
            "How long before its start an interview can still be booked.",
        ),
        (
            "Interviews of one person on a day",
            "For each offer-holder.",
        ),
        (
            "Interviews of one person ahead",
            "How many an offer-holder can have before them.",
        ),
        (
            "Interviews of one host on a day",
            "For each person of HR and each mentor. Beyond it the day counts as full.",
        ),
    ],
    wrong: "Please enter a number.",
    save: "Use these numbers",
    save_more: "They hold for bookings from now on. Bookings already made stay.",
    offline: "There is no connection now. The button works when it returns.",
    on_its_way: "On its way.",
};

/// The words of a language.
pub(in crate::staff) fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}
