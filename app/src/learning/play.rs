//! `/learn/COURSE/LESSON/play`: a lesson that others made, in a frame of another origin. Drawn by the server alone.

use domain::{
    id::{CourseId, LessonId},
    member::Language,
};
use leptos::prelude::*;

use crate::{
    device::Device,
    online::{Online, Play},
    page::Page,
    ui,
};

pub(super) fn screen(course: CourseId, lesson: LessonId) -> AnyView {
    let device = Device::here();
    let language = device.language;
    let body = match device.online.get_value() {
        Some(Online::Play(it)) => played(language, it),
        _ => ui::away_from(language, &Page::Play(course, lesson)),
    };
    ui::screen(vec![
        ui::back(language, Page::Lesson(course, lesson).path()),
        body,
    ])
}

/// What stands in the frame may run its own code, and reach nothing of ours: no window, no form elsewhere, no other frame.
fn played(language: Language, it: Play) -> AnyView {
    let title = it.title.in_language(language).to_string();
    let frame = view! {
        <iframe
            class="learning-play"
            src=it.address
            title=title.clone()
            sandbox="allow-scripts allow-same-origin allow-forms"
            allow="autoplay; fullscreen"
            referrerpolicy="no-referrer"
        ></iframe>
    };
    ui::stack(vec![ui::title(title, note(language)), frame.into_any()])
}

/// Words of this page, which no bundle carries.
fn note(language: Language) -> &'static str {
    match language {
        Language::Ja => "途中まで進んだところは、電波のあるときに自動で残ります。",
        Language::En => "How far you are is kept by itself while there is a signal.",
    }
}
