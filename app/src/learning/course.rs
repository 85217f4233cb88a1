//! `/learn/COURSE`: what it is, its modules with what of them is on the device, and やらない, which is an answer like any other.

use domain::{
    id::CourseId,
    learning::{Course, Enroll, Enrollment, Lesson, Module, Participation},
    sync::{
        mutation::Mutation,
        replica::{Seen, Standing},
    },
};
use leptos::prelude::*;

use super::{completed, is_completed, is_declined, shelf, words};
use crate::{
    device::{Device, NotSaved},
    page::Page,
    ui::{self, Any, Blank, Icon, Look, Mark, NotFound},
};

pub(super) fn screen(id: CourseId) -> AnyView {
    let device = Device::here();
    let trouble = RwSignal::new(None);
    let body = ui::live(move || {
        let seen = device.seen.get();
        match seen.view.courses.get(&id) {
            Some(it) => parts(device, &seen, it, trouble),
            None if device.status.with(|it| it.is_loading) => {
                let blank = device.status.with(|it| Blank::of(it, "", ""));
                vec![ui::empty(device.language, blank)]
            }
            None => vec![NotFound().any()],
        }
    });
    ui::screen(vec![
        ui::back(device.language, Page::Courses.path()),
        body,
        ui::trouble(device, trouble),
        ui::fetched(device),
    ])
}

fn parts(
    device: Device,
    seen: &Seen,
    it: &Course,
    trouble: RwSignal<Option<NotSaved>>,
) -> Vec<AnyView> {
    let (language, words) = (device.language, words::of(device.language));
    let count = it.lessons().count();
    let facts = (words.size)(count, it.minutes());
    let mut parts = vec![
        ui::title(it.title.in_language(language).to_string(), facts),
        ui::p("", it.summary.in_language(language).to_string()),
    ];
    if completed(seen, it) == count {
        parts.push(ui::p("learning-done", words.all_done));
        // The server draws it from what it knows.
        let is_known = |it: &Lesson| seen.standing("progress", it.id) == Standing::Confirmed;
        if it.lessons().all(is_known) {
            let path = [&*Page::Course(it.id).path(), "/card.pdf"].concat();
            parts.push(ui::download(words.card, path));
            parts.push(ui::note(words.card_note));
        }
    }
    parts.push(participation(device, seen, it, trouble));
    for module in &it.modules {
        parts.push(section(device, seen, it.id, module));
    }
    parts.push(choice(device, seen, it.id, trouble));
    parts
}

/// That it is free, or what the company offers for it.
fn participation(
    device: Device,
    seen: &Seen,
    it: &Course,
    trouble: RwSignal<Option<NotSaved>>,
) -> AnyView {
    let words = words::of(device.language);
    let Participation::PaidRequired {
        hours,
        place,
        pay_yen,
    } = &it.participation
    else {
        return ui::note(words.optional);
    };
    let mut parts = vec![
        ui::heading(words.paid),
        ui::facts(vec![
            (words.hours, ui::text(hours.to_string())),
            (words.place, ui::text(place.to_string())),
            (words.pay, ui::text((words.yen)(*pay_yen))),
        ]),
    ];
    if seen.view.enrollments.get(&it.id) == Some(&Enrollment::Agreed) {
        let standing = seen.standing("enrollment", it.id);
        parts.push(ui::standing(device.language, Mark::from(standing)));
        parts.push(ui::note(words.agreed));
    } else {
        parts.push(ui::note(words.consent));
        let agree = enroll(it.id, Enrollment::Agreed, trouble);
        parts.push(ui::button(Look::Primary, words.agree, agree));
    }
    ui::card(None, parts)
}

fn section(device: Device, seen: &Seen, course: CourseId, module: &Module) -> AnyView {
    let (language, words) = (device.language, words::of(device.language));
    let line = |it: &Lesson| {
        let title = ui::el(
            "span",
            "",
            vec![ui::text(it.title.in_language(language).to_string())],
        );
        let mark = if is_completed(seen, it.id) {
            let standing = seen.standing("progress", it.id);
            let (class, shape) = match standing {
                Standing::Confirmed => ("standing standing--confirmed", Icon::Check),
                _ => ("standing standing--saved", Icon::Phone),
            };
            ui::standing_in(class, shape, words.read)
        } else {
            ui::el(
                "span",
                "caption",
                vec![ui::text((words.minutes)(it.minutes))],
            )
        };
        let path = Page::Lesson(course, it.id).path();
        ui::el("li", "", vec![ui::link("", path, vec![title, mark])])
    };
    let lines = module.lessons.iter().map(line).collect();
    let lines = ui::el("ul", "links", lines);
    let mut parts = vec![lines];
    if module.is_whole_offline() {
        parts.push(shelf::module(device, module));
    }
    ui::section(module.title.in_language(language).to_string(), parts)
}

/// やらない, or once more.
fn choice(
    device: Device,
    seen: &Seen,
    course: CourseId,
    trouble: RwSignal<Option<NotSaved>>,
) -> AnyView {
    let words = words::of(device.language);
    if is_declined(seen, course) {
        let list = enroll(course, Enrollment::Listed, trouble);
        return ui::stack(vec![
            ui::note(words.declined),
            ui::button(Look::Second, words.list_again, list),
        ]);
    }
    let decline = enroll(course, Enrollment::Declined, trouble);
    let parts = vec![
        ui::note(words.decline_note),
        ui::button(Look::Second, words.decline_do, decline),
    ];
    ui::more("", words.decline, parts)
}

fn enroll(
    course: CourseId,
    enrollment: Enrollment,
    trouble: RwSignal<Option<NotSaved>>,
) -> Callback<()> {
    Callback::new(move |()| {
        let wish = Enroll { course, enrollment };
        ui::act(Mutation::Enroll(wish), trouble, || {});
    })
}
