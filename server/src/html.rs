//! HTML that the company's people wrote as Markdown: what every such text may hold. Each kind of text adds its own.

use std::collections::HashSet;

use ammonia::{Builder, UrlRelative};

/// Keeps paragraphs, emphasis, lists, quotes, headings below the page's own, links to https, and `more` tags. Everything
/// else is shown as it was typed, or not at all.
pub(crate) fn cleaner(more: &[&'static str]) -> Builder<'static> {
    let tags = [
        "p",
        "br",
        "em",
        "strong",
        "ul",
        "ol",
        "li",
        "blockquote",
        "h3",
        "h4",
        "a",
        "hr",
        "code",
    ];
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from(tags))
        .add_tags(more.iter().copied())
        .tag_attributes([("a", HashSet::from(["href"]))].into())
        .url_schemes(HashSet::from(["https"]))
        .url_relative(UrlRelative::Deny)
        // A page elsewhere learns nothing of who came from where.
        .link_rel(Some("noopener noreferrer"));
    cleaner
}
