//! Words of the import of people.

use domain::member::Language;

use crate::{online::ImportFault, words::counted};

pub(in crate::staff) struct Words {
    pub(in crate::staff) lead: &'static str,
    pub(in crate::staff) columns: &'static str,
    pub(in crate::staff) columns_known: &'static str,
    pub(in crate::staff) file: &'static str,
    pub(in crate::staff) file_hint: &'static str,
    pub(in crate::staff) try_it: &'static str,
    pub(in crate::staff) try_more: &'static str,
    pub(in crate::staff) carry_out: &'static str,
    pub(in crate::staff) carry_out_more: &'static str,
    pub(in crate::staff) tried: &'static str,
    pub(in crate::staff) tried_clean: &'static str,
    pub(in crate::staff) tried_faulty: fn(usize) -> String,
    pub(in crate::staff) carried_out: &'static str,
    pub(in crate::staff) encoding: &'static str,
    pub(in crate::staff) rows: &'static str,
    pub(in crate::staff) created: &'static str,
    pub(in crate::staff) changed: &'static str,
    pub(in crate::staff) unchanged: &'static str,
    pub(in crate::staff) people: fn(usize) -> String,
    pub(in crate::staff) unknown: &'static str,
    pub(in crate::staff) unknown_more: &'static str,
    pub(in crate::staff) problems: fn(usize) -> String,
    pub(in crate::staff) row: &'static str,
    pub(in crate::staff) column: &'static str,
    pub(in crate::staff) fault: &'static str,
    pub(in crate::staff) found: &'static str,
    pub(in crate::staff) empty_cell: &'static str,
    pub(in crate::staff) latest: &'static str,
    pub(in crate::staff) latest_line: fn(&str, &str, usize, usize) -> String,
    pub(in crate::staff) undo: &'static str,
    pub(in crate::staff) undo_more: &'static str,
    pub(in crate::staff) invite: &'static str,
    pub(in crate::staff) invite_more: &'static str,
    pub(in crate::staff) invite_do: &'static str,
}

const JA: Words = Words {
    lead: "Excel で保存した CSV をそのまま読めます。文字コード(UTF-8・Windows-31J)と全角・半角はこちらで判断します。",
    columns: "読める列",
    columns_known: "氏名、ふりがな、メール、学校、学部、卒業年、役割、所属、入社予定日。氏名とメールがあれば取り込めます。役割が空欄の人は内定者になります。",
    file: "ファイル",
    file_hint: "CSV。1行目に列の名前。",
    try_it: "確かめる",
    try_more: "何も変えずに、気になる所を行と列で一覧にします。",
    carry_out: "取り込む",
    carry_out_more: "メールアドレスが同じ人は更新し、二重には増えません。あとで1回取り消せます。招待メールはまだ送りません。",
    tried: "確かめた結果(まだ何も変えていません)",
    tried_clean: "気になる所はありません。同じファイルをもう一度選んで「取り込む」を押すと反映されます。",
    tried_faulty: |n| format!("{n}か所を直してから、もう一度お試しください。"),
    carried_out: "取り込みました",
    encoding: "文字コード",
    rows: "読んだ行",
    created: "新しい人",
    changed: "更新する人",
    unchanged: "変わらない人",
    people: |n| format!("{n}人"),
    unknown: "読まなかった列",
    unknown_more: "知らない名前の列は、推測せずに飛ばします。",
    problems: |n| format!("気になる所 {n}件"),
    row: "行",
    column: "列",
    fault: "内容",
    found: "書かれていたもの",
    empty_cell: "(空欄)",
    latest: "前回の取り込み",
    latest_line: |at, by, created, changed| format!("{at}・{by}・新しい人{created}・更新{changed}"),
    undo: "この取り込みを取り消す",
    undo_more: "増えた人を消し、更新した人を元に戻します。",
    invite: "招待メール",
    invite_more: "まだ招待していない人全員に、1通ずつ送ります。リンクは14日間使え、切れても本人が送り直せます。",
    invite_do: "招待メールを送る",
};

const EN: Words = Words {
    lead: "A CSV file as Excel saves it can be read as it is. Encoding (UTF-8, Windows-31J) and letter width are recognised.",
    columns: "Columns that are read",
    columns_known: "Name, reading, e-mail, school, faculty, graduation year, role, team, first day (in Japanese or English). Name and e-mail are enough. An empty role means offer-holder.",
    file: "File",
    file_hint: "CSV with the column names in its first row.",
    try_it: "Check it",
    try_more: "Changes nothing; lists by row and column what needs a look.",
    carry_out: "Import",
    carry_out_more: "People with a known e-mail address are updated, nobody is doubled. It can be undone once. No invitations are sent yet.",
    tried: "What the check found (nothing has changed yet)",
    tried_clean: "Everything is in order. Choose the same file again and press “Import”.",
    tried_faulty: |n| format!("Please mend {} and check again.", counted(&n, "cell")),
    carried_out: "Imported",
    encoding: "Encoding",
    rows: "Rows read",
    created: "New",
    changed: "Updated",
    unchanged: "Unchanged",
    people: |n| {
        if n == 1 {
            "1 person".into()
        } else {
            format!("{n} people")
        }
    },
    unknown: "Columns not read",
    unknown_more: "A column with an unknown name is skipped, not guessed.",
    problems: |n| format!("Needs a look: {n}"),
    row: "Row",
    column: "Column",
    fault: "What",
    found: "What stands there",
    empty_cell: "(empty)",
    latest: "Latest import",
    latest_line: |at, by, created, changed| format!("{at}, {by}: {created} new, {changed} updated"),
    undo: "Undo this import",
    undo_more: "Takes away those who were added and restores those who were updated.",
    invite: "Invitations",
    invite_more: "One mail to everybody who has not been invited yet. The link works for 14 days, and people can have it sent again.",
    invite_do: "Send invitations",
};

/// The words of a language.
pub(in crate::staff) fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}

/// What is wrong with a cell, and what would be right.
pub(in crate::staff) fn fault(language: Language, fault: ImportFault) -> &'static str {
    let (ja, en) = match fault {
        ImportFault::Missing => ("入力してください。", "Please fill it in."),
        ImportFault::TooLong => ("長すぎます。短くしてください。", "It is too long."),
        ImportFault::NotAnAddress => (
            "メールアドレスの「@」の前後を確かめてください。",
            "Please check both sides of the “@”.",
        ),
        ImportFault::AddressTwice => (
            "同じメールアドレスが別の行にもあります。",
            "Another row has the same address.",
        ),
        ImportFault::UnknownRole => (
            "役割は、内定者・メンター・人事・相談員・管理責任者のどれかにしてください。",
            "The role is one of: offer-holder, mentor, HR, desk officer, owner.",
        ),
        ImportFault::NotADate => (
            "日付は 2027-04-01 か 2027/4/1 の形にしてください。",
            "Please write the day as 2027-04-01 or 2027/4/1.",
        ),
        ImportFault::NotAYear => (
            "年は 2027 の形にしてください。",
            "Please write the year as 2027.",
        ),
        ImportFault::NotReadable => (
            "文字を読み取れませんでした。CSV(UTF-8)で保存し直してください。",
            "It could not be read. Please save the file as CSV (UTF-8).",
        ),
        ImportFault::NoSuchColumn => (
            "この列が見つかりません。1行目の名前を確かめてください。",
            "This column was not found. Please check the first row.",
        ),
        ImportFault::TooManyRows => (
            "行が多すぎます。ファイルを分けてください。",
            "There are too many rows. Please split the file.",
        ),
        ImportFault::NotRead => ("ここから先は読んでいません。", "What follows was not read."),
        ImportFault::LastOwner => (
            "管理責任者がいなくなります。1人は残してください。",
            "Nobody would be left as owner. Please keep one.",
        ),
        ImportFault::OwnersAlone => (
            "人事・相談員・管理責任者の役割を渡したり外したりできるのは、管理責任者だけです。",
            "Only the owner gives or takes the roles of HR, desk officer and owner.",
        ),
    };
    match language {
        Language::Ja => ja,
        Language::En => en,
    }
}
