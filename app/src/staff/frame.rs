//! The frame around every console page: the nouns of this role, what is my own, and the banners.

use domain::member::Language;
use leptos::prelude::*;

use crate::ui::Any;

use super::words;
use crate::{device::Device, page::Page, ui};

/// The noun of a page, for its heading, the menu and the window.
#[must_use]
pub fn title(language: Language, page: &Page) -> Option<&'static str> {
    let words = words::of(language);
    Some(match page {
        Page::Today => words.today,
        Page::Slots => words.slots,
        Page::Interviews | Page::Interview(_) => words.interviews,
        Page::Plans | Page::Plan(_) | Page::Door(_) | Page::NewPlan(_) | Page::EditPlan(_) => {
            words.events
        }
        Page::Promises => words.promises,
        Page::People => words.people,
        Page::Import => words.import,
        Page::StaffCourses | Page::StaffCourse(_) | Page::Subsidies => words.courses,
        Page::Settings => words.settings,
        Page::Me => words.me,
        Page::Sync => words.sync,
        Page::Devices => words.devices,
        Page::Calendar => words.calendar,
        _ => return None,
    })
}

/// Pages below a noun count as the noun.
fn noun_of(page: &Page) -> Page {
    match page {
        Page::Interview(_) => Page::Interviews,
        Page::Import => Page::People,
        Page::StaffCourse(_) | Page::Subsidies => Page::StaffCourses,
        Page::NewPlan(_) | Page::Plan(_) | Page::EditPlan(_) | Page::Door(_) => Page::Plans,
        other => other.clone(),
    }
}

/// A list of links to pages that this role may open.
fn links(device: Device, pages: &[Page]) -> Vec<AnyView> {
    let role = device.who.with_value(|it| it.map(|it| it.role));
    pages
        .iter()
        .filter(|page| role.is_some_and(|role| page.is_for(role)))
        .map(|page| link(device, page.clone()))
        .collect()
}

fn link(device: Device, page: Page) -> AnyView {
    let text = title(device.language, &page);
    let href = page.path();
    let mut parts = vec![ui::text(text.unwrap_or_default())];
    if page == Page::Sync {
        parts.push(ui::live(move || count(device)));
    }
    let current = Signal::derive(move || {
        let is_here = device
            .page
            .with(|it| it.as_ref().is_some_and(|it| noun_of(it) == page));
        is_here.then_some("page")
    });
    view! { <li><a href=href aria-current=current>{parts}</a></li> }.any()
}

/// How much waits to be sent, if something does.
fn count(device: Device) -> Vec<AnyView> {
    match device.status.with(|it| it.unsent.len()) {
        0 => Vec::new(),
        n => {
            let text = (words::of(device.language).unsent)(n);
            vec![ui::el("span", "staff__count", vec![ui::text(text)])]
        }
    }
}

/// The frame around every console page.
#[component]
pub fn ConsoleFrame(children: Children) -> impl IntoView {
    let device = Device::here();
    let words = words::of(device.language);
    let company = ui::live(move || {
        device.seen.with(|seen| {
            let company = seen.view.company.values();
            company.map(|it| ui::text(it.name.to_string())).collect()
        })
    });
    let nouns = [
        Page::Today,
        Page::Slots,
        Page::Interviews,
        Page::Plans,
        Page::Promises,
        Page::StaffCourses,
        Page::People,
        Page::Settings,
    ];
    let mine = [Page::Me, Page::Sync, Page::Devices, Page::Calendar];
    view! {
        <div class="staff">
            <div class="staff__side">
                <header class="staff__head">
                    <a class="portal__skip" href="#main">{words.skip}</a>
                    <a class="staff__brand" href=Page::Today.path()>
                        {ui::icon(ui::Icon::Bridge)}<span>{words.name}</span>
                        <small>{company}</small>
                    </a>
                </header>
                <nav class="staff__nouns" aria-label=words.nouns><ul>{links(device, &nouns)}</ul></nav>
                <nav class="staff__mine" aria-label=words.mine><ul>{links(device, &mine)}</ul></nav>
            </div>
            <div class="staff__notices">{ui::notices(device)}</div>
            <main class="staff__main" id="main" tabindex="-1">{children()}</main>
        </div>
    }
}
