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
    lines::page,
    table::{cell, sheet, table_row},
    words::import::{self as words, Words},
};
use crate::{
    device::Device,
    format,
    online::{ImportLine, ImportProblem, ImportReport, ImportState, Online},
    page::Page,
    ui::{self, Any, Look},
};

/// Problems drawn; a file with more needs another look at its columns, not at its rows.
const MOST_PROBLEMS: usize = 500;

/// People from a file.
pub(super) fn import() -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    let body = match device.online.get_value() {
        Some(Online::Import(state)) => here(device, &state),
        _ => vec![ui::away_from(device.language, &Page::Import)],
    };
    let parts = vec![ui::el("div", "screen", body)];
    let page = page("screen staff-narrow", &Page::Import, words.lead, parts);
    ui::stack(vec![ui::back(device.language, Page::People.path()), page])
}

fn here(device: Device, state: &ImportState) -> Vec<AnyView> {
    let words = words::of(device.language);
    let mut parts = Vec::new();
    parts.extend(state.report.as_ref().map(|it| report(device.language, it)));
    parts.push(file(words));
    parts.extend(state.latest.as_ref().map(|it| latest(device, it)));
    parts.push(invite(words));
    parts
}

fn file(words: &'static Words) -> AnyView {
    let columns = ui::more("", words.columns, vec![ui::note(words.columns_known)]);
    let send = |value: &'static str, class: &'static str, label: &'static str| {
        let attributes = ui::attributes![
            "class" = class,
            "type" = "submit",
            "name" = "do",
            "value" = value
        ];
        ui::tag("button", attributes, vec![ui::text(label)])
    };
    let try_it = vec![
        ui::p("", words.try_more),
        send("try", "button button--primary", words.try_it),
    ];
    let carry_out = vec![
        ui::p("", words.carry_out_more),
        send("carry-out", "button", words.carry_out),
    ];
    let ends = vec![
        columns,
        ui::el("div", "staff-form__end", try_it),
        ui::el("div", "staff-form__end", carry_out),
    ];
    view! {
        <form class="card staff-form" method="post" action="/staff/people/import" enctype="multipart/form-data">
            <div class="field">
                <label class="field__label" for="file">{words.file}</label>
                <input class="field__input" id="file" name="file" type="file" accept=".csv,text/csv" required aria-describedby="file-about"/>
                <p class="note" id="file-about">{words.file_hint}</p>
            </div>
            {ends}
        </form>
    }
    .any()
}

fn report(language: Language, it: &ImportReport) -> AnyView {
    let words = words::of(language);
    let people = |n: usize| ui::text((words.people)(n));
    let mut facts = vec![
        (words.encoding, ui::text(it.encoding.clone())),
        (words.rows, ui::text(it.rows.to_string())),
        (words.created, people(it.created)),
        (words.changed, people(it.changed)),
        (words.unchanged, people(it.unchanged)),
    ];
    let mut sheet = Vec::new();
    if !it.unknown_columns.is_empty() {
        let columns = it.unknown_columns.join(" / ");
        facts.push((words.unknown, ui::text(columns)));
        sheet.push(ui::note(words.unknown_more));
    }
    sheet.insert(0, ui::facts(facts));
    let counts = ui::el("div", "card staff-counts", sheet);
    if it.is_done {
        return ui::section(words.carried_out, vec![counts]);
    }
    if it.problems.is_empty() {
        return ui::section(words.tried, vec![ui::note(words.tried_clean), counts]);
    }
    let next = ui::note((words.tried_faulty)(it.problems.len()));
    let heading = ui::heading((words.problems)(it.problems.len()));
    let problems = problems(language, &it.problems);
    ui::section(words.tried, vec![next, counts, heading, problems])
}

fn problems(language: Language, all: &[ImportProblem]) -> AnyView {
    let words = words::of(language);
    let row = |it: &ImportProblem| {
        let found = if it.found.is_empty() {
            words.empty_cell
        } else {
            &it.found
        };
        table_row(vec![
            cell(words.row, vec![ui::text(it.row.to_string())]),
            cell(words.column, vec![ui::text(it.column.clone())]),
            cell(words.found, vec![ui::text(found.to_owned())]),
            cell(
                "",
                vec![ui::text(super::words::import::fault(language, it.fault))],
            ),
        ])
    };
    let rows = all.iter().take(MOST_PROBLEMS).map(row).collect();
    let heads = [words.row, words.column, words.found, words.fault];
    sheet(words.fault, &heads, rows)
}

fn latest(device: Device, it: &ImportLine) -> AnyView {
    let words = words::of(device.language);
    let at = format::moment(device.language, it.at, device.now.get());
    let undo = vec![
        ui::hidden("import", it.id.to_string()),
        ui::note(words.undo_more),
        ui::row(vec![ui::submit(Look::Second, words.undo)]),
    ];
    let parts = vec![
        ui::p("", (words.latest_line)(&at, &it.by, it.created, it.changed)),
        ui::post("/staff/people/import/undo".into(), undo),
    ];
    ui::section(words.latest, vec![ui::card(None, parts)])
}

fn invite(words: &'static Words) -> AnyView {
    let parts = vec![
        ui::note(words.invite_more),
        ui::row(vec![ui::submit(Look::Second, words.invite_do)]),
    ];
    let form = ui::post("/staff/people/invite".into(), parts);
    ui::section(words.invite, vec![ui::card(None, vec![form])])
}
