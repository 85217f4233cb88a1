//! What only the company's people are refused.

use domain::refusal::{Field, Refusal};

pub(super) fn ja(no: &Refusal) -> String {
    match no {
        Refusal::InterviewAhead => "面談が始まってから書けます。".into(),
        Refusal::WordNeeded => "受け取る方へ、ひとこと書いてください。そのまま届きます。".into(),
        Refusal::SlotsOverlap => "同じ時間に別の枠があります。".into(),
        Refusal::PatternEmpty => {
            "この条件に当てはまる日がありません。曜日と期間を確かめてください。".into()
        }
        Refusal::PatternLarge { most } => {
            format!("一度に開けるのは{most}枠までです。期間を短くしてください。")
        }
        Refusal::NotHttps { field } => format!(
            "「{}」は https:// で始まるアドレスにしてください。",
            super::called(*field)[0]
        ),
        Refusal::DuePassed => "期日は今日以降にしてください。".into(),
        Refusal::PromiseKept => "この約束は、もう果たされています。".into(),
        Refusal::OwnersAlone => "この役割を渡したり外したりできるのは、管理責任者だけです。".into(),
        Refusal::OwnerNeeded => "管理責任者がいなくなります。1人は残してください。".into(),
        Refusal::OwnPlace => {
            "あなた自身の登録が消えます。ほかの管理責任者か人事に頼んでください。".into()
        }
        Refusal::EventAhead => "まだ始まっていない催しです。".into(),
        Refusal::TermTime => {
            "授業期間の平日9時から17時です。録画を残すか、別の日時にも開くことを書いてください。"
                .into()
        }
        Refusal::WayInUse => "この参加方法の方がいるので、なくせません。".into(),
        Refusal::CodeUnknown => "この番号の方は名簿にいません。もう一度確かめてください。".into(),
        Refusal::GroupsLarge { most } => {
            format!("一度にグループに分けられるのは{most}人までです。")
        }
        _ => super::ja(&Refusal::Unknown),
    }
}

pub(super) fn en(no: &Refusal) -> String {
    match no {
        Refusal::InterviewAhead => "You can write this once the interview has begun.".into(),
        Refusal::WordNeeded => {
            "Please write a word. It reaches those concerned as it is.".into()
        }
        Refusal::SlotsOverlap => "There is another slot at that time.".into(),
        Refusal::PatternEmpty => "No day fits. Please check the weekdays and the dates.".into(),
        Refusal::PatternLarge { most } => {
            format!("Up to {most} slots can be opened at once. Please shorten the period.")
        }
        Refusal::NotHttps { field } => format!(
            "“{}” should be an address that begins with https://.",
            super::called(*field)[1]
        ),
        Refusal::DuePassed => "Please choose today or a later day.".into(),
        Refusal::PromiseKept => "This promise has been kept already.".into(),
        Refusal::OwnersAlone => "Only the owner gives or takes this role.".into(),
        Refusal::OwnerNeeded => "Nobody would be left as owner. Please keep one.".into(),
        Refusal::OwnPlace => {
            "You would lose your own place here. Please ask another owner or HR.".into()
        }
        Refusal::EventAhead => "This event has not begun yet.".into(),
        Refusal::TermTime => "Students have classes on weekdays from 9 to 17 in term. Please promise a recording or say when it is held again.".into(),
        Refusal::WayInUse => "Somebody takes part in this way, so it cannot be taken out.".into(),
        Refusal::CodeUnknown => "Nobody on the list has this code. Please check it.".into(),
        Refusal::GroupsLarge { most } => {
            format!("At most {most} people can be dealt into groups at once.")
        }
        _ => super::en(&Refusal::Unknown),
    }
}

pub(super) fn called(field: Field) -> [&'static str; 2] {
    match field {
        Field::Place => ["場所かリンク", "Place or link"],
        Field::Link => ["リンク", "Link"],
        Field::Note => ["メモ", "Note"],
        Field::Word => ["ひとこと", "A word"],
        Field::Said => ["話したこと", "What we talked about"],
        Field::Next => ["次に", "Next"],
        Field::Promise => ["約束", "Promise"],
        Field::Due => ["期日", "By"],
        Field::TalksAbout => ["話せること", "What I like to talk about"],
        Field::Days => ["曜日", "Weekdays"],
        Field::From => ["開始時刻", "From"],
        Field::Buffer => ["間隔", "Pause"],
        Field::First => ["開始日", "First day"],
        Field::Last => ["終了日", "Last day"],
        Field::Limit => ["上限", "Limit"],
        Field::Title => ["名前", "Name"],
        Field::Text => ["内容", "Text"],
        Field::To => ["終了時刻", "End"],
        Field::Closes => ["受付の締切", "Replies until"],
        Field::Map => ["地図のリンク", "Link to a map"],
        Field::OnSite => ["会場の定員", "Places on site"],
        Field::Online => ["オンラインの定員", "Places online"],
        Field::Minutes => ["かかる時間", "Minutes it asks"],
        Field::Bring => ["持ち物", "What to bring"],
        Field::Contact => ["連絡先", "Contact"],
        Field::Hosts => ["担当", "Hosts"],
        Field::Invited => ["招く人", "Who is invited"],
        Field::Again => ["別の日時", "Held again"],
        Field::Faq => [
            "よくある質問に載せる言い方",
            "How it stands among the common questions",
        ],
        Field::Apart => ["別のグループにする人", "Who is kept apart"],
        _ => super::called(Field::Unknown),
    }
}
