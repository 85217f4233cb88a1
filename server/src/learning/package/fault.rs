//! What can be wrong with a package, in words for whoever imports it.

use crate::learning::format::Fault;

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PackageFault {
    /// Nobody has said where packages play.
    NoPlayAddress,
    /// It is no ZIP that can be read.
    NotAZip,
    /// An entry leads outside, or is a link.
    Outside(String),
    /// More files or bytes than a package may have.
    TooMuch,
    /// The manifest is no XML; the parser says where.
    NotXml(String),
    /// The manifest brings definitions of its own.
    Doctype,
    /// Neither 1.2 nor 2004.
    OtherVersion(String),
    /// Nothing in it can be opened.
    NothingToOpen,
    /// It names an address elsewhere.
    ReachesOut(String),
    /// What is to be opened is no page.
    NotAPage(String),
}

impl From<PackageFault> for Fault {
    fn from(it: PackageFault) -> Self {
        Self::Package(it)
    }
}

impl PackageFault {
    /// What the parser said.
    pub(super) fn of_xml(error: &roxmltree::Error) -> Self {
        match error {
            roxmltree::Error::DtdDetected => Self::Doctype,
            other => Self::NotXml(other.to_string()),
        }
    }

    /// In a sentence: Japanese, English.
    pub(crate) fn words(&self) -> [String; 2] {
        match self {
            Self::NoPlayAddress => [
                "パッケージには、教材だけを開くアドレスが要ります。サーバーの設定 --play-address(KAKEHASHI_PLAY_ADDRESS)に、https://play.bridge.example.jp のように書いてください。".into(),
                "Packages play at an address of their own. Please set --play-address (KAKEHASHI_PLAY_ADDRESS) of the server, such as https://play.bridge.example.jp.".into(),
            ],
            Self::NotAZip => [
                "ZIP として読めません。".into(),
                "This cannot be read as a ZIP.".into(),
            ],
            Self::Outside(path) => [
                format!("「{path}」は、パッケージの外を指す名前か、リンクです。"),
                format!("“{path}” names something outside of the package, or is a link."),
            ],
            Self::TooMuch => [
                "ファイルが多すぎるか、大きすぎます。パッケージは 3,000 ファイル、200 MB まで、一つのファイルは 64 MB までです。".into(),
                "Too many files or too large: a package has at most 3,000 files and 200 MB, a file at most 64 MB.".into(),
            ],
            Self::NotXml(said) => [
                format!("XML として読めません。{said}"),
                format!("This cannot be read as XML. {said}"),
            ],
            Self::Doctype => [
                "DOCTYPE のある XML は取り込めません。DOCTYPE を消してください。".into(),
                "XML with a DOCTYPE is not taken. Please remove it.".into(),
            ],
            Self::OtherVersion(version) => [
                format!("「{version}」は開けません。SCORM は 1.2 と 2004 が使えます。"),
                format!("“{version}” cannot be played; SCORM 1.2 and 2004 can."),
            ],
            Self::NothingToOpen => [
                "開ける教材が一つもありません。".into(),
                "There is nothing in it that could be opened.".into(),
            ],
            Self::ReachesOut(address) => [
                format!("「{address}」はパッケージの外です。使えるのは中のファイルだけです。"),
                format!("“{address}” is outside of the package; only files in it can be used."),
            ],
            Self::NotAPage(path) => [
                format!("「{path}」は開けません。教材は html のページから始まります。"),
                format!("“{path}” cannot be opened: a lesson begins with an html page."),
            ],
        }
    }
}
