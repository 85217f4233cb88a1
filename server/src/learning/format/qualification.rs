//! A qualification is a course of its own kind: what the exam is, then a study plan, a lesson for each week.

use domain::{
    learning::{Course, Lesson, Module, Participation},
    subsidy::MOST_YEN,
    text::{HttpsLink, Said, Short},
};
use serde::Deserialize;
use toml::value::Datetime;

use super::{Fault, Reading, course_id, lesson::sources_of, lesson_id, subsidy, text::escaped};

/// The file that makes a folder a qualification.
pub(super) const FILE: &str = "qualification.toml";
/// Minutes of reading what the exam is.
const READING: u16 = 5;
/// Minutes that a form takes.
const FILLING_IN: u16 = 3;
/// Minutes of a week that somebody still has for other things.
const MOST_MINUTES: u16 = 600;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Qualification {
    title: String,
    title_en: String,
    body: String,
    body_en: String,
    link: String,
    summary: String,
    summary_en: String,
    fee_yen: u32,
    /// Up to how much the company pays of the exam; nothing where it pays nothing.
    subsidy_yen: Option<u32>,
    hours_from: u16,
    hours_to: u16,
    checked: Datetime,
    sources: Vec<String>,
    exam: Vec<Fact>,
    scope: Vec<Part>,
    weeks: Vec<Week>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    name: String,
    name_en: String,
    text: String,
    text_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    name: String,
    name_en: String,
    #[serde(default)]
    share: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Week {
    title: String,
    title_en: String,
    minutes: u16,
    steps: Vec<String>,
    steps_en: Vec<String>,
}

/// Reads a qualification.
pub(super) fn read(reading: &mut Reading<'_>, slug: &str) -> Option<Course> {
    let text = reading.text(FILE)?;
    let it: Qualification = reading.toml(FILE, &text)?;
    if HttpsLink::new(&it.link).is_err() {
        let (field, most) = ("link", 500);
        reading.wrong(FILE, Fault::Words { field, most });
    }
    let title = reading.said(FILE, "title", &it.title, Some(&it.title_en));
    let summary = reading.said(FILE, "summary", &it.summary, Some(&it.summary_en));
    let about = lesson(
        reading,
        (slug, "exam"),
        ("試験のこと", "The exam"),
        READING,
        [false, true].map(|is_en| exam(&it, is_en)),
    );
    let mut weeks = Vec::new();
    for (number, week) in (1..).zip(&it.weeks) {
        if week.steps.len() != week.steps_en.len() || week.steps.is_empty() {
            reading.wrong(FILE, Fault::Unlike(format!("weeks {number}")));
        }
        if !(1..=MOST_MINUTES).contains(&week.minutes) {
            reading.wrong(FILE, Fault::WeekLong(MOST_MINUTES));
        }
        let title = format!("第{number}週 {}", week.title);
        let title_en = format!("Week {number}: {}", week.title_en);
        weeks.push(lesson(
            reading,
            (slug, &format!("week-{number}")),
            (&title, &title_en),
            week.minutes,
            [&week.steps, &week.steps_en].map(|it| plan(it)),
        ));
    }
    let module = |ja, en, lessons: Vec<Option<Lesson>>| {
        Some(Module {
            title: short(ja, en)?,
            lessons: lessons.into_iter().collect::<Option<_>>()?,
        })
    };
    let form = it.subsidy_yen.map(|most| form(reading, slug, &it, most));
    let mut modules = vec![
        module("試験のこと", "The exam", vec![about])?,
        module("学習計画", "Study plan", weeks)?,
    ];
    if let Some(form) = form {
        modules.push(module("受験料の補助", "Help with the fee", vec![form])?);
    }
    Some(Course {
        id: course_id(slug),
        title: title?,
        summary: summary?,
        participation: Participation::Optional,
        is_qualification: true,
        place: 0,
        modules,
    })
}

fn short(ja: &str, en: &str) -> Option<Said<Short>> {
    Some(Said {
        ja: Short::new(ja).ok()?,
        en: Short::optional(en).ok()?,
    })
}

fn lesson(
    reading: &mut Reading<'_>,
    (slug, name): (&str, &str),
    (title, title_en): (&str, &str),
    minutes: u16,
    [ja, en]: [String; 2],
) -> Option<Lesson> {
    Some(Lesson {
        id: lesson_id(slug, name),
        title: reading.said(FILE, "title", title, Some(title_en))?,
        minutes,
        subsidy_yen: None,
        is_played: false,
        page: reading.keep("html", ja.into()),
        page_en: Some(reading.keep("html", en.into())),
        media: Vec::new(),
    })
}

/// The page on which somebody asks the company to pay.
fn form(reading: &mut Reading<'_>, slug: &str, it: &Qualification, most: u32) -> Option<Lesson> {
    if !(1..=MOST_YEN).contains(&most) {
        reading.wrong(FILE, Fault::SubsidyLarge(MOST_YEN));
    }
    let name = "subsidy";
    let action = format!("/learn/{}/{}/ask", course_id(slug), lesson_id(slug, name));
    let page = |is_en: bool| {
        let purpose = if is_en {
            format!("{}: fee", it.title_en)
        } else {
            format!("{}の受験料", it.title)
        };
        subsidy::form(&action, most, &escaped(&purpose), is_en)
    };
    let title = ("受験料の補助を申し込む", "Ask for the fee");
    let form = lesson(
        reading,
        (slug, name),
        title,
        FILLING_IN,
        [false, true].map(page),
    );
    Some(Lesson {
        subsidy_yen: Some(most),
        is_played: false,
        ..form?
    })
}

/// What the exam is, as of when, and where it says so.
fn exam(it: &Qualification, is_en: bool) -> String {
    let words = if is_en { &EN } else { &JA };
    let pick = |ja: &str, en: &str| escaped(if is_en { en } else { ja });
    let mut rows = vec![
        (words.body.to_owned(), pick(&it.body, &it.body_en)),
        (words.fee.to_owned(), (words.yen)(it.fee_yen)),
        (
            words.hours.to_owned(),
            (words.from_to)(it.hours_from, it.hours_to),
        ),
    ];
    let fact = |it: &Fact| (pick(&it.name, &it.name_en), pick(&it.text, &it.text_en));
    rows.extend(it.exam.iter().map(fact));
    let rows: String = rows
        .iter()
        .map(|(name, text)| format!("<tr><th scope=\"row\">{name}</th><td>{text}</td></tr>"))
        .collect();
    let part = |it: &Part| {
        let name = pick(&it.name, &it.name_en);
        format!("<tr><td>{name}</td><td>{}</td></tr>", escaped(&it.share))
    };
    let scope: String = it.scope.iter().map(part).collect();
    let checked = (words.checked)(&it.checked.to_string());
    let parts = [
        format!("<p>{}</p>", pick(&it.summary, &it.summary_en)),
        format!(
            "<table>{rows}</table><p class=\"caption\">{checked}</p>\
             <p><a href=\"{}\" target=\"_blank\" rel=\"noopener noreferrer\">{}</a></p>",
            escaped(&it.link),
            words.official
        ),
        format!("<h2>{}</h2><table>{scope}</table>", words.scope),
    ];
    placed(&parts) + &sources_of(&it.sources, is_en)
}

/// A week: what to do, one after the other.
fn plan(steps: &[String]) -> String {
    let steps: String = steps
        .iter()
        .map(|it| format!("<li>{}</li>", escaped(it)))
        .collect();
    placed(&[format!("<ol>{steps}</ol>")])
}

/// Parts that can be found by their places, as those of any lesson.
fn placed(parts: &[String]) -> String {
    let part = |(at, it)| {
        format!(
            "<div class=\"lesson-part\" id=\"part-{at}\" data-part=\"{at}\"><div class=\"lesson-text\">{it}</div></div>"
        )
    };
    parts.iter().enumerate().map(part).collect()
}

struct Words {
    body: &'static str,
    fee: &'static str,
    hours: &'static str,
    yen: fn(u32) -> String,
    from_to: fn(u16, u16) -> String,
    checked: fn(&str) -> String,
    official: &'static str,
    scope: &'static str,
}

const JA: Words = Words {
    body: "行う団体",
    fee: "受験料",
    hours: "学ぶ時間の目安",
    yen: |it| format!("{it}円(税込)"),
    from_to: |from, to| format!("{from}〜{to}時間"),
    checked: |day| format!("{day} 時点の内容です。申し込む前に、公式のページで確かめてください。"),
    official: "公式のページを開く",
    scope: "出る範囲",
};

const EN: Words = Words {
    body: "Held by",
    fee: "Fee",
    hours: "Usual hours of study",
    yen: |it| format!("¥{it} including tax"),
    from_to: |from, to| format!("{from}–{to} hours"),
    checked: |day| format!("As of {day}. Please look at the official page before you apply."),
    official: "Open the official page",
    scope: "What it covers",
};
