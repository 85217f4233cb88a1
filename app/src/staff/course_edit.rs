//! `/staff/courses/ID`: a course's files, one of them in a field, and how it will look. Drawn by the server for each request,
//! without code.
//!
//! | form | action | fields |
//! |---|---|---|
//! | a text | `POST /staff/courses/ID/write` | `file`, `text`, `seen`, `do` = `look` or `save` |
//! | a picture, sound or video (multipart) | `POST /staff/courses/ID/add` | `file` |
//! | all of it as a ZIP | `GET /staff/courses/ID/folder.zip` | – |

use domain::{id::CourseId, member::Language};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::words::courses::{self as words, Words};
use crate::{
    device::Device,
    online::Online,
    page::Page,
    ui::{self, Any, Look},
};

/// What stands on the page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Editing {
    /// Which course.
    pub id: CourseId,
    /// Its name.
    pub title: String,
    /// Its texts.
    pub files: Vec<String>,
    /// The one that is open.
    pub file: String,
    /// What stands in it, or was typed.
    pub text: String,
    /// What it was before, so that nobody writes over what somebody else wrote meanwhile.
    pub seen: String,
    /// What is wrong, in sentences.
    pub problems: Vec<String>,
    /// How it will look: HTML of the server's making.
    pub preview: Option<String>,
    /// It was saved.
    pub is_saved: bool,
}

pub(super) fn screen(id: CourseId) -> AnyView {
    let device = Device::here();
    match device.online.get_value() {
        Some(Online::Course(it)) => editing(device.language, &it),
        _ => ui::away_from(device.language, &Page::StaffCourse(id)),
    }
}

fn editing(language: Language, it: &Editing) -> AnyView {
    let words = words::of(language);
    let mut parts = vec![
        ui::back(language, Page::StaffCourses.path()),
        ui::title(it.title.clone(), words.edit_lead),
    ];
    if it.is_saved {
        let said = ui::attributes!["role" = "status"];
        parts.push(ui::tag("p", said, vec![ui::text(words.saved)]));
    }
    if !it.problems.is_empty() {
        let line = |it: &String| ui::p("prose", it.clone());
        let lines = it.problems.iter().map(line).collect();
        parts.push(ui::section(
            words.problems,
            vec![ui::card(None, vec![ui::list(lines)])],
        ));
    }
    parts.push(field(words, it));
    if let Some(html) = &it.preview {
        let html = html.clone();
        let article = view! { <article class="card lesson" inner_html=html></article> };
        parts.push(ui::section(words.preview, vec![article.any()]));
    }
    let path = Page::StaffCourse(it.id).path();
    let file = |name: &String| {
        let path = [&path, "?file=", name].concat();
        (path, name.clone().into())
    };
    let files = it.files.iter().map(file).collect();
    parts.push(ui::section(words.files, vec![ui::links(files)]));
    parts.push(ui::section(
        words.more,
        vec![new(words, it), add(words, it), folder(words, it)],
    ));
    ui::screen(parts)
}

fn field(words: &'static Words, it: &Editing) -> AnyView {
    let action = [&Page::StaffCourse(it.id).path(), "/write"].concat();
    let press = |value: &'static str, class: &'static str, label: &'static str| {
        let attributes = ui::attributes![
            "class" = class,
            "type" = "submit",
            "name" = "do",
            "value" = value
        ];
        ui::tag("button", attributes, vec![ui::text(label)])
    };
    let text = ui::escaped(&it.text);
    let label = it.file.clone();
    let input = view! {
        <div class="field">
            <label class="field__label" for="text">{label}</label>
            <textarea class="field__input course-text" id="text" name="text" rows="18" spellcheck="false" inner_html=text></textarea>
        </div>
    };
    ui::post(
        action,
        vec![
            ui::hidden("file", it.file.clone()),
            ui::hidden("seen", it.seen.clone()),
            input.any(),
            ui::row(vec![
                press("look", "button", words.look),
                press("save", "button button--primary", words.save),
            ]),
            ui::note(words.save_note),
        ],
    )
}

/// Another text: it is there once something is saved in it.
fn new(words: &'static Words, it: &Editing) -> AnyView {
    let path = Page::StaffCourse(it.id).path();
    let submit = ui::submit(Look::Second, words.new_open);
    view! {
        <form class="card stack" method="get" action=path>
            <div class="field">
                <label class="field__label" for="new">{words.new}</label>
                <input class="field__input" id="new" name="file" type="text" required pattern="[a-z0-9\\-]+(\\.en)?\\.md" aria-describedby="new-about"/>
                <p class="note" id="new-about">{words.new_hint}</p>
            </div>
            <div class="row">{submit}</div>
        </form>
    }
    .any()
}

fn add(words: &'static Words, it: &Editing) -> AnyView {
    let path = [&Page::StaffCourse(it.id).path(), "/add"].concat();
    let submit = ui::submit(Look::Second, words.add_do);
    view! {
        <form class="card stack" method="post" action=path enctype="multipart/form-data">
            <div class="field">
                <label class="field__label" for="file">{words.add}</label>
                <input class="field__input" id="file" name="file" type="file" required accept=".png,.jpg,.webp,.mp4,.webm,.m4a,.mp3,.vtt" aria-describedby="file-about"/>
                <p class="note" id="file-about">{words.add_hint}</p>
            </div>
            <div class="row">{submit}</div>
        </form>
    }
    .any()
}

fn folder(words: &'static Words, it: &Editing) -> AnyView {
    let path = [&Page::StaffCourse(it.id).path(), "/folder.zip"].concat();
    ui::link_button(Look::Plain, words.folder, path)
}
