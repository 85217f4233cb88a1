//! Words of questions beforehand.

use domain::member::Language;

pub(in crate::staff) struct Words {
    pub(in crate::staff) title: &'static str,
    pub(in crate::staff) lead: &'static str,
    pub(in crate::staff) none: &'static str,
    pub(in crate::staff) unnamed: &'static str,
    pub(in crate::staff) answered_there: &'static str,
    /// To one without an answer, and to one that has it.
    pub(in crate::staff) write: [&'static str; 2],
    pub(in crate::staff) answer: &'static str,
    pub(in crate::staff) answer_hint: &'static str,
    pub(in crate::staff) faq: &'static str,
    pub(in crate::staff) faq_hint: &'static str,
    pub(in crate::staff) send: &'static str,
}

pub(in crate::staff) fn of(language: Language) -> &'static Words {
    match language {
        Language::Ja => &JA,
        Language::En => &EN,
    }
}

const JA: Words = Words {
    title: "事前の質問",
    lead: "答えは、招かれた内定者みんなの画面に出ます。",
    none: "質問はまだありません。",
    unnamed: "名前なし",
    answered_there: "会の中で答えました。",
    write: ["答える", "答えを書き直す"],
    answer: "答え",
    answer_hint: "空欄で送ると「会の中でお答えしました」と出ます。",
    faq: "よくある質問に載せる言い方",
    faq_hint: "空欄なら載りません。だれの質問か分からない言い方でお願いします。",
    send: "この答えを出す",
};

const EN: Words = Words {
    title: "Questions beforehand",
    lead: "Everybody who is invited reads the answers.",
    none: "No questions yet.",
    unnamed: "No name shown",
    answered_there: "Answered at the event.",
    write: ["Answer", "Write the answer anew"],
    answer: "Answer",
    answer_hint: "Sent empty, it says that it was answered at the event.",
    faq: "How it stands among the common questions",
    faq_hint: "Left empty, it is not listed. Please word it so that nobody sees whose question it was.",
    send: "Show this answer",
};
