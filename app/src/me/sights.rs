//! 見えるもの・見えないもの: the rules the server enforces, in words; drawn by the server, which enforces them.

use domain::{
    member::Language,
    visibility::{SIGHTS, Sight},
};
use leptos::prelude::AnyView;

use crate::{device::Device, page::Page, ui};

/// What each kind of row holds, and which single people it reaches.
pub(super) fn kind(language: Language, kind: &str) -> Option<(&'static str, &'static str)> {
    match language {
        Language::Ja => ja(kind),
        Language::En => en(kind),
    }
}

fn ja(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "me" => ("自分の名前・役割・入社日", "本人"),
        "company" => ("会社の名前と、予約の決まり", ""),
        "host" => ("会える人の名前・所属・話せること", ""),
        "slot" => ("空いている面談の時間", ""),
        "booking" => ("予約と、書き添えたこと", "予約した本人"),
        "availability" => ("受付時間の決まり", "受付をする社員"),
        "host_slot" => ("面談の枠と、埋まっているかどうか", "その枠の社員"),
        "host_booking" => ("予約した人の名前と、書き添えたこと", "面談する社員"),
        "record" => ("面談の記録と補足", "面談した二人"),
        "promise" => ("会社の約束", "約束した二人"),
        "event" => ("招かれた催しの内容", "招かれた本人"),
        "event_places" => (
            "催しの席の埋まり方と、名前を出した参加者",
            "招かれた本人と当日の担当",
        ),
        "rsvp" => ("催しへの自分の返事と、受付の番号", "返事をした本人"),
        "event_plan" => ("催しの案と、だれを招くか", "当日の担当"),
        "guest" => (
            "参加・未定・キャンセル待ちの人の名前(不参加は人数だけ)",
            "当日の担当",
        ),
        "question" => (
            "イベントへの質問と答え(名前は、本人が出すときだけ)",
            "招かれた本人と当日の担当",
        ),
        "own_question" => ("どの質問が自分のものか", "質問した本人"),
        "faq" => ("よくある質問", ""),
        "breakout" => (
            "少人数グループの番号と、同じグループで名前を出した人",
            "そのグループの本人",
        ),
        "event_breakouts" => (
            "少人数グループの分け方と、別のグループにした人",
            "当日の担当",
        ),
        "course" => ("講座の内容", ""),
        "enrollment" => (
            "講座を受けるかどうか",
            "本人(有給の研修に同意したときだけ、人事が講座の画面で見ます)",
        ),
        "progress" => ("レッスンの進み具合と、問いへの答え", "本人"),
        "subsidy" => (
            "受験料の補助の申請と、領収書の写真",
            "本人(人事は、申請の画面で見ます)",
        ),
        "open_subsidy" => ("返事を待っている補助の申請の数", ""),
        "outcome" => ("申し込みの結果", "本人"),
        "person" => ("氏名・学校・所属などの名簿", ""),
        _ => return None,
    })
}

fn en(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "me" => ("Your own name, role and first day", "you"),
        "company" => ("The company's name and how booking works", ""),
        "host" => ("Who can be met: name, team, what they talk about", ""),
        "slot" => ("Free times", ""),
        "booking" => ("A booking and what was written with it", "who booked it"),
        "availability" => ("Weekly times", "the colleague whose times they are"),
        "host_slot" => (
            "Times and whether they are taken",
            "the colleague whose times they are",
        ),
        "host_booking" => (
            "Who booked, and what they wrote",
            "the colleague they will meet",
        ),
        "record" => (
            "What was said in an interview, and corrections",
            "the two who met",
        ),
        "promise" => ("What the company promised", "the two concerned"),
        "event" => ("Events you are invited to", "those who are invited"),
        "event_places" => (
            "How full an event is, and who comes and chose to be named",
            "those who are invited, and the hosts of the day",
        ),
        "rsvp" => (
            "Your answer to an event and the code for the door",
            "who answered",
        ),
        "event_plan" => (
            "An event as it is planned, and who is invited",
            "the hosts of the day",
        ),
        "guest" => (
            "Who comes, may come or waits, by name (of those who do not come, only how many)",
            "the hosts of the day",
        ),
        "question" => (
            "Questions to an event and their answers; a name only where its person shows it",
            "those who are invited, and the hosts of the day",
        ),
        "own_question" => ("Which questions are your own", "who asked"),
        "faq" => ("Common questions", ""),
        "breakout" => (
            "Your small group at an event, and who in it chose to be named",
            "those in the group",
        ),
        "event_breakouts" => (
            "All small groups of an event, and who was kept apart",
            "the hosts of the day",
        ),
        "course" => ("What courses hold", ""),
        "enrollment" => (
            "Whether you take a course",
            "you (where you agree to a paid training, HR sees it on the page of courses)",
        ),
        "progress" => ("How far you are with lessons, and your answers", "you"),
        "subsidy" => (
            "What you asked the company to pay of an exam, and the photo of its receipt",
            "you (HR sees it on the page of requests)",
        ),
        "open_subsidy" => ("How many such requests wait for an answer", ""),
        "outcome" => ("What became of what you asked for", "you"),
        "person" => ("The list of people: name, school, team", ""),
        _ => return None,
    })
}

/// Who sees a kind of row, in words.
pub(super) fn seen_by(language: Language, sight: &Sight) -> String {
    let words = crate::words::of(language, &JA, &EN);
    let single = kind(language, sight.kind).map_or("", |it| it.1);
    let groups = [
        (sight.one, single),
        (sight.holders, words.holders),
        (sight.hr, words.hr),
        (sight.everyone, words.everyone),
    ];
    let groups = groups.into_iter().filter(|it| it.0).map(|it| it.1);
    groups.collect::<Vec<_>>().join(words.and)
}

/// `/me/sights`.
pub(super) fn screen() -> AnyView {
    let language = Device::here().language;
    let words = crate::words::of(language, &JA, &EN);
    let lines = SIGHTS.iter().filter_map(|sight| {
        let (what, _) = kind(language, sight.kind)?;
        Some((what, ui::text(seen_by(language, sight))))
    });
    let unseen = words
        .unseen_lines
        .map(|it| ui::el("li", "", vec![ui::text(it)]));
    ui::screen(vec![
        ui::back(language, Page::Me.path()),
        ui::title(super::words::of(language).sights, words.sights_note),
        ui::section(
            words.unseen,
            vec![ui::el("ul", "me-unseen__lines", unseen.into())],
        ),
        ui::section(
            words.sights_open,
            vec![ui::card(None, vec![ui::facts(lines.collect())])],
        ),
    ])
}

/// Words of this page, which no bundle carries.
struct Words {
    sights_note: &'static str,
    sights_open: &'static str,
    unseen: &'static str,
    unseen_lines: [&'static str; 3],
    holders: &'static str,
    hr: &'static str,
    everyone: &'static str,
    and: &'static str,
}

const JA: Words = Words {
    sights_note: "会社のサーバーが実際に使っている決まりを、そのまま並べています。",
    sights_open: "だれに何が見えるか",
    unseen: "だれにも見えないもの",
    unseen_lines: [
        "お知らせやイベントを読んだかどうか、何回開いたか。記録していません。",
        "辞退の予測や点数、順位。つくっていません。",
        "他社の内定、家族、信条、健康。書く欄がありません。",
    ],
    holders: "内定者",
    hr: "人事・管理責任者",
    everyone: "この会社の全員",
    and: "、",
};

const EN: Words = Words {
    sights_note: "These are the very rules that the company's server works by.",
    sights_open: "Who sees what",
    unseen: "What nobody sees",
    unseen_lines: [
        "Whether you read a notice or an event, or how often you came. It is not recorded.",
        "Predictions, scores or rankings. They are not made.",
        "Other offers, family, beliefs, health. There is no field for them.",
    ],
    holders: "offer-holders",
    hr: "HR and the owner",
    everyone: "everybody in this company",
    and: ", ",
};
