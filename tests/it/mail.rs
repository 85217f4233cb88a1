//! Looking into mails.

use server::notification::Landed;
use tests::Town;

/// The newest mail.
pub(crate) fn newest(town: &Town) -> Landed {
    town.mail().mails().pop().expect("a mail came")
}

/// Mails to somebody of the cast, oldest first.
pub(crate) fn to(town: &Town, key: &str) -> Vec<Landed> {
    town.mail()
        .mails()
        .into_iter()
        .filter(|it| it.to == format!("{key}@example.jp"))
        .collect()
}

/// The six digits of a sign-in mail.
pub(crate) fn code_in(text: &str) -> String {
    let digits = |it: &&str| it.len() == 6 && it.bytes().all(|it| it.is_ascii_digit());
    text.split(|it: char| !it.is_ascii_alphanumeric())
        .find(digits)
        .expect("six digits")
        .to_owned()
}

/// The path of a link in a mail.
pub(crate) fn path_in(text: &str, begins: &str) -> String {
    let at = text
        .find(&format!("localhost:3000{begins}"))
        .unwrap_or_else(|| panic!("no link to {begins} in {text}"));
    text[at + "localhost:3000".len()..]
        .split_whitespace()
        .next()
        .expect("a link")
        .to_owned()
}
