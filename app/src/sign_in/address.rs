//! Where a sign-in begins: the mail address.

use leptos::prelude::*;

use super::{
    Here,
    frame::{alert, demo, form, frame, line},
    problem::AskProblem,
    words,
};
use crate::ui::{Any, Look, hidden, link_button, submit, title};

/// Asks for the mail address.
///
/// `back` is where the person came from, empty for nowhere; `address` what was typed before; `has_code` says that a mail
/// is under way, so that a code can be entered.
pub fn sign_in(
    here: &Here,
    back: &str,
    address: &str,
    problem: Option<AskProblem>,
    has_code: bool,
) -> AnyView {
    let words = words::of(here.language);
    let about = problem.map(|it| alert((words.ask_problem)(it)));
    let to_code = has_code.then(|| link_button(Look::Plain, words.to_code, "/sign-in/code".into()));
    let fields = vec![
        hidden("back", back.to_owned()),
        field(
            here,
            address.to_owned(),
            problem == Some(AskProblem::NotAnAddress),
        ),
        submit(Look::Primary, words.send),
    ];
    frame(
        here,
        vec![
            title(words.sign_in, ""),
            about.any(),
            line(words.sign_in_lead.into()),
            form("/sign-in", fields),
            to_code.any(),
            demo(here),
        ],
    )
}

/// Not of type `email`: browsers refuse the full-width letters that a Japanese keyboard easily yields.
fn field(here: &Here, address: String, is_wrong: bool) -> AnyView {
    let words = words::of(here.language);
    view! {
        <div class="field" class=("field--wrong", is_wrong)>
            <label class="field__label" for="email">{words.address}</label>
            <input
                class="field__input" id="email" name="email" type="text" inputmode="email" autocomplete="email"
                autocapitalize="none" spellcheck="false" required maxlength="254" value=address
                aria-describedby=if is_wrong { "problem email-about" } else { "email-about" }
                aria-invalid=is_wrong.then_some("true")
            />
            <p class="note" id="email-about">{words.address_hint}</p>
        </div>
    }
    .any()
}
