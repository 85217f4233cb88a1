//! Packages that others made, SCORM 1.2, SCORM 2004 and cmi5: each becomes a course like any other, whose lessons are short
//! pages with a button that opens what is in the package.
//!
//! In reading order: this file (what a package is, and the course it becomes), [`archive`] (the ZIP), [`manifest`] (what both
//! formats share), [`scorm`] and [`cmi5`] (their manifests), [`words`] (the page of a lesson), [`fault`] (what can be wrong),
//! [`mod@import`]. Nothing of a package is looked into but its manifest: what it does is shut in where it plays, see
//! [`play`](mod@super::play).

mod archive;
mod cmi5;
pub(crate) mod fault;
mod import;
mod manifest;
mod scorm;
mod words;

use std::collections::BTreeMap;

use domain::{
    id::LessonId,
    learning::{Course, Lesson, Module, Participation},
    member::Language,
    text::{Said, Short},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub(crate) use archive::{Archive, Opened, kind_of};
pub(crate) use import::import;

use self::manifest::{Found, Structure};
use super::format::{self, Fault};
use fault::PackageFault;

/// Lessons of one package.
const MOST_LESSONS: usize = 200;
/// Minutes of a lesson that does not say how long it takes.
const MINUTES: u16 = 10;

/// What it takes to play the lessons of a package: one JSON text beside its course.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Package {
    /// Of which kind it is.
    pub(crate) kind: Kind,
    /// Where its lessons begin.
    pub(crate) units: BTreeMap<LessonId, Unit>,
}

/// Of which kind a package is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// SCORM 1.2.
    Scorm12,
    /// SCORM 2004, any edition.
    Scorm2004,
    /// cmi5.
    Cmi5,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Scorm12 => "SCORM 1.2",
            Self::Scorm2004 => "SCORM 2004",
            Self::Cmi5 => "cmi5",
        }
    }
}

/// Where a lesson begins: a SCO, or an assignable unit of cmi5.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Unit {
    /// The file that is opened.
    pub(crate) path: String,
    /// What stands behind it in the address, with its `?` or `#`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) query: String,
    /// What the manifest hands to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) launch_data: String,
    /// From which score on it is passed: to 100 in SCORM 1.2, to 1 in the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mastery: Option<f64>,
    /// What only cmi5 says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) au: Option<Au>,
}

/// What the manifest of cmi5 says of an assignable unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Au {
    /// What its makers call it.
    pub(crate) id: String,
    /// What it takes to be done with it.
    pub(crate) move_on: MoveOn,
    /// Whether it wants a window of its own.
    pub(crate) launch_method: String,
    /// What its makers ask to be handed through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) entitlement: Option<String>,
}

/// What it takes to be done with an assignable unit, in the words of the specification.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum MoveOn {
    Passed,
    Completed,
    CompletedAndPassed,
    CompletedOrPassed,
    #[default]
    NotApplicable,
}

/// A package as it was read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) slug: String,
    pub(crate) course: Course,
    pub(crate) package: Package,
    /// Pages of its lessons.
    pub(crate) pages: BTreeMap<domain::learning::File, Vec<u8>>,
}

/// Reads the manifest of a package whose file is called so.
///
/// # Errors
/// Everything that is wrong with it, and in which file.
pub(crate) fn read(file: &str, archive: &mut Archive) -> Result<Read, Vec<(String, Fault)>> {
    let name = archive.manifest();
    let one = |fault: Fault| vec![(name.to_owned(), fault)];
    let bytes = archive.bytes(name).map_err(one)?;
    let text = manifest::decoded(&bytes).ok_or_else(|| one(Fault::NotUtf8))?;
    let options = roxmltree::ParsingOptions {
        nodes_limit: 200_000,
        ..roxmltree::ParsingOptions::default()
    };
    let document = roxmltree::Document::parse_with_options(&text, options)
        .map_err(|it| one(PackageFault::of_xml(&it).into()))?;
    let read = if name == archive::CMI5 {
        cmi5::read(&document, archive)
    } else {
        scorm::read(&document, archive)
    };
    let made = read.and_then(|it| made(&slug_of(file), it));
    made.map_err(|faults| faults.into_iter().flat_map(one).collect())
}

/// The name of a course: that of the file, in letters that can stand in an address. Where others stand in it, too, a few
/// digits keep it apart from files whose plain letters are the same.
fn slug_of(file: &str) -> String {
    let mut plain = String::new();
    for it in file.chars().map(|it| it.to_ascii_lowercase()) {
        match it {
            'a'..='z' | '0'..='9' => plain.push(it),
            _ if plain.is_empty() || plain.ends_with('-') => {}
            _ => plain.push('-'),
        }
    }
    plain.truncate(31);
    let plain = plain.trim_end_matches('-');
    if file.is_ascii() && file.len() <= 31 && !plain.is_empty() {
        return plain.to_owned();
    }
    let hash = Sha256::digest(file);
    let few = hex::encode(&hash[..4]);
    let plain = if plain.is_empty() { "package" } else { plain };
    format!("{plain}-{few}")
}

/// The course that a package becomes.
fn made(slug: &str, it: Structure) -> Result<Read, Vec<Fault>> {
    let lessons: usize = it.parts.iter().map(|it| it.lessons.len()).sum();
    if lessons == 0 {
        return Err(vec![PackageFault::NothingToOpen.into()]);
    }
    if lessons > MOST_LESSONS {
        return Err(vec![Fault::Lessons(MOST_LESSONS)]);
    }
    let course = format::course_id(slug);
    let (mut units, mut pages) = (BTreeMap::new(), BTreeMap::new());
    let mut modules = Vec::new();
    for part in it.parts {
        let mut lessons = Vec::new();
        for found in part.lessons {
            let Found { name, title, .. } = &found;
            let id = format::lesson_id(slug, name);
            let [page, page_en] = [Language::Ja, Language::En].map(|language| {
                let html = words::page(language, it.kind, course, id).into_bytes();
                let file = format::file_of("html", &html);
                pages.insert(file.clone(), html);
                file
            });
            lessons.push(Lesson {
                id,
                title: title.clone(),
                minutes: found.minutes.unwrap_or(MINUTES),
                subsidy_yen: None,
                is_played: true,
                page,
                page_en: Some(page_en),
                media: Vec::new(),
            });
            if units.insert(id, found.unit).is_some() {
                return Err(vec![Fault::Twice(found.name)]);
            }
        }
        let title = part.title.unwrap_or_else(|| it.title.clone());
        modules.push(Module { title, lessons });
    }
    Ok(Read {
        slug: slug.to_owned(),
        course: Course {
            id: course,
            title: it.title,
            summary: words::summary(it.kind),
            participation: Participation::Optional,
            is_qualification: false,
            place: 0,
            modules,
        },
        package: Package {
            kind: it.kind,
            units,
        },
        pages,
    })
}

/// Words of a manifest, as short as a title may be.
fn short(text: &str) -> Option<Short> {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match plain.char_indices().nth(200) {
        Some((end, _)) => Short::new(&plain[..end]).ok(),
        None => Short::new(&plain).ok(),
    }
}

/// What was said in one language that nobody named.
fn said(text: &str) -> Option<Said<Short>> {
    Some(Said {
        ja: short(text)?,
        en: None,
    })
}

#[cfg(test)]
mod tests;
