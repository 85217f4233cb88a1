//! Words of the console, one file per screen. Each is a struct with two values, so that a missing sentence in either
//! language does not compile.

#[cfg(feature = "ssr")]
pub(super) mod courses;
pub(super) mod event_form;
pub(super) mod events;
pub(super) mod groups;
#[cfg(feature = "ssr")]
pub(super) mod import;
pub(super) mod interviews;
pub(super) mod memo;
pub(super) mod people;
pub(super) mod questions;
pub(super) mod settings;
pub(super) mod slots;
#[cfg(feature = "ssr")]
pub(super) mod subsidies;
pub(super) mod today;

use domain::member::{Language, Role};

use crate::words::counted;

/// The frame, and what several screens say.
pub(super) struct Words {
    pub(super) name: &'static str,
    pub(super) skip: &'static str,
    pub(super) nouns: &'static str,
    pub(super) mine: &'static str,
    pub(super) today: &'static str,
    pub(super) slots: &'static str,
    pub(super) interviews: &'static str,
    pub(super) events: &'static str,
    pub(super) promises: &'static str,
    pub(super) people: &'static str,
    pub(super) import: &'static str,
    pub(super) courses: &'static str,
    pub(super) settings: &'static str,
    pub(super) me: &'static str,
    pub(super) sync: &'static str,
    pub(super) devices: &'static str,
    pub(super) calendar: &'static str,
    pub(super) needs_script: &'static str,
    pub(super) not_saved_full: &'static str,
    pub(super) not_saved_storage: &'static str,
    pub(super) starting: &'static str,
    pub(super) dot: &'static str,
    pub(super) online: &'static str,
    pub(super) tomorrow: &'static str,
    pub(super) show_more: fn(usize) -> String,
    pub(super) more_days: fn(usize) -> String,
    pub(super) name_of: fn(&str) -> String,
    pub(super) unsent: fn(usize) -> String,
    pub(super) never_mind: &'static str,
}

const JA: Words = Words {
    name: "架け橋 社員用",
    skip: "本文へ",
    nouns: "画面",
    mine: "自分の設定",
    today: "今日",
    slots: "枠",
    interviews: "面談",
    events: "イベント",
    promises: "約束",
    people: "人",
    import: "ファイルから取り込む",
    courses: "講座",
    settings: "設定",
    me: "自分",
    sync: "送信箱",
    devices: "端末",
    calendar: "カレンダー",
    needs_script: "この画面の入力には JavaScript を使います。読むだけなら、このままご覧いただけます。",
    not_saved_full: "送信箱がいっぱいで、まだ保存していません。入力はこのまま残ります。電波のよい所で送信箱をご覧ください。",
    not_saved_storage: "この端末に保存できませんでした。入力はこのまま残ります。もう一度押してください。",
    starting: "準備しています。少し待ってから、もう一度押してください。",
    dot: "・",
    online: "オンライン",
    tomorrow: "明日",
    show_more: |n| format!("あと{n}件を表示"),
    more_days: |n| format!("その先の{n}日を表示"),
    name_of: |name| format!("{name}さん"),
    unsent: |n| format!("未送信{n}件"),
    never_mind: "やめる",
};

const EN: Words = Words {
    name: "Kakehashi staff",
    skip: "To the content",
    nouns: "Pages",
    mine: "Your own settings",
    today: "Today",
    slots: "Slots",
    interviews: "Interviews",
    events: "Events",
    promises: "Promises",
    people: "People",
    import: "Import from a file",
    courses: "Courses",
    settings: "Settings",
    me: "You",
    sync: "Outbox",
    devices: "Devices",
    calendar: "Calendar",
    needs_script: "Forms on this page use JavaScript. You can read everything without it.",
    not_saved_full: "The outbox is full, so this is not saved yet. What you typed stays here. Please look at the outbox where there is a good connection.",
    not_saved_storage: "This device could not save it. What you typed stays here. Please press again.",
    starting: "Getting ready. Please press again in a moment.",
    dot: " · ",
    online: "Online",
    tomorrow: "Tomorrow",
    show_more: |n| format!("Show {n} more"),
    more_days: |n| format!("Show {}", counted(&n, "more day")),
    name_of: str::to_owned,
    unsent: |n| format!("{n} unsent"),
    never_mind: "Never mind",
};

/// The words of a language.
pub(super) fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}

/// A role, as people say it.
pub(super) fn role(language: Language, role: Role) -> &'static str {
    let (ja, en) = match role {
        Role::OfferHolder => ("内定者", "Offer-holder"),
        Role::Mentor => ("メンター", "Mentor"),
        Role::Hr => ("人事", "HR"),
        Role::DeskOfficer => ("相談員", "Desk officer"),
        Role::Owner => ("管理責任者", "Owner"),
    };
    match language {
        Language::Ja => ja,
        Language::En => en,
    }
}
