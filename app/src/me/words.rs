//! Words of 自分, the outbox, the devices and the calendar.

use domain::member::Language;

pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) role: &'static str,
    pub(super) team: &'static str,
    pub(super) joining: &'static str,
    pub(super) roles: [&'static str; 5],
    pub(super) outbox: &'static str,
    pub(super) devices: &'static str,
    pub(super) calendar: &'static str,
    pub(super) language: &'static str,
    #[cfg(feature = "staff")]
    pub(super) talks: &'static str,
    #[cfg(feature = "staff")]
    pub(super) talks_hint: &'static str,
    #[cfg(feature = "staff")]
    pub(super) save: &'static str,
    pub(super) sign_out: &'static str,
    pub(super) sign_out_note: &'static str,
    pub(super) sign_out_unsent: fn(usize) -> String,
    pub(super) send_first: &'static str,
    pub(super) keep: &'static str,
    pub(super) discard_all: &'static str,
    pub(super) sights: &'static str,
    pub(super) outbox_note: &'static str,
    pub(super) sent_title: &'static str,
    pub(super) sent: &'static str,
    pub(super) waiting: &'static str,
    pub(super) dead: &'static str,
    pub(super) dead_note: &'static str,
    pub(super) send_now: &'static str,
    pub(super) discard: &'static str,
    pub(super) discard_note: &'static str,
    pub(super) discard_do: &'static str,
    pub(super) copy: &'static str,
    pub(super) retry: &'static str,
    pub(super) written: fn(&str) -> String,
    pub(super) unknown: &'static str,
}

const JA: Words = Words {
    title: "自分",
    role: "役割",
    team: "所属",
    joining: "入社日",
    roles: ["内定者", "先輩社員", "人事", "相談員", "管理責任者"],
    outbox: "送信箱",
    devices: "ログイン中の端末",
    calendar: "カレンダーとつなぐ",
    language: "ことば",
    #[cfg(feature = "staff")]
    talks: "話せること",
    #[cfg(feature = "staff")]
    talks_hint: "内定者が予約の画面で読みます。空にすると表示しません。",
    #[cfg(feature = "staff")]
    save: "保存する",
    sign_out: "ログアウト",
    sign_out_note: "この端末から、あなたのデータを消します。会社のサーバーには残ります。",
    sign_out_unsent: |n| format!("送っていないものが{n}件あります。どうしますか。"),
    send_first: "送ってからログアウトする",
    keep: "端末に残してログアウトする",
    discard_all: "消してログアウトする",
    sights: "見えるもの・見えないもの",
    outbox_note: "まだ会社に届いていないものです。電波が戻ると自動で送ります。",
    sent_title: "すべて送りました",
    sent: "送っていないものは、ここに並びます。",
    waiting: "これから送るもの",
    dead: "送れなかったもの",
    dead_note: "会社のサーバーが読めませんでした。内容は残っています。",
    send_now: "いま送る",
    discard: "送るのをやめる",
    discard_note: "書いたものも、この端末から消えます。",
    discard_do: "消す",
    copy: "内容をコピーする",
    retry: "もう一度送る",
    written: |ago| format!("{ago}に保存"),
    unknown: "内容を表示できないもの",
};

const EN: Words = Words {
    title: "Me",
    role: "Role",
    team: "Team",
    joining: "First day",
    roles: ["Offer-holder", "Colleague", "HR", "Desk officer", "Owner"],
    outbox: "Outbox",
    devices: "Signed-in devices",
    calendar: "Connect a calendar",
    language: "Language",
    #[cfg(feature = "staff")]
    talks: "What I like to talk about",
    #[cfg(feature = "staff")]
    talks_hint: "Offer-holders read it where they book. Empty shows nothing.",
    #[cfg(feature = "staff")]
    save: "Save",
    sign_out: "Sign out",
    sign_out_note: "This removes your data from this device. The company's server keeps it.",
    sign_out_unsent: |n| format!("{n} not sent yet. What shall become of it?"),
    send_first: "Send first, then sign out",
    keep: "Keep it here and sign out",
    discard_all: "Delete it and sign out",
    sights: "What is seen and what is not",
    outbox_note: "What has not reached the company yet. It is sent by itself when there is a signal.",
    sent_title: "Everything is sent",
    sent: "What is not sent yet would stand here.",
    waiting: "To be sent",
    dead: "Could not be sent",
    dead_note: "The company's server could not read it. Nothing of it is lost.",
    send_now: "Send now",
    discard: "Do not send it",
    discard_note: "What you wrote goes from this device, too.",
    discard_do: "Delete it",
    copy: "Copy what it says",
    retry: "Send again",
    written: |ago| format!("Saved {ago}"),
    unknown: "Something that cannot be shown",
};

pub(super) fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}
