//! What can be wrong with a course's folder, in words for whoever wrote it.

use domain::member::Language;

use crate::learning::package::fault::PackageFault;

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The file.
    pub(crate) path: String,
    /// What is wrong.
    pub(crate) fault: Fault,
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The file is not there.
    Missing,
    /// It is not UTF-8.
    NotUtf8,
    /// It is not what was expected; the parser says where.
    NotToml(String),
    /// A text is empty or too long.
    Words {
        /// Which.
        field: &'static str,
        /// Characters that fit.
        most: usize,
    },
    /// A name with other characters.
    BadName(String),
    /// A lesson or a question of this name stands there twice.
    Twice(String),
    /// Too few lessons, or too many.
    Lessons(usize),
    /// What is asked for must be paid.
    Unpaid,
    /// A lesson does not begin with its facts between `+++`.
    NoFront,
    /// A lesson takes from one minute to sixty.
    Minutes,
    /// A week of a study plan takes more than this, in minutes.
    WeekLong(u16),
    /// A subsidy is of so many yen at most.
    SubsidyLarge(u32),
    /// There is no text.
    NoText,
    /// The text is longer than a phone should load.
    TextLong(usize),
    /// A picture, sound or video is not there.
    NoFile(String),
    /// A file is not what its name says, or of no kind that is shown.
    BadFile(String),
    /// A file is too large.
    FileLarge(String),
    /// A question is not made as its kind is.
    BadQuiz(String),
    /// The English text asks other questions.
    Unlike(String),
    /// Somebody else saved it since it was opened.
    WrittenMeanwhile,
    /// It is no folder and no ZIP of one.
    NotAFolder,
    /// A ZIP that would write outside of its folder, or holds links.
    Outside,
    /// More files or bytes than a course needs.
    TooMuch,
    /// A module is larger than a phone should load at once.
    ModuleLarge(String),
    /// Of a package that others made.
    Package(PackageFault),
}

impl Problem {
    /// In a sentence.
    #[expect(clippy::too_many_lines, reason = "a table")]
    pub(crate) fn words(&self, language: Language) -> String {
        let [ja, en] = match &self.fault {
            Fault::Missing => [
                "ファイルがありません。".into(),
                "This file is missing.".into(),
            ],
            Fault::NotUtf8 => [
                "UTF-8 の文字として読めません。".into(),
                "This file is not UTF-8.".into(),
            ],
            Fault::NotToml(said) => [
                format!("読めないところがあります。{said}"),
                format!("Something here cannot be read. {said}"),
            ],
            Fault::Words { field, most } => [
                format!("{field} は、1 文字から {most} 文字までです。"),
                format!("{field} has from 1 to {most} characters."),
            ],
            Fault::BadName(name) => [
                format!(
                    "「{name}」は名前に使えません。使えるのは a-z、0-9、- の 40 文字までです。"
                ),
                format!("“{name}” cannot be a name: a-z, 0-9 and -, at most 40 characters."),
            ],
            Fault::Twice(name) => [
                format!("「{name}」が二度出てきます。"),
                format!("“{name}” stands here twice."),
            ],
            Fault::Lessons(most) => [
                format!("レッスンは 1 から {most} までです。"),
                format!("A course has from 1 to {most} lessons."),
            ],
            Fault::Unpaid => [
                "会社が求める講座には、時間と支払う額が要ります。".into(),
                "A course that the company asks for needs its hours and its pay.".into(),
            ],
            Fault::NoFront => [
                "「+++」ではさんだ title から始まります。".into(),
                "A lesson begins with its title between lines of +++.".into(),
            ],
            Fault::Minutes => [
                "minutes は 1 から 60 までです。".into(),
                "minutes is from 1 to 60.".into(),
            ],
            Fault::WeekLong(most) => [
                format!("一週間の minutes は、1 から {most} までです。"),
                format!("minutes of a week is from 1 to {most}."),
            ],
            Fault::SubsidyLarge(most) => [
                format!("subsidy_yen は、1 から {most} までです。"),
                format!("subsidy_yen is from 1 to {most}."),
            ],
            Fault::NoText => ["本文がありません。".into(), "There is no text.".into()],
            Fault::TextLong(most) => [
                format!("本文が長すぎます。{most} KB までに分けてください。"),
                format!("The text is too long: at most {most} KB, please make two lessons of it."),
            ],
            Fault::NoFile(path) => [
                format!("「{path}」がありません。"),
                format!("“{path}” is not there."),
            ],
            Fault::BadFile(path) => [
                format!(
                    "「{path}」の中身が、名前と合いません。使えるのは png・jpg・webp・mp4・webm・m4a・mp3・vtt です。"
                ),
                format!(
                    "“{path}” is not what its name says; png, jpg, webp, mp4, webm, m4a, mp3 and vtt are shown."
                ),
            ],
            Fault::FileLarge(path) => [
                format!("「{path}」が大きすぎます。"),
                format!("“{path}” is too large."),
            ],
            Fault::BadQuiz(said) => [
                format!("問いの書き方を確かめてください。{said}"),
                format!("A question is not in order. {said}"),
            ],
            Fault::Unlike(id) => [
                format!("問い「{id}」が、日本語と英語で合いません。"),
                format!("The question “{id}” differs between Japanese and English."),
            ],
            Fault::WrittenMeanwhile => [
                "開いたあとに、別の人が保存しました。書いたものはこのまま残しています。写してから、開き直してください。".into(),
                "Somebody else saved it since you opened it. What you wrote still stands here: please copy it and open it anew.".into(),
            ],
            Fault::NotAFolder => [
                "講座のフォルダーでも、その ZIP でもありません。".into(),
                "This is neither the folder of a course nor a ZIP of one.".into(),
            ],
            Fault::Outside => [
                "フォルダーの外を指す名前か、リンクが入っています。".into(),
                "It names something outside of its folder, or holds a link.".into(),
            ],
            Fault::TooMuch => [
                "ファイルが多すぎるか、大きすぎます。講座は 2,000 ファイル、200 MB までです。"
                    .into(),
                "Too many files or too large: a course has at most 2,000 files and 200 MB.".into(),
            ],
            Fault::ModuleLarge(name) => [
                format!("章「{name}」の文章と画像が 2 MB を超えています。"),
                format!("Text and pictures of the module “{name}” are more than 2 MB."),
            ],
            Fault::Package(it) => it.words(),
        };
        match language {
            Language::Ja => format!("{}: {ja}", self.path),
            Language::En => format!("{}: {en}", self.path),
        }
    }
}
