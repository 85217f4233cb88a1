//! What stands on a screen: headings, cards, lists, links.

use std::borrow::Cow;

use domain::member::Language;
use leptos::prelude::*;

use super::{Mark, words};

/// Text that is fixed or was made for this screen.
type Words = Cow<'static, str>;

/// The column every screen is.
pub fn screen(parts: Vec<AnyView>) -> AnyView {
    view! { <div class="screen">{parts}</div> }.into_any()
}

/// The screen's only first heading, with a quieter line under it when there is one. It breaks after 「、」 first, also
/// in browsers that do not know where a phrase ends.
pub fn title(text: impl Into<Words>, line: impl Into<Words>) -> AnyView {
    let (text, line): (Words, Words) = (text.into(), line.into());
    let phrases: Vec<_> = text
        .split_inclusive('、')
        .map(|it| view! { <span>{it.to_owned()}</span> })
        .collect();
    let line = (!line.is_empty()).then(|| view! { <small>{line}</small> });
    view! { <h1 class="title">{phrases}{line}</h1> }.into_any()
}

/// The way back.
pub fn back(language: Language, path: String) -> AnyView {
    view! { <a class="back" href=path>"← "{words::of(language).back}</a> }.into_any()
}

/// A part of a screen under a heading.
pub fn section(heading: impl Into<Words>, parts: Vec<AnyView>) -> AnyView {
    view! { <section class="section"><h2>{heading.into()}</h2>{parts}</section> }.into_any()
}

/// Cards or lines, one under the other.
pub fn list(items: Vec<AnyView>) -> AnyView {
    let items: Vec<_> = items
        .into_iter()
        .map(|it| view! { <li>{it}</li> })
        .collect();
    view! { <ul class="list">{items}</ul> }.into_any()
}

/// Ways to other pages: path and words.
pub fn links(ways: Vec<(String, Words)>) -> AnyView {
    let ways: Vec<_> = ways
        .into_iter()
        .map(|(path, text)| view! { <li><a href=path><span>{text}</span></a></li> })
        .collect();
    view! { <ul class="links">{ways}</ul> }.into_any()
}

/// Names and values.
pub fn facts(pairs: Vec<(&'static str, AnyView)>) -> AnyView {
    let pairs: Vec<_> = pairs
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect();
    view! { <dl class="facts">{pairs}</dl> }.into_any()
}

/// A quiet sentence.
pub fn note(text: impl Into<Words>) -> AnyView {
    view! { <p class="note">{text.into()}</p> }.into_any()
}

/// Things side by side, while there is room.
pub fn row(parts: Vec<AnyView>) -> AnyView {
    view! { <div class="row">{parts}</div> }.into_any()
}

/// A small word on a thing.
pub fn chip(text: impl Into<Words>) -> AnyView {
    view! { <span class="chip">{text.into()}</span> }.into_any()
}

/// A sheet of paper. Its border repeats the mark that stands on it in words.
pub fn card(mark: Option<Mark>, parts: Vec<AnyView>) -> AnyView {
    view! { <div class=paper(mark)>{parts}</div> }.into_any()
}

/// A sheet that is a link as a whole.
pub fn link_card(mark: Option<Mark>, path: String, parts: Vec<AnyView>) -> AnyView {
    view! { <a class=paper(mark) href=path>{parts}</a> }.into_any()
}

fn paper(mark: Option<Mark>) -> &'static str {
    match mark {
        None => "card",
        Some(Mark::Saved) => "card card--saved",
        Some(Mark::Sending) => "card card--sending",
        Some(Mark::Confirmed) => "card card--confirmed",
        Some(Mark::Refused) => "card card--refused",
        Some(Mark::Owed) => "card card--owed",
    }
}
