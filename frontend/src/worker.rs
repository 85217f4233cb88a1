//! The service worker: registered after everything else, replaced only when nothing is disturbed by it.

use std::cell::{Cell, RefCell};

use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    RegistrationOptions, ServiceWorkerContainer, ServiceWorkerRegistration,
    ServiceWorkerUpdateViaCache,
};

use crate::{browser, events};

thread_local! {
    static REGISTRATION: RefCell<Option<ServiceWorkerRegistration>> = const { RefCell::new(None) };
    static IS_TAKEN: Cell<bool> = const { Cell::new(false) };
}

/// Registers the worker and hears of newer ones.
pub(crate) fn register() {
    let Some(workers) = workers() else { return };
    browser::listen(
        &workers,
        "controllerchange",
        Box::new(|_| {
            if IS_TAKEN.replace(false) {
                browser::reload();
            }
        }),
    );
    let options = RegistrationOptions::new();
    options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
    let registered = workers.register_with_options("/sw.js", &options);
    spawn_local(async move {
        let Ok(registration) = JsFuture::from(registered).await else {
            return;
        };
        // A browser that is told to have no workers may answer with nothing.
        let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>() else {
            return;
        };
        let found = registration.clone();
        browser::listen(
            &registration,
            "updatefound",
            Box::new(move |_| watch(&found)),
        );
        REGISTRATION.set(Some(registration.clone()));
        if registration.waiting().is_some() {
            // A cold start: nothing has been typed yet.
            events::found_new_version(true);
        } else {
            watch(&registration);
        }
    });
}

/// A worker that installs beside a working one is a newer build.
fn watch(registration: &ServiceWorkerRegistration) {
    let Some(installing) = registration.installing() else {
        return;
    };
    let registration = registration.clone();
    browser::listen(
        &installing,
        "statechange",
        Box::new(move |_| {
            let has_old = workers().is_some_and(|it| it.controller().is_some());
            if registration.waiting().is_some() && has_old {
                events::found_new_version(false);
            }
        }),
    );
}

/// Takes the newer build; the page loads anew as soon as it reigns. Without one, the page loads anew at once.
pub(crate) fn take() {
    let waiting = REGISTRATION.with_borrow(|it| it.as_ref().and_then(|it| it.waiting()));
    let Some(waiting) = waiting else {
        browser::reload();
        return;
    };
    IS_TAKEN.set(true);
    let message = Object::new();
    let _ = Reflect::set(&message, &"kind".into(), &"skip-waiting".into());
    let _ = waiting.post_message(&message);
}

/// Asks the server whether there is a newer build.
pub(crate) fn look() {
    REGISTRATION.with_borrow(|it| {
        if let Some(Ok(asked)) = it.as_ref().map(ServiceWorkerRegistration::update) {
            // Without a connection there is no answer, and nothing to say about it.
            spawn_local(async {
                let _ = JsFuture::from(asked).await;
            });
        }
    });
}

fn workers() -> Option<ServiceWorkerContainer> {
    let navigator = browser::window().navigator();
    browser::has(&navigator, "serviceWorker").then(|| navigator.service_worker())
}
