//! Checked strings: what a person typed, trimmed, bounded and free of control characters.

use std::fmt;

use serde::{Deserialize, Serialize, de};

use crate::{
    member::Language,
    refusal::{Field, Refusal},
};

/// One line of at most `MOST` characters, never empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Line<const MOST: usize>(Box<str>);

/// Several lines of at most `MOST` characters together, never empty. Line ends are `\n`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const MOST: usize>(Box<str>);

/// Why a text was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// Nothing but white space.
    Empty,
    /// More than this many characters.
    Long(usize),
    /// Not a web address that begins with `https://`.
    NotHttps,
}

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty"),
            Self::Long(most) => write!(f, "longer than {most} characters"),
            Self::NotHttps => f.write_str("not an https address"),
        }
    }
}

impl TextFault {
    /// The refusal that names the field this fault was found in.
    #[must_use]
    pub fn in_field(self, field: Field) -> Refusal {
        match self {
            Self::Empty => Refusal::FieldEmpty { field },
            Self::Long(most) => Refusal::FieldLong { field, most },
            Self::NotHttps => Refusal::NotHttps { field },
        }
    }
}

/// Characters that draw nothing and could disguise a text: controls and direction overrides.
fn is_hidden(it: char) -> bool {
    it.is_control() || matches!(it, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn bounded(text: &str, most: usize) -> Result<Box<str>, TextFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextFault::Empty);
    }
    if text.chars().count() > most {
        return Err(TextFault::Long(most));
    }
    Ok(text.into())
}

impl<const MOST: usize> Line<MOST> {
    /// Trims; line ends become spaces, hidden characters go.
    ///
    /// # Errors
    /// When nothing is left or more than `MOST` characters are.
    pub fn new(text: &str) -> Result<Self, TextFault> {
        let line: String = text
            .chars()
            .map(|it| if it == '\n' || it == '\t' { ' ' } else { it })
            .filter(|it| !is_hidden(*it))
            .collect();
        bounded(&line, MOST).map(Self)
    }
}

impl<const MOST: usize> Text<MOST> {
    /// Trims; hidden characters other than line ends and tabs go.
    ///
    /// # Errors
    /// When nothing is left or more than `MOST` characters are.
    pub fn new(text: &str) -> Result<Self, TextFault> {
        let text: String = text
            .chars()
            .filter(|it| matches!(it, '\n' | '\t') || !is_hidden(*it))
            .collect();
        bounded(&text, MOST).map(Self)
    }
}

macro_rules! checked {
    ($name:ident) => {
        impl<const MOST: usize> $name<MOST> {
            /// `None` for nothing but white space: an optional field left empty.
            ///
            /// # Errors
            /// When there are more than `MOST` characters.
            pub fn optional(text: &str) -> Result<Option<Self>, TextFault> {
                match Self::new(text) {
                    Ok(it) => Ok(Some(it)),
                    Err(TextFault::Empty) => Ok(None),
                    Err(fault) => Err(fault),
                }
            }
        }

        impl<const MOST: usize> std::ops::Deref for $name<MOST> {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<const MOST: usize> fmt::Display for $name<MOST> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de, const MOST: usize> Deserialize<'de> for $name<MOST> {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                Self::new(&text).map_err(de::Error::custom)
            }
        }
    };
}

checked!(Line);
checked!(Text);

/// A person's or a company part's name.
pub type Name = Line<80>;
/// A place, in words.
pub type PlaceName = Line<120>;
/// A few words: a topic, what somebody likes to talk about.
pub type Short = Line<200>;
/// A few paragraphs.
pub type Long = Text<2000>;

/// A web address that begins with `https://` and has a host; at most 500 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct HttpsLink(Box<str>);

impl HttpsLink {
    /// Checks the scheme and that a plain host follows; no user name, no white space.
    ///
    /// # Errors
    /// [`TextFault`] when empty, too long or not such an address.
    pub fn new(text: &str) -> Result<Self, TextFault> {
        let text = bounded(text, 500)?;
        let host = text
            .strip_prefix("https://")
            .map(|it| it.split(['/', '?', '#']).next().unwrap_or(""));
        let is_host = |it: &str| {
            it.contains('.')
                && !it.starts_with('.')
                && it
                    .chars()
                    .all(|it| it.is_alphanumeric() || matches!(it, '.' | '-' | ':'))
        };
        if !host.is_some_and(is_host)
            || text
                .chars()
                .any(|it| it.is_whitespace() || is_hidden(it) || matches!(it, '"' | '<' | '>'))
        {
            return Err(TextFault::NotHttps);
        }
        Ok(Self(text))
    }
}

impl std::ops::Deref for HttpsLink {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HttpsLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for HttpsLink {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Self::new(&text).map_err(de::Error::custom)
    }
}

/// Something said in Japanese, and in English where somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said<T> {
    /// In Japanese.
    pub ja: T,
    /// In English.
    #[serde(default = "nothing", skip_serializing_if = "Option::is_none")]
    pub en: Option<T>,
}

pub(crate) fn nothing<T>() -> Option<T> {
    None
}

impl<T> Said<T> {
    /// In this language, or in Japanese when nobody wrote it in English.
    pub fn in_language(&self, language: Language) -> &T {
        match (language, &self.en) {
            (Language::En, Some(en)) => en,
            _ => &self.ja,
        }
    }
}

#[cfg(test)]
mod tests;
