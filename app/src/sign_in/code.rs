//! The six digits of the mail.

use leptos::prelude::*;

use super::{
    Here,
    frame::{alert, demo, form, frame, line},
    problem::CodeProblem,
    words,
};
use crate::ui::{Any, Look, hidden, link_button, more, note, submit, title};

/// Asks for the six digits, in the browser or the installed app that asked for the mail.
///
/// `address` is where the mail goes, as it was typed; `back` where the person came from: a page's path, which is plain
/// enough to stand in a query.
pub fn code(here: &Here, address: &str, back: &str, problem: Option<CodeProblem>) -> AnyView {
    let words = words::of(here.language);
    let about = problem.map(|it| alert((words.code_problem)(it)));
    let again = |look| {
        let fields = vec![
            hidden("email", address.to_owned()),
            hidden("back", back.to_owned()),
            submit(look, words.again),
        ];
        form("/sign-in", fields)
    };
    let can_try = problem.is_none_or(CodeProblem::can_try_again);
    let mut parts = vec![title(words.code_title, ""), about.any()];
    if can_try {
        parts.push(line((words.code_lead)(address)));
        parts.push(form(
            "/sign-in/code",
            vec![field(here, problem), submit(Look::Primary, words.enter)],
        ));
        let help = vec![line(words.no_mail_help.into()), again(Look::Second)];
        parts.push(more("", words.no_mail, help));
    } else {
        parts.push(note((words.again_lead)(address)));
        parts.push(again(Look::Primary));
    }
    if problem == Some(CodeProblem::Used) {
        parts.push(link_button(Look::Plain, words.go_on, "/".into()));
    }
    let path = if back.is_empty() {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?back={back}")
    };
    parts.push(link_button(Look::Plain, words.other_address, path));
    parts.push(demo(here));
    frame(here, parts)
}

fn field(here: &Here, problem: Option<CodeProblem>) -> AnyView {
    let words = words::of(here.language);
    let is_wrong = problem.is_some();
    view! {
        <div class="field" class=("field--wrong", is_wrong)>
            <label class="field__label" for="code">{words.code}</label>
            <input
                class="field__input sign-in__code" id="code" name="code" type="text" inputmode="numeric"
                autocomplete="one-time-code" autofocus required maxlength="20"
                aria-describedby=if is_wrong { "problem code-about" } else { "code-about" }
                aria-invalid=is_wrong.then_some("true")
            />
            <p class="note" id="code-about">{words.code_hint}</p>
        </div>
    }
    .any()
}
