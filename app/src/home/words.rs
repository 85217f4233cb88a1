//! Words of the home screen.

use domain::member::Language;

use crate::words::counted;

pub(super) struct Words {
    pub(super) morning: fn(&str) -> String,
    pub(super) day: fn(&str) -> String,
    pub(super) evening: fn(&str) -> String,
    pub(super) hello: &'static str,
    pub(super) no_hurry: &'static str,
    pub(super) days_left: fn(i32) -> String,
    pub(super) today: &'static str,
    pub(super) joined: &'static str,
    pub(super) begin: &'static str,
    pub(super) first_day: &'static str,
    pub(super) bridge: fn(i32, i32) -> String,
    pub(super) answers: &'static str,
    pub(super) next: &'static str,
    pub(super) nothing_title: &'static str,
    pub(super) nothing: &'static str,
    pub(super) owed: &'static str,
    pub(super) quick: &'static str,
    pub(super) quick_note: &'static str,
    pub(super) quick_offline: &'static str,
    pub(super) here: &'static str,
    pub(super) book: &'static str,
    pub(super) none_chosen: &'static str,
    pub(super) more_times: &'static str,
}

const JA: Words = Words {
    morning: |name| format!("{name}さん、おはようございます"),
    day: |name| format!("{name}さん、こんにちは"),
    evening: |name| format!("{name}さん、こんばんは"),
    hello: "お待ちしていました",
    no_hurry: "急ぐことはありません。",
    days_left: |days| format!("入社まで、あと{days}日"),
    today: "今日が入社の日です",
    joined: "入社の日を過ぎました",
    begin: "はじまり",
    first_day: "入社",
    bridge: |gone, left| format!("はじまりから{gone}日、入社まであと{left}日です。"),
    answers: "返事が来ています",
    next: "次に来るもの",
    nothing_title: "予定はありません",
    nothing: "いまは何もしなくて大丈夫です。話したくなったら、いつでもどうぞ。",
    owed: "会社の番",
    quick: "すぐ予約できる時間",
    quick_note: "15分です。空いていれば、すぐに確定します。",
    quick_offline: "いまはオフラインです。希望は端末に保存し、電波が戻ると自動で送ります。",
    here: "今日",
    book: "この時間で予約する",
    none_chosen: "時間をひとつ選んでください。",
    more_times: "ほかの人・ほかの時間を見る",
};

const EN: Words = Words {
    morning: |name| format!("Good morning, {name}"),
    day: |name| format!("Hello, {name}"),
    evening: |name| format!("Good evening, {name}"),
    hello: "We have been expecting you",
    no_hurry: "There is no hurry.",
    days_left: |days| format!("{} until you start", counted(&days, "day")),
    today: "Today is your first day",
    joined: "Your first day has passed",
    begin: "Beginning",
    first_day: "First day",
    bridge: |gone, left| {
        let (gone, left) = (counted(&gone, "day"), counted(&left, "day"));
        format!("{gone} since the beginning, {left} until the first day.")
    },
    answers: "Answers for you",
    next: "Coming next",
    nothing_title: "Nothing is planned",
    nothing: "There is nothing you need to do. When you feel like talking, you are welcome.",
    owed: "The company's turn",
    quick: "Times you can book now",
    quick_note: "15 minutes. If it is still free, it is confirmed at once.",
    quick_offline: "You are offline. Your wish stays on this device and is sent when there is a signal.",
    here: "Today",
    book: "Book this time",
    none_chosen: "Please choose a time.",
    more_times: "Other people and times",
};

pub(super) fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}
