//! Words of a package's lessons. Its page is short: what it is, and the button that opens it.

use app::page::Page;
use domain::{
    id::{CourseId, LessonId},
    member::Language,
    text::{Said, Short},
};

use super::{Kind, short};

struct Words {
    what: &'static str,
    open: &'static str,
    seen: &'static str,
    score: &'static str,
    passed: &'static str,
}

const JA: Words = Words {
    what: "ほかでつくられた教材です。開くには電波が要ります。途中で閉じても、続きから始められます。",
    open: "教材を開く",
    seen: "読み終えたことと点数は、あなたの端末にだけ出ます。会社には見えません。",
    score: "最後の点数",
    passed: "合格しました。",
};

const EN: Words = Words {
    what: "Made elsewhere. It needs a signal to open. You can close it at any time and go on where you were.",
    open: "Open it",
    seen: "That you have finished it, and your score, are on your own devices only. The company does not see them.",
    score: "Your last score",
    passed: "You have passed.",
};

/// What a package's course is about, in a sentence.
pub(super) fn summary(kind: Kind) -> Said<Short> {
    let name = kind.name();
    let ja = format!("ほかでつくられた教材です({name})。開くには電波が要ります。");
    let en = format!("Made elsewhere ({name}). It needs a signal to open.");
    let written = "written above, far shorter than a title may be";
    Said {
        ja: short(&ja).expect(written),
        en: short(&en),
    }
}

/// The page of a lesson. A score is shown as the last answer to a question of this name, so no phone needs code for it.
pub(super) fn page(language: Language, kind: Kind, course: CourseId, lesson: LessonId) -> String {
    let words = match language {
        Language::Ja => &JA,
        Language::En => &EN,
    };
    let (address, name) = (Page::Play(course, lesson).path(), kind.name());
    let Words {
        what,
        open,
        seen,
        score,
        passed,
    } = words;
    format!(
        "<div class=\"lesson-part\" id=\"part-0\" data-part=\"0\"><div class=\"lesson-text\">\
         <p>{what}</p><p><a class=\"button\" href=\"{address}\">{open}</a></p>\
         <p class=\"note\">{seen}</p><p class=\"caption\">{name}</p></div></div>\
         <section class=\"lesson-quiz\" data-quiz=\"{quiz}\" data-kind=\"short\" data-accepts=\"\"><div data-form></div>\
         <div class=\"card stack\" data-result hidden><p class=\"caption\">{score}</p><div data-given></div>\
         <p class=\"lesson-right\" data-right hidden>{passed}</p><p data-wrong hidden></p>\
         <button type=\"button\" data-again hidden></button></div></section>",
        quiz = crate::learning::play::SCORE,
    )
}
