//! Every "no" as a sentence: short, polite, with what happens next. What only the company's people are told weighs on no
//! offer-holder's phone.

/// Words that weigh on no offer-holder's phone: without the console's people there is nothing to say.
#[cfg(not(feature = "staff"))]
mod staff {
    use domain::refusal::{Field, Refusal};

    pub(super) fn ja(_: &Refusal) -> String {
        super::ja(&Refusal::Unknown)
    }

    pub(super) fn en(_: &Refusal) -> String {
        super::en(&Refusal::Unknown)
    }

    pub(super) fn called(_: Field) -> [&'static str; 2] {
        super::called(Field::Unknown)
    }
}
#[cfg(feature = "staff")]
mod staff;

use domain::{
    id::SlotId,
    member::Language,
    refusal::{Field, Refusal},
};

use super::counted;

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
        Refusal::FieldEmpty { field } => format!("「{}」を入力してください。", called(*field)[0]),
        Refusal::FieldLong { field, most } => {
            format!("「{}」は{most}文字までです。", called(*field)[0])
        }
        Refusal::FieldWrong { field } => format!("「{}」を確かめてください。", called(*field)[0]),
        Refusal::NotThere => {
            "見つかりませんでした。取り消されたか、変わった可能性があります。".into()
        }
        Refusal::EventPassed => "もう始まっているか、終わった催しです。".into(),
        Refusal::EventCancelled => "この催しは中止になりました。".into(),
        Refusal::EventFull => "席が埋まっています。キャンセル待ちは受け付けていません。".into(),
        Refusal::RepliesClosed => {
            "参加の受付は終わりました。聞きたいことは、連絡先へどうぞ。".into()
        }
        Refusal::Expired => "送るまでに時間がたったため、実行しませんでした。".into(),
        Refusal::GivenUp => "送る前に取り消しました。".into(),
        Refusal::InterviewAhead
        | Refusal::WordNeeded
        | Refusal::SlotsOverlap
        | Refusal::PatternEmpty
        | Refusal::PatternLarge { .. }
        | Refusal::NotHttps { .. }
        | Refusal::DuePassed
        | Refusal::PromiseKept
        | Refusal::OwnersAlone
        | Refusal::OwnerNeeded
        | Refusal::OwnPlace
        | Refusal::EventAhead
        | Refusal::TermTime
        | Refusal::WayInUse
        | Refusal::CodeUnknown
        | Refusal::GroupsLarge { .. } => staff::ja(no),
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
            let most = counted(most, "interview");
            format!("There can be {most} a day. Please choose another day.")
        }
        Refusal::AheadFull { most } => {
            let most = counted(most, "interview");
            format!("You can have {most} ahead. After one of them, there is room again.")
        }
        Refusal::HostDayFull { nearest: it } => nearest_en(it, "This day is full."),
        Refusal::HostWeekFull { nearest: it } => nearest_en(it, "This week is full."),
        Refusal::BookingPassed => {
            "The interview has begun, so it cannot be changed any more.".into()
        }
        Refusal::BookingCancelled => "This interview was already cancelled.".into(),
        Refusal::FieldEmpty { field } => format!("Please fill in “{}”.", called(*field)[1]),
        Refusal::FieldLong { field, most } => {
            format!("“{}” holds up to {most} characters.", called(*field)[1])
        }
        Refusal::FieldWrong { field } => format!("Please check “{}”.", called(*field)[1]),
        Refusal::NotThere => "It was not found. It may have been cancelled or changed.".into(),
        Refusal::EventPassed => "This event has begun or is over.".into(),
        Refusal::EventCancelled => "This event does not take place.".into(),
        Refusal::EventFull => "All places are taken, and there is no waitlist.".into(),
        Refusal::RepliesClosed => {
            "Places can no longer be asked for. The contact on the page can help.".into()
        }
        Refusal::Expired => "It took too long to send, so it was not carried out.".into(),
        Refusal::GivenUp => "You took it back before it was sent.".into(),
        Refusal::InterviewAhead
        | Refusal::WordNeeded
        | Refusal::SlotsOverlap
        | Refusal::PatternEmpty
        | Refusal::PatternLarge { .. }
        | Refusal::NotHttps { .. }
        | Refusal::DuePassed
        | Refusal::PromiseKept
        | Refusal::OwnersAlone
        | Refusal::OwnerNeeded
        | Refusal::OwnPlace
        | Refusal::EventAhead
        | Refusal::TermTime
        | Refusal::WayInUse
        | Refusal::CodeUnknown
        | Refusal::GroupsLarge { .. } => staff::en(no),
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

/// What a field is called, in both languages.
fn called(field: Field) -> [&'static str; 2] {
    match field {
        Field::Topic => ["話題", "Topic"],
        Field::Talk => ["話したいこと", "What I would like to talk about"],
        Field::Avoid => ["触れてほしくないこと", "What I would rather not touch"],
        Field::Correction => ["補足", "Correction"],
        Field::Wishes => ["希望の時間", "Times"],
        Field::Question => ["質問", "Question"],
        Field::Answer => ["答え", "Answer"],
        Field::Purpose => ["何の費用か", "What you paid for"],
        Field::Yen => ["金額", "Amount in yen"],
        Field::Paid => ["支払った日", "Paid on"],
        Field::Receipt => ["領収書の写真", "Photo of the receipt"],
        Field::Place
        | Field::Link
        | Field::Note
        | Field::Word
        | Field::Said
        | Field::Next
        | Field::Promise
        | Field::Due
        | Field::TalksAbout
        | Field::Days
        | Field::From
        | Field::Buffer
        | Field::First
        | Field::Last
        | Field::Limit
        | Field::Title
        | Field::Text
        | Field::To
        | Field::Closes
        | Field::Map
        | Field::OnSite
        | Field::Online
        | Field::Minutes
        | Field::Bring
        | Field::Contact
        | Field::Hosts
        | Field::Invited
        | Field::Again
        | Field::Faq
        | Field::Apart => staff::called(field),
        Field::Unknown => ["入力", "Input"],
    }
}
