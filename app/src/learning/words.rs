//! Words of 学ぶ. Nothing here is expected of anybody.

use domain::member::Language;

use crate::format::time;

pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) free: &'static str,
    pub(super) find: &'static str,
    pub(super) found: &'static str,
    pub(super) nothing_found: &'static str,
    pub(super) find_note: &'static str,
    pub(super) go_on: &'static str,
    pub(super) courses: &'static str,
    pub(super) qualifications: &'static str,
    pub(super) none_title: &'static str,
    pub(super) none: &'static str,
    pub(super) declined_ones: &'static str,
    pub(super) faq: &'static str,
    pub(super) minutes: fn(u16) -> String,
    pub(super) size: fn(usize, u16) -> String,
    pub(super) done_of: fn(usize, usize) -> String,
    pub(super) all_done: &'static str,
    pub(super) card: &'static str,
    pub(super) card_note: &'static str,
    pub(super) optional: &'static str,
    pub(super) paid: &'static str,
    pub(super) hours: &'static str,
    pub(super) place: &'static str,
    pub(super) pay: &'static str,
    pub(super) yen: fn(u32) -> String,
    pub(super) consent: &'static str,
    pub(super) agree: &'static str,
    pub(super) agreed: &'static str,
    pub(super) read: &'static str,
    pub(super) decline: &'static str,
    pub(super) decline_note: &'static str,
    pub(super) decline_do: &'static str,
    pub(super) declined: &'static str,
    pub(super) list_again: &'static str,
    pub(super) keep: fn(&str) -> String,
    pub(super) kept: &'static str,
    pub(super) drop: fn(&str) -> String,
    pub(super) loaded: fn(&str, &str) -> String,
    pub(super) pause: &'static str,
    pub(super) paused: &'static str,
    pub(super) stopped: &'static str,
    pub(super) full: &'static str,
    pub(super) damaged: &'static str,
    pub(super) go_on_loading: &'static str,
    pub(super) opening: &'static str,
    pub(super) away_title: &'static str,
    pub(super) away: &'static str,
    pub(super) where_i_was: &'static str,
    pub(super) read_next: fn(&str) -> String,
    pub(super) read_last: &'static str,
    pub(super) read_before: &'static str,
}

pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::Ja => &JA,
        Language::En => &EN,
    }
}

const JA: Words = Words {
    title: "学ぶ",
    free: "読みたいときに、読みたいものだけどうぞ。",
    find: "言葉で探す",
    found: "見つかったもの",
    nothing_found: "見つかりませんでした。短い言葉にすると、見つかるかもしれません。",
    find_note: "端末に保存した章は、本文も探します。探した言葉は、どこにも送りません。",
    go_on: "続きから",
    courses: "講座",
    qualifications: "資格の学習計画",
    none_title: "講座はまだありません",
    none: "会社が用意すると、ここに並びます。",
    declined_ones: "やらないにした講座",
    faq: "よくある質問",
    minutes: |it| time(it, "時間", "分"),
    size: |lessons, minutes| {
        let time = time(minutes, "時間", "分");
        [&lessons.to_string(), "レッスン・全部で約", &time].concat()
    },
    done_of: |done, count| {
        [
            &count.to_string(),
            "のうち",
            &done.to_string(),
            "を読みました",
        ]
        .concat()
    },
    all_done: "全部読みました。おつかれさまでした。",
    card: "修了カード(PDF)",
    card_note: "つながっているときに作れます。会社には届きません。",
    optional: "受けるかどうかは自由です。受けなくても、選考や配属には関係ありません。どこまで読んだかは、会社には見えません。",
    paid: "会社からお願いしたい研修です",
    hours: "時間",
    place: "場所",
    pay: "お支払いする額",
    yen: |it| [&thousands(it), "円"].concat(),
    consent: "勤務として扱い、賃金をお支払いします。同意は自由で、同意しない理由は要りません。",
    agree: "同意する",
    agreed: "同意したことを会社に伝えます。",
    read: "読みました",
    decline: "この講座はやらない",
    decline_note: "一覧から消えます。会社には知らせません。あとで戻せます。",
    decline_do: "やらない",
    declined: "やらないにした講座です。",
    list_again: "一覧に戻す",
    keep: |size| ["端末に保存(", size, ")"].concat(),
    kept: "端末に保存済み",
    drop: |size| ["削除(", size, ")"].concat(),
    loaded: |here, total| [here, " / ", total].concat(),
    pause: "一時停止",
    paused: "止めています。",
    stopped: "電波が戻ると、続きから保存します。",
    full: "端末の空きが足りません。ほかの章を削除すると、続きから保存できます。",
    damaged: "届いた中身が欠けていました。もう一度お試しください。",
    go_on_loading: "続きから保存",
    opening: "開いています。",
    away_title: "このレッスンは、まだ端末にありません",
    away: "電波の届くところで開くか、講座の画面で端末に保存すると、ここで読めます。",
    where_i_was: "前に読んだところへ",
    read_next: |title| ["読みました。次は「", title, "」"].concat(),
    read_last: "読みました",
    read_before: "読みました。もう一度読むのも自由です。",
};

const EN: Words = Words {
    title: "Learn",
    free: "Read what you like, when you like.",
    find: "Look for words",
    found: "Found",
    nothing_found: "Nothing was found. A shorter word may help.",
    find_note: "Of modules kept on this device, the text is searched, too. What you look for is sent nowhere.",
    go_on: "Where you were",
    courses: "Courses",
    qualifications: "Study plans for qualifications",
    none_title: "No courses yet",
    none: "When the company offers some, they stand here.",
    declined_ones: "Courses you are not taking",
    faq: "Common questions",
    minutes: |it| time(it, " h", " min"),
    size: |lessons, minutes| {
        let time = time(minutes, " h", " min");
        [&lessons.to_string(), " lessons · about ", &time, " in all"].concat()
    },
    done_of: |done, count| [&done.to_string(), " of ", &count.to_string(), " read"].concat(),
    all_done: "You have read all of it.",
    card: "Card (PDF)",
    card_note: "Made with a connection. The company does not get it.",
    optional: "It is up to you. Not taking it has nothing to do with your offer or your first post. The company does not see how far you have read.",
    paid: "A training that the company asks for",
    hours: "Hours",
    place: "Place",
    pay: "Pay",
    yen: |it| ["¥", &thousands(it)].concat(),
    consent: "It counts as work and is paid. Agreeing is up to you, and a no needs no reason.",
    agree: "I agree",
    agreed: "The company is told that you agree.",
    read: "Read",
    decline: "I am not taking this course",
    decline_note: "It leaves your list. The company is not told. You can bring it back.",
    decline_do: "Not for me",
    declined: "You are not taking this course.",
    list_again: "Back to the list",
    keep: |size| ["Keep on this device (", size, ")"].concat(),
    kept: "Kept on this device",
    drop: |size| ["Delete (", size, ")"].concat(),
    loaded: |here, total| [here, " of ", total].concat(),
    pause: "Pause",
    paused: "Paused.",
    stopped: "It goes on when there is a signal.",
    full: "This device has too little room. Delete another module, and it goes on from here.",
    damaged: "What arrived was damaged. Please try again.",
    go_on_loading: "Go on",
    opening: "Opening.",
    away_title: "This lesson is not on this device yet",
    away: "Open it where there is a signal, or keep its module on the device from the course's page.",
    where_i_was: "Where I was",
    read_next: |title| ["I have read it. Next: ", title].concat(),
    read_last: "I have read it",
    read_before: "You have read this. Read it again as you like.",
};

/// “12,000”.
fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
