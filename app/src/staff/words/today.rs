//! Words of 今日 and of 約束.

use domain::member::Language;

pub(in crate::staff) struct Words {
    pub(in crate::staff) nothing: &'static str,
    pub(in crate::staff) nothing_more: &'static str,
    pub(in crate::staff) nothing_desk: &'static str,
    pub(in crate::staff) owed: &'static str,
    pub(in crate::staff) owed_more: &'static str,
    pub(in crate::staff) soon: &'static str,
    pub(in crate::staff) soon_none: &'static str,
    pub(in crate::staff) unwritten: &'static str,
    pub(in crate::staff) unwritten_more: &'static str,
    pub(in crate::staff) recordings: &'static str,
    pub(in crate::staff) recordings_more: &'static str,
    pub(in crate::staff) subsidies: &'static str,
    pub(in crate::staff) subsidies_open: fn(usize) -> String,
    pub(in crate::staff) refused: &'static str,
    pub(in crate::staff) refused_typed: &'static str,
    pub(in crate::staff) copy: &'static str,
    pub(in crate::staff) read_it: &'static str,
    pub(in crate::staff) done: &'static str,
    pub(in crate::staff) all_promises: &'static str,
    pub(in crate::staff) keep: &'static str,
    pub(in crate::staff) keep_more: &'static str,
    pub(in crate::staff) open: &'static str,
    pub(in crate::staff) open_none: &'static str,
    pub(in crate::staff) open_none_more: &'static str,
    pub(in crate::staff) kept: &'static str,
    pub(in crate::staff) kept_on: fn(&str) -> String,
    pub(in crate::staff) made_by: fn(&str) -> String,
    pub(in crate::staff) due: fn(&str) -> String,
    pub(in crate::staff) due_today: &'static str,
    pub(in crate::staff) due_in: fn(i32) -> String,
    pub(in crate::staff) due_since: fn(i32) -> String,
}

const JA: Words = Words {
    nothing: "今日、こちらからお返しすることはありません。",
    nothing_more: "約束や面談ができると、期日の近い順にここへ並びます。",
    nothing_desk: "お返しすることができると、ここに並びます。",
    owed: "約束",
    owed_more: "期日の早い順です。",
    soon: "今日と明日の面談",
    soon_none: "今日と明日の面談はありません。",
    unwritten: "こちらが書く番の面談メモ",
    unwritten_more: "面談は終わりましたが、メモがまだ届いていません。短くてかまいません。",
    recordings: "届けると約束した録画",
    recordings_more: "会は終わりましたが、録画がまだ届いていません。",
    subsidies: "補助の申請",
    subsidies_open: |it| format!("{it}件が返事を待っています"),
    refused: "実行できなかった操作",
    refused_typed: "書いた内容",
    copy: "写しを取る",
    read_it: "わかりました",
    done: "反映されました。",
    all_promises: "約束をすべて見る",
    keep: "果たした",
    keep_more: "「果たした」を押すと、本人の画面にも同じように表示されます。",
    open: "これから果たす約束",
    open_none: "これから果たす約束はありません。",
    open_none_more: "面談メモに約束を書くと、期日つきでここに並びます。本人の画面にも同じものが見えます。",
    kept: "果たした約束",
    kept_on: |day| format!("{day}に果たしました"),
    made_by: |name| format!("約束した人: {name}"),
    due: |day| format!("期日 {day}"),
    due_today: "今日が期日",
    due_in: |n| format!("あと{n}日"),
    due_since: |n| format!("期日から{n}日"),
};

const EN: Words = Words {
    nothing: "We owe nobody anything today.",
    nothing_more: "Promises and interviews appear here, the closest day first.",
    nothing_desk: "What we owe appears here.",
    owed: "Promises",
    owed_more: "The earliest due day comes first.",
    soon: "Interviews today and tomorrow",
    soon_none: "No interviews today or tomorrow.",
    unwritten: "Records that we have yet to write",
    unwritten_more: "The interview is over, and its record has not reached the person yet. A few lines are enough.",
    recordings: "Recordings that were promised",
    recordings_more: "The event is over, and its recording is not there yet.",
    subsidies: "Subsidies",
    subsidies_open: |it| format!("{it} waiting for an answer"),
    refused: "What could not be carried out",
    refused_typed: "What you wrote",
    copy: "Copy",
    read_it: "I see",
    done: "It is done.",
    all_promises: "See all promises",
    keep: "Kept",
    keep_more: "Once you press “Kept”, the person sees the same.",
    open: "To be kept",
    open_none: "No promise waits to be kept.",
    open_none_more: "A promise written in a record appears here with its day. The person sees the same.",
    kept: "Kept",
    kept_on: |day| format!("Kept on {day}"),
    made_by: |name| format!("Promised by {name}"),
    due: |day| format!("By {day}"),
    due_today: "today",
    due_in: |n| {
        if n == 1 {
            "tomorrow".into()
        } else {
            format!("in {n} days")
        }
    },
    due_since: |n| {
        if n == 1 {
            "a day past".into()
        } else {
            format!("{n} days past")
        }
    },
};

/// The words of a language.
pub(in crate::staff) fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}
