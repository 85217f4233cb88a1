//! The browser as screens may use it.

use app::{
    device::{Device, Edge, NotSaved, SignOut},
    page::Page,
    start::Who,
};
#[cfg(feature = "holder")]
use domain::learning::File;
use domain::{
    id::MutationId,
    member::Language,
    sync::{machine::News, mutation::Mutation},
    time::Time,
};
use js_sys::Array;
#[cfg(any(feature = "staff", feature = "holder"))]
use leptos::prelude::Callback;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::{
    browser, leave, navigation,
    sync_loop::{self, Then},
    worker,
};
#[cfg(feature = "holder")]
use crate::{find, lesson, shelf};

/// The one implementation of [`Edge`].
pub(crate) struct Browser {
    pub(crate) device: Device,
    pub(crate) who: Who,
}

impl Browser {
    fn tell(news: News) {
        if let Some(it) = sync_loop::here() {
            it.tell(news);
        }
    }
}

impl Edge for Browser {
    fn act(&self, mutation: Mutation, then: Then) {
        match sync_loop::here() {
            Some(it) => it.act(mutation, then),
            None => then(Err(NotSaved::Storage)),
        }
    }

    fn give_up(&self, id: MutationId) {
        Self::tell(News::GaveUp(id));
    }

    fn revive(&self, id: MutationId) {
        Self::tell(News::Revived(id));
    }

    fn bury(&self, id: MutationId) {
        Self::tell(News::Buried(id));
    }

    fn kick(&self) {
        sync_loop::kick();
    }

    fn want(&self, audience: &str) {
        if let Some(it) = sync_loop::here() {
            it.want(audience);
        }
    }

    fn sign_out(&self, choice: SignOut) {
        if let Some(it) = sync_loop::here() {
            it.sign_out(choice);
        }
    }

    fn chance(&self) -> u128 {
        browser::chance()
    }

    fn now(&self) -> Time {
        browser::now()
    }

    fn go(&self, page: &Page) {
        navigation::go(self.device, page);
    }

    fn draft(&self, key: &str) -> Option<String> {
        browser::stored(&(leave::drafts_of(self.who) + key))
    }

    fn keep_draft(&self, key: &str, text: &str) {
        browser::keep(&(leave::drafts_of(self.who) + key), text);
    }

    fn download(&self, name: &str, kind: &str, text: &str) {
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        let parts = Array::of1(&text.into());
        let Ok(file) = Blob::new_with_str_sequence_and_options(&parts, &options) else {
            return;
        };
        let Ok(address) = Url::create_object_url_with_blob(&file) else {
            return;
        };
        if let Ok(link) = browser::document().create_element("a") {
            let link: HtmlAnchorElement = link.unchecked_into();
            link.set_href(&address);
            link.set_download(name);
            link.click();
        }
        // The browser needs the address until it has begun to save.
        browser::after(
            10_000,
            Box::new(move || {
                let _ = Url::revoke_object_url(&address);
            }),
        );
    }

    #[cfg(feature = "staff")]
    fn scan(&self, video: &'static str, heard: Callback<Option<String>>) {
        wasm_bindgen_futures::spawn_local(crate::camera::show(video, heard));
    }

    #[cfg(feature = "holder")]
    fn keep_files(&self, files: Vec<File>) {
        shelf::want(self.device, files);
    }

    #[cfg(feature = "holder")]
    fn pause_files(&self) {
        shelf::pause(self.device);
    }

    #[cfg(feature = "holder")]
    fn drop_files(&self, files: Vec<File>) {
        shelf::forget(self.device, files);
    }

    #[cfg(feature = "holder")]
    fn lesson(&self, page: &File, heard: Callback<Option<String>>) {
        lesson::open_page(page, heard);
    }

    #[cfg(feature = "holder")]
    fn attend(&self, last: &str, answered: Callback<[String; 3], bool>, seen: Callback<u16>) {
        lesson::attend(last, answered, seen);
    }

    #[cfg(feature = "holder")]
    fn find(&self, entries: &str, words: &str, heard: Callback<String>) {
        find::find(entries, words, heard);
    }

    fn copy(&self, text: &str) {
        let navigator = browser::window().navigator();
        if browser::has(&navigator, "clipboard") {
            let _ = navigator.clipboard().write_text(text);
        }
    }

    fn speak(&self, language: Language) {
        let name = match language {
            Language::Ja => "ja",
            Language::En => "en",
        };
        leave::remember(self.who, language);
        let cookie = format!("language={name}; path=/; max-age=31536000; samesite=lax");
        let document = browser::document();
        let _ = js_sys::Reflect::set(&document, &"cookie".into(), &cookie.into());
        browser::reload();
    }

    fn update(&self) {
        worker::take();
    }
}
