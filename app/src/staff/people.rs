//! 人: everybody who has a place here. Plain facts, no scores, no order but the name's.

use domain::{
    member::{Language, Person, Role},
    refusal::Field,
    sync::{machine::Hold, row::View},
};
use leptos::prelude::*;

use super::{
    form::{Draft, Form, about, heard, select},
    lines::{more_button, page},
    search,
    table::{cell, sheet, table_row},
    words::{self, people},
};
use crate::{
    device::{Device, edge},
    order,
    page::Page,
    ui::{self, Blank, Look},
};

/// Rows drawn at once.
const STEP: usize = 200;

/// A person and what they are found by.
pub(super) type Found = (Person, String);

/// Everybody, as a table.
pub(super) fn people() -> AnyView {
    let device = Device::here();
    let words = people::of(device.language);
    // The list is long and loads only when somebody looks at it.
    Effect::new(|_| {
        if let Some(edge) = edge() {
            edge.want("people");
        }
    });
    let everybody = device.read(|seen| by_name(&seen.view));
    let wanted = Draft::new("", "");
    let role = RwSignal::new(String::new());
    let has_any = Memo::new(move |_| everybody.with(|it| !it.is_empty()));
    let body = ui::live(move || {
        if has_any.get() {
            vec![
                find(device.language, &wanted, role),
                table(device.language, everybody, wanted.text, role),
            ]
        } else {
            vec![blank(device)]
        }
    });
    let import = words::of(device.language).import;
    let parts = vec![
        ui::row(vec![ui::link_button(
            Look::Second,
            import,
            Page::Import.path(),
        )]),
        ui::el("div", "screen", vec![body]),
    ];
    page("screen", &Page::People, words.lead, parts)
}

/// In the order of their reading, which is how a list of names is read here.
pub(super) fn by_name(view: &View) -> Vec<Found> {
    let all = view.people.values();
    let all = all.map(|it| (it.clone(), search::key(it)));
    order::sorted(all, |(it, _)| {
        let reading = it.kana.as_ref().unwrap_or(&it.name);
        order::by_name(it.role as i64, search::folded(reading), it.id.bits())
    })
}

/// HR itself is in the list, so an empty one was not loaded.
pub(super) fn blank(device: Device) -> AnyView {
    let is_offline = device.status.with(|it| it.hold == Some(Hold::Offline));
    let blank = if is_offline {
        Blank::Offline
    } else {
        Blank::Unloaded
    };
    ui::empty(device.language, blank)
}

fn find(language: Language, wanted: &Draft, role: RwSignal<String>) -> AnyView {
    let words = people::of(language);
    let form = Form::new(language);
    let option = |it: Role| (it.code().to_owned(), words::role(language, it).to_owned());
    let mut options = vec![(String::new(), words.all_roles.to_owned())];
    options.extend(Role::ALL.into_iter().map(option));
    let pick = Callback::new(move |it| role.set(it));
    let search = about("people-search", words.search, words.search_hint);
    let parts = vec![
        form.line(wanted, Field::Unknown, "search", &search),
        select("people-role", words.role, options, role.into(), pick),
    ];
    ui::el("search", "staff-find", parts)
}

fn table(
    language: Language,
    everybody: Memo<Vec<Found>>,
    wanted: RwSignal<String>,
    role: RwSignal<String>,
) -> AnyView {
    let words = people::of(language);
    let drawn = RwSignal::new(STEP);
    ui::live(move || {
        let wanted = search::folded(&wanted.read());
        let role = Role::from_code(&role.read());
        everybody.with(|all| {
            let found = all
                .iter()
                .filter(|it| search::matches(&it.1, it.0.role, &wanted, role));
            let found: Vec<_> = found.map(|it| &it.0).collect();
            let count = heard(ui::note((words.count)(found.len())));
            if found.is_empty() {
                let blank = Blank::Nothing(words.no_match, words.no_match_more);
                return vec![count, ui::empty(language, blank)];
            }
            let rows = found
                .iter()
                .take(drawn.get())
                .map(|it| row(language, it))
                .collect();
            let mut parts = vec![count, sheet(words.table, &heads(words), rows)];
            let rest = found.len().saturating_sub(drawn.get());
            if rest > 0 {
                let label = (words::of(language).show_more)(rest.min(STEP));
                parts.push(more_button(label, drawn, STEP));
            }
            parts
        })
    })
}

fn heads(words: &people::Words) -> [&'static str; 6] {
    [
        words.name,
        words.role,
        words.school,
        words.graduation,
        words.team,
        words.joining,
    ]
}

fn row(language: Language, it: &Person) -> AnyView {
    let words = people::of(language);
    let school = [it.school.as_ref(), it.faculty.as_ref()];
    let school: Vec<_> = school
        .into_iter()
        .flatten()
        .map(ToString::to_string)
        .collect();
    let mut name = vec![ui::text(it.name.to_string())];
    if let Some(kana) = &it.kana {
        name.push(ui::el("small", "", vec![ui::text(kana.to_string())]));
    }
    let text = |label, text: String| cell(label, vec![ui::text(text)]);
    let mut cells = vec![
        cell("", name),
        text(words.role, words::role(language, it.role).to_owned()),
    ];
    let rest = [
        (words.school, school.join(" ")),
        (
            words.graduation,
            it.graduation_year.map(words.year).unwrap_or_default(),
        ),
        (
            words.team,
            it.team
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        (
            words.joining,
            it.joining.map(words.date).unwrap_or_default(),
        ),
    ];
    for (label, said) in rest {
        cells.push(if said.is_empty() {
            cell("", Vec::new())
        } else {
            text(label, said)
        });
    }
    table_row(cells)
}
