//! What stands on a screen: headings, cards, lists, links.

use std::borrow::Cow;

use domain::member::Language;
use leptos::prelude::*;

use super::{Mark, attributes, el, p, tag, text, words};

/// Text that is fixed or was made for this screen.
type Words = Cow<'static, str>;

/// The column every screen is.
pub fn screen(parts: Vec<AnyView>) -> AnyView {
    el("div", "screen", parts)
}

/// The screen's only first heading, with a quieter line under it when there is one. It breaks after 「、」 first, also
/// in browsers that do not know where a phrase ends.
pub fn title(heading: impl Into<Words>, line: impl Into<Words>) -> AnyView {
    let (heading, line): (Words, Words) = (heading.into(), line.into());
    let mut parts: Vec<_> = heading
        .split_inclusive('、')
        .map(|it| el("span", "", vec![text(it.to_owned())]))
        .collect();
    if !line.is_empty() {
        parts.push(el("small", "", vec![text(line)]));
    }
    el("h1", "title", parts)
}

/// The way back.
pub fn back(language: Language, path: String) -> AnyView {
    link(
        "back",
        path,
        vec![text("← "), text(words::of(language).back)],
    )
}

/// A part of a screen under a heading.
pub fn section(heading: impl Into<Words>, mut parts: Vec<AnyView>) -> AnyView {
    parts.insert(0, el("h2", "", vec![text(heading)]));
    el("section", "section", parts)
}

/// A heading inside a section.
pub fn heading(heading: impl Into<Words>) -> AnyView {
    el("h3", "", vec![text(heading)])
}

/// Cards or lines, one under the other.
pub fn list(items: Vec<AnyView>) -> AnyView {
    el("ul", "list", rows(items))
}

fn rows(items: Vec<AnyView>) -> Vec<AnyView> {
    let row = |it| el("li", "", vec![it]);
    items.into_iter().map(row).collect()
}

/// Ways to other pages: path and words.
pub fn links(ways: Vec<(String, Words)>) -> AnyView {
    let way = |(path, words)| link("", path, vec![el("span", "", vec![text(words)])]);
    el("ul", "links", rows(ways.into_iter().map(way).collect()))
}

/// Names and values.
pub fn facts(pairs: Vec<(&'static str, AnyView)>) -> AnyView {
    let pair = |(name, value)| {
        let pair = vec![el("dt", "", vec![text(name)]), el("dd", "", vec![value])];
        el("div", "", pair)
    };
    el("dl", "facts", pairs.into_iter().map(pair).collect())
}

/// Day and times, which break between the two only. `is_big` on the screen of one thing.
pub fn when(is_big: bool, day: String, times: String) -> AnyView {
    let class = if is_big { "when when--big" } else { "when" };
    let part = |it| el("span", "", vec![text(it)]);
    el("p", class, vec![part(day), text(" "), part(times)])
}

/// A quiet sentence.
pub fn note(words: impl Into<Words>) -> AnyView {
    p("note", words)
}

/// Things one under the other, close together.
pub fn stack(parts: Vec<AnyView>) -> AnyView {
    el("div", "stack", parts)
}

/// Things side by side, while there is room.
pub fn row(parts: Vec<AnyView>) -> AnyView {
    el("div", "row", parts)
}

/// A small word on a thing.
pub fn chip(words: impl Into<Words>) -> AnyView {
    el("span", "chip", vec![text(words)])
}

/// A sheet of paper. Its border repeats the mark that stands on it in words.
pub fn card(mark: Option<Mark>, parts: Vec<AnyView>) -> AnyView {
    el("div", paper(mark), parts)
}

/// A sheet that is a link as a whole.
pub fn link_card(mark: Option<Mark>, path: String, parts: Vec<AnyView>) -> AnyView {
    link(paper(mark), path, parts)
}

/// A link.
pub fn link(class: &'static str, path: String, parts: Vec<AnyView>) -> AnyView {
    tag("a", attributes!["class" = class, "href" = path], parts)
}

/// A way out of the product.
pub fn away(link: &str, shown: impl Into<Words>) -> AnyView {
    let attributes = attributes![
        "href" = link.to_owned(),
        "target" = "_blank",
        "rel" = "noreferrer"
    ];
    tag("a", attributes, vec![text(shown)])
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
