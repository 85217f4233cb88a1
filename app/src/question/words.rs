//! Words of questions. What is hidden from whom is said exactly: the company's records know whose a question is.

use domain::member::Language;

pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) ask: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) named: &'static str,
    pub(super) who_reads: &'static str,
    pub(super) send: &'static str,
    pub(super) own: &'static str,
    pub(super) unnamed: &'static str,
    pub(super) answer: &'static str,
    pub(super) answered_there: &'static str,
    pub(super) withdraw: &'static str,
    pub(super) withdraw_note: &'static str,
    pub(super) withdraw_do: &'static str,
    pub(super) faq: &'static str,
    pub(super) faq_lead: &'static str,
    pub(super) no_faq: &'static str,
    pub(super) no_faq_more: &'static str,
}

pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::Ja => &JA,
        Language::En => &EN,
    }
}

const JA: Words = Words {
    title: "事前の質問",
    ask: "質問を書く",
    label: "聞いてみたいこと",
    hint: "小さなことでもどうぞ。",
    named: "名前を出す",
    who_reads: "質問は、招かれた内定者と、人事・当日の担当が読みます。名前を出さないとき、その人たちの画面にだれの質問かは表示されません。会社のシステムの記録には残ります。",
    send: "質問を送る",
    own: "あなたの質問",
    unnamed: "名前なし",
    answer: "答え",
    answered_there: "会の中でお答えしました。",
    withdraw: "取り下げる",
    withdraw_note: "質問と答えが、みなさんの画面から消えます。理由は要りません。",
    withdraw_do: "この質問を取り下げる",
    faq: "よくある質問",
    faq_lead: "内定者のみなさんからの質問と、会社の答えです。",
    no_faq: "まだありません",
    no_faq_more: "質問への答えが、ここに増えていきます。",
};

const EN: Words = Words {
    title: "Questions beforehand",
    ask: "Write a question",
    label: "What you would like to know",
    hint: "Small things are welcome too.",
    named: "Show my name",
    who_reads: "Those who are invited, HR and the hosts read it. Without your name, their screens do not show whose question it is. The company's own records do keep it.",
    send: "Send the question",
    own: "Your question",
    unnamed: "No name shown",
    answer: "Answer",
    answered_there: "It was answered at the event.",
    withdraw: "Take it back",
    withdraw_note: "The question and its answer disappear from everybody's screen. No reason is needed.",
    withdraw_do: "Take this question back",
    faq: "Common questions",
    faq_lead: "What offer-holders asked, and the company's answers.",
    no_faq: "Nothing yet",
    no_faq_more: "Answers to questions will be gathered here.",
};
