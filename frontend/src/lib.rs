//! The app's life in a browser: what happens between the screens and the world.
//!
//! In reading order:
//! - `navigation`: links and the back button. `edge`: the browser as screens may use it.
//! - `sync_loop`: the only driver of the sync machine. `screen`: what it knows, put into signals.
//! - `events`: what happens around the page: connection, view, clock, other tabs.
//! - `store`: what survives. `transport`: one exchange with the server. `poke`: "there is something new".
//! - `learning`: what is loaded for 学ぶ. `shelf`: lessons on the device. `lesson`: the one that is read.
//!   `find`: words in them. `camera`: the one at the door.
//! - `tabs`: who talks to the network. `leave`: who is known here, and signing out.
//! - `worker`: the service worker. `fault`: a fault of ours. `browser`: clock, chance, timers.
//!
//! Invariant: the first drawing equals the server's. What is stored is swapped in after it.

mod browser;
#[cfg(feature = "staff")]
mod camera;
mod edge;
mod events;
mod fault;
#[cfg(feature = "holder")]
mod find;
#[cfg(feature = "holder")]
mod learning;
mod leave;
#[cfg(feature = "holder")]
mod lesson;
mod navigation;
mod poke;
mod screen;
#[cfg(feature = "holder")]
mod shelf;
mod store;
mod sync_loop;
mod tabs;
mod transport;
mod worker;

use app::{device::Device, page::Bundle, start::Start};
use js_sys::{Array, Reflect};
use leptos::prelude::{AnyView, Owner, Update};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, HtmlElement};

/// How a bundle begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Takes over what the server drew.
    Hydrate,
    /// Draws anew: the neutral shell, or a page that cannot be taken over.
    Mount,
}

/// Begins: draws what the page starts from, then opens the store.
pub fn start(bundle: Bundle, how: How, draw: fn(Device) -> AnyView) {
    fault::watch();
    let document = browser::document();
    let embedded = document
        .get_element_by_id("start")
        .and_then(|it| domain::json::read::<Start>(&it.text_content()?).ok());
    let element = document
        .get_element_by_id("app")
        .and_then(|it| it.dyn_into::<HtmlElement>().ok());
    let (Some(mut start), Some(element)) = (embedded, element) else {
        fault::show();
        return;
    };
    if leave::finish(start.who) {
        return;
    }
    let is_shell = start.who.is_none();
    if is_shell && leave::recall(&mut start).is_none() {
        leave::to_sign_in();
        return;
    }
    let Some(who) = start.who else { return };
    if Bundle::of(who.role) != bundle {
        // The shell of the other bundle, for a page that both have.
        browser::load(&app::page::Page::first_of(who.role).path());
        return;
    }
    leave::remember(who, start.language);

    let (path, query) = browser::address();
    // The signals live as long as the page.
    let owner = Owner::new();
    let device = owner.with(|| app::device_of(&start, &path, &query));
    std::mem::forget(owner);
    app::device::set_edge(Box::new(edge::Browser { device, who }));
    sync_loop::make(device, who, start);
    if is_shell {
        device.status.update(|it| {
            it.is_loading = true;
            it.fetched = None;
        });
    }
    if how == How::Hydrate && is_ours(&document) {
        name_what_hydration_reads();
        leptos::mount::hydrate_from(element, move || draw(device)).forget();
    } else {
        draw_anew(&element, move || draw(device));
    }
    #[cfg(feature = "holder")]
    shelf::begin(device);
    navigation::listen(device, who);
    spawn_local(async {
        // Opening the store is a task of its own: drawing must not wait for it, nor a tap for both.
        let _ = JsFuture::from(browser::pause(0)).await;
        sync_loop::begin().await;
    });
}

/// The page was drawn from the sources that this bundle was made of. Between two builds a server may be older or newer.
fn is_ours(document: &Document) -> bool {
    let views = document
        .body()
        .and_then(|it| it.get_attribute("data-views"));
    views.as_deref() == Some(app::VIEWS)
}

/// What is there stays until the new drawing is whole: a fault in between leaves the old one, never nothing.
fn draw_anew(old: &HtmlElement, draw: impl FnOnce() -> AnyView + 'static) {
    let Ok(new) = browser::document().create_element("div") else {
        return;
    };
    new.set_id("app");
    let new: HtmlElement = new.unchecked_into();
    leptos::mount::mount_to(new.clone(), draw).forget();
    let _ = old.replace_with_with_node_1(&new);
}

/// Hydration reads three lists that a streaming server fills. Ours sends whole pages: they are empty.
fn name_what_hydration_reads() {
    let window = browser::window();
    for name in [
        "__RESOLVED_RESOURCES",
        "__SERIALIZED_ERRORS",
        "__INCOMPLETE_CHUNKS",
    ] {
        if !browser::has(&window, name) {
            let _ = Reflect::set(&window, &name.into(), &Array::new());
        }
    }
}
