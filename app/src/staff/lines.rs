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
    page::Page,
    ui::{self, Look, Mark},
};

/// The heading of a console page and the line without which nobody knows why a form does nothing.
pub(super) fn heading(device: Device, page: &Page, lead: impl Into<Cow<'static, str>>) -> AnyView {
    let noun = super::title(device.language, page).unwrap_or_default();
    // As text: a browser that runs scripts reads what stands in it as text, too, and the code that takes over the page
    // must find what it expects.
    let needs = format!(
        "<p class=\"note\">{}</p>",
        words::of(device.language).needs_script
    );
    view! {
        {ui::title(noun, lead)}
        <noscript inner_html=needs></noscript>
    }
    .into_any()
}

/// Lines one under the other.
pub(super) fn lines(lines: Vec<AnyView>) -> AnyView {
    let lines: Vec<_> = lines
        .into_iter()
        .map(|it| view! { <li>{it}</li> })
        .collect();
    view! { <ul class="staff-lines">{lines}</ul> }.into_any()
}

/// The mark of something that is not confirmed yet.
pub(super) fn mark(language: Language, standing: Standing) -> Option<AnyView> {
    (standing != Standing::Confirmed).then(|| ui::standing(language, Mark::from(standing)))
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
    state: Option<AnyView>,
) -> AnyView {
    let when = match day {
        Some(day) => format!("{day} {}", format::span(it.starts)),
        None => format::when(language, it.starts),
    };
    let topic = it
        .topic
        .as_ref()
        .map(|it| format!("{}{it}", words::of(language).dot));
    let class = if it.is_live() {
        "staff-line"
    } else {
        "staff-line staff-line--gone"
    };
    view! {
        <a class=class href=Page::Interview(it.id).path()>
            <span class="staff-line__main">
                <span class="staff-line__time">{when}</span>
                <span>{name_of(language, &it.member_name)}</span>
                <span class="staff-line__more">{place(language, &it.place)}{topic}</span>
            </span>
            <span class="staff-line__acts">{state}</span>
        </a>
    }
    .into_any()
}

/// Promises that are open, each with the button that keeps it.
pub(super) fn open_promises(device: Device, form: Form, most: usize) -> AnyView {
    let me = device.who.with_value(|it| it.map(|it| it.id));
    let open = device.read(move |seen| {
        let mut open = owed::open_promises(&seen.view);
        open.truncate(most);
        with_standing(seen, open)
    });
    let draw = move || {
        let now = device.now.get();
        let line = |it: &Stood| promise(device, form, it, me != Some(it.0.by), now);
        open.with(|open| (!open.is_empty()).then(|| lines(open.iter().map(line).collect())))
    };
    draw.into_any()
}

/// A promise and how certain it is.
pub(super) type Stood = (Promise, Standing);

/// Promises, each with how certain it is.
pub(super) fn with_standing(seen: &Seen, promises: Vec<Promise>) -> Vec<Stood> {
    let stood = |it: Promise| {
        let standing = seen.standing("promise", it.id);
        (it, standing)
    };
    promises.into_iter().map(stood).collect()
}

fn promise(
    device: Device,
    form: Form,
    (it, standing): &Stood,
    is_others: bool,
    now: Time,
) -> AnyView {
    let language = device.language;
    let (words, dot) = (today::of(language), words::of(language).dot);
    let due = match format::days_until(it.due, now) {
        0 => words.due_today.to_owned(),
        ahead if ahead > 0 => (words.due_in)(ahead),
        past => (words.due_since)(-past),
    };
    let by = is_others.then(|| format!("{dot}{}", (words.made_by)(&it.by_name)));
    let keep = Keep { promise: it.id };
    let press = Callback::new(move |()| form.send(Mutation::Keep(keep.clone()), || ()));
    view! {
        <div class="staff-line staff-line--owed">
            <div class="staff-line__main">
                <strong>{it.text.to_string()}</strong>
                <span class="staff-line__more">
                    {name_of(language, &it.member_name)}{dot}{(words.due)(&format::day(language, it.due))}{by}
                </span>
            </div>
            <div class="staff-line__acts">
                {mark(language, *standing)}
                {ui::chip(due)}
                {ui::button(Look::Second, words.keep, press)}
            </div>
        </div>
    }
    .into_any()
}

/// A promise to read: what, by when, and whether it was kept.
pub(super) fn promise_text(language: Language, it: &Promise) -> AnyView {
    let words = today::of(language);
    let day = match &it.kept {
        Some(kept) => (words.kept_on)(&format::day(language, kept.at.day())),
        None => (words.due)(&format::day(language, it.due)),
    };
    view! {
        <div class="staff-line">
            <span>{it.text.to_string()}</span>
            <span class="staff-line__more">{day}</span>
        </div>
    }
    .into_any()
}

/// Wishes of mine that were refused, in words, until I have read them. `is_here` picks by the mutation's name.
pub(super) fn refusals(device: Device, form: Form, is_here: fn(&str) -> bool) -> AnyView {
    let refused = device.read(move |seen| {
        let mut refused = owed::refused(&seen.view);
        refused.retain(|it| is_here(name_of_wish(it)));
        refused
    });
    let draw = move || {
        let words = today::of(device.language);
        refused.with(|refused| {
            let line = |it: &Outcome| refusal(device.language, form, it);
            let all: Vec<_> = refused.iter().map(line).collect();
            (!all.is_empty()).then(|| ui::section(words.refused, vec![lines(all)]))
        })
    };
    draw.into_any()
}

fn name_of_wish(it: &Outcome) -> &str {
    match &it.about {
        About::Words { name, .. } | About::Plain { name } => name,
        About::Ask(_) | About::Move(_) | About::Cancel(_) => "",
    }
}

fn refusal(language: Language, form: Form, it: &Outcome) -> AnyView {
    let words = today::of(language);
    let why = match &it.verdict {
        Verdict::Ok => words.done.to_owned(),
        Verdict::Refused(no) => crate::words::refusal(language, no),
    };
    let typed = match &it.about {
        About::Words { text, .. } if !text.is_empty() => Some(kept_words(language, text.clone())),
        _ => None,
    };
    view! {
        <div class="staff-line">
            <div class="staff-line__main">
                <strong>{today::wish(language, name_of_wish(it))}</strong>
                <span>{why}</span>
                {typed}
            </div>
            <div class="staff-line__acts">{read_button(words.read_it, form, it.mutation)}</div>
        </div>
    }
    .into_any()
}

/// What was typed comes back, so that nothing is written twice.
fn kept_words(language: Language, text: String) -> AnyView {
    let words = today::of(language);
    let copied = text.clone();
    let copy = Callback::new(move |()| {
        if let Some(edge) = edge() {
            edge.copy(&copied);
        }
    });
    let parts = vec![
        view! { <p class="prose">{text}</p> }.into_any(),
        ui::button(Look::Plain, words.copy, copy),
    ];
    ui::more(words.refused_typed, parts)
}

fn read_button(label: &'static str, form: Form, mutation: MutationId) -> AnyView {
    let press = Callback::new(move |()| {
        form.send(Mutation::Acknowledge(Acknowledge { mutation }), || ());
    });
    ui::button(Look::Second, label, press)
}
