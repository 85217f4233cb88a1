//! 人: everybody who has a place here. Plain facts, no scores, no order but the name's.

use domain::{
    member::{Language, Person, Role},
    sync::{machine::Hold, row::View},
};
use leptos::prelude::*;

use super::{
    form::{Draft, Form, about},
    lines::heading,
    search,
    words::{self, people},
};
use crate::{
    device::{Device, edge},
    page::Page,
    ui::{self, Blank, Look},
};

/// Rows drawn at once.
const STEP: usize = 200;

/// A person and what they are found by.
type Found = (Person, String);

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
    let role = RwSignal::new(None);
    let text = wanted.text;
    let found = Memo::new(move |_| {
        let wanted = search::folded(&text.read());
        let role = role.get();
        let is_found = |it: &&Found| search::matches(&it.1, it.0.role, &wanted, role);
        everybody.with(|all| {
            all.iter()
                .filter(is_found)
                .map(|it| it.0.clone())
                .collect::<Vec<_>>()
        })
    });
    let has_any = Memo::new(move |_| everybody.with(|it| !it.is_empty()));
    let body = move || {
        if has_any.get() {
            let parts = [
                find(device.language, &wanted, role),
                table(device.language, found),
            ];
            parts.into_any()
        } else {
            blank(device)
        }
    };
    view! {
        <div class="screen">
            {heading(device, &Page::People, words.lead)}
            <p>{ui::link_button(Look::Second, words::of(device.language).import, Page::Import.path())}</p>
            {body}
            {ui::fetched(device)}
        </div>
    }
    .into_any()
}

/// In the order of their reading, which is how a list of names is read here.
fn by_name(view: &View) -> Vec<Found> {
    let mut all: Vec<_> = view
        .people
        .values()
        .map(|it| (it.clone(), search::key(it)))
        .collect();
    all.sort_by_cached_key(|(it, _)| {
        let reading = it.kana.as_ref().unwrap_or(&it.name);
        (it.role, search::folded(reading), it.id)
    });
    all
}

/// HR itself is in the list, so an empty one was not loaded.
fn blank(device: Device) -> AnyView {
    let is_offline = device.status.with(|it| it.hold == Some(Hold::Offline));
    let blank = if is_offline {
        Blank::Offline
    } else {
        Blank::Unloaded
    };
    ui::empty(device.language, blank)
}

fn find(language: Language, wanted: &Draft, role: RwSignal<Option<Role>>) -> AnyView {
    let words = people::of(language);
    let form = Form::new(language);
    let option = |it: Role| view! { <option value=it.code()>{words::role(language, it)}</option> };
    let options: Vec<_> = Role::ALL.into_iter().map(option).collect();
    let pick = move |event| role.set(Role::from_code(&event_target_value(&event)));
    view! {
        <search class="staff-find">
            {form.line(wanted, domain::refusal::Field::Unknown, "search", &about("people-search", words.search, words.search_hint))}
            <div class="field">
                <label class="field__label" for="people-role">{words.role}</label>
                <select class="field__input" id="people-role" on:change=pick>
                    <option value="">{words.all_roles}</option>
                    {options}
                </select>
            </div>
        </search>
    }
    .into_any()
}

fn table(language: Language, found: Memo<Vec<Person>>) -> AnyView {
    let words = people::of(language);
    let drawn = RwSignal::new(STEP);
    let rows = move || {
        found.with(|found| {
            found
                .iter()
                .take(drawn.get())
                .map(|it| row(language, it))
                .collect::<Vec<_>>()
        })
    };
    let count = move || (words.count)(found.with(Vec::len));
    let none = move || {
        found.with(Vec::is_empty).then(|| {
            ui::empty(
                language,
                Blank::Nothing(words.no_match, words.no_match_more),
            )
        })
    };
    let more = move || {
        let rest = found.with(Vec::len).saturating_sub(drawn.get());
        let press = Callback::new(move |()| drawn.update(|it| *it += STEP));
        (rest > 0).then(|| {
            ui::button(
                Look::Second,
                (words::of(language).show_more)(rest.min(STEP)),
                press,
            )
        })
    };
    let heads = [
        words.name,
        words.role,
        words.school,
        words.graduation,
        words.team,
        words.joining,
    ];
    let heads: Vec<_> = heads
        .into_iter()
        .map(|it| view! { <th scope="col" role="columnheader">{it}</th> })
        .collect();
    view! {
        <p class="note" role="status">{count}</p>
        <table class="staff-table" role="table" aria-label=words.table>
            <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        {none}
        {more}
    }
    .into_any()
}

fn row(language: Language, it: &Person) -> AnyView {
    let words = people::of(language);
    let school = [it.school.as_ref(), it.faculty.as_ref()];
    let school: Vec<_> = school
        .into_iter()
        .flatten()
        .map(ToString::to_string)
        .collect();
    let cells = [
        (words.role, words::role(language, it.role).to_owned()),
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
    let cells: Vec<_> = cells
        .into_iter()
        .map(|(label, text)| {
            let class = text.is_empty().then_some("staff-table__none");
            view! { <td role="cell" class=class data-label=label>{text}</td> }
        })
        .collect();
    let kana = it
        .kana
        .as_ref()
        .map(|it| view! { <small>{it.to_string()}</small> });
    view! { <tr role="row"><td role="cell">{it.name.to_string()}{kana}</td>{cells}</tr> }.into_any()
}
