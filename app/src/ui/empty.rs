//! Nothing to show, in three kinds, and since when.

use domain::{member::Language, sync::machine::Hold};
use leptos::prelude::*;

use super::{Look, el, link_button, live, p, screen, title, words};
use crate::{
    device::{Device, Status},
    format,
    page::Page,
};

/// Why there is nothing to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// 空: there is nothing, and what would stand here.
    Nothing(&'static str, &'static str),
    /// 未取得: it was not loaded yet.
    Unloaded,
    /// オフライン: it cannot be loaded now.
    Offline,
}

impl Blank {
    /// The kind that is true now for rows that are in the replica.
    #[must_use]
    pub fn of(status: &Status, heading: &'static str, text: &'static str) -> Self {
        match (status.is_loading, status.hold) {
            (false, _) => Self::Nothing(heading, text),
            (true, Some(Hold::Offline)) => Self::Offline,
            (true, _) => Self::Unloaded,
        }
    }
}

/// Nothing to show.
pub fn empty(language: Language, blank: Blank) -> AnyView {
    let words = words::of(language);
    let (class, heading, line) = match blank {
        Blank::Nothing(heading, line) => ("empty", heading, line),
        Blank::Unloaded => (
            "empty empty--unloaded",
            words.unloaded_title,
            words.unloaded,
        ),
        Blank::Offline => (
            "empty empty--offline",
            words.offline_title,
            words.offline_empty,
        ),
    };
    el("div", class, vec![p("empty__title", heading), p("", line)])
}

/// A page that the server draws alone, where it cannot be had.
pub fn away_from(language: Language, page: &Page) -> AnyView {
    let again = words::of(language).again;
    super::stack(vec![
        empty(language, Blank::Offline),
        link_button(Look::Second, again, page.path()),
    ])
}

/// 「10:32時点」: since when the rows are known to be so.
pub fn fetched(device: Device) -> AnyView {
    live(move || {
        let Some(at) = device.status.with(|it| it.fetched) else {
            return Vec::new();
        };
        let at = format::moment(device.language, at, device.now.get());
        vec![p("caption", (words::of(device.language).fetched)(&at))]
    })
}

/// Nothing stands at this address.
#[component]
pub fn NotFound() -> impl IntoView {
    let words = words::of(Device::here().language);
    screen(vec![
        title(words.lost_title, words.lost),
        link_button(Look::Second, words.to_home, Page::Home.path()),
    ])
}
