//! People from a file. The server makes this page for each request: its forms work without script, and there is
//! nothing to show without a connection.
//!
//! | form | action | fields |
//! |---|---|---|
//! | file (multipart) | `POST /staff/people/import` | `file`, `do` = `try` or `carry-out` |
//! | undo | `POST /staff/people/import/undo` | `import` |
//! | invitations | `POST /staff/people/invite` | – |

use domain::member::Language;
use leptos::prelude::*;

use super::{
    lines::heading,
    words::import::{self as words, Words},
};
use crate::{
    device::Device,
    format,
    page::Page,
    start::{ImportLine, ImportProblem, ImportReport, ImportState, Online},
    ui::{self, Blank, Look},
};

/// Problems drawn; a file with more needs another look at its columns, not at its rows.
const MOST_PROBLEMS: usize = 500;

/// People from a file.
pub(super) fn import() -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    let body = move || match device.online.get() {
        Some(Online::Import(state)) => here(device, &state),
        _ => view! {
            {ui::empty(device.language, Blank::Offline)}
            <p><a class="button" href=Page::Import.path() target="_self">{words.reload}</a></p>
        }
        .into_any(),
    };
    view! {
        <div class="screen staff-narrow">
            {ui::back(device.language, Page::People.path())}
            {heading(device, &Page::Import, words.lead)}
            {body}
        </div>
    }
    .into_any()
}

fn here(device: Device, state: &ImportState) -> AnyView {
    let words = words::of(device.language);
    let report = state.report.as_ref().map(|it| report(device.language, it));
    let latest = state.latest.as_ref().map(|it| latest(device, it));
    view! {
        {report}
        {file(words)}
        {latest}
        {invite(words)}
    }
    .into_any()
}

fn file(words: &'static Words) -> AnyView {
    view! {
        <form class="card staff-form" method="post" action="/staff/people/import" enctype="multipart/form-data">
            <div class="field">
                <label class="field__label" for="file">{words.file}</label>
                <input class="field__input" id="file" name="file" type="file" accept=".csv,text/csv" required aria-describedby="file-about"/>
                <p class="note" id="file-about">{words.file_hint}</p>
            </div>
            {ui::more(words.columns, vec![ui::note(words.columns_known)])}
            <div class="staff-form__end">
                <p>{words.try_more}</p>
                <button class="button button--primary" type="submit" name="do" value="try">{words.try_it}</button>
            </div>
            <div class="staff-form__end">
                <p>{words.carry_out_more}</p>
                <button class="button" type="submit" name="do" value="carry-out">{words.carry_out}</button>
            </div>
        </form>
    }
    .into_any()
}

fn report(language: Language, it: &ImportReport) -> AnyView {
    let words = words::of(language);
    let heading = match (it.is_done, it.problems.len()) {
        (true, _) => words.carried_out,
        (false, _) => words.tried,
    };
    let next = match (it.is_done, it.problems.len()) {
        (true, _) => None,
        (false, 0) => Some(ui::note(words.tried_clean)),
        (false, n) => Some(ui::note((words.tried_faulty)(n))),
    };
    let text = |text: String| view! { <span class="figures">{text}</span> }.into_any();
    let people = |n: usize| text((words.people)(n));
    let mut facts = vec![
        (words.encoding, text(it.encoding.clone())),
        (words.rows, text(it.rows.to_string())),
        (words.created, people(it.created)),
        (words.changed, people(it.changed)),
        (words.unchanged, people(it.unchanged)),
    ];
    if !it.unknown_columns.is_empty() {
        let columns = it.unknown_columns.join(" / ");
        facts.push((
            words.unknown,
            text(format!("{columns} — {}", words.unknown_more)),
        ));
    }
    let faults = (!it.problems.is_empty()).then(|| problems(language, &it.problems));
    let parts = [next, Some(counts(facts)), faults];
    ui::section(heading, parts.into_iter().flatten().collect())
}

fn counts(facts: Vec<(&'static str, AnyView)>) -> AnyView {
    view! { <div class="card staff-counts">{ui::facts(facts)}</div> }.into_any()
}

fn problems(language: Language, all: &[ImportProblem]) -> AnyView {
    let words = words::of(language);
    let row = |it: &ImportProblem| {
        let found = if it.found.is_empty() {
            words.empty_cell
        } else {
            &it.found
        };
        view! {
            <tr role="row">
                <td role="cell" class="staff-table__figure" data-label=words.row>{it.row}</td>
                <td role="cell" data-label=words.column>{it.column.clone()}</td>
                <td role="cell" data-label=words.found>{found.to_owned()}</td>
                <td role="cell">{super::words::import::fault(language, it.fault)}</td>
            </tr>
        }
    };
    let rows: Vec<_> = all.iter().take(MOST_PROBLEMS).map(row).collect();
    let heads = [words.row, words.column, words.found, words.fault];
    let heads: Vec<_> = heads
        .into_iter()
        .map(|it| view! { <th scope="col" role="columnheader">{it}</th> })
        .collect();
    view! {
        <h3>{(words.problems)(all.len())}</h3>
        <table class="staff-table" role="table">
            <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

fn latest(device: Device, it: &ImportLine) -> AnyView {
    let words = words::of(device.language);
    let at = format::moment(device.language, it.at, device.now.get_untracked());
    let line = (words.latest_line)(&at, &it.by, it.created, it.changed);
    let undo = view! {
        <form class="stack" method="post" action="/staff/people/import/undo">
            {ui::hidden("import", it.id.to_string())}
            {ui::note(words.undo_more)}
            <p>{ui::submit(Look::Second, words.undo)}</p>
        </form>
    };
    let parts = vec![view! { <p>{line}</p> }.into_any(), undo.into_any()];
    ui::section(words.latest, vec![ui::card(None, parts)])
}

fn invite(words: &'static Words) -> AnyView {
    let form = view! {
        <form class="stack" method="post" action="/staff/people/invite">
            {ui::note(words.invite_more)}
            <p>{ui::submit(Look::Second, words.invite_do)}</p>
        </form>
    };
    ui::section(words.invite, vec![ui::card(None, vec![form.into_any()])])
}
