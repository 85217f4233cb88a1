//! Going from page to page without loading: links, the back button, and the focus that follows.

use std::cell::Cell;

use app::page::Page;
use domain::member::Language;
use leptos::prelude::{GetUntracked, Set};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlAnchorElement, HtmlElement, MouseEvent};

use app::{device::Device, start::Who};

use crate::browser;

thread_local! {
    static LOADS: Cell<bool> = const { Cell::new(false) };
}

/// A newer build took over: pages are loaded, so that old code does not meet new files.
pub(crate) fn load_pages_from_now_on() {
    LOADS.set(true);
}

/// Hears clicks on links and the back button.
pub(crate) fn listen(device: Device, who: Who) {
    browser::listen(
        &browser::document(),
        "click",
        Box::new(move |event| {
            if let Some(page) = followed(&event, who) {
                event.prevent_default();
                go(device, &page);
            }
        }),
    );
    let back = move |_| {
        let (path, query) = browser::address();
        match Page::parse(&path, &query) {
            Some(page) if is_here(&page, who) => turn(device, page),
            _ => browser::reload(),
        }
    };
    browser::listen(&browser::window(), "popstate", Box::new(back));
}

/// The page of this bundle that a plain click on a plain link leads to.
fn followed(event: &Event, who: Who) -> Option<Page> {
    let click: &MouseEvent = event.dyn_ref()?;
    let is_plain = click.button() == 0
        && !(click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key());
    if !is_plain || event.default_prevented() {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = target.closest("a[href]").ok()??.dyn_into().ok()?;
    let is_inside = link.origin() == browser::window().location().origin().ok()?
        && link.hash().is_empty()
        && !link.has_attribute("target")
        && !link.has_attribute("download");
    if !is_inside {
        return None;
    }
    Page::parse(&link.pathname(), &link.search()).filter(|it| is_here(it, who))
}

/// This bundle can draw it by itself. Who may not open a page is told so by the server.
fn is_here(page: &Page, who: Who) -> bool {
    !LOADS.get() && !page.is_online_only() && page.is_for(who.role)
}

/// Goes to a page; one of another bundle, or made by the server, is loaded.
pub(crate) fn go(device: Device, page: &Page) {
    let is_known = device.page.get_untracked().as_ref() == Some(page);
    let may = leptos::prelude::GetValue::get_value(&device.who).is_some_and(|it| is_here(page, it));
    if !may {
        browser::load(&page.path());
        return;
    }
    if !is_known && let Ok(history) = browser::window().history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&page.path()));
    }
    browser::window().scroll_to_with_x_and_y(0.0, 0.0);
    turn(device, page.clone());
}

fn turn(device: Device, page: Page) {
    #[cfg(feature = "holder")]
    device.lesson.set(None);
    device.answer.set(None);
    browser::document().set_title(page.title(device.language));
    device.page.set(Some(page));
    // Once the page is drawn.
    browser::after(0, Box::new(read_out));
}

/// Puts the focus on the heading, so that a screen reader reads where one is.
fn read_out() {
    let document = browser::document();
    let heading = document.query_selector("main h1").ok().flatten();
    let Some(heading) = heading.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let _ = heading.set_attribute("tabindex", "-1");
    let _ = heading.focus();
}

/// Nobody is known here and nobody can be asked: says so, and tries again when there is a connection.
pub(crate) fn say_offline() {
    let (title, text, link) = match language() {
        Language::Ja => (
            "いまは、つながっていません",
            "サインインには接続が必要です。電波が戻ると、この画面は自動で開き直します。",
            "開き直す",
        ),
        Language::En => (
            "No connection right now",
            "Signing in needs a connection. This page opens again by itself when there is one.",
            "Open again",
        ),
    };
    say(&format!(
        "<h1>{title}</h1><p>{text}</p><p><a href=\"/sign-in\">{link}</a></p>"
    ));
    browser::listen(
        &browser::window(),
        "online",
        Box::new(|_| browser::load("/sign-in")),
    );
}

/// Signed out here, and the server does not know it yet.
pub(crate) fn say_unheard() {
    let (title, text) = match language() {
        Language::Ja => (
            "この端末からはログアウトしました",
            "サーバーにはまだ伝わっていません。電波が戻ると、この画面が自動で伝えます。閉じたときは、次に開いたときに伝えます。",
        ),
        Language::En => (
            "Signed out on this device",
            "The server does not know yet. This page tells it when there is a signal; if you close it, the next one does.",
        ),
    };
    say(&format!("<h1>{title}</h1><p>{text}</p>"));
}

/// Says one thing instead of everything else; what the page started from goes too.
fn say(html: &str) {
    let document = browser::document();
    if let Some(start) = document.get_element_by_id("start") {
        start.remove();
    }
    if let Some(app) = document.get_element_by_id("app") {
        app.set_inner_html(&format!("<main>{html}</main>"));
    }
}

/// The language of this page.
fn language() -> Language {
    let element = browser::document().document_element();
    match element.and_then(|it| it.get_attribute("lang")).as_deref() {
        Some("en") => Language::En,
        _ => Language::Ja,
    }
}
