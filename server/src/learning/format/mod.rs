//! Reads a course from its folder: `server/courses/README.md` says how it is written.
//!
//! In reading order: this file (the folder as a whole), [`lesson`] (a lesson's file), [`text`] (its Markdown), [`quiz`] (its
//! questions), [`media`] (its pictures, sound and video), [`qualification`] (a folder of another kind), [`fault`] (what can be wrong, in words).
//! Everything that is wrong is found at once, and nothing is guessed.

pub(crate) mod fault;
mod lesson;
mod media;
mod qualification;
mod quiz;
mod subsidy;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    id::{CourseId, LessonId},
    learning::{Course, File, Lesson, Module, Participation},
    text::{Line, PlaceName, Said, Short},
};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

pub(crate) use fault::{Fault, Problem};
pub(crate) use media::{is_media, kind_of};

/// Lessons of one course.
const MOST_LESSONS: usize = 200;

/// Bytes of a module's text and pictures: what a phone on a bad connection should load at once.
const MOST_LIGHT: u64 = 2 << 20;

/// The files of a folder, by their paths in it.
pub(crate) type Folder = BTreeMap<String, Vec<u8>>;

/// A course as it was read.
#[derive(Debug)]
pub(crate) struct Read {
    /// The name of its folder.
    pub(crate) slug: String,
    /// The course.
    pub(crate) course: Course,
    /// Its files and their bytes.
    pub(crate) files: BTreeMap<File, Vec<u8>>,
}

/// What is being read, and what was wrong so far.
pub(super) struct Reading<'a> {
    folder: &'a Folder,
    files: BTreeMap<File, Vec<u8>>,
    problems: Vec<Problem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseToml {
    title: String,
    title_en: Option<String>,
    summary: String,
    summary_en: Option<String>,
    modules: Vec<ModuleToml>,
    paid: Option<PaidToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModuleToml {
    id: String,
    title: String,
    title_en: Option<String>,
    lessons: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaidToml {
    hours: u16,
    place: String,
    pay_yen: u32,
}

const COURSE: &str = "course.toml";

/// Reads a course from the files of its folder, whose name is `slug`.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn read(slug: &str, folder: &Folder) -> Result<Read, Vec<Problem>> {
    let mut reading = Reading {
        folder,
        files: BTreeMap::new(),
        problems: Vec::new(),
    };
    if !is_name(slug) {
        reading.wrong(COURSE, Fault::BadName(slug.to_owned()));
    }
    let course = if folder.contains_key(qualification::FILE) {
        qualification::read(&mut reading, slug)
    } else {
        reading.course(slug)
    };
    match course {
        Some(course) if reading.problems.is_empty() => Ok(Read {
            slug: slug.to_owned(),
            course,
            files: reading.files,
        }),
        _ => Err(reading.problems),
    }
}

/// Turns on what stands in a study plan as a remark: the company pays for the exam.
pub(crate) fn offer_subsidy(folder: &mut Folder) {
    if let Some(plan) = folder.get_mut(qualification::FILE) {
        let text = String::from_utf8_lossy(plan);
        *plan = text.replace("\n# subsidy_yen", "\nsubsidy_yen").into();
    }
}

/// `a-z`, `0-9`, `-`, at most 40 characters: stands in paths, and stays for ever.
pub(crate) fn is_name(name: &str) -> bool {
    let is_fine = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    !name.is_empty() && name.len() <= 40 && name.chars().all(is_fine)
}

/// The id of what is called so: the same on every machine and after every import.
fn named(name: &str) -> u128 {
    let hash = Sha256::digest(name.as_bytes());
    hash.iter()
        .take(16)
        .fold(0, |number, byte| (number << 8) | u128::from(*byte))
}

pub(crate) fn course_id(slug: &str) -> CourseId {
    CourseId::random(named(slug))
}

pub(crate) fn lesson_id(slug: &str, name: &str) -> LessonId {
    LessonId::random(named(&format!("{slug}/{name}")))
}

/// What these bytes are called.
pub(crate) fn file_of(extension: &str, bytes: &[u8]) -> File {
    let name = [&hex::encode(Sha256::digest(bytes)), ".", extension].concat();
    File {
        name: name.into(),
        bytes: bytes.len() as u64,
    }
}

impl Reading<'_> {
    fn wrong(&mut self, path: &str, fault: Fault) {
        self.problems.push(Problem {
            path: path.to_owned(),
            fault,
        });
    }

    /// A text file of the folder.
    fn text(&mut self, path: &str) -> Option<String> {
        let Some(bytes) = self.folder.get(path) else {
            self.wrong(path, Fault::Missing);
            return None;
        };
        let Ok(text) = std::str::from_utf8(bytes) else {
            self.wrong(path, Fault::NotUtf8);
            return None;
        };
        Some(text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n"))
    }

    fn toml<T: DeserializeOwned>(&mut self, path: &str, text: &str) -> Option<T> {
        match toml::from_str(text) {
            Ok(it) => Some(it),
            Err(error) => {
                self.wrong(path, Fault::NotToml(error.to_string()));
                None
            }
        }
    }

    fn line<const MOST: usize>(
        &mut self,
        path: &str,
        field: &'static str,
        text: &str,
    ) -> Option<Line<MOST>> {
        let line = Line::new(text);
        if line.is_err() {
            self.wrong(path, Fault::Words { field, most: MOST });
        }
        line.ok()
    }

    fn said(
        &mut self,
        path: &str,
        field: &'static str,
        ja: &str,
        en: Option<&str>,
    ) -> Option<Said<Short>> {
        let en = match en {
            Some(en) => Some(self.line(path, field, en)?),
            None => None,
        };
        let ja = self.line(path, field, ja)?;
        Some(Said { ja, en })
    }

    fn course(&mut self, slug: &str) -> Option<Course> {
        let text = self.text(COURSE)?;
        let course: CourseToml = self.toml(COURSE, &text)?;
        let title = self.said(COURSE, "title", &course.title, course.title_en.as_deref());
        let summary = self.said(
            COURSE,
            "summary",
            &course.summary,
            course.summary_en.as_deref(),
        );
        let participation = self.participation(course.paid);
        let mut names = BTreeSet::new();
        let mut modules = Vec::new();
        for module in course.modules {
            for name in std::iter::once(&module.id).chain(&module.lessons) {
                if !is_name(name) {
                    self.wrong(COURSE, Fault::BadName(name.clone()));
                }
            }
            let title = self.said(COURSE, "title", &module.title, module.title_en.as_deref());
            let mut lessons = Vec::new();
            for name in &module.lessons {
                if !names.insert(name.clone()) {
                    self.wrong(COURSE, Fault::Twice(name.clone()));
                }
                lessons.extend(self.lesson(slug, name));
            }
            if let Some(title) = title {
                let module = Module { title, lessons };
                if media::light(module.files()) > MOST_LIGHT {
                    self.wrong(COURSE, Fault::ModuleLarge(module.title.ja.to_string()));
                }
                modules.push(module);
            }
        }
        if names.is_empty() || names.len() > MOST_LESSONS {
            self.wrong(COURSE, Fault::Lessons(MOST_LESSONS));
        }
        Some(Course {
            id: course_id(slug),
            title: title?,
            summary: summary?,
            participation: participation?,
            is_qualification: false,
            place: 0,
            modules,
        })
    }

    fn participation(&mut self, paid: Option<PaidToml>) -> Option<Participation> {
        let Some(paid) = paid else {
            return Some(Participation::Optional);
        };
        if paid.pay_yen == 0 || paid.hours == 0 {
            self.wrong(COURSE, Fault::Unpaid);
        }
        let place: PlaceName = self.line(COURSE, "place", &paid.place)?;
        Some(Participation::PaidRequired {
            hours: paid.hours,
            place,
            pay_yen: paid.pay_yen,
        })
    }

    fn lesson(&mut self, slug: &str, name: &str) -> Option<Lesson> {
        let read = lesson::read(self, name)?;
        let page = self.keep("html", read.pages.ja.into());
        let page_en = read.pages.en.map(|it| self.keep("html", it.into()));
        Some(Lesson {
            id: lesson_id(slug, name),
            title: read.title,
            minutes: read.minutes,
            subsidy_yen: None,
            is_played: false,
            page,
            page_en,
            media: read.media.into_iter().collect(),
        })
    }

    /// Keeps bytes as a file that is called after them.
    fn keep(&mut self, extension: &str, bytes: Vec<u8>) -> File {
        let file = file_of(extension, &bytes);
        self.files.insert(file.clone(), bytes);
        file
    }
}

#[cfg(test)]
mod tests;
