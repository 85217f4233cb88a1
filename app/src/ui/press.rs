//! What can be pressed.

use std::borrow::Cow;

use leptos::{ev::SubmitEvent, prelude::*};

use super::{Any, attributes, link, pressed, tag, text};
use crate::device::edge;

/// Text that is fixed or was made for this screen.
type Words = Cow<'static, str>;

/// How much weight a button has. A screen has at most one [`Look::Primary`] in sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// What most people came for.
    Primary,
    /// Another thing one can do.
    Second,
    /// Looks like a link.
    Plain,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button--primary",
            Self::Second => "button",
            Self::Plain => "button button--plain",
        }
    }
}

/// A button that needs the code of this page.
pub fn button(look: Look, label: impl Into<Words>, press: Callback<()>) -> AnyView {
    let attributes = attributes!["class" = look.class(), "type" = "button"];
    pressed(attributes, vec![text(label)], press)
}

/// The button that sends the form around it.
pub fn submit(look: Look, label: impl Into<Words>) -> AnyView {
    let attributes = attributes!["class" = look.class(), "type" = "submit"];
    tag("button", attributes, vec![text(label)])
}

/// A link that looks like a button.
pub fn link_button(look: Look, label: impl Into<Words>, path: String) -> AnyView {
    link(look.class(), path, vec![text(label)])
}

/// The same for a file that the server makes: it is loaded past this page's code and past the worker.
pub fn download(label: impl Into<Words>, path: String) -> AnyView {
    let attributes = attributes![
        "class" = Look::Second.class(),
        "href" = path,
        "download" = ""
    ];
    tag("a", attributes, vec![text(label)])
}

/// A form that posts to `action` by itself, and calls `send` instead once the code of this page runs.
pub fn form(action: String, send: Callback<()>, parts: Vec<AnyView>) -> AnyView {
    let on_submit = move |event: SubmitEvent| {
        if edge().is_some() {
            event.prevent_default();
            send.run(());
        }
    };
    view! { <form class="stack" method="post" action=action on:submit=on_submit>{parts}</form> }
        .anew()
}

/// A form that always goes to the server and loads a page: for what only the server can do.
pub fn post(action: String, parts: Vec<AnyView>) -> AnyView {
    let attributes = attributes!["class" = "stack", "method" = "post", "action" = action];
    tag("form", attributes, parts)
}
