//! The shapes most of a screen is made of, each compiled once. Writing `view!` for every paragraph would compile its
//! building, hydrating and redrawing for every combination of tag, class and content: a third of the bundle.

use std::borrow::Cow;

use leptos::{
    ev,
    html::{ElementChild, custom},
    prelude::*,
    tachys::{
        html::{
            attribute::{Attribute, AttributeValue, NextAttribute},
            element::{Custom, HtmlElement},
        },
        renderer::{Rndr, types},
    },
};

use super::{
    Any,
    any::{Key, keyed},
};

/// Attributes of an element by name.
type Attributes = Vec<(&'static str, Cow<'static, str>)>;

/// [`Attributes`] as they stand in HTML: `attributes!["class" = class, "href" = path]`.
macro_rules! attributes {
    ($($name:literal = $value:expr),* $(,)?) => {
        vec![$(($name, std::borrow::Cow::from($value))),*]
    };
}

pub(crate) use attributes;

/// An element that has a class and children, and nothing else.
pub fn el(tag: &'static str, class: &'static str, children: Vec<AnyView>) -> AnyView {
    same(tag, "".into(), of_class(class), children)
}

/// An element that has attributes and children.
pub fn tag(tag: &'static str, attributes: Attributes, children: Vec<AnyView>) -> AnyView {
    // A link to somewhere else is another link, and so is a form.
    let path = attributes
        .iter()
        .find(|it| matches!(it.0, "href" | "action"));
    let path = path.map_or("".into(), |it| it.1.clone());
    same(tag, path, attributes, children)
}

/// Something that opens in place, without code. `of` is what it is about where more than one says the same, else empty:
/// what was opened for one line must not be open for the next when that one moves up.
pub fn more(of: &str, label: impl Into<Cow<'static, str>>, parts: Vec<AnyView>) -> AnyView {
    let label = label.into();
    let key = [of, " ", &*label].concat();
    let summary = el("summary", "", vec![text(label)]);
    let parts = vec![summary, el("div", "more__body", parts)];
    same("details", key.into(), of_class("more"), parts)
}

/// A button that needs the code of this page.
pub fn pressed(attributes: Attributes, children: Vec<AnyView>, press: Callback<()>) -> AnyView {
    // Its name says what it is for; a word such as やめる stands on the next line, too.
    let label = attributes.iter().find(|it| it.0 == "aria-label");
    let label = label.map(|it| it.1.clone());
    let element = named("button")
        .add_any_attr(Given(attributes))
        .on(ev::click, move |_| press.run(()));
    keyed(
        Same {
            tag: "button",
            label,
        },
        element.child(children),
    )
}

/// A field that hears every letter.
pub fn typing(tag: &'static str, attributes: Attributes, hear: Callback<String>) -> AnyView {
    named(tag)
        .add_any_attr(Given(attributes))
        .on(ev::input, move |event| hear.run(event_target_value(&event)))
        .anew()
}

/// What the next drawing takes over where it has the same name: whoever is on it stays on it.
pub fn kept(name: String, view: impl RenderHtml + 'static) -> AnyView {
    let label = Some(name.into());
    keyed(Same { tag: "", label }, view)
}

fn of_class(class: &'static str) -> Attributes {
    match class {
        "" => Vec::new(),
        class => attributes!["class" = class],
    }
}

fn same(
    tag: &'static str,
    label: Cow<'static, str>,
    attributes: Attributes,
    children: Vec<AnyView>,
) -> AnyView {
    let element = named(tag).add_any_attr(Given(attributes));
    let label = Some(label);
    keyed(Same { tag, label }, element.child(children))
}

/// A redrawn element asks the one in the page for its name and is made anew when that is another one. HTML answers in
/// capitals: written in small letters, every element would always be another one.
fn named(tag: &'static str) -> HtmlElement<Custom<Cow<'static, str>>, (), ()> {
    custom(if cfg!(target_arch = "wasm32") {
        tag.to_ascii_uppercase().into()
    } else {
        Cow::from(tag)
    })
}

/// What an element is, whatever stands in it; without a label it is never the same again.
struct Same {
    tag: &'static str,
    label: Option<Cow<'static, str>>,
}

impl Key for Same {
    fn is(&self, other: &Self) -> bool {
        let is_same = self.label.is_some() && (self.tag, &self.label) == (other.tag, &other.label);
        is_same && !is_translated()
    }
}

/// A browser that translates a page puts words of its own where ours stood, and says so at the root. What is drawn into
/// words that were taken away is never seen.
fn is_translated() -> bool {
    let root = document().document_element();
    root.is_some_and(|it| it.class_name().contains("translated-"))
}

/// Attributes as one: an element that is taken over may have had others.
#[derive(Clone)]
struct Given(Attributes);

impl Attribute for Given {
    const MIN_LENGTH: usize = 0;

    type State = (types::Element, Attributes);
    type AsyncOutput = Self;
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn html_len(&self) -> usize {
        let lengths = self.0.iter().map(|it| it.0.len() + it.1.len() + 4);
        lengths.sum()
    }

    fn to_html(self, buf: &mut String, _: &mut String, _: &mut String, _: &mut String) {
        for (name, value) in &self.0 {
            AttributeValue::to_html(&**value, name, buf);
        }
    }

    fn hydrate<const FROM_SERVER: bool>(self, el: &types::Element) -> Self::State {
        (el.clone(), self.0)
    }

    fn build(self, el: &types::Element) -> Self::State {
        for (name, value) in &self.0 {
            Rndr::set_attribute(el, name, value);
        }
        (el.clone(), self.0)
    }

    fn rebuild(self, state: &mut Self::State) {
        let (el, old) = state;
        for (name, _) in old.iter() {
            if self.0.iter().all(|it| it.0 != *name) {
                Rndr::remove_attribute(el, name);
            }
        }
        for it in self.0.iter().filter(|it| !old.contains(it)) {
            Rndr::set_attribute(el, it.0, &it.1);
        }
        *old = self.0;
    }

    fn into_cloneable(self) -> Self {
        self
    }

    fn into_cloneable_owned(self) -> Self {
        self
    }

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }
}

impl NextAttribute for Given {
    type Output<New: Attribute> = (Self, New);

    fn add_any_attr<New: Attribute>(self, new: New) -> (Self, New) {
        (self, new)
    }
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
