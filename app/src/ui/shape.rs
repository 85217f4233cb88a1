//! The shapes most of a screen is made of, each compiled once. Writing `view!` for every paragraph would compile its
//! building, hydrating and redrawing for every combination of tag, class and content: a third of the bundle.

use std::borrow::Cow;

use leptos::{
    ev,
    html::{ElementChild, custom},
    prelude::*,
    tachys::html::attribute::custom::{CustomAttr, custom_attribute},
};

use super::Any;

/// Attributes of an element by name, with values that stay: four at most.
type Attributes = Vec<(&'static str, Cow<'static, str>)>;

/// [`Attributes`] as they stand in HTML: `attributes!["class" = class, "href" = path]`.
macro_rules! attributes {
    ($($name:literal = $value:expr),* $(,)?) => {
        vec![$(($name, std::borrow::Cow::from($value))),*]
    };
}

pub(crate) use attributes;

/// One of them, if it is there.
type Attribute = CustomAttr<&'static str, Option<String>>;

/// An element that has a class and children, and nothing else.
pub fn el(tag: &'static str, class: &'static str, children: Vec<AnyView>) -> AnyView {
    custom(tag).class(class).child(children).any()
}

/// An element that has attributes and children.
pub fn tag(tag: &'static str, attributes: Attributes, children: Vec<AnyView>) -> AnyView {
    custom(tag)
        .add_any_attr(four(attributes))
        .child(children)
        .any()
}

/// A button that needs the code of this page.
pub fn pressed(attributes: Attributes, children: Vec<AnyView>, press: Callback<()>) -> AnyView {
    custom("button")
        .add_any_attr(four(attributes))
        .on(ev::click, move |_| press.run(()))
        .child(children)
        .any()
}

/// A field that hears every letter.
pub fn typing(tag: &'static str, attributes: Attributes, hear: Callback<String>) -> AnyView {
    custom(tag)
        .add_any_attr(four(attributes))
        .on(ev::input, move |event| hear.run(event_target_value(&event)))
        .any()
}

fn four(attributes: Attributes) -> (Attribute, Attribute, Attribute, Attribute) {
    debug_assert!(attributes.len() <= 4, "a fifth attribute of {attributes:?}");
    let mut attributes = attributes.into_iter();
    let mut next = || match attributes.next() {
        Some((name, value)) => custom_attribute(name, Some(value.into_owned())),
        None => custom_attribute("", None),
    };
    (next(), next(), next(), next())
}

/// Text, fixed or made for this screen.
pub fn text(text: impl Into<Cow<'static, str>>) -> AnyView {
    let text: Cow<'static, str> = text.into();
    text.any()
}

/// No element.
pub fn nothing() -> AnyView {
    ().any()
}

/// A paragraph.
pub fn p(class: &'static str, content: impl Into<Cow<'static, str>>) -> AnyView {
    el("p", class, vec![text(content)])
}

/// What is drawn anew whenever something it read has changed.
pub fn live(draw: impl Fn() -> Vec<AnyView> + Send + 'static) -> AnyView {
    let draw: Box<dyn FnMut() -> Vec<AnyView> + Send> = Box::new(draw);
    draw.any()
}

/// What is there only while `is_there` says so. It stays in the page, so that what was typed in it stays.
pub fn shown_while(is_there: impl Fn() -> bool + Send + 'static, part: AnyView) -> AnyView {
    let is_hidden: Box<dyn FnMut() -> bool + Send> = Box::new(move || !is_there());
    view! { <div hidden=is_hidden>{part}</div> }.any()
}
