//! Finding people as they are typed: hiragana finds katakana, width and case do not matter, nor do spaces.

use domain::member::{Person, Role};

/// A text brought into the one form in which texts are compared.
pub(super) fn folded(text: &str) -> String {
    text.chars().filter_map(folded_char).collect()
}

fn folded_char(it: char) -> Option<char> {
    let shifted = |by: u32| char::from_u32(u32::from(it) - by);
    match it {
        _ if it.is_whitespace() => None,
        // Katakana to hiragana.
        'ァ'..='ヶ' => shifted(0x60),
        // Full-width letters and figures to half width, in lower case.
        'A'..='Z' => shifted(0xFEE0 - 0x20),
        '!'..='~' => shifted(0xFEE0),
        _ => it.to_lowercase().next(),
    }
}

/// What a person can be found by.
pub(super) fn key(person: &Person) -> String {
    let parts = [
        Some(&person.name),
        person.kana.as_ref(),
        person.school.as_ref(),
        person.faculty.as_ref(),
        person.team.as_ref(),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().map(|it| folded(it)).collect();
    // A sign that nobody types stands between, so that no search matches across two parts.
    parts.join("\n")
}

/// Does somebody of this role and with this key match?
pub(super) fn matches(key: &str, role: Role, wanted: &str, wanted_role: Option<Role>) -> bool {
    wanted_role.is_none_or(|it| it == role) && key.contains(wanted)
}

#[cfg(test)]
mod tests;
