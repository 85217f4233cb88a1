//! What several screens of the console draw: headings, an interview, a promise, a wish that was refused.

use std::borrow::Cow;

use domain::{
    booking::{HostBooking, Place},
    id::MutationId,
    member::Language,
    promise::{Keep, Promise},
    sync::{
        mutation::{Acknowledge, Mutation},
        replica::{Seen, Standing},
        row::{About, Outcome, Verdict},
    },
    time::Time,
};
use leptos::prelude::*;

use super::{
    form::Form,
    owed,
    words::{self, today},
};
use crate::{
    device::{Device, edge},
    format,
    me::called,
    page::Page,
    ui::{self, Any, Look, Mark},
};

/// A console page: its heading, the line without which nobody knows why a form does nothing, its parts, and since when
/// they are known to be so.
pub(super) fn page(
    class: &'static str,
    page: &Page,
    lead: impl Into<Cow<'static, str>>,
    parts: Vec<AnyView>,
) -> AnyView {
    let device = Device::here();
    let noun = super::title(device.language, page).unwrap_or_default();
    // As text: a browser that runs scripts reads what stands in it as text, too, and the code that takes over the page
    // must find what it expects.
    let needs = format!(
        "<p class=\"note\">{}</p>",
        words::of(device.language).needs_script
    );
    let needs = view! { <noscript inner_html=needs></noscript> }.any();
    let mut all = vec![ui::title(noun, lead), needs];
    all.extend(parts);
    all.push(ui::fetched(device));
    ui::el("div", class, all)
}

/// A button that shows more of a list.
pub(super) fn more_button(label: String, drawn: RwSignal<usize>, step: usize) -> AnyView {
    let press = Callback::new(move |()| drawn.update(|it| *it += step));
    ui::button(Look::Second, label, press)
}

/// Lines one under the other.
pub(super) fn lines(lines: Vec<AnyView>) -> AnyView {
    let item = |it| ui::el("li", "", vec![it]);
    ui::el("ul", "staff-lines", lines.into_iter().map(item).collect())
}

/// A line: what it is, and what one can do with it.
pub(super) fn line(class: &'static str, main: Vec<AnyView>, acts: Vec<AnyView>) -> AnyView {
    ui::el("div", class, parts_of_line(main, acts))
}

pub(super) fn parts_of_line(main: Vec<AnyView>, acts: Vec<AnyView>) -> Vec<AnyView> {
    vec![
        ui::el("span", "staff-line__main", main),
        ui::el("span", "staff-line__acts", acts),
    ]
}

/// The quiet part of a line.
pub(super) fn more(text: impl Into<Cow<'static, str>>) -> AnyView {
    ui::el("span", "staff-line__more", vec![ui::text(text)])
}

/// The part of a line that is read first.
pub(super) fn time(text: impl Into<Cow<'static, str>>) -> AnyView {
    ui::el("span", "staff-line__time", vec![ui::text(text)])
}

/// The mark of something that is not confirmed yet.
pub(super) fn mark(language: Language, standing: Standing) -> Vec<AnyView> {
    if standing == Standing::Confirmed {
        Vec::new()
    } else {
        vec![ui::standing(language, Mark::from(standing))]
    }
}

/// Where somebody is met.
pub(super) fn place(language: Language, place: &Place) -> String {
    match place {
        Place::Online => words::of(language).online.to_owned(),
        Place::At(name) => name.to_string(),
    }
}

/// The name as one speaks of somebody.
pub(super) fn name_of(language: Language, name: &str) -> String {
    (words::of(language).name_of)(name)
}

/// One interview as a way to its page; `state` says how it stands.
pub(super) fn interview(
    language: Language,
    it: &HostBooking,
    day: Option<&'static str>,
    state: Vec<AnyView>,
) -> AnyView {
    let when = match day {
        Some(day) => format!("{day} {}", format::span(it.starts)),
        None => format::when(language, it.starts),
    };
    let mut about = place(language, &it.place);
    if let Some(topic) = &it.topic {
        about.push_str(words::of(language).dot);
        about.push_str(topic);
    }
    let class = if it.is_live() {
        "staff-line"
    } else {
        "staff-line staff-line--gone"
    };
    let main = vec![
        time(when),
        ui::el(
            "span",
            "",
            vec![ui::text(name_of(language, &it.member_name))],
        ),
        more(about),
    ];
    ui::link(
        class,
        Page::Interview(it.id).path(),
        parts_of_line(main, state),
    )
}

/// Promises that are open, each with the button that keeps it.
pub(super) fn open_promises(device: Device, form: Form, most: usize) -> AnyView {
    let me = device.who.with_value(|it| it.map(|it| it.id));
    ui::live(move || {
        let (seen, now) = (device.seen.get(), device.now.get());
        let open = owed::open_promises(&seen.view);
        let open = open.iter().take(most);
        let line =
            |it: &Promise| promise(device.language, form, &seen, it, (me != Some(it.by), now));
        vec![lines(open.map(line).collect())]
    })
}

fn promise(
    language: Language,
    form: Form,
    seen: &Seen,
    it: &Promise,
    (is_others, now): (bool, Time),
) -> AnyView {
    let (words, dot) = (today::of(language), words::of(language).dot);
    let due = match format::days_until(it.due, now) {
        0 => words.due_today.to_owned(),
        ahead if ahead > 0 => (words.due_in)(ahead),
        past => (words.due_since)(-past),
    };
    let by_when = (words.due)(&format::day(language, it.due));
    let mut about = format!("{}{dot}{by_when}", name_of(language, &it.member_name));
    if is_others {
        about.push_str(dot);
        about.push_str(&(words.made_by)(&it.by_name));
    }
    let keep = Keep { promise: it.id };
    let press = Callback::new(move |()| form.send(Mutation::Keep(keep.clone()), || ()));
    let mut acts = mark(language, seen.standing("promise", it.id));
    acts.push(ui::chip(due));
    acts.push(ui::button(Look::Second, words.keep, press));
    line(
        "staff-line staff-line--owed",
        vec![strong(it.text.to_string()), more(about)],
        acts,
    )
}

pub(super) fn strong(text: impl Into<Cow<'static, str>>) -> AnyView {
    ui::el("strong", "", vec![ui::text(text)])
}

/// A promise to read: what, by when, and whether it was kept.
pub(super) fn promise_text(language: Language, it: &Promise) -> AnyView {
    let words = today::of(language);
    let day = match &it.kept {
        Some(kept) => (words.kept_on)(&format::day(language, kept.at.day())),
        None => (words.due)(&format::day(language, it.due)),
    };
    line(
        "staff-line",
        vec![ui::text(it.text.to_string())],
        vec![more(day)],
    )
}

/// Wishes of mine that were refused, in words, until I have read them. `is_here` picks by the mutation's name.
pub(super) fn refusals(device: Device, form: Form, is_here: fn(&str) -> bool) -> AnyView {
    ui::live(move || {
        let seen = device.seen.get();
        let refused = owed::refused(&seen.view);
        let refused = refused.iter().filter(|it| is_here(name_of_wish(it)));
        let all: Vec<_> = refused
            .map(|it| refusal(device.language, form, it))
            .collect();
        if all.is_empty() {
            return Vec::new();
        }
        vec![ui::section(
            today::of(device.language).refused,
            vec![lines(all)],
        )]
    })
}

fn name_of_wish(it: &Outcome) -> &str {
    match &it.about {
        About::Words { name, .. } | About::Plain { name } => name,
        About::Ask(_) | About::Move(_) | About::Cancel(_) | About::Reply(_) => "",
    }
}

fn refusal(language: Language, form: Form, it: &Outcome) -> AnyView {
    let words = today::of(language);
    let why = match &it.verdict {
        Verdict::Ok => words.done.to_owned(),
        Verdict::Refused(no) => crate::words::refusal(language, no),
    };
    let mut main = vec![
        strong(called(language, name_of_wish(it))),
        ui::el("span", "", vec![ui::text(why)]),
    ];
    if let About::Words { text, .. } = &it.about {
        main.push(kept_words(language, it.mutation, text));
    }
    let mutation = it.mutation;
    let press = Callback::new(move |()| {
        form.send(Mutation::Acknowledge(Acknowledge { mutation }), || ());
    });
    let acts = vec![ui::button(Look::Second, words.read_it, press)];
    ui::el(
        "div",
        "staff-line",
        vec![
            ui::el("div", "staff-line__main", main),
            ui::el("div", "staff-line__acts", acts),
        ],
    )
}

/// What was typed comes back, so that nothing is written twice.
fn kept_words(language: Language, mutation: MutationId, text: &str) -> AnyView {
    let words = today::of(language);
    let copied = text.to_owned();
    let copy = Callback::new(move |()| {
        if let Some(edge) = edge() {
            edge.copy(&copied);
        }
    });
    let parts = vec![
        ui::p("prose", text.to_owned()),
        ui::button(Look::Plain, words.copy, copy),
    ];
    ui::more(&mutation.to_string(), words.refused_typed, parts)
}
