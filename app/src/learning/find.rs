//! The field above the courses: looks for words in titles, in what is kept on this device, and in common questions. Nothing that
//! is typed leaves the device.

use domain::{member::Language, sync::replica::Seen};
use leptos::prelude::*;

use super::{is_declined, words};
use crate::{
    device::{Device, edge},
    page::Page,
    ui,
};

/// The field. `found` is what there is, a line each, and nothing while nobody looks for anything.
pub(super) fn field(device: Device, found: RwSignal<Option<String>>) -> AnyView {
    let words = words::of(device.language);
    // What can be found is gathered once: a screen lives for minutes.
    let all = StoredValue::new(String::new());
    let search = Callback::new(move |typed: String| {
        let Some(edge) = edge().filter(|_| !typed.trim().is_empty()) else {
            found.set(None);
            return;
        };
        if all.with_value(String::is_empty) {
            let seen = device.seen.get_untracked();
            all.set_value(entries(&seen, device.language));
        }
        let heard = Callback::new(move |it: String| found.set(Some(it)));
        all.with_value(|all| edge.find(all, &typed, heard));
    });
    let label = ui::attributes!["class" = "field__label", "for" = "find"];
    let input = ui::attributes![
        "class" = "field__input",
        "id" = "find",
        "type" = "search",
        "autocomplete" = "off"
    ];
    let parts = vec![
        ui::tag("label", label, vec![ui::text(words.find)]),
        ui::typing("input", input, search),
    ];
    ui::tag(
        "div",
        ui::attributes!["class" = "field", "role" = "search"],
        parts,
    )
}

/// What was found.
pub(super) fn results(device: Device, found: &str) -> Vec<AnyView> {
    let words = words::of(device.language);
    let card = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        let (path, title, text) = (next(), next(), next());
        ui::link_card(None, path, vec![ui::heading(title), ui::note(text)])
    };
    let cards: Vec<_> = found.lines().map(card).collect();
    let list = if cards.is_empty() {
        ui::p("", words.nothing_found)
    } else {
        ui::list(cards)
    };
    vec![ui::section(
        words.found,
        vec![list, ui::note(words.find_note)],
    )]
}

/// Everything that can be found, a line each: where it is, what it is called, the file of its text, or the text itself.
fn entries(seen: &Seen, language: Language) -> String {
    let mut lines = String::new();
    let mut line = |path: String, title: &str, file: &str, text: &str| {
        let text = text.replace(['\n', '\t'], " ");
        lines += &[&path, "\t", title, "\t", file, "\t", &text, "\n"].concat();
    };
    for course in seen.view.courses.values() {
        if is_declined(seen, course.id) {
            continue;
        }
        let summary = course.summary.in_language(language);
        let title = course.title.in_language(language);
        line(Page::Course(course.id).path(), title, "", summary);
        for it in course.pages() {
            let path = Page::Lesson(course.id, it.id).path();
            let file = &it.page_in(language).name;
            line(path, it.title.in_language(language), file, "");
        }
    }
    for it in seen.view.faqs.values() {
        line(Page::Faq.path(), &it.question, "", &it.answer);
    }
    lines
}
