//! Every "no" as a sentence: short, polite, with what happens next.

use domain::{
    id::SlotId,
    member::Language,
    refusal::{Field, Refusal},
};

/// The sentence for a refusal.
#[must_use]
pub fn refusal(language: Language, no: &Refusal) -> String {
    match language {
        Language::Ja => ja(no),
        Language::En => en(no),
    }
}

fn ja(no: &Refusal) -> String {
    match no {
        Refusal::SlotPassed => "この時間はもう始まっています。別の時間をお選びください。".into(),
        Refusal::SlotTaken { nearest: it } => nearest_ja(it, "この時間は先に埋まりました。"),
        Refusal::SlotClosed { nearest: it } => nearest_ja(it, "この時間は受付を終えました。"),
        Refusal::SlotChanged => {
            "時間か場所が変わりました。新しい内容を確かめて、もう一度お選びください。".into()
        }
        Refusal::TooSoon { lead_minutes } => {
            format!("開始の{lead_minutes}分前までに予約できます。少し先の時間をお選びください。")
        }
        Refusal::AlreadyThen => "同じ時間に別の面談があります。".into(),
        Refusal::DayFull { most } => format!("面談は1日{most}回までです。別の日をお選びください。"),
        Refusal::AheadFull { most } => {
            format!("これからの面談は{most}件まで予約できます。終わったあとに、またどうぞ。")
        }
        Refusal::HostDayFull { nearest: it } => nearest_ja(it, "この日の面談は定員になりました。"),
        Refusal::HostWeekFull { nearest: it } => nearest_ja(it, "この週の面談は定員になりました。"),
        Refusal::BookingPassed => "面談が始まっているので、変更できません。".into(),
        Refusal::BookingCancelled => "この面談はすでに取り消されています。".into(),
        Refusal::InterviewAhead => "面談が始まってから書けます。".into(),
        Refusal::WordNeeded => "受け取る方へ、ひとこと書いてください。そのまま届きます。".into(),
        Refusal::SlotsOverlap => "同じ時間に別の枠があります。".into(),
        Refusal::PatternEmpty => {
            "この条件に当てはまる日がありません。曜日と期間を確かめてください。".into()
        }
        Refusal::PatternLarge { most } => {
            format!("一度に開けるのは{most}枠までです。期間を短くしてください。")
        }
        Refusal::FieldEmpty { field } => format!("「{}」を入力してください。", field_ja(*field)),
        Refusal::FieldLong { field, most } => {
            format!("「{}」は{most}文字までです。", field_ja(*field))
        }
        Refusal::NotHttps { field } => format!(
            "「{}」は https:// で始まるアドレスにしてください。",
            field_ja(*field)
        ),
        Refusal::FieldWrong { field } => format!("「{}」を確かめてください。", field_ja(*field)),
        Refusal::NotThere => {
            "見つかりませんでした。取り消されたか、変わった可能性があります。".into()
        }
        Refusal::DuePassed => "期日は今日以降にしてください。".into(),
        Refusal::PromiseKept => "この約束は、もう果たされています。".into(),
        Refusal::OwnersAlone => "この役割を渡したり外したりできるのは、管理責任者だけです。".into(),
        Refusal::OwnerNeeded => "管理責任者がいなくなります。1人は残してください。".into(),
        Refusal::OwnPlace => {
            "あなた自身の登録が消えます。ほかの管理責任者か人事に頼んでください。".into()
        }
        Refusal::EventPassed => "もう始まっているか、終わった催しです。".into(),
        Refusal::EventAhead => "まだ始まっていない催しです。".into(),
        Refusal::EventCancelled => "この催しは中止になりました。".into(),
        Refusal::EventFull => "席が埋まっています。キャンセル待ちは受け付けていません。".into(),
        Refusal::RepliesClosed => {
            "参加の受付は終わりました。聞きたいことは、連絡先へどうぞ。".into()
        }
        Refusal::TermTime => {
            "授業期間の平日9時から17時です。録画を残すか、別の日時にも開くことを書いてください。"
                .into()
        }
        Refusal::WayInUse => "この参加方法の方がいるので、なくせません。".into(),
        Refusal::CodeUnknown => "この番号の方は名簿にいません。もう一度確かめてください。".into(),
        Refusal::GroupsLarge { most } => {
            format!("一度にグループに分けられるのは{most}人までです。")
        }
        Refusal::Expired => "送るまでに時間がたったため、実行しませんでした。".into(),
        Refusal::GivenUp => "送る前に取り消しました。".into(),
        Refusal::Unknown => {
            "お受けできませんでした。アプリを新しくすると理由が表示されます。".into()
        }
    }
}

fn nearest_ja(some: &[SlotId], what: &str) -> String {
    if some.is_empty() {
        format!("{what}ほかの時間をご覧ください。")
    } else {
        format!("{what}近い時間はこの{}つです。", some.len())
    }
}

fn en(no: &Refusal) -> String {
    match no {
        Refusal::SlotPassed => "This time has already begun. Please choose another.".into(),
        Refusal::SlotTaken { nearest: it } => nearest_en(it, "Somebody else was a little earlier."),
        Refusal::SlotClosed { nearest: it } => nearest_en(it, "This time is no longer open."),
        Refusal::SlotChanged => {
            "The time or the place has changed. Please look again and choose.".into()
        }
        Refusal::TooSoon { lead_minutes } => format!(
            "You can book until {lead_minutes} minutes before the start. Please choose a later time."
        ),
        Refusal::AlreadyThen => "You have another interview at that time.".into(),
        Refusal::DayFull { most } => {
            format!("There can be {most} interviews a day. Please choose another day.")
        }
        Refusal::AheadFull { most } => {
            format!("You can have {most} interviews ahead. After one of them, there is room again.")
        }
        Refusal::HostDayFull { nearest: it } => nearest_en(it, "This day is full."),
        Refusal::HostWeekFull { nearest: it } => nearest_en(it, "This week is full."),
        Refusal::BookingPassed => {
            "The interview has begun, so it cannot be changed any more.".into()
        }
        Refusal::BookingCancelled => "This interview was already cancelled.".into(),
        Refusal::InterviewAhead => "You can write this once the interview has begun.".into(),
        Refusal::WordNeeded => {
            "Please write a word. It reaches those concerned as it is.".into()
        }
        Refusal::SlotsOverlap => "There is another slot at that time.".into(),
        Refusal::PatternEmpty => "No day fits. Please check the weekdays and the dates.".into(),
        Refusal::PatternLarge { most } => {
            format!("Up to {most} slots can be opened at once. Please shorten the period.")
        }
        Refusal::FieldEmpty { field } => format!("Please fill in “{}”.", field_en(*field)),
        Refusal::FieldLong { field, most } => {
            format!("“{}” holds up to {most} characters.", field_en(*field))
        }
        Refusal::NotHttps { field } => format!(
            "“{}” should be an address that begins with https://.",
            field_en(*field)
        ),
        Refusal::FieldWrong { field } => format!("Please check “{}”.", field_en(*field)),
        Refusal::NotThere => "It was not found. It may have been cancelled or changed.".into(),
        Refusal::DuePassed => "Please choose today or a later day.".into(),
        Refusal::PromiseKept => "This promise has been kept already.".into(),
        Refusal::OwnersAlone => "Only the owner gives or takes this role.".into(),
        Refusal::OwnerNeeded => "Nobody would be left as owner. Please keep one.".into(),
        Refusal::OwnPlace => {
            "You would lose your own place here. Please ask another owner or HR.".into()
        }
        Refusal::EventPassed => "This event has begun or is over.".into(),
        Refusal::EventAhead => "This event has not begun yet.".into(),
        Refusal::EventCancelled => "This event does not take place.".into(),
        Refusal::EventFull => "All places are taken, and there is no waitlist.".into(),
        Refusal::RepliesClosed => {
            "Places can no longer be asked for. The contact on the page can help.".into()
        }
        Refusal::TermTime => "Students have classes on weekdays from 9 to 17 in term. Please promise a recording or say when it is held again.".into(),
        Refusal::WayInUse => "Somebody takes part in this way, so it cannot be taken out.".into(),
        Refusal::CodeUnknown => "Nobody on the list has this code. Please check it.".into(),
        Refusal::GroupsLarge { most } => {
            format!("At most {most} people can be dealt into groups at once.")
        }
        Refusal::Expired => "It took too long to send, so it was not carried out.".into(),
        Refusal::GivenUp => "You took it back before it was sent.".into(),
        Refusal::Unknown => {
            "It could not be accepted. A newer version of the app will show why.".into()
        }
    }
}

fn nearest_en(some: &[SlotId], what: &str) -> String {
    match some.len() {
        0 => format!("{what} Please look at other times."),
        1 => format!("{what} The closest free time is this one."),
        n => format!("{what} The closest {n} free times are these."),
    }
}

fn field_ja(field: Field) -> &'static str {
    match field {
        Field::Topic => "話題",
        Field::Talk => "話したいこと",
        Field::Avoid => "触れてほしくないこと",
        Field::Place => "場所かリンク",
        Field::Link => "リンク",
        Field::Note => "メモ",
        Field::Word => "ひとこと",
        Field::Said => "話したこと",
        Field::Next => "次に",
        Field::Promise => "約束",
        Field::Due => "期日",
        Field::Correction => "補足",
        Field::TalksAbout => "話せること",
        Field::Days => "曜日",
        Field::From => "開始時刻",
        Field::Buffer => "間隔",
        Field::First => "開始日",
        Field::Last => "終了日",
        Field::Limit => "上限",
        Field::Wishes => "希望の時間",
        Field::Title => "名前",
        Field::Text => "内容",
        Field::To => "終了時刻",
        Field::Closes => "受付の締切",
        Field::Map => "地図のリンク",
        Field::OnSite => "会場の定員",
        Field::Online => "オンラインの定員",
        Field::Minutes => "かかる時間",
        Field::Bring => "持ち物",
        Field::Contact => "連絡先",
        Field::Hosts => "担当",
        Field::Invited => "招く人",
        Field::Again => "別の日時",
        Field::Question => "質問",
        Field::Answer => "答え",
        Field::Faq => "よくある質問に載せる言い方",
        Field::Apart => "別のグループにする人",
        Field::Unknown => "入力",
    }
}

fn field_en(field: Field) -> &'static str {
    match field {
        Field::Topic => "Topic",
        Field::Talk => "What I would like to talk about",
        Field::Avoid => "What I would rather not touch",
        Field::Place => "Place or link",
        Field::Link => "Link",
        Field::Note => "Note",
        Field::Word => "A word",
        Field::Said => "What we talked about",
        Field::Next => "Next",
        Field::Promise => "Promise",
        Field::Due => "By",
        Field::Correction => "Correction",
        Field::TalksAbout => "What I like to talk about",
        Field::Days => "Weekdays",
        Field::From => "From",
        Field::Buffer => "Pause",
        Field::First => "First day",
        Field::Last => "Last day",
        Field::Limit => "Limit",
        Field::Wishes => "Times",
        Field::Title => "Name",
        Field::Text => "Text",
        Field::To => "End",
        Field::Closes => "Replies until",
        Field::Map => "Link to a map",
        Field::OnSite => "Places on site",
        Field::Online => "Places online",
        Field::Minutes => "Minutes it asks",
        Field::Bring => "What to bring",
        Field::Contact => "Contact",
        Field::Hosts => "Hosts",
        Field::Invited => "Who is invited",
        Field::Again => "Held again",
        Field::Question => "Question",
        Field::Answer => "Answer",
        Field::Faq => "How it stands among the common questions",
        Field::Apart => "Who is kept apart",
        Field::Unknown => "Input",
    }
}
