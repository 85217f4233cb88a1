//! `/me`: who I am here, the ways from here, the language, who sees what, the way out.

use domain::{
    member::{Language, Me, Role, SetProfile},
    sync::mutation::Mutation,
};
use leptos::prelude::*;

use super::{
    sights,
    words::{self, Words},
};
use crate::{
    device::{Device, SignOut, edge},
    format,
    page::Page,
    ui::{self, Blank, Look, Mark, TextArea},
};

pub(super) fn screen() -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    let myself = ui::live(move || {
        device.seen.with(|seen| match seen.view.myself() {
            Some(me) => facts(device, me),
            None => {
                let blank = device.status.with(|it| Blank::of(it, "", ""));
                vec![
                    ui::title(words.title, ""),
                    ui::empty(device.language, blank),
                ]
            }
        })
    });
    let links = [
        (Page::Sync, words.outbox),
        (Page::Devices, words.devices),
        (Page::Calendar, words.calendar),
    ];
    let links = links.map(|(page, text)| (page.path(), text.into()));
    ui::screen(vec![
        myself,
        ui::unsent(device),
        ui::links(links.into()),
        profile(device),
        ui::section(words.language, vec![languages(device)]),
        sights::sights(device.language),
        ui::section(words.sign_out, vec![sign_out(device)]),
    ])
}

fn facts(device: Device, me: &Me) -> Vec<AnyView> {
    let words = words::of(device.language);
    let mut facts = vec![(words.role, ui::text(role(words, me.role)))];
    if let Some(team) = &me.team {
        facts.push((words.team, ui::text(team.to_string())));
    }
    if let Some(joining) = me.joining {
        facts.push((
            words.joining,
            ui::text(format::day(device.language, joining)),
        ));
    }
    vec![
        ui::title(me.name.to_string(), words.title),
        ui::card(None, vec![ui::facts(facts)]),
    ]
}

fn role(words: &'static Words, role: Role) -> &'static str {
    words.roles[role as usize]
}

/// A host's 「話せること」. Hidden for everybody else.
fn profile(device: Device) -> AnyView {
    let words = words::of(device.language);
    if !device.who.get_value().is_none_or(|it| it.role.is_host()) {
        return ().into_any();
    }
    let known = device.read(|seen| {
        let me = seen.view.myself()?;
        Some(me.talks_about.as_ref()?.to_string())
    });
    let text = RwSignal::new(known.get_untracked().unwrap_or_default());
    // The rows may come after the screen: then the field is filled once, unless somebody writes in it already.
    Effect::new(move |was: Option<Option<String>>| {
        let known = known.get();
        if let (None, Some(known)) = (was.flatten(), &known)
            && text.with_untracked(String::is_empty)
        {
            text.set(known.clone());
        }
        known
    });
    let trouble = RwSignal::new(None);
    let is_host = device.read(|seen| seen.view.myself().is_some_and(|it| it.role.is_host()));
    let mark = ui::live(move || {
        let standing = device.seen.with(|seen| {
            let me = seen.view.myself()?;
            Some(seen.standing("me", me.id))
        });
        let mark = standing.map(Mark::from).filter(|it| *it != Mark::Confirmed);
        let mark = mark.map(|it| ui::standing(device.language, it));
        mark.into_iter().collect()
    });
    let save = Callback::new(move |()| {
        let it = SetProfile {
            talks_about: Some(text.get_untracked()),
        };
        if it.checked().is_ok() {
            ui::act(Mutation::SetProfile(it), trouble, || {});
        }
    });
    let form = ui::form(
        "/me/profile".to_owned(),
        save,
        vec![
            view! { <TextArea name="talks_about" label=words.talks hint=words.talks_hint most=200 rows=2 text/> }.into_any(),
            mark,
            ui::trouble(device, trouble),
            ui::submit(Look::Second, words.save),
        ],
    );
    ui::shown_while(move || is_host.get(), form)
}

/// The two languages as two buttons; the one in use is pressed.
fn languages(device: Device) -> AnyView {
    let one = |language: Language, name: &'static str| {
        let is_used = device.language == language;
        let speak = Callback::new(move |()| {
            if let Some(edge) = edge() {
                edge.speak(language);
            }
        });
        let button = view! {
            <button class="button" type="submit" lang=language.code() aria-pressed=if is_used { "true" } else { "false" }>{name}</button>
        };
        ui::form(
            "/language".to_owned(),
            speak,
            vec![
                ui::hidden("language", language.code().to_owned()),
                button.into_any(),
            ],
        )
    };
    ui::row(vec![
        one(Language::Ja, "日本語"),
        one(Language::En, "English"),
    ])
}

/// One button; three when something is unsent.
fn sign_out(device: Device) -> AnyView {
    let words = words::of(device.language);
    let is_asking = RwSignal::new(false);
    let leave = |choice: SignOut| {
        Callback::new(move |()| {
            if let Some(edge) = edge() {
                edge.sign_out(choice);
            }
        })
    };
    let count = move || device.status.with(|it| it.unsent.len() + it.dead.len());
    let first = Callback::new(move |()| match (count(), edge()) {
        (0, Some(edge)) => edge.sign_out(SignOut::Discard),
        _ => is_asking.set(true),
    });
    let choices = ui::live(move || {
        let Some(n) = is_asking.get().then(count).filter(|n| *n > 0) else {
            return Vec::new();
        };
        vec![
            view! { <p role="status">{(words.sign_out_unsent)(n)}</p> }.into_any(),
            ui::button(Look::Second, words.send_first, leave(SignOut::SendFirst)),
            ui::button(Look::Second, words.keep, leave(SignOut::Keep)),
            ui::button(Look::Second, words.discard_all, leave(SignOut::Discard)),
        ]
    });
    let form = ui::form(
        "/sign-out".to_owned(),
        first,
        vec![
            ui::note(words.sign_out_note),
            ui::submit(Look::Second, words.sign_out),
        ],
    );
    ui::stack(vec![form, choices])
}
