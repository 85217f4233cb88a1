//! The frame around every portal page.

use domain::sync::machine::Hold;
use leptos::prelude::*;

use super::{Any, Icon, Look, button, el, icon, link, link_button, live, p, text, words};
use crate::{
    device::{Device, edge},
    page::Page,
    start::FormAnswer,
};

/// The frame around every portal page: head, main, tabs.
#[component]
pub fn PortalFrame(children: Children) -> impl IntoView {
    let device = Device::here();
    let words = words::of(device.language);
    let name = move || {
        device.seen.with(|seen| {
            let name = seen.view.myself().map(|me| me.name.to_string());
            name.unwrap_or_else(|| words.me.to_owned())
        })
    };
    view! {
        <div class="portal">
            <a class="portal__skip" href="#main">{words.skip}</a>
            <header class="portal__head">
                <a class="portal__brand" href=Page::Home.path()>{icon(Icon::Bridge)}{words.brand}</a>
                <a class="portal__who" href=Page::Me.path()>{name}</a>
            </header>
            {notices(device)}
            <main class="portal__main" id="main" tabindex="-1">{children()}</main>
            {tabs(device)}
        </div>
    }
    .any()
}

fn tabs(device: Device) -> AnyView {
    let words = words::of(device.language);
    let tabs = [
        (Page::Home, Icon::House, words.home),
        (Page::Bookings, Icon::Calendar, words.booking),
        (Page::Events, Icon::People, words.events),
        (Page::Courses, Icon::Book, words.learn),
        (Page::Me, Icon::Person, words.me),
    ];
    let tab = move |(page, shape, text): (Page, Icon, &'static str)| {
        let path = page.path();
        let current = move || {
            let tab = device.page.with(|it| it.as_ref().map(tab_of));
            (tab.as_ref() == Some(&page)).then_some("page")
        };
        view! { <li><a class="portal__tab" href=path aria-current=current>{icon(shape)}{text}</a></li> }
    };
    let tabs: Vec<_> = tabs.into_iter().map(tab).collect();
    view! { <nav class="portal__tabs" aria-label=words.pages><ul>{tabs}</ul></nav> }.any()
}

/// The tab a page stands under.
fn tab_of(page: &Page) -> Page {
    match page {
        Page::Bookings | Page::Host(..) | Page::Booking(_) => Page::Bookings,
        Page::Events | Page::Event(_) | Page::Faq => Page::Events,
        Page::Courses | Page::Course(_) | Page::Lesson(..) | Page::Play(..) => Page::Courses,
        Page::Me | Page::Sync | Page::Sights | Page::Devices | Page::Calendar => Page::Me,
        _ => Page::Home,
    }
}

/// What there is to know before anything else, one calm line each.
pub fn notices(device: Device) -> AnyView {
    let words = words::of(device.language);
    let lines = live(move || {
        let mut lines: Vec<AnyView> = Vec::new();
        match device.answer.get() {
            None => {}
            Some(FormAnswer::Done) => lines.push(line(true, words.done.into(), None)),
            Some(FormAnswer::Refused(no)) => {
                lines.push(line(
                    false,
                    crate::words::refusal(device.language, &no),
                    None,
                ));
            }
        }
        let status = device.status.read();
        let update = || {
            let press = Callback::new(|()| {
                if let Some(edge) = edge() {
                    edge.update();
                }
            });
            Some(button(Look::Plain, words.update, press))
        };
        match status.hold {
            None => {}
            Some(Hold::Offline) => lines.push(line(true, words.offline.into(), None)),
            Some(Hold::SignedOut) => {
                let sign_in = link_button(Look::Plain, words.sign_in, "/sign-in".into());
                lines.push(line(false, words.signed_out.into(), Some(sign_in)));
            }
            Some(Hold::Outdated) => lines.push(line(false, words.outdated.into(), update())),
            Some(Hold::Disabled) => lines.push(line(false, words.disabled.into(), None)),
        }
        if status.has_new_version && status.hold != Some(Hold::Outdated) {
            lines.push(line(true, words.new_version.into(), update()));
        }
        if status.is_memory_only {
            lines.push(line(false, words.memory_only.into(), None));
        }
        lines
    });
    view! {
        <div class="notices" role="status">
            {lines}
            <div class="notice notice--fault" id="fault" hidden>
                <p class="notice__line">{words.fault}" "<a href="">{words.reload}</a></p>
            </div>
        </div>
    }
    .any()
}

fn line(is_calm: bool, text: String, action: Option<AnyView>) -> AnyView {
    let class = if is_calm {
        "notice notice--calm"
    } else {
        "notice"
    };
    let mut parts = vec![p("", text)];
    parts.extend(action);
    el("div", class, vec![el("div", "notice__line", parts)])
}

/// How much waits to be sent; nothing when nothing does.
pub fn unsent(device: Device) -> AnyView {
    live(move || {
        let count = device
            .status
            .with(|it| it.unsent.iter().filter(|it| it.mutation.is_some()).count() + it.dead.len());
        if count == 0 {
            return Vec::new();
        }
        let line = el(
            "span",
            "",
            vec![text((words::of(device.language).unsent)(count))],
        );
        vec![link(
            "unsent",
            Page::Sync.path(),
            vec![icon(Icon::Outbox), line],
        )]
    })
}
