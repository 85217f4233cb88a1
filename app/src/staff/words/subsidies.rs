//! Words of `/staff/subsidies`.

use domain::{member::Language, subsidy::Decision};

pub(in crate::staff) struct Words {
    pub(in crate::staff) title: &'static str,
    pub(in crate::staff) waiting: fn(usize) -> String,
    pub(in crate::staff) lead: &'static str,
    pub(in crate::staff) given: &'static str,
    pub(in crate::staff) open: &'static str,
    pub(in crate::staff) none_title: &'static str,
    pub(in crate::staff) none: &'static str,
    pub(in crate::staff) answered: &'static str,
    pub(in crate::staff) purpose: &'static str,
    pub(in crate::staff) amount: &'static str,
    pub(in crate::staff) yen: fn(u32) -> String,
    pub(in crate::staff) paid: &'static str,
    pub(in crate::staff) course: &'static str,
    pub(in crate::staff) asked: &'static str,
    pub(in crate::staff) receipt: &'static str,
    pub(in crate::staff) no_receipt: &'static str,
    pub(in crate::staff) said: fn(Decision) -> Option<&'static str>,
    pub(in crate::staff) word: &'static str,
    pub(in crate::staff) word_hint: &'static str,
    pub(in crate::staff) written_anew: &'static str,
    pub(in crate::staff) approve: &'static str,
    pub(in crate::staff) ask_back: &'static str,
    pub(in crate::staff) decline: &'static str,
}

const JA: Words = Words {
    title: "補助の申請",
    waiting: |it| format!("補助の申請({it}件が返事を待っています)"),
    lead: "受験料などを払った内定者からの申し込みです。返事は、本人の「学ぶ」に届きます。",
    given: "補助は差し上げるものです。辞退しても返金は求めません。本人にもそう書いてあります。",
    open: "返事を待っているもの",
    none_title: "待っている申請はありません",
    none: "申し込みがあると、ここに並びます。",
    answered: "返事をしたもの",
    purpose: "何の費用か",
    amount: "金額",
    yen: |it| format!("{}円", crate::format::thousands(it)),
    paid: "支払った日",
    course: "資格",
    asked: "申し込み",
    receipt: "領収書の写真(新しいタブで開く)",
    no_receipt: "領収書の写真は、まだ届いていません。電波のないところから申し込むと、あとから届きます。",
    said: |it| match it {
        Decision::Open => None,
        Decision::AskedBack => Some("聞き返しました"),
        Decision::Approved => Some("認めました"),
        Decision::Declined => Some("見送りました"),
    },
    word: "本人へのひとこと",
    word_hint: "聞き返すときと見送るときは、何を知りたいか、なぜかを書いてください。そのまま届きます。",
    written_anew: "開いているあいだに、内容が変わりました。新しい内容を見てから、もう一度押してください。",
    approve: "認める",
    ask_back: "聞き返す",
    decline: "見送る",
};

const EN: Words = Words {
    title: "Subsidies",
    waiting: |it| format!("Subsidies ({it} waiting for an answer)"),
    lead: "Offer-holders paid a fee and ask for the money. Your answer reaches them under 学ぶ.",
    given: "The money is given. Whoever declines the offer later is not asked for it back, and they are told so.",
    open: "Waiting for an answer",
    none_title: "Nobody is waiting",
    none: "When somebody asks, it stands here.",
    answered: "Answered",
    purpose: "What was paid for",
    amount: "Amount",
    yen: |it| format!("¥{}", crate::format::thousands(it)),
    paid: "Paid on",
    course: "Qualification",
    asked: "Asked on",
    receipt: "Photo of the receipt (opens in a new tab)",
    no_receipt: "The photo of the receipt is not here yet. It follows when somebody asked without a signal.",
    said: |it| match it {
        Decision::Open => None,
        Decision::AskedBack => Some("Asked back"),
        Decision::Approved => Some("Approved"),
        Decision::Declined => Some("Declined"),
    },
    word: "A word to them",
    word_hint: "When you ask back or decline, please say what you would like to know, or why. It reaches them as it is.",
    written_anew: "It changed while this page was open. Please read it once more, then press again.",
    approve: "Approve",
    ask_back: "Ask back",
    decline: "Decline",
};

/// The words of a language.
pub(in crate::staff) fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}
