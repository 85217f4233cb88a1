//! Forms of the console: what is typed survives as a draft, what is wrong stands at its field, what is sent is saved
//! on the device first.

use std::borrow::Cow;

use domain::{
    member::Language,
    refusal::{Field, Refusal},
    sync::mutation::Mutation,
};
use leptos::{ev::SubmitEvent, prelude::*};

use super::words;
use crate::{
    device::{Edge, NotSaved, edge},
    ui::{self, Any, InputField, TextArea},
};

/// One form: where it says what is wrong, or that it is done.
#[derive(Clone, Copy)]
pub(super) struct Form {
    language: Language,
    /// What is wrong, and with which field.
    trouble: RwSignal<Option<(Option<Field>, String)>>,
    said: RwSignal<String>,
}

impl Form {
    /// A form about which nothing is known yet.
    pub(super) fn new(language: Language) -> Self {
        Self {
            language,
            trouble: RwSignal::new(None),
            said: RwSignal::new(String::new()),
        }
    }

    /// Shows a "no" at its field. What was typed stays.
    pub(super) fn refuse(self, no: &Refusal) {
        let text = crate::words::refusal(self.language, no);
        self.said.set(String::new());
        self.trouble.set(Some((field_of(no), text)));
    }

    /// Says that it is done.
    pub(super) fn say(self, text: String) {
        self.trouble.set(None);
        self.said.set(text);
    }

    /// Says what is wrong with the form as a whole.
    pub(super) fn fail(self, text: &str) {
        self.trouble.set(Some((None, text.to_owned())));
    }

    /// The browser, to make ids and read its clock; says so when the code has not started yet.
    pub(super) fn edge(self) -> Option<&'static dyn Edge> {
        let edge = edge();
        if edge.is_none() {
            self.fail(words::of(self.language).starting);
        }
        edge
    }

    /// Saves a wish and hands it over. `then` runs once it is saved.
    pub(super) fn send(self, mutation: Mutation, then: impl FnOnce() + 'static) {
        let Some(edge) = self.edge() else { return };
        let words = words::of(self.language);
        let saved = move |saved| match saved {
            Ok(()) => {
                self.trouble.set(None);
                then();
            }
            Err(NotSaved::Full) => self.fail(words.not_saved_full),
            Err(NotSaved::Storage) => self.fail(words.not_saved_storage),
        };
        edge.act(mutation, Box::new(saved));
    }

    /// What is wrong with one field.
    fn trouble_at(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || {
            let trouble = self.trouble.read();
            let (at, text) = trouble.as_ref()?;
            (*at == Some(field)).then(|| text.clone())
        })
    }

    /// What is wrong with one field that is no input of its own: a group of boxes. Said anew each time, so that it is
    /// read out each time.
    pub(super) fn trouble_line(self, field: Field) -> AnyView {
        let trouble = self.trouble_at(field);
        heard(ui::live(move || {
            let text = trouble.get();
            text.into_iter()
                .map(|it| ui::p("field__error", it).anew())
                .collect()
        }))
    }

    /// What is wrong with the form as a whole, or that it is done: stands beside the button, and is said anew each time.
    pub(super) fn answer(self) -> AnyView {
        let answer = ui::live(move || {
            let trouble = self.trouble.read();
            let whole = trouble.as_ref().filter(|it| it.0.is_none());
            let said = self.said.get();
            match whole {
                Some((_, text)) => vec![ui::p("field__error", text.clone()).anew()],
                None if said.is_empty() => Vec::new(),
                None => vec![ui::p("staff-said", said).anew()],
            }
        });
        heard(answer)
    }

    /// The form around its fields. Without script it does nothing, rather than something else.
    pub(super) fn around(send: Callback<()>, parts: Vec<AnyView>) -> AnyView {
        let on_submit = move |event: SubmitEvent| {
            event.prevent_default();
            send.run(());
        };
        view! { <form class="staff-form" method="dialog" on:submit=on_submit>{parts}</form> }.anew()
    }

    /// A field of one line.
    pub(super) fn line(
        self,
        draft: &Draft,
        field: Field,
        kind: &'static str,
        about: &About,
    ) -> AnyView {
        let &About { name, label, hint } = about;
        let (text, error) = (draft.text, self.trouble_at(field));
        let draft = draft.key.clone();
        view! { <InputField name label hint kind text draft error/> }.any()
    }

    /// A field of several lines.
    pub(super) fn area(self, draft: &Draft, field: Field, most: usize, about: &About) -> AnyView {
        let &About { name, label, hint } = about;
        let (text, error) = (draft.text, self.trouble_at(field));
        let draft = draft.key.clone();
        view! { <TextArea name label hint most text draft error/> }.any()
    }
}

/// A part that is read out when it changes.
pub(super) fn heard(part: AnyView) -> AnyView {
    ui::tag(
        "div",
        ui::attributes!["class" = "staff-heard", "role" = "status"],
        vec![part],
    )
}

/// The end of a form: what pressing does, beside the button.
pub(super) fn end(consequence: AnyView, parts: Vec<AnyView>) -> AnyView {
    let mut all = vec![heard(consequence)];
    all.extend(parts);
    ui::el("div", "staff-form__end", all)
}

/// The button that sends a form; its label may change with what is typed.
pub(super) fn send_button(label: AnyView) -> AnyView {
    let attributes = ui::attributes!["class" = "button button--primary", "type" = "submit"];
    ui::tag("button", attributes, vec![label])
}

/// One of several values, each with its words.
pub(super) fn select(
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    picked: Signal<String>,
    pick: Callback<String>,
) -> AnyView {
    let now = picked.get_untracked();
    let option = |(value, text): (String, String)| {
        let is_picked = value == now;
        let mut attributes = ui::attributes!["value" = value, "selected" = ""];
        attributes.truncate(if is_picked { 2 } else { 1 });
        ui::tag("option", attributes, vec![ui::text(text)])
    };
    let options: Vec<AnyView> = options.into_iter().map(option).collect();
    view! {
        <div class="field">
            <label class="field__label" for=name>{label}</label>
            <select class="field__input" id=name prop:value=picked on:change=move |event| pick.run(event_target_value(&event))>
                {options}
            </select>
        </div>
    }
    .anew()
}

/// A box to tick, or one of several to choose, that follows what is known. `kind` is the type of the input.
pub(super) fn tick(
    class: &'static str,
    (kind, name): (&'static str, &'static str),
    label: impl Into<Cow<'static, str>>,
    is_ticked: Signal<bool>,
    turn: Callback<()>,
) -> AnyView {
    let label = ui::text(label);
    view! {
        <label class=class>
            <input type=kind name=name prop:checked=is_ticked on:change=move |_| turn.run(())/>
            <span>{label}</span>
        </label>
    }
    .anew()
}

/// A button in a line of many: `name` says to those who do not see the line what it is for.
pub(super) fn act_button(
    class: &'static str,
    label: &'static str,
    name: String,
    press: Callback<()>,
) -> AnyView {
    let attributes = ui::attributes!["class" = class, "type" = "button", "aria-label" = name];
    ui::pressed(attributes, vec![ui::text(label)], press)
}

/// Name, label and hint of a field.
pub(super) struct About {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
}

/// Shorthand for [`About`].
pub(super) fn about(name: &'static str, label: &'static str, hint: &'static str) -> About {
    About { name, label, hint }
}

/// A text that stays on this device until it was sent.
#[derive(Clone)]
pub(super) struct Draft {
    key: String,
    pub(super) text: RwSignal<String>,
}

impl Draft {
    /// The draft of a key, `otherwise` when there is none.
    pub(super) fn new(key: impl Into<String>, otherwise: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            text: RwSignal::new(otherwise.into()),
        }
    }

    /// The text as it stands; nothing once its form has left the page.
    pub(super) fn now(&self) -> String {
        self.text.try_get_untracked().unwrap_or_default()
    }

    /// The same, for something that is picked: a field reads its draft by itself, a box does not. Read after the first
    /// render, which must equal the server's.
    pub(super) fn recalled(self) -> Self {
        let it = self.clone();
        Effect::new(move |_| {
            if let Some(kept) = edge().and_then(|edge| edge.draft(&it.key)) {
                it.text.set(kept);
            }
        });
        self
    }

    /// Something was picked.
    pub(super) fn keep(&self, text: String) {
        if let Some(edge) = edge() {
            edge.keep_draft(&self.key, &text);
        }
        self.text.set(text);
    }

    /// It was sent: the draft goes, the field begins anew with `otherwise`.
    pub(super) fn forget(&self, otherwise: &str) {
        if let Some(edge) = edge() {
            edge.keep_draft(&self.key, "");
        }
        self.text.set(otherwise.to_owned());
    }
}

/// The field a refusal speaks of.
fn field_of(no: &Refusal) -> Option<Field> {
    match no {
        Refusal::FieldEmpty { field }
        | Refusal::FieldLong { field, .. }
        | Refusal::NotHttps { field }
        | Refusal::FieldWrong { field } => Some(*field),
        Refusal::WordNeeded => Some(Field::Word),
        Refusal::DuePassed => Some(Field::Due),
        Refusal::SlotPassed => Some(Field::From),
        _ => None,
    }
}
