//! `/me`: who I am here, the ways from here, the language, who sees what, the way out.

use domain::member::{Language, Me, Role};
use leptos::prelude::*;

use super::words::{self, Words};
use crate::{
    device::{Device, SignOut, edge},
    format,
    page::Page,
    ui::{self, Blank, Look},
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
        (Page::Sights, words.sights),
    ];
    let links = links.map(|(page, text)| (page.path(), text.into()));
    ui::screen(vec![
        myself,
        ui::unsent(device),
        ui::links(links.into()),
        #[cfg(feature = "staff")]
        super::profile::profile(device),
        // Nobody who uses the portal is a host.
        #[cfg(not(feature = "staff"))]
        ui::nothing(),
        ui::section(words.language, vec![languages(device)]),
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

/// The two languages as two buttons; the one in use is pressed.
fn languages(device: Device) -> AnyView {
    let one = |language: Language, name: &'static str| {
        let is_used = device.language == language;
        let speak = Callback::new(move |()| {
            if let Some(edge) = edge() {
                edge.speak(language);
            }
        });
        let attributes = ui::attributes![
            "class" = "button",
            "type" = "submit",
            "lang" = language.code(),
            "aria-pressed" = if is_used { "true" } else { "false" },
        ];
        let button = ui::tag("button", attributes, vec![ui::text(name)]);
        ui::form(
            "/language".to_owned(),
            speak,
            vec![ui::hidden("language", language.code().to_owned()), button],
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
            ui::tag(
                "p",
                ui::attributes!["role" = "status"],
                vec![ui::text((words.sign_out_unsent)(n))],
            ),
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
