//! Questions in a lesson. Nobody is judged by them: the device itself says what was right, and why.
//!
//! A lesson is drawn once, by the server; an answer is a short text, so that a phone needs no code for each kind of question:
//! the places of what was chosen (`0,2`), in their order or in that of the question; the step at which a situation ended; or
//! the word that was typed.

/// Is this answer one of those that count as right? `accepts` are as [`plain`] makes them.
#[must_use]
pub fn is_right<'a>(mut accepts: impl Iterator<Item = &'a str>, given: &str) -> bool {
    let given = plain(given);
    accepts.any(|it| *it == *given)
}

/// An answer as it is compared: without white space, in small letters, wide letters and figures narrow. Commas between
/// figures do not count in a number that is typed.
#[must_use]
pub fn plain(words: &str) -> String {
    words
        .chars()
        .map(|it| match it {
            // The wide forms of ASCII stand in its order.
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(it) - 0xFF01 + 0x21).unwrap_or(it),
            it => it,
        })
        .filter(|it| !it.is_whitespace() && !matches!(it, ',' | '、' | '。'))
        .map(|it| it.to_ascii_lowercase())
        .collect()
}
