//! Words of the card.

use app::{format, words::counted};
use domain::{member::Language, time::Day};

pub(super) struct Words {
    pub(super) card: &'static str,
    pub(super) read: &'static str,
    pub(super) finished: &'static str,
    pub(super) day: fn(Day) -> String,
    pub(super) content: &'static str,
    pub(super) size: fn(usize, u16) -> String,
    pub(super) company: &'static str,
    pub(super) own: &'static str,
    pub(super) missing: &'static str,
}

pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::Ja => &JA,
        Language::En => &EN,
    }
}

const JA: Words = Words {
    card: "修了カード",
    read: "すべてのレッスンを読み終えました。",
    finished: "読み終えた日",
    day: |it| format!("{}年{}", it.date().0, format::day(Language::Ja, it)),
    content: "内容",
    size: |lessons, minutes| {
        let time = format::time(minutes, "時間", "分");
        format!("{lessons}レッスン・約{time}")
    },
    company: "会社",
    own: "ご自身のための記録です。会社に届くものではありません。",
    missing: "〓は、この書体にない文字です。",
};

const EN: Words = Words {
    card: "Completion card",
    read: "Every lesson of this course has been read.",
    finished: "Finished",
    day: |it| format!("{} {}", format::day(Language::En, it), it.date().0),
    content: "Content",
    size: |lessons, minutes| {
        let time = format::time(minutes, " h", " min");
        let lessons = counted(&lessons, "lesson");
        format!("{lessons}, about {time}")
    },
    company: "Company",
    own: "A record for yourself. Nobody at the company receives it.",
    missing: "〓 stands for a character that this typeface does not have.",
};
