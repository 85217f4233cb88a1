//! `/staff/courses`: the courses of a company. The server draws this page for each request and it carries no code: its forms
//! work without, and a phone that reads lessons loads nothing of it.
//!
//! | form | action | fields |
//! |---|---|---|
//! | a ZIP (multipart) | `POST /staff/courses/import` | `file` |
//! | one that comes with the program | `POST /staff/courses/use` | `name` |
//! | shown or not | `POST /staff/courses/show` | `course`, `shown` = `1` or `0` |

use domain::{
    id::CourseId,
    learning::tally::Tally,
    member::Language,
    text::{Name, Said, Short},
    time::Day,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    subsidies,
    words::courses::{self as words, Words},
};
use crate::{
    device::Device,
    format,
    online::Online,
    page::Page,
    ui::{self, Any, Blank, Look},
};

/// What stands on the page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Courses {
    /// The company's courses, as they stand in the list.
    pub courses: Vec<CourseLine>,
    /// Courses that come with the program and are not used: name of the folder, and its title.
    pub shipped: Vec<(String, Said<Short>)>,
    /// The day before which was counted.
    pub counted: Day,
    /// What was wrong with a ZIP, in sentences.
    pub problems: Vec<String>,
    /// Lessons of the course that was imported.
    pub imported: Option<usize>,
    /// Requests for a subsidy that wait; nothing where the company offers none.
    pub subsidies: Option<usize>,
}

/// One course.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CourseLine {
    /// Which.
    pub id: CourseId,
    /// Its name.
    pub title: Said<Short>,
    /// Lessons in it.
    pub lessons: usize,
    /// Minutes of all of it.
    pub minutes: u16,
    /// Bytes of all its files.
    pub bytes: u64,
    /// Offer-holders see it.
    pub is_shown: bool,
    /// Who agreed to it, where the company asks and pays for it; nothing where it is optional.
    pub agreed: Option<Vec<Name>>,
    /// Others made it, as SCORM or cmi5: it has no texts to write on.
    pub is_package: bool,
    /// How many read it, as far as that may be known.
    pub tally: Tally,
}

/// The page.
pub(super) fn screen() -> AnyView {
    let device = Device::here();
    match device.online.get_value() {
        Some(Online::Courses(it)) => courses(device.language, &it),
        _ => ui::away_from(device.language, &Page::StaffCourses),
    }
}

fn courses(language: Language, it: &Courses) -> AnyView {
    let words = words::of(language);
    let mut parts = vec![ui::title(words.title, words.lead)];
    if let Some(open) = it.subsidies {
        parts.push(subsidies::way(language, open));
    }
    if let Some(lessons) = it.imported {
        parts.push(ui::p("prose", (words.imported)(lessons)));
    }
    if !it.problems.is_empty() {
        let line = |it: &String| ui::p("prose", it.clone());
        let lines = it.problems.iter().map(line).collect();
        parts.push(ui::section(
            words.problems,
            vec![ui::card(None, vec![ui::list(lines)])],
        ));
    }
    let shown = if it.courses.is_empty() {
        ui::empty(language, Blank::Nothing(words.none_title, words.none))
    } else {
        let card = |it: &CourseLine| card(language, it);
        ui::list(it.courses.iter().map(card).collect())
    };
    let counted = format::day(language, it.counted);
    let counted = ui::note((words.counted)(&counted));
    parts.push(ui::section(words.courses, vec![counted, shown]));
    if !it.shipped.is_empty() {
        let line = |(name, title): &(String, Said<Short>)| {
            let parts = vec![
                ui::hidden("name", name.clone()),
                ui::heading(title.in_language(language).to_string()),
                ui::row(vec![ui::submit(Look::Second, words.use_it)]),
            ];
            ui::card(None, vec![ui::post("/staff/courses/use".into(), parts)])
        };
        let lines = it.shipped.iter().map(line).collect();
        parts.push(ui::section(
            words.shipped,
            vec![ui::note(words.shipped_note), ui::list(lines)],
        ));
    }
    parts.push(ui::section(words.import, vec![import(words)]));
    ui::screen(parts)
}

fn card(language: Language, it: &CourseLine) -> AnyView {
    let words = words::of(language);
    let told = |number: Option<u32>| {
        ui::text(number.map_or_else(|| words.few.to_owned(), |it| (words.at_least)(it)))
    };
    let (state, value, label) = if it.is_shown {
        (words.shown, "0", words.hide)
    } else {
        (words.hidden, "1", words.show)
    };
    let form = vec![
        ui::hidden("course", it.id.to_string()),
        ui::hidden("shown", value.to_owned()),
        ui::row(vec![ui::submit(Look::Second, label)]),
    ];
    let size = (words.size)(it.lessons, it.minutes, it.bytes.div_ceil(1_000));
    let mut parts = vec![
        ui::row(vec![ui::chip(state)]),
        ui::heading(it.title.in_language(language).to_string()),
        ui::note(size),
        ui::facts(vec![
            (words.begun, told(it.tally.begun)),
            (words.completed, told(it.tally.completed)),
        ]),
        ui::post("/staff/courses/show".into(), form),
    ];
    if let Some(names) = &it.agreed {
        let names: Vec<_> = names.iter().map(|it| &**it).collect();
        let names = if names.is_empty() {
            words.nobody_yet.to_owned()
        } else {
            names.join(words.and)
        };
        parts.push(ui::facts(vec![(words.agreed, ui::text(names))]));
        parts.push(ui::note(words.agreed_note));
    }
    parts.push(if it.is_package {
        ui::note(words.package)
    } else {
        ui::link_button(Look::Plain, words.edit, Page::StaffCourse(it.id).path())
    });
    ui::card(None, parts)
}

fn import(words: &'static Words) -> AnyView {
    view! {
        <form class="card staff-form" method="post" action="/staff/courses/import" enctype="multipart/form-data">
            <div class="field">
                <label class="field__label" for="file">{words.file}</label>
                <input class="field__input" id="file" name="file" type="file" accept=".zip,application/zip" required aria-describedby="file-about"/>
                <p class="note" id="file-about">{words.file_hint}</p>
            </div>
            {ui::row(vec![ui::submit(Look::Second, words.send)])}
        </form>
    }
    .any()
}
