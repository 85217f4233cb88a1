//! 見えるもの・見えないもの: the rules the server enforces, in words.

use domain::{
    member::Language,
    visibility::{SIGHTS, Sight},
};
use leptos::prelude::AnyView;

use super::words;
use crate::ui;

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
        "outcome" => ("What became of what you asked for", "you"),
        "person" => ("The list of people: name, school, team", ""),
        _ => return None,
    })
}

/// Who sees a kind of row, in words.
pub(super) fn seen_by(language: Language, sight: &Sight) -> String {
    let words = words::of(language);
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

/// The part of the screen.
pub(super) fn sights(language: Language) -> AnyView {
    let words = words::of(language);
    let lines = SIGHTS.iter().filter_map(|sight| {
        let (what, _) = kind(language, sight.kind)?;
        Some((what, ui::text(seen_by(language, sight))))
    });
    let unseen = words
        .unseen_lines
        .map(|it| ui::el("li", "", vec![ui::text(it)]));
    ui::section(
        words.sights,
        vec![
            ui::note(words.sights_note),
            ui::more(words.sights_open, vec![ui::facts(lines.collect())]),
            ui::el("h3", "me-unseen", vec![ui::text(words.unseen)]),
            ui::el("ul", "me-unseen__lines", unseen.into()),
        ],
    )
}
