//! The Markdown of a lesson becomes its parts: sections of HTML that may stand on a page, and questions between them.

use std::{borrow::Cow, collections::BTreeSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};
use domain::learning::File;
use pulldown_cmark::{
    BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd,
    TextMergeStream, html,
};

use super::{
    Fault, Reading, media,
    quiz::{self, Quiz},
};

/// A part of a lesson.
pub(super) enum Part {
    /// A section of HTML; a heading of the second degree begins another.
    Text(String),
    /// A question.
    Quiz(Quiz),
}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let more = [
        "h2",
        "pre",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "figure",
        "figcaption",
        "img",
        "ruby",
        "rt",
        "div",
    ];
    let mut cleaner = crate::html::cleaner(&more);
    cleaner
        .add_tag_attributes("ol", ["start"])
        .add_tag_attributes("img", ["src", "alt", "width", "height", "loading"])
        .add_allowed_classes("div", ["callout", "callout--warning"])
        .add_allowed_classes("p", ["callout__name"])
        .add_url_schemes(["tel"])
        // Only our own files have an address without a site: see `figure`.
        .url_relative(UrlRelative::Custom(Box::new(ours)))
        // Whoever follows a link keeps their place here.
        .set_tag_attribute_value("a", "target", "_blank");
    cleaner
});

fn ours(url: &str) -> Option<Cow<'_, str>> {
    url.starts_with("/media/").then_some(Cow::Borrowed(url))
}

/// The parts of a text. Files that it shows are added to `shown`.
pub(super) fn read(
    reading: &mut Reading<'_>,
    path: &str,
    markdown: &str,
    shown: &mut BTreeSet<File>,
) -> Vec<Part> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_GFM;
    let mut events = TextMergeStream::new(Parser::new_ext(markdown, options));
    let is_en = path.ends_with(".en.md");
    let mut parts = Vec::new();
    let mut text: Vec<Event<'_>> = Vec::new();
    let mut names = BTreeSet::new();
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(name))) if &*name == "quiz" => {
                let mut source = String::new();
                for event in events.by_ref() {
                    match event {
                        Event::Text(it) => source.push_str(&it),
                        Event::End(TagEnd::CodeBlock) => break,
                        _ => {}
                    }
                }
                flush(&mut text, &mut parts);
                match quiz::read(&source) {
                    Ok(quiz) => {
                        if !names.insert(quiz.id.clone()) {
                            reading.wrong(path, Fault::Twice(quiz.id.to_string()));
                        }
                        parts.push(Part::Quiz(quiz));
                    }
                    Err(said) => reading.wrong(path, Fault::BadQuiz(said)),
                }
            }
            Event::Start(Tag::Image {
                dest_url, title, ..
            }) => {
                let mut alt = String::new();
                for event in events.by_ref() {
                    match event {
                        Event::Text(it) | Event::Code(it) => alt.push_str(&it),
                        Event::End(TagEnd::Image) => break,
                        _ => {}
                    }
                }
                if let Some(html) = figure(reading, path, &dest_url, &title, &alt, shown) {
                    text.push(Event::InlineHtml(html.into()));
                }
            }
            Event::Start(Tag::Heading { level, .. }) => {
                if matches!(level, HeadingLevel::H1 | HeadingLevel::H2) {
                    flush(&mut text, &mut parts);
                }
                text.push(Event::Html(format!("<{}>", heading(level)).into()));
            }
            Event::End(TagEnd::Heading(level)) => {
                text.push(Event::Html(format!("</{}>\n", heading(level)).into()));
            }
            Event::Start(Tag::BlockQuote(Some(kind))) => {
                text.push(Event::Html(callout(kind, is_en).into()));
            }
            Event::End(TagEnd::BlockQuote(Some(_))) => text.push(Event::Html("</div>\n".into())),
            // What looks like HTML is text: nobody's brackets disappear.
            Event::Html(it) | Event::InlineHtml(it) => text.push(Event::Text(it)),
            Event::Text(it) => with_ruby(&it, &mut text),
            other => text.push(other),
        }
    }
    flush(&mut text, &mut parts);
    if parts.is_empty() {
        reading.wrong(path, Fault::NoText);
    }
    parts
}

/// What was gathered becomes a part.
fn flush(text: &mut Vec<Event<'_>>, parts: &mut Vec<Part>) {
    let mut out = String::new();
    html::push_html(&mut out, text.drain(..));
    // A figure that stood alone was in a paragraph.
    let out = out
        .replace("<p><figure>", "<figure>")
        .replace("</figure></p>", "</figure>");
    let clean = CLEANER.clean(&out).to_string();
    if !clean.trim().is_empty() {
        parts.push(Part::Text(clean.trim().into()));
    }
}

fn heading(level: HeadingLevel) -> &'static str {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => "h2",
        HeadingLevel::H3 => "h3",
        _ => "h4",
    }
}

fn callout(kind: BlockQuoteKind, is_en: bool) -> String {
    let (class, ja, en) = match kind {
        BlockQuoteKind::Note => ("callout", "メモ", "Note"),
        BlockQuoteKind::Tip => ("callout", "こつ", "Tip"),
        BlockQuoteKind::Important => ("callout callout--warning", "大切なこと", "Important"),
        BlockQuoteKind::Warning => ("callout callout--warning", "気をつけること", "Watch out"),
        BlockQuoteKind::Caution => ("callout callout--warning", "注意", "Caution"),
    };
    let name = if is_en { en } else { ja };
    format!("<div class=\"{class}\"><p class=\"callout__name\">{name}</p>\n")
}

fn figure(
    reading: &mut Reading<'_>,
    path: &str,
    named: &str,
    caption: &str,
    alt: &str,
    shown: &mut BTreeSet<File>,
) -> Option<String> {
    let file = media::file(reading, path, named, media::PICTURES)?;
    let (width, height) = media::size(reading.folder.get(named)?)?;
    let caption = match caption {
        "" => String::new(),
        caption => format!("<figcaption>{}</figcaption>", escaped(caption)),
    };
    let html = format!(
        "<figure><img src=\"{}\" alt=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\">{caption}</figure>",
        file.path(),
        escaped(alt)
    );
    shown.insert(file);
    Some(html)
}

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = pulldown_cmark_escape::escape_html(&mut out, text);
    out
}

/// `{漢字|かんじ}` split into its two halves, with what stands before and after.
fn ruby(text: &str) -> Option<(&str, &str, &str, &str)> {
    let is_short = |it: &str| !it.is_empty() && it.chars().count() <= 20 && !it.contains('{');
    text.match_indices('{').find_map(|(at, _)| {
        let (inside, after) = text[at + 1..].split_once('}')?;
        let (base, reading) = inside.split_once('|')?;
        (is_short(base) && is_short(reading)).then_some((&text[..at], base, reading, after))
    })
}

/// Text with furigana over it.
fn with_ruby<'a>(text: &str, out: &mut Vec<Event<'a>>) {
    let mut rest = text;
    while let Some((before, base, reading, after)) = ruby(rest) {
        out.push(Event::Text(before.to_owned().into()));
        let html = format!(
            "<ruby>{}<rt>{}</rt></ruby>",
            escaped(base),
            escaped(reading)
        );
        out.push(Event::InlineHtml(CowStr::from(html)));
        rest = after;
    }
    out.push(Event::Text(rest.to_owned().into()));
}

/// The same where no furigana can stand: behind the word, in brackets.
pub(super) fn without_ruby(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, base, reading, after)) = ruby(rest) {
        out.extend([before, base, "(", reading, ")"]);
        rest = after;
    }
    out + rest
}
