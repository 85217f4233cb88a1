//! What can be written in.
//!
//! A `<textarea>` never has children: leptos writes them unescaped on the server, which would run what a person
//! typed. Its text goes in by `inner_html`, with every character that means something to HTML as an entity.
//!
//! The field belongs to the browser, not to the code: what was typed before the code arrived is taken over, never
//! replaced. A draft outlives the page by its key.

use std::borrow::Cow;

use leptos::{
    ev::Event,
    html::{Input, Textarea},
    prelude::*,
};

use super::{Any, kept, live, note, text, words};
use crate::device::{Device, edge};

/// A field of one or more lines that grows with its text.
#[component]
pub fn TextArea(
    /// Name in the form.
    name: &'static str,
    /// What it is.
    label: &'static str,
    /// What happens with it; empty for nothing.
    #[prop(optional)]
    hint: &'static str,
    /// Characters that fit.
    most: usize,
    /// Its text, as far as the code knows it.
    text: RwSignal<String>,
    /// The key its draft is kept under; empty to keep none.
    #[prop(optional, into)]
    draft: String,
    /// Lines it shows when it is empty.
    #[prop(default = 3)]
    rows: u8,
    /// What a rule said about it.
    #[prop(optional)]
    error: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let node = NodeRef::<Textarea>::new();
    let key = StoredValue::new(draft);
    take_over(
        text,
        key,
        move || node.get().map(|it| it.value()),
        move |value| {
            if let Some(it) = node.get_untracked() {
                it.set_value(value);
            }
        },
    );
    let wrong = wrong(text, most, error);
    let input = view! {
        <textarea
            class="field__input" id=name name=name rows=rows node_ref=node
            aria-describedby=about(name) aria-invalid=move || wrong.with(|it| it.is_some().then_some("true"))
            inner_html=escaped(&text.get_untracked())
            on:input=move |event| typing(&event, text, key)
        ></textarea>
    };
    frame(name, label, hint, wrong, input.any())
}

/// A field of one line with a type of its own: a date, a time, a number, an address.
#[component]
pub fn InputField(
    /// Name in the form.
    name: &'static str,
    /// What it is.
    label: &'static str,
    /// What happens with it; empty for nothing.
    #[prop(optional)]
    hint: &'static str,
    /// The type of the input.
    kind: &'static str,
    /// Its text, as far as the code knows it.
    text: RwSignal<String>,
    /// The key its draft is kept under; empty to keep none.
    #[prop(optional, into)]
    draft: String,
    /// What a rule said about it.
    #[prop(optional)]
    error: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    let key = StoredValue::new(draft);
    take_over(
        text,
        key,
        move || node.get().map(|it| it.value()),
        move |value| {
            if let Some(it) = node.get_untracked() {
                it.set_value(value);
            }
        },
    );
    let wrong = wrong(text, usize::MAX, error);
    let input = view! {
        <input
            class="field__input" id=name name=name type=kind node_ref=node value=text.get_untracked()
            aria-describedby=about(name) aria-invalid=move || wrong.with(|it| it.is_some().then_some("true"))
            on:input=move |event| typing(&event, text, key)
        />
    };
    frame(name, label, hint, wrong, input.any())
}

/// A value that goes along with a form that is sent without script.
pub fn hidden(name: &'static str, value: String) -> AnyView {
    view! { <input type="hidden" name=name value=value/> }.any()
}

/// One of several, or some of several. `pick` hears the tap; `is_picked` is what the code knows.
pub fn choice(
    name: &'static str,
    value: String,
    is_several: bool,
    (is_picked, is_off): (bool, bool),
    text: Vec<AnyView>,
    pick: Callback<()>,
) -> AnyView {
    // A box is no circle: turned into one, it would take the mark from whichever has it.
    let kind = if is_several { "checkbox" } else { "radio" };
    let key = [kind, " ", name, " ", &value].concat();
    let label = view! {
        <label class="choice">
            <input
                type=kind name=name value=value disabled=is_off
                checked=is_picked prop:checked=is_picked on:change=move |_| pick.run(())
            />
            <span class="choice__text">{text}</span>
        </label>
    };
    kept(key, label)
}

/// The value of the field or radio of this name as it stands in the page, while the code is taking over the
/// server's HTML. Ask in the body of a component, before its view is made.
#[must_use]
pub fn typed(selector: &str) -> Option<String> {
    let is_hydrating = Owner::current_shared_context().is_some_and(|it| it.during_hydration());
    if !is_hydrating || edge().is_none() {
        return None;
    }
    let found = document().query_selector(selector).ok()??;
    found.get_attribute("value")
}

/// Text as it can stand between tags.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Once, when the field is there: keeps what stands in it, or fills in the draft. Later: shows what the code sets.
fn take_over(
    text: RwSignal<String>,
    key: StoredValue<String>,
    value: impl Fn() -> Option<String> + 'static,
    set: impl Fn(&str) + 'static,
) {
    let is_hydrating = Owner::current_shared_context().is_some_and(|it| it.during_hydration());
    Effect::new(move |is_taken: Option<bool>| {
        let known = text.get();
        let Some(shown) = value() else { return false };
        if is_taken == Some(true) {
            if shown != known {
                set(&known);
            }
            return true;
        }
        let draft = key.with_value(|key| edge().filter(|_| !key.is_empty())?.draft(key));
        match draft {
            _ if is_hydrating && shown != known => text.set(shown),
            Some(draft) if draft != known => text.set(draft),
            _ if shown != known => set(&known),
            _ => {}
        }
        true
    });
}

fn typing(event: &Event, text: RwSignal<String>, key: StoredValue<String>) {
    let value = event_target_value(event);
    key.with_value(|key| {
        if let Some(edge) = edge().filter(|_| !key.is_empty()) {
            edge.keep_draft(key, &value);
        }
    });
    text.set(value);
}

fn about(name: &str) -> String {
    format!("{name}-about")
}

fn wrong(
    text: RwSignal<String>,
    most: usize,
    error: Option<Signal<Option<String>>>,
) -> Memo<Option<String>> {
    let language = Device::here().language;
    Memo::new(move |_| {
        let count = text.with(|it| it.trim().chars().count());
        if count > most {
            return Some((words::of(language).too_long)(count - most));
        }
        error.and_then(|it| it.get())
    })
}

fn frame(
    name: &'static str,
    label: &'static str,
    hint: impl Into<Cow<'static, str>>,
    wrong: Memo<Option<String>>,
    input: AnyView,
) -> AnyView {
    let hint: Cow<'static, str> = hint.into();
    let hint: Vec<_> = (!hint.is_empty()).then(|| note(hint)).into_iter().collect();
    let error = live(move || wrong.get().map(text).into_iter().collect());
    view! {
        <div class="field" class=("field--wrong", move || wrong.with(Option::is_some))>
            <label class="field__label" for=name>{label}</label>
            {input}
            <div id=about(name)>
                {hint}
                <p class="field__error" aria-live="polite">{error}</p>
            </div>
        </div>
    }
    .anew()
}
