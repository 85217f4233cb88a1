//! `/staff/subsidies`: what offer-holders asked the company to pay of an exam. Drawn by the server for each request; it
//! carries no code.
//!
//! | form | action | fields |
//! |---|---|---|
//! | the answer | `POST /staff/subsidies/decide` | `subsidy`, `asked` (the request as it was read), `word`, `decision` = `approved`, `asked_back` or `declined` |

use domain::{
    id::SubsidyId,
    member::Language,
    refusal::Refusal,
    subsidy::{Decision, Subsidy},
    text::{Name, Said, Short},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::words::subsidies::{self as words, Words};
use crate::{
    device::Device,
    format,
    online::Online,
    page::Page,
    ui::{self, Any, Blank, Look},
};

/// What stands on the page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Subsidies {
    /// Requests that nobody took back, the oldest first.
    pub lines: Vec<SubsidyLine>,
    /// An answer that could not be given.
    pub unsaid: Option<Unsaid>,
}

/// One request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubsidyLine {
    /// Which.
    pub id: SubsidyId,
    /// Who asks.
    pub name: Option<Name>,
    /// The qualification.
    pub course: Said<Short>,
    /// What they ask for.
    pub subsidy: Subsidy,
}

/// An answer that could not be given; what was typed stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Unsaid {
    /// To which request.
    pub id: SubsidyId,
    /// What was typed.
    pub word: String,
    /// Why not; nothing when the request was written anew meanwhile.
    pub no: Option<Refusal>,
}

pub(super) fn screen() -> AnyView {
    let device = Device::here();
    match device.online.get_value() {
        Some(Online::Subsidies(it)) => subsidies(device.language, &it),
        _ => ui::away_from(device.language, &Page::Subsidies),
    }
}

fn subsidies(language: Language, it: &Subsidies) -> AnyView {
    let words = words::of(language);
    let is_open = |it: &&SubsidyLine| it.subsidy.decision == Decision::Open;
    let open: Vec<_> = it.lines.iter().filter(is_open).collect();
    let open = if open.is_empty() {
        ui::empty(language, Blank::Nothing(words.none_title, words.none))
    } else {
        let card = |line: &&SubsidyLine| card(language, line, it.unsaid.as_ref());
        ui::list(open.iter().map(card).collect())
    };
    let mut parts = vec![
        ui::back(language, Page::StaffCourses.path()),
        ui::title(words.title, words.lead),
        ui::p("card", words.given),
        ui::section(words.open, vec![open]),
    ];
    // The latest first: what was said a year ago is looked for less.
    let done = it.lines.iter().rev().filter(|it| !is_open(it));
    let done: Vec<_> = done.map(|it| card(language, it, None)).collect();
    if !done.is_empty() {
        parts.push(ui::section(words.answered, vec![ui::list(done)]));
    }
    ui::screen(parts)
}

fn card(language: Language, it: &SubsidyLine, unsaid: Option<&Unsaid>) -> AnyView {
    let words = words::of(language);
    let subsidy = &it.subsidy;
    let name = it.name.as_ref().map_or("", |it| it);
    let amount = (words.yen)(subsidy.fee.yen);
    let mut parts = vec![
        ui::heading(name.to_owned()),
        ui::facts(vec![
            (words.purpose, ui::text(subsidy.fee.purpose.to_string())),
            (words.amount, ui::text(amount)),
            (
                words.paid,
                ui::text(format::day(language, subsidy.fee.paid)),
            ),
            (
                words.course,
                ui::text(it.course.in_language(language).to_string()),
            ),
            (
                words.asked,
                ui::text(format::day(language, subsidy.asked.day())),
            ),
        ]),
        receipt(words, it),
    ];
    if let Some(said) = (words.said)(subsidy.decision) {
        parts.insert(0, ui::row(vec![ui::chip(said)]));
    }
    if let Some(word) = &subsidy.word {
        parts.push(ui::p("prose", word.to_string()));
    }
    if subsidy.decision == Decision::Open {
        let unsaid = unsaid.filter(|unsaid| unsaid.id == it.id);
        parts.push(form(language, it, unsaid));
    }
    ui::card(None, parts)
}

fn receipt(words: &'static Words, it: &SubsidyLine) -> AnyView {
    if !it.subsidy.has_receipt {
        return ui::note(words.no_receipt);
    }
    let path = format!("/receipts/{}", it.id);
    let image = ui::attributes![
        "class" = "lesson-receipt",
        "src" = path.clone(),
        "alt" = words.receipt,
        "loading" = "lazy"
    ];
    let link = ui::attributes!["href" = path, "target" = "_blank", "rel" = "noopener"];
    ui::tag("a", link, vec![ui::tag("img", image, Vec::new())])
}

fn form(language: Language, it: &SubsidyLine, unsaid: Option<&Unsaid>) -> AnyView {
    let words = words::of(language);
    let press = |decision: &'static str, class: &'static str, label: &'static str| {
        let attributes = ui::attributes![
            "class" = class,
            "type" = "submit",
            "name" = "decision",
            "value" = decision
        ];
        ui::tag("button", attributes, vec![ui::text(label)])
    };
    let id = format!("word-{}", it.id);
    let about = format!("about-{}", it.id);
    let (for_id, describes) = (id.clone(), about.clone());
    let typed = ui::escaped(unsaid.map_or("", |it| &it.word));
    let trouble = unsaid.map(|it| {
        let said = match &it.no {
            Some(no) => crate::words::refusal(language, no),
            None => words.written_anew.to_owned(),
        };
        let alert = ui::attributes!["role" = "alert"];
        ui::tag("p", alert, vec![ui::text(said)])
    });
    let input = view! {
        <div class="field">
            <label class="field__label" for=for_id>{words.word}</label>
            <textarea class="field__input" id=id name="word" rows="3" maxlength="2000" aria-describedby=describes inner_html=typed></textarea>
            <p class="note" id=about>{words.word_hint}</p>
        </div>
    };
    let mut parts = vec![
        ui::hidden("subsidy", it.id.to_string()),
        ui::hidden("asked", it.subsidy.asked.millis().to_string()),
    ];
    parts.extend(trouble);
    parts.extend([
        input.any(),
        ui::row(vec![
            press("approved", "button button--primary", words.approve),
            press("asked_back", "button", words.ask_back),
            press("declined", "button", words.decline),
        ]),
    ]);
    ui::post("/staff/subsidies/decide".into(), parts)
}

/// A way here from the page of courses, with how many wait.
pub(super) fn way(language: Language, open: usize) -> AnyView {
    let words = words::of(language);
    let label = if open == 0 {
        words.title.to_owned()
    } else {
        (words.waiting)(open)
    };
    ui::link_button(Look::Second, label, Page::Subsidies.path())
}
