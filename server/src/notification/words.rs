//! The letters in both languages. Subjects say what it is; a letter says what happened, what can be done next, and that
//! it can be answered. Nothing here asks for a reason or for thanks.

use app::format;
use domain::{
    booking::Place,
    member::{Language, Role},
    time::Time,
};

use super::{Reminder, What, mail::Letter};

/// What all letters share.
pub(super) struct Writer<'a> {
    pub(super) language: Language,
    /// The reader's name.
    pub(super) name: &'a str,
    pub(super) company: &'a str,
}

/// An interview as a letter speaks of it.
pub(super) struct Told<'a> {
    /// The other side's name.
    pub(super) with: &'a str,
    pub(super) starts: Time,
    pub(super) place: &'a Place,
    pub(super) link: Option<&'a str>,
    /// The word that whoever cancelled left.
    pub(super) word: Option<&'a str>,
    /// It is the reader's own doing.
    pub(super) is_own_doing: bool,
    /// The page where the reader goes on.
    pub(super) page: String,
}

impl Writer<'_> {
    pub(super) fn letter(
        &self,
        subject: String,
        paragraphs: Vec<String>,
        link: Option<(&'static str, String)>,
    ) -> Letter {
        let hello = self.pick(format!("{}さん", self.name), format!("Dear {},", self.name));
        let footer = self.pick(
            format!(
                "{}\nこのメールに返信すると、担当者に届きます。",
                self.company
            ),
            format!(
                "{}\nReplies to this mail reach the people in charge.",
                self.company
            ),
        );
        Letter {
            language: self.language,
            subject,
            paragraphs: std::iter::once(hello).chain(paragraphs).collect(),
            link,
            footer: vec![footer],
            calendar: None,
        }
    }

    pub(super) fn pick<T>(&self, ja: T, en: T) -> T {
        match self.language {
            Language::Ja => ja,
            Language::En => en,
        }
    }

    /// A sign-in code and its link.
    pub(super) fn code(&self, code: &str, address: String) -> Letter {
        let paragraphs = self.pick(
            vec![
                format!("ログイン用の番号です。\n{code}"),
                "10分間使えます。ほかの人には伝えないでください。".into(),
                "番号を入れる代わりに、下のリンクからもログインできます。心当たりがないときは、何もしなくて大丈夫です。".into(),
            ],
            vec![
                format!("Your code to sign in:\n{code}"),
                "It works for 10 minutes. Please give it to nobody.".into(),
                "Instead of typing it you can use the link below. If this was not you, there is nothing to do.".into(),
            ],
        );
        self.letter(
            self.pick("ログイン用の番号".into(), "Your code to sign in".into()),
            paragraphs,
            Some((self.pick("ログインする", "Sign in"), address)),
        )
    }

    /// An invitation.
    pub(super) fn invitation(&self, role: Role, address: String) -> Letter {
        let what = if role.is_staff() {
            self.pick(
                format!("{}の内定者と入社までをつなぐ「架け橋」に、あなたの席ができました。", self.company),
                format!("You have a place in Kakehashi, where {} stays in touch with those who will join.", self.company),
            )
        } else {
            self.pick(
                format!("{}と、入社までの間をつなぐ「架け橋」に、あなたの席ができました。15分の面談を予約したり、約束を確かめたりできます。", self.company),
                format!(
                    "You have a place in Kakehashi, where {} keeps in touch with you until you join: 15-minute interviews, and what we promised you.",
                    self.company
                ),
            )
        };
        let how = self.pick(
            "下のリンクから始められます。パスワードはありません。リンクは14日間使えて、切れても同じページから新しく送れます。",
            "Begin with the link below. There is no password. The link works for 14 days; after that its page sends a new one.",
        );
        self.letter(
            self.pick(
                "架け橋への招待".into(),
                "Your invitation to Kakehashi".into(),
            ),
            vec![what, how.into()],
            Some((self.pick("はじめる", "Begin"), address)),
        )
    }

    /// When, with whom, where.
    fn facts(&self, told: &Told<'_>) -> String {
        let when = format::when(self.language, told.starts);
        let place: &str = match told.place {
            Place::At(place) => place,
            Place::Online => self.pick("オンライン", "Online"),
        };
        let facts = self.pick(
            format!(
                "日時：{when}（日本時間）\n相手：{}さん\n場所：{place}",
                told.with
            ),
            format!("When: {when}\nWith: {}\nWhere: {place}", told.with),
        );
        match told.link {
            Some(link) => format!("{facts}\n{link}"),
            None => facts,
        }
    }

    /// 「11月5日(火) 10:00」.
    fn short(&self, starts: Time) -> String {
        format!(
            "{} {}",
            format::day(self.language, starts.day()),
            starts.clock()
        )
    }

    /// What became of a booking, for the offer-holder.
    pub(super) fn for_holder(&self, what: What, told: &Told<'_>) -> Letter {
        let short = self.short(told.starts);
        let free = self.pick(
            "始まるまでは、理由なしで日時の変更や取り消しができます。",
            "Until it begins you can move or cancel it without giving a reason.",
        );
        let see = self.pick("予約を見る", "See the booking");
        match what {
            What::Booked => self.letter(
                self.pick(format!("面談の確定：{short}"), format!("Interview booked: {short}")),
                vec![self.pick("面談の予約が確定しました。".into(), "Your interview is booked.".into()), self.facts(told), free.into()],
                Some((see, told.page.clone())),
            ),
            What::Moved => self.letter(
                self.pick(format!("面談の変更：{short}"), format!("Interview moved: {short}")),
                vec![self.pick("面談の日時が変わりました。".into(), "Your interview has a new time.".into()), self.facts(told), free.into()],
                Some((see, told.page.clone())),
            ),
            What::Cancelled if told.is_own_doing => self.letter(
                self.pick(format!("面談の取消：{short}"), format!("Interview cancelled: {short}")),
                vec![self.pick("面談を取り消しました。".into(), "Your interview is cancelled.".into()), self.facts(told)],
                Some((self.pick("別の時間を見る", "See other times"), told.page.clone())),
            ),
            What::Cancelled => self.letter(
                self.pick(format!("面談の中止：{short}"), format!("Interview called off: {short}")),
                vec![
                    self.pick(
                        format!("申し訳ありません。次の面談ができなくなりました。\n{}さんからのひとこと：\n{}", told.with, told.word.unwrap_or("（なし）")),
                        format!("We are sorry: this interview cannot take place.\nA word from {}:\n{}", told.with, told.word.unwrap_or("(none)")),
                    ),
                    self.facts(told),
                ],
                Some((self.pick("別の時間を選ぶ", "Choose another time"), told.page.clone())),
            ),
        }
    }

    /// What became of a booking, for the host. What the person wants to talk about stays inside.
    pub(super) fn for_host(&self, what: What, told: &Told<'_>) -> Letter {
        let short = self.short(told.starts);
        let (subject, opening) = match what {
            What::Booked => self.pick(
                (
                    format!("面談の予約：{short}"),
                    format!(
                        "{}さんが面談を予約しました。話したいことは、アプリで読めます。",
                        told.with
                    ),
                ),
                (
                    format!("New interview: {short}"),
                    format!(
                        "{} booked an interview. What they want to talk about stands in the app.",
                        told.with
                    ),
                ),
            ),
            What::Moved => self.pick(
                (
                    format!("面談の変更：{short}"),
                    format!("{}さんとの面談の日時が変わりました。", told.with),
                ),
                (
                    format!("Interview moved: {short}"),
                    format!("Your interview with {} has a new time.", told.with),
                ),
            ),
            What::Cancelled => self.pick(
                (
                    format!("面談の取消：{short}"),
                    format!(
                        "{}さんとの面談は取り消されました。理由は聞かないでください。",
                        told.with
                    ),
                ),
                (
                    format!("Interview cancelled: {short}"),
                    format!(
                        "Your interview with {} is cancelled. Please do not ask for a reason.",
                        told.with
                    ),
                ),
            ),
        };
        self.letter(
            subject,
            vec![opening, self.facts(told)],
            Some((
                self.pick("面談を見る", "See the interview"),
                told.page.clone(),
            )),
        )
    }

    /// A reminder, for either side.
    pub(super) fn reminder(&self, reminder: Reminder, told: &Told<'_>) -> Letter {
        let clock = told.starts.clock();
        let (subject, opening) = match reminder {
            Reminder::DayBefore => self.pick(
                (format!("明日 {clock} の面談"), "明日の面談のお知らせです。"),
                (
                    format!("Tomorrow at {clock}: your interview"),
                    "Your interview is tomorrow.",
                ),
            ),
            Reminder::HourBefore => self.pick(
                (format!("今日 {clock} の面談"), "まもなく面談です。"),
                (
                    format!("Today at {clock}: your interview"),
                    "Your interview begins soon.",
                ),
            ),
        };
        self.letter(
            subject,
            vec![opening.into(), self.facts(told)],
            Some((
                self.pick("予約を見る", "See the booking"),
                told.page.clone(),
            )),
        )
    }

    /// The record of an interview was written.
    pub(super) fn record(&self, told: &Told<'_>) -> Letter {
        let when = format::day(self.language, told.starts.day());
        let text = self.pick(
            format!("{}さんが、{when}の面談のメモを書きました。約束したことも載っています。違うところがあれば、書き足せます。", told.with),
            format!("{} wrote down what you talked about on {when}, with what was promised. If something is not as you remember it, you can add to it.", told.with),
        );
        self.letter(
            self.pick(
                "面談メモが届きました".into(),
                "Notes of your interview".into(),
            ),
            vec![text],
            Some((self.pick("メモを読む", "Read the notes"), told.page.clone())),
        )
    }
}
