//! Words of 面談 and its record.

use domain::member::Language;

use crate::words::counted;

pub(in crate::staff) struct Words {
    pub(in crate::staff) ahead: &'static str,
    pub(in crate::staff) ahead_none: &'static str,
    pub(in crate::staff) ahead_none_more: &'static str,
    pub(in crate::staff) past: &'static str,
    pub(in crate::staff) past_none: &'static str,
    pub(in crate::staff) cancelled: &'static str,
    pub(in crate::staff) has_record: &'static str,
    pub(in crate::staff) with: fn(&str) -> String,
    pub(in crate::staff) when: &'static str,
    pub(in crate::staff) place: &'static str,
    pub(in crate::staff) link: &'static str,
    pub(in crate::staff) topic: &'static str,
    pub(in crate::staff) talk: &'static str,
    pub(in crate::staff) avoid: &'static str,
    pub(in crate::staff) nothing_written: &'static str,
    pub(in crate::staff) word_left: &'static str,
    pub(in crate::staff) record: &'static str,
    pub(in crate::staff) record_ahead: &'static str,
    pub(in crate::staff) record_seen: fn(&str) -> String,
    pub(in crate::staff) said: &'static str,
    pub(in crate::staff) said_hint: &'static str,
    pub(in crate::staff) next: &'static str,
    pub(in crate::staff) next_hint: &'static str,
    pub(in crate::staff) promises: &'static str,
    pub(in crate::staff) promises_hint: &'static str,
    pub(in crate::staff) promise: fn(usize) -> String,
    pub(in crate::staff) promise_text: &'static str,
    pub(in crate::staff) promise_due: &'static str,
    pub(in crate::staff) promise_more: &'static str,
    pub(in crate::staff) promises_stay: &'static str,
    pub(in crate::staff) share: &'static str,
    pub(in crate::staff) shares: fn(&str, usize) -> String,
    pub(in crate::staff) rewrite: &'static str,
    pub(in crate::staff) written: fn(&str, &str) -> String,
    pub(in crate::staff) corrections: fn(&str) -> String,
    pub(in crate::staff) not_found: &'static str,
    pub(in crate::staff) not_found_more: &'static str,
}

const JA: Words = Words {
    ahead: "これから",
    ahead_none: "これからの面談はありません。",
    ahead_none_more: "枠が予約されると、ここに並びます。",
    past: "これまで",
    past_none: "終わった面談はまだありません。",
    cancelled: "取り消し",
    has_record: "メモを共有しました",
    with: |name| format!("{name}との面談"),
    when: "日時",
    place: "場所",
    link: "会議のリンク",
    topic: "話題",
    talk: "話したいこと",
    avoid: "触れてほしくないこと",
    nothing_written: "話したいことは書かれていません。雑談から始めて大丈夫です。",
    word_left: "添えられたひとこと",
    record: "面談メモ",
    record_ahead: "面談が始まると、ここに書けます。",
    record_seen: |name| {
        format!("書いたことは、すべて{name}も読めます。{name}だけが読めないメモはありません。")
    },
    said: "話したこと",
    said_hint: "短くてかまいません。",
    next: "次に",
    next_hint: "次にすること、次に話すこと。",
    promises: "約束したこと",
    promises_hint: "会社が果たすことを、期日と一緒に。なければ空欄のままで。",
    promise: |n| format!("約束 {n}"),
    promise_text: "約束",
    promise_due: "期日",
    promise_more: "約束をもう1つ書く",
    promises_stay: "前に書いた約束はそのまま残ります。",
    share: "メモを共有する",
    shares: |name, promises| match promises {
        0 => format!("{name}の画面にメモが出ます。"),
        n => format!("{name}の画面にメモが出て、約束{n}件が会社の宿題になります。"),
    },
    rewrite: "書き直す",
    written: |name, at| format!("{name}・{at}"),
    corrections: |name| format!("{name}の補足"),
    not_found: "この面談は見つかりません。",
    not_found_more: "ほかの人の面談か、取り消されて整理された面談です。",
};

const EN: Words = Words {
    ahead: "Ahead",
    ahead_none: "No interviews lie ahead.",
    ahead_none_more: "They appear here when a slot is booked.",
    past: "Past",
    past_none: "No interview has taken place yet.",
    cancelled: "Cancelled",
    has_record: "Record shared",
    with: |name| format!("Interview with {name}"),
    when: "When",
    place: "Place",
    link: "Meeting link",
    topic: "Topic",
    talk: "Would like to talk about",
    avoid: "Would rather not touch",
    nothing_written: "Nothing was written beforehand. Small talk is a fine way to begin.",
    word_left: "The word that was left",
    record: "Record",
    record_ahead: "You can write here once the interview has begun.",
    record_seen: |name| {
        format!("{name} reads everything you write here. There is no note that only we can read.")
    },
    said: "What we talked about",
    said_hint: "A few lines are enough.",
    next: "Next",
    next_hint: "What to do or to talk about next.",
    promises: "What we promised",
    promises_hint: "What the company will do, and by when. Leave it empty if there is nothing.",
    promise: |n| format!("Promise {n}"),
    promise_text: "Promise",
    promise_due: "By",
    promise_more: "Write another promise",
    promises_stay: "Promises written before stay.",
    share: "Share the record",
    shares: |name, promises| match promises {
        0 => format!("{name} will see the record."),
        n => {
            let promises = counted(&n, "promise");
            format!("{name} will see the record, and the company owes {promises}.")
        }
    },
    rewrite: "Rewrite",
    written: |name, at| format!("{name}, {at}"),
    corrections: |name| format!("Added by {name}"),
    not_found: "This interview was not found.",
    not_found_more: "It belongs to somebody else, or was cancelled and cleared away.",
};

/// The words of a language.
pub(in crate::staff) fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}
