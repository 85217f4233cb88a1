//! 学ぶ: courses of small lessons that an offer-holder may read if they like, and finds again on another phone.
//!
//! In reading order: this file (what a course is, and whether one takes part), [`quiz`] (questions in a lesson), [`progress`] (how far somebody is), [`tally`] (what the company may know of that).
//!
//! Optional is a type: see [`Participation`]. No date by which something is due exists, and no list of who did not.

pub mod progress;
pub mod quiz;
pub mod tally;

use serde::{Deserialize, Serialize};

use crate::{
    id::{CourseId, LessonId},
    member::Language,
    text::{PlaceName, Said, Short},
    time::Time,
};

pub use progress::{Attempt, Progress, Study};

/// Row `course`: what a course is, for those who may take it and those who look after it. The lessons' texts and pictures
/// are files of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Which.
    pub id: CourseId,
    /// Its name.
    pub title: Said<Short>,
    /// What it is about, in a sentence.
    pub summary: Said<Short>,
    /// Whether the company asks for it.
    #[serde(default, skip_serializing_if = "Participation::is_optional")]
    pub participation: Participation,
    /// It is a study plan for a qualification.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_qualification: bool,
    /// Its place in the list.
    #[serde(default)]
    pub place: u16,
    /// Its modules, in order.
    pub modules: Vec<Module>,
}

/// What somebody downloads at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// Its name.
    pub title: Said<Short>,
    /// Its lessons, in order.
    pub lessons: Vec<Lesson>,
}

/// A page to read in a few minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Which.
    pub id: LessonId,
    /// Its name.
    pub title: Said<Short>,
    /// About how long it takes.
    pub minutes: u16,
    /// It is the form by which the company is asked to pay for the exam, up to so many yen: nothing to have read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subsidy_yen: Option<u32>,
    /// Its page only opens what others made: that is played with a connection.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_played: bool,
    /// Its page, drawn by the server: HTML.
    pub page: File,
    /// The same in English, where somebody wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_en: Option<File>,
    /// Pictures, sound and video in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<File>,
}

/// A file that never changes: it is called after what is in it. As text: `0123….html 5120`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// SHA-256 of its bytes in hexadecimal digits, and what kind of file it is.
    pub name: Box<str>,
    /// How long it is.
    pub bytes: u64,
}

impl Serialize for File {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&[&self.name, " ", &*self.bytes.to_string()].concat())
    }
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        let read = text.split_once(' ').and_then(|(name, bytes)| {
            let (name, bytes) = (name.into(), bytes.parse().ok()?);
            Some(Self { name, bytes })
        });
        read.ok_or_else(|| serde::de::Error::custom("not a file"))
    }
}

impl File {
    /// Where it is fetched.
    #[must_use]
    pub fn path(&self) -> String {
        ["/media/", &self.name].concat()
    }
}

/// Whether a company may expect somebody to take a course. Nothing unpaid can be asked for: there is no such value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Participation {
    /// Whoever likes.
    #[default]
    Optional,
    /// Working time: paid, somewhere, and only with the person's own yes ([`Enrollment::Agreed`]).
    PaidRequired {
        /// Hours of it.
        hours: u16,
        /// Where.
        place: PlaceName,
        /// What the company pays for all of it, in yen.
        pay_yen: u32,
    },
}

impl Participation {
    fn is_optional(&self) -> bool {
        *self == Self::Optional
    }
}

impl Course {
    /// All lessons that can be read, in order.
    pub fn lessons(&self) -> impl Iterator<Item = &Lesson> {
        self.pages().filter(|it| it.subsidy_yen.is_none())
    }

    /// All lessons and forms, in order.
    pub fn pages(&self) -> impl Iterator<Item = &Lesson> {
        self.modules.iter().flat_map(|it| &it.lessons)
    }

    /// Up to how many yen the company pays of its exam; nothing where it pays nothing.
    #[must_use]
    pub fn subsidy_yen(&self) -> Option<u32> {
        self.pages().find_map(|it| it.subsidy_yen)
    }

    /// About how long all of it takes.
    #[must_use]
    pub fn minutes(&self) -> u16 {
        self.lessons().map(|it| it.minutes).sum()
    }

    /// When the last of its lessons was finished, by somebody who finished each at such a time; nothing while one is left.
    pub fn finished(&self, completed: impl Fn(LessonId) -> Option<Time>) -> Option<Time> {
        let mut last = None;
        for it in self.lessons() {
            last = last.max(Some(completed(it.id)?));
        }
        last
    }
}

impl Module {
    /// It can be read without a connection, once its files are on the device.
    #[must_use]
    pub fn is_whole_offline(&self) -> bool {
        self.lessons.iter().all(|it| !it.is_played)
    }

    /// Everything that has to be on a device for reading it without a connection.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.lessons.iter().flat_map(Lesson::files)
    }

    /// Bytes of all that.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files().map(|it| it.bytes).sum()
    }
}

impl Lesson {
    /// Everything that has to be on a device for reading it without a connection.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        let pages = std::iter::once(&self.page).chain(&self.page_en);
        pages.chain(&self.media)
    }

    /// Its page in this language, or in Japanese when nobody wrote it in English.
    #[must_use]
    pub fn page_in(&self, language: Language) -> &File {
        match (language, &self.page_en) {
            (Language::En, Some(page)) => page,
            _ => &self.page,
        }
    }
}

/// Row `enrollment`: what somebody said to a course; nothing as long as they said nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrollment {
    /// It stands in the list.
    Listed,
    /// やらない: it is shown nowhere.
    Declined,
    /// The person agreed to a paid one.
    Agreed,
}

/// Mutation `course.enroll.v1`: an offer-holder says whether they want a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enroll {
    /// Which.
    pub course: CourseId,
    /// What they say.
    pub enrollment: Enrollment,
}

#[cfg(test)]
mod tests;
