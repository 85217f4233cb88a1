//! What the links in mails open. A button does what the link says.

use domain::time::Day;
use leptos::prelude::*;

use super::{
    Here,
    frame::{alert, demo, form, frame, line},
    problem::LinkProblem,
    words,
};
use crate::{
    format,
    ui::{Look, hidden, link_button, note, submit, title},
};

/// The link of a sign-in mail: as whom, or why not.
///
/// The name is shown, so that nobody is led into an account that is not theirs.
pub fn link(here: &Here, token: &str, name: Result<&str, LinkProblem>) -> AnyView {
    let words = words::of(here.language);
    let mut parts = vec![title(words.sign_in, "")];
    match name {
        Ok(name) => {
            parts.push(line((words.link_lead)(name)));
            let fields = vec![
                hidden("token", token.to_owned()),
                submit(Look::Primary, words.enter),
            ];
            parts.push(form("/sign-in/link", fields));
            parts.push(note(words.link_note));
        }
        Err(problem) => {
            parts.push(alert((words.link_problem)(problem)));
            parts.push(link_button(
                Look::Primary,
                words.to_sign_in,
                "/sign-in".into(),
            ));
        }
    }
    frame(here, parts)
}

/// The link of an invitation: for whom and until when, or why not.
pub fn invitation(here: &Here, token: &str, invited: Result<(&str, Day), LinkProblem>) -> AnyView {
    let words = words::of(here.language);
    let parts = match invited {
        Ok((name, last)) => vec![
            title((words.invitation_title)(name), ""),
            line(words.invitation_lead.into()),
            form(
                "/invitation",
                vec![
                    hidden("token", token.to_owned()),
                    submit(Look::Primary, words.begin),
                ],
            ),
            note((words.invitation_note)(&format::day(here.language, last))),
        ],
        Err(problem) => vec![
            title(words.invitation, ""),
            alert((words.invitation_problem)(problem)),
            next_step(here, token, problem),
        ],
    };
    frame(here, parts)
}

/// A link that once was one can be renewed by whoever has it; any other leads to the address.
fn next_step(here: &Here, token: &str, problem: LinkProblem) -> AnyView {
    let words = words::of(here.language);
    if problem == LinkProblem::Unknown {
        return link_button(Look::Primary, words.to_sign_in, "/sign-in".into());
    }
    let fields = vec![
        hidden("token", token.to_owned()),
        submit(Look::Primary, words.invite_again),
    ];
    form("/invitation/again", fields)
}

/// After a new invitation was asked for: the same for everybody.
pub fn sent(here: &Here) -> AnyView {
    let words = words::of(here.language);
    frame(
        here,
        vec![
            title(words.code_title, ""),
            line(words.sent_lead.into()),
            link_button(Look::Second, words.to_sign_in, "/sign-in".into()),
            demo(here),
        ],
    )
}
