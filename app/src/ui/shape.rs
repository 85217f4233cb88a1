//! The shapes most of a screen is made of, each compiled once. Writing `view!` for every paragraph would compile its
//! building, hydrating and redrawing for every combination of tag, class and content: a third of the bundle.

use std::borrow::Cow;

use leptos::{
    html::{ElementChild, custom},
    prelude::*,
};

/// An element that has a class and children, and nothing else.
pub fn el(tag: &'static str, class: &'static str, children: Vec<AnyView>) -> AnyView {
    custom(tag).class(class).child(children).into_any()
}

/// Text, fixed or made for this screen.
pub fn text(text: impl Into<Cow<'static, str>>) -> AnyView {
    let text: Cow<'static, str> = text.into();
    text.into_any()
}

/// A paragraph.
pub fn p(class: &'static str, content: impl Into<Cow<'static, str>>) -> AnyView {
    el("p", class, vec![text(content)])
}

/// What is drawn anew whenever something it read has changed.
pub fn live(draw: impl Fn() -> Vec<AnyView> + Send + 'static) -> AnyView {
    let draw: Box<dyn FnMut() -> Vec<AnyView> + Send> = Box::new(draw);
    draw.into_any()
}

/// What is there only while `is_there` says so. It stays in the page, so that what was typed in it stays.
pub fn shown_while(is_there: impl Fn() -> bool + Send + 'static, part: AnyView) -> AnyView {
    let is_hidden: Box<dyn FnMut() -> bool + Send> = Box::new(move || !is_there());
    view! { <div hidden=is_hidden>{part}</div> }.into_any()
}
