//! The frame around every page before the sign-in: the name, the other language, the column.

use domain::member::Language;
use leptos::prelude::*;

use super::words;
use crate::ui::{Any, Icon, hidden, icon};

/// What every page before the sign-in is told.
#[derive(Debug, Clone)]
pub struct Here {
    /// The language of the page.
    pub language: Language,
    /// Where the page can be opened again, for the switch of language.
    pub path: String,
    /// The demo: its mails can be read at `/dev/mail`.
    pub is_demo: bool,
}

/// The frame.
pub(super) fn frame(here: &Here, parts: Vec<AnyView>) -> AnyView {
    let brand = words::of(here.language).brand;
    let (other, code, name) = match here.language {
        Language::Ja => ("en", "en", "English"),
        Language::En => ("ja", "ja", "日本語"),
    };
    view! {
        <div class="portal">
            <header class="portal__head">
                <a class="portal__brand" href="/sign-in">{icon(Icon::Bridge)}{brand}</a>
                <form method="post" action="/language">
                    {hidden("back", here.path.clone())}
                    <button class="button button--plain" name="language" value=other lang=code>{name}</button>
                </form>
            </header>
            <main class="portal__main">
                <div class="screen sign-in">{parts}</div>
            </main>
        </div>
    }
    .any()
}

/// A form that posts to `action`.
pub(super) fn form(action: &'static str, parts: Vec<AnyView>) -> AnyView {
    view! { <form class="stack" method="post" action=action>{parts}</form> }.any()
}

/// What went wrong, above everything else and read out at once.
pub(super) fn alert(text: String) -> AnyView {
    view! { <p class="sign-in__problem" role="alert" id="problem">{text}</p> }.any()
}

/// A sentence.
pub(super) fn line(text: String) -> AnyView {
    view! { <p>{text}</p> }.any()
}

/// In the demo: where its mails can be read.
pub(super) fn demo(here: &Here) -> AnyView {
    let words = words::of(here.language);
    let note = || view! { <p class="note">{words.demo}" "<a href="/dev/mail">"/dev/mail"</a></p> };
    here.is_demo.then(note).any()
}
