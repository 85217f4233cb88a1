//! `/learn`: where one was, then all courses with the time they take. What was declined stands behind a line.

use domain::{learning::Course, sync::replica::Seen};
use leptos::prelude::*;

use super::{completed, find, is_declined, next, words};
use crate::{
    device::Device,
    order,
    page::Page,
    ui::{self, Blank, Look},
};

pub(super) fn screen() -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    let found = RwSignal::new(None::<String>);
    let body = ui::live(move || {
        let seen = device.seen.get();
        match found.get() {
            Some(found) => find::results(device, &found),
            None => parts(device, &seen),
        }
    });
    ui::screen(vec![
        ui::title(words.title, words.free),
        ui::unsent(device),
        find::field(device, found),
        body,
        ui::link_button(Look::Plain, words.faq, Page::Faq.path()),
        ui::fetched(device),
    ])
}

fn parts(device: Device, seen: &Seen) -> Vec<AnyView> {
    let (language, words) = (device.language, words::of(device.language));
    let courses = seen.view.courses.values();
    let courses = order::sorted(courses, |it| {
        order::by_name(i64::from(it.place), String::new(), it.id.bits())
    });
    let (mut shown, mut plans) = (Vec::new(), Vec::new());
    let (mut declined, mut begun) = (Vec::new(), None);
    for it in courses {
        if is_declined(seen, it.id) {
            let title = it.title.in_language(language).to_string();
            declined.push((Page::Course(it.id).path(), title.into()));
            continue;
        }
        let is_begun = it
            .lessons()
            .any(|it| seen.view.progress.contains_key(&it.id));
        if is_begun && begun.is_none() {
            begun = next(seen, it).map(|lesson| (it.id, lesson));
        }
        let list = if it.is_qualification {
            &mut plans
        } else {
            &mut shown
        };
        list.push(card(device, seen, it));
    }
    let mut parts = Vec::new();
    // Each part keeps its place, so that one that is open stays open when another comes or goes.
    parts.push(begun.map_or_else(ui::nothing, |(course, lesson)| {
        let title = ui::heading(lesson.title.in_language(language).to_string());
        let card = ui::link_card(
            None,
            Page::Lesson(course, lesson.id).path(),
            vec![title, ui::note((words.minutes)(lesson.minutes))],
        );
        ui::section(words.go_on, vec![card])
    }));
    let list = if shown.is_empty() {
        let blank = device
            .status
            .with(|it| Blank::of(it, words.none_title, words.none));
        ui::empty(language, blank)
    } else {
        ui::list(shown)
    };
    parts.push(ui::section(words.courses, vec![list]));
    parts.push(if plans.is_empty() {
        ui::nothing()
    } else {
        ui::section(words.qualifications, vec![ui::list(plans)])
    });
    if !declined.is_empty() {
        parts.push(ui::more("", words.declined_ones, vec![ui::links(declined)]));
    }
    parts
}

fn card(device: Device, seen: &Seen, it: &Course) -> AnyView {
    let (language, words) = (device.language, words::of(device.language));
    let count = it.lessons().count();
    let facts = (words.size)(count, it.minutes());
    let mut parts = vec![
        ui::heading(it.title.in_language(language).to_string()),
        ui::p("", it.summary.in_language(language).to_string()),
        ui::note(facts),
    ];
    let done = completed(seen, it);
    if done > 0 {
        parts.push(ui::row(vec![ui::chip((words.done_of)(done, count))]));
    }
    ui::link_card(None, Page::Course(it.id).path(), parts)
}
