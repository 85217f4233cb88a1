//! Markdown of the company's people becomes HTML that may stand on a page: paragraphs, emphasis, lists, quotes, headings
//! below the page's own, links to https. Everything else is shown as it was typed, or not at all.

use std::sync::LazyLock;

use ammonia::Builder;
use domain::text::{Long, Said};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::html;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| html::cleaner(&[]));

/// The HTML of a text.
pub(super) fn html_of(markdown: &str) -> String {
    let parser = Parser::new_ext(markdown, Options::empty()).map(|it| match it {
        // What looks like HTML is text: nobody's brackets disappear.
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        // A line end that was typed is a line end.
        Event::SoftBreak => Event::HardBreak,
        Event::Start(Tag::Heading {
            level,
            id,
            classes,
            attrs,
        }) => Event::Start(Tag::Heading {
            level: below(level),
            id,
            classes,
            attrs,
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        other => other,
    });
    let mut text = String::with_capacity(markdown.len() * 2);
    pulldown_cmark::html::push_html(&mut text, parser);
    CLEANER.clean(&text).to_string()
}

/// The page has its own first and second headings.
fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    }
}

/// Both languages of a text.
pub(super) fn said(text: &Said<Long>) -> Said<String> {
    Said {
        ja: html_of(&text.ja),
        en: text.en.as_ref().map(|it| html_of(it)),
    }
}

#[cfg(test)]
mod tests {
    use super::html_of;

    #[test]
    fn marks_become_paper() {
        assert_eq!(
            html_of(
                "# 当日\n\n**軽装**で\nどうぞ。\n\n- 筆記具\n- [地図](https://maps.example.jp)"
            ),
            "<h3>当日</h3>\n<p><strong>軽装</strong>で<br>\nどうぞ。</p>\n<ul>\n<li>筆記具</li>\n\
             <li><a href=\"https://maps.example.jp\" rel=\"noopener noreferrer\">地図</a></li>\n</ul>\n"
        );
    }

    #[test]
    fn nothing_runs() {
        for bad in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[a](javascript:alert(1))",
            "![a](https://elsewhere.example/pixel.png)",
            "<a href=\"https://x.example\" onclick=\"alert(1)\">a</a>",
            "<svg><style><img src=x onerror=alert(1)></style></svg>",
            "[a](data:text/html,<script>alert(1)</script>)",
            "[a](//elsewhere.example)",
            "<p style=\"position:fixed\">a</p>",
        ] {
            let html = html_of(bad);
            // What was written as text stays text: its angles are escaped, so whatever stands between angles is a tag.
            let tags: Vec<_> = html
                .split('<')
                .skip(1)
                .filter_map(|it| it.split('>').next())
                .collect();
            for part in [
                "script",
                "img",
                "svg",
                "style",
                "onerror",
                "onclick",
                "href=\"javascript",
                "href=\"data",
                "href=\"//",
            ] {
                assert!(
                    !tags.iter().any(|it| it.contains(part)),
                    "{bad} became {html}"
                );
            }
        }
    }
}
