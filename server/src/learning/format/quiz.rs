//! A question as it is written, what must hold of it, and how it is drawn: see [`domain::learning::quiz`] for what an
//! answer is. The page's code only notes what is pressed and shows what is hidden here.

use domain::learning::quiz::plain;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{
    is_name,
    text::{escaped, without_ruby},
};

/// Options of one question, steps of one situation: a place is one figure.
const MOST: usize = 9;

/// A question.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Quiz {
    pub(super) id: String,
    kind: Kind,
    ask: String,
    #[serde(default)]
    why: String,
    #[serde(default)]
    options: Vec<Choice>,
    #[serde(default)]
    accepts: Vec<String>,
    #[serde(default)]
    steps: Vec<Step>,
}

/// How one answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Single,
    Multiple,
    Order,
    Short,
    Scenario,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    text: String,
    #[serde(default)]
    right: bool,
    #[serde(default)]
    why: String,
    #[serde(default)]
    to: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    id: String,
    text: String,
    #[serde(default)]
    right: bool,
    #[serde(default)]
    choices: Vec<Choice>,
}

/// Reads a question.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn read(text: &str) -> Result<Quiz, String> {
    let it: Quiz = toml::from_str(text).map_err(|error| error.to_string())?;
    match it.fault() {
        None => Ok(it),
        Some(what) => Err(format!("{}: {what}", it.id)),
    }
}

impl Quiz {
    fn fault(&self) -> Option<&'static str> {
        if !is_name(&self.id) {
            return Some("id");
        }
        if self.ask.trim().is_empty() {
            return Some("ask");
        }
        let rights = self.options.iter().filter(|it| it.right).count();
        let has_options = (2..=MOST).contains(&self.options.len());
        let (is_fine, wanted) = match self.kind {
            Kind::Single => (has_options && rights == 1, "options, one of them right"),
            Kind::Multiple => (has_options && rights > 0, "options, some of them right"),
            Kind::Order => (has_options, "options"),
            Kind::Short => {
                let is_fine = |it: &String| !plain(it).is_empty();
                let is_fine = !self.accepts.is_empty() && self.accepts.iter().all(is_fine);
                (is_fine, "accepts")
            }
            Kind::Scenario => return self.fault_of_steps(),
        };
        (!is_fine).then_some(wanted)
    }

    fn fault_of_steps(&self) -> Option<&'static str> {
        if !(2..=MOST).contains(&self.steps.len()) {
            return Some("steps");
        }
        for (at, step) in self.steps.iter().enumerate() {
            if self.place(&step.id) != Some(at) {
                return Some("steps: one id twice");
            }
            if step.choices.iter().any(|it| self.place(&it.to).is_none()) {
                return Some("to: a step that is not there");
            }
        }
        let is_good_end = |it: &Step| it.right && it.choices.is_empty();
        let has_good_end = self.steps.iter().any(is_good_end);
        let begins = self.steps.first().is_some_and(|it| !it.choices.is_empty());
        let is_fine = has_good_end && begins;
        (!is_fine).then_some("steps: choices at the first, and an ending that is right")
    }

    fn place(&self, step: &str) -> Option<usize> {
        self.steps.iter().position(|it| it.id == step)
    }

    /// Answers that are right, as the page's code writes them.
    pub(super) fn accepts(&self) -> Vec<String> {
        let places = |is: &dyn Fn(&Choice) -> bool| {
            let all = self.options.iter().enumerate().filter(|it| is(it.1));
            let places: Vec<_> = all.map(|it| it.0.to_string()).collect();
            plain(&places.join(" "))
        };
        match self.kind {
            Kind::Single | Kind::Multiple => vec![places(&|it| it.right)],
            Kind::Order => vec![places(&|_| true)],
            Kind::Short => self.accepts.iter().map(|it| plain(it)).collect(),
            Kind::Scenario => {
                let ends = self.steps.iter().enumerate();
                let ends = ends.filter(|(_, it)| it.right && it.choices.is_empty());
                ends.map(|it| it.0.to_string()).collect()
            }
        }
    }

    /// What both languages must share: what is asked how, and what each answer means.
    pub(super) fn shape(&self) -> String {
        let rights: Vec<_> = self.options.iter().map(|it| it.right).collect();
        let step = |it: &Step| -> (bool, Vec<Option<usize>>) {
            (
                it.right,
                it.choices.iter().map(|it| self.place(&it.to)).collect(),
            )
        };
        let steps: Vec<_> = self.steps.iter().map(step).collect();
        format!("{:?} {rights:?} {steps:?}", self.kind)
    }

    /// The question as it stands on the page.
    pub(super) fn draw(&self, is_en: bool) -> String {
        let words = if is_en { &EN } else { &JA };
        let kind = match self.kind {
            Kind::Single => "single",
            Kind::Multiple => "multiple",
            Kind::Order => "order",
            Kind::Short => "short",
            Kind::Scenario => "scenario",
        };
        let accepts = self.accepts().join(" ");
        let inside = match self.kind {
            Kind::Single => self.options_in(0..self.options.len()),
            Kind::Multiple => note(words.several) + &self.options_in(0..self.options.len()),
            Kind::Order => {
                note(words.in_order) + &self.options_in(shuffled(&self.id, self.options.len()))
            }
            Kind::Short => format!(
                "<label class=\"field\"><span class=\"field__label\">{}</span><input class=\"field__input\" type=\"text\" maxlength=\"100\" autocomplete=\"off\"></label>",
                words.your_answer
            ),
            Kind::Scenario => self.steps_drawn(),
        };
        let check = match self.kind {
            Kind::Scenario => String::new(),
            _ => format!(
                "<button class=\"button\" type=\"button\" data-check>{}</button>",
                words.check
            ),
        };
        let why = match shown(&self.why) {
            why if why.is_empty() => String::new(),
            why => format!("<p class=\"prose\">{why}</p>"),
        };
        format!(
            "<section class=\"card lesson-quiz\" data-quiz=\"{}\" data-kind=\"{kind}\" data-accepts=\"{}\">\
             <p class=\"caption\">{}</p><p class=\"lesson-ask\">{}</p>\
             <div class=\"stack\" data-form>{inside}{check}</div>\
             <div class=\"stack\" data-result role=\"status\" hidden>\
             <p class=\"lesson-right\" data-right hidden>{}</p><p class=\"lesson-wrong\" data-wrong hidden>{}</p>\
             <div class=\"stack\" data-given></div>{why}\
             <button class=\"button button--plain\" type=\"button\" data-again>{}</button></div></section>",
            self.id,
            escaped(&accepts),
            words.question,
            shown(&self.ask),
            words.right,
            words.not_yet,
            words.again,
        )
    }

    fn options_in(&self, shown_in: impl IntoIterator<Item = usize>) -> String {
        let option = |at: usize| self.options.get(at).map(|it| option(at, it, ""));
        let options: String = shown_in.into_iter().filter_map(option).collect();
        format!("<ul class=\"list\">{options}</ul>")
    }

    /// All steps; the page's code shows one at a time.
    fn steps_drawn(&self) -> String {
        let mut out = String::new();
        for (at, step) in self.steps.iter().enumerate() {
            let hidden = if at == 0 { "" } else { " hidden" };
            let choice = |(at, it): (usize, &Choice)| {
                let to = self.place(&it.to).unwrap_or(0);
                option(at, it, &format!(" data-to=\"{to}\""))
            };
            let choices: String = step.choices.iter().enumerate().map(choice).collect();
            let list = if choices.is_empty() {
                String::new()
            } else {
                format!("<ul class=\"list\">{choices}</ul>")
            };
            out += &format!(
                "<div class=\"stack\" data-step=\"{at}\"{hidden}><p class=\"prose\">{}</p>{list}</div>",
                shown(&step.text)
            );
        }
        out
    }
}

fn option(at: usize, it: &Choice, more: &str) -> String {
    let why = match shown(&it.why) {
        why if why.is_empty() => String::new(),
        why => format!("<p class=\"note\" data-why hidden>{why}</p>"),
    };
    format!(
        "<li><button class=\"lesson-option\" type=\"button\" data-at=\"{at}\" aria-pressed=\"false\"{more}>{}</button>{why}</li>",
        shown(&it.text)
    )
}

fn note(words: &str) -> String {
    format!("<p class=\"note\">{words}</p>")
}

fn shown(text: &str) -> String {
    escaped(&without_ruby(text.trim()))
}

/// An order that is not the right one, the same at every import.
fn shuffled(id: &str, count: usize) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..count).collect();
    shown.sort_by_key(|at| Sha256::digest(format!("{id}/{at}")));
    if shown.is_sorted() {
        shown.rotate_left(1);
    }
    shown
}

/// What stands around every question.
struct Words {
    question: &'static str,
    several: &'static str,
    in_order: &'static str,
    your_answer: &'static str,
    check: &'static str,
    right: &'static str,
    not_yet: &'static str,
    again: &'static str,
}

const JA: Words = Words {
    question: "考えてみる",
    several: "いくつ選んでもかまいません。",
    in_order: "順番に押してください。もう一度押すと外れます。",
    your_answer: "答え",
    check: "答えを見る",
    right: "そのとおりです。",
    not_yet: "別の考え方もあります。",
    again: "もう一度考える",
};

const EN: Words = Words {
    question: "Think about it",
    several: "Choose as many as you like.",
    in_order: "Press them in order. Press again to take one back.",
    your_answer: "Your answer",
    check: "See the answer",
    right: "That is right.",
    not_yet: "There is another way to see it.",
    again: "Think again",
};
