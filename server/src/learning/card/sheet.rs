//! The drawing: one page of A5 on its side, tagged for whoever listens to it (PDF/UA-1).

use std::num::NonZeroU16;

use anyhow::{Context as _, Result, anyhow};
use domain::time::Time;
use krilla::{
    Document, SerializeSettings,
    color::rgb,
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{Path, PathBuilder, Point},
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, LineCap, Stroke},
    surface::Surface,
    tagging::{Artifact, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagKind, TagTree},
    text::{GlyphId, KrillaGlyph},
};

use super::{
    Card,
    face::{composed, lacks},
    words::{self, Words},
    wrap::{Fitted, LEADING, fit},
};

/// Points of a page of A5 on its side.
pub(super) const PAGE: (f32, f32) = (595.28, 419.53);
/// From the edge of the page to what is written.
const MARGIN: f32 = 56.0;
/// From the edge of the page to the thin line around everything.
const FRAME: f32 = 22.0;
/// How wide something written may be.
const MEASURE: f32 = PAGE.0 - 2.0 * MARGIN;
/// Half of a circle's diameter that a curve's handle is long, so that four curves look like one.
const ROUND: f32 = 0.552;

/// Sizes of type.
const TITLE: f32 = 25.0;
const NAME: f32 = 16.0;
const BODY: f32 = 10.5;
const CAPTION: f32 = 8.0;

/// Colours of `style/tokens.css`, as they are on white paper.
const INK: (u8, u8, u8) = (0x1a, 0x20, 0x28);
const QUIET: (u8, u8, u8) = (0x58, 0x60, 0x6a);
const LINE: (u8, u8, u8) = (0xe2, 0xde, 0xd8);
const ACCENT: (u8, u8, u8) = (0x00, 0x75, 0x82);

/// Something written: a box that it fills from the top, and how.
pub(super) struct Written {
    pub(super) left: f32,
    pub(super) top: f32,
    color: (u8, u8, u8),
    pub(super) fitted: Fitted,
    pub(super) text: String,
    kind: TagKind,
}

/// The card as a file. The same card at the same moment is the same file.
pub(super) fn drawn(card: &Card, now: Time) -> Result<Vec<u8>> {
    let words = words::of(card.language);
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|it| anyhow!("{it:?}"))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    document.set_metadata(
        Metadata::new()
            .title(format!("{} – {}", words.card, card.title))
            .language(card.language.code().to_owned())
            .creator("Kakehashi".to_owned())
            .creation_date(moment(now)),
    );
    let settings = PageSettings::from_wh(PAGE.0, PAGE.1).context("a page has a size")?;
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let mut tree = TagTree::new();
    ornament(&mut surface);
    for it in laid_out(card, words) {
        write(&mut surface, &mut tree, &it);
    }
    surface.finish();
    page.finish();
    // Whoever steps through headings finds the one there is.
    let mut outline = Outline::new();
    let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
    outline.push_child(OutlineNode::new(card.title.clone(), top));
    document.set_outline(outline);
    document.set_tag_tree(tree);
    document.finish().map_err(|it| anyhow!("a card: {it:?}"))
}

/// Everything written, in the order in which it is read.
pub(super) fn laid_out(card: &Card, words: &Words) -> Vec<Written> {
    let put = |text: &str, left, top, room, size, color| {
        let text = composed(text);
        let fitted = fit(&text, room, size);
        let kind = Tag::P.into();
        Written {
            left,
            top,
            color,
            fitted,
            text,
            kind,
        }
    };
    let kicker = put(words.card, MARGIN, 57.0, (MEASURE, 16.0), BODY, ACCENT);
    let kicker = kicker.moved_right();

    let mut title = put(&card.title, MARGIN, 0.0, (MEASURE, 112.0), TITLE, INK);
    title.kind = Tag::Hn(NonZeroU16::MIN, Some(title.text.clone())).into();
    let mut name = put(&card.name, MARGIN, 0.0, (MEASURE, 46.0), NAME, INK);
    let mut read = put(words.read, MARGIN, 0.0, (MEASURE, 16.0), BODY, QUIET);
    // The three stand together, a little above the middle between the mark and the facts.
    let (above, below) = (86.0, 284.0);
    let high = title.fitted.height() + 14.0 + name.fitted.height() + 4.0 + read.fitted.height();
    title.top = above + (below - above - high).max(0.0) * 0.42;
    name.top = title.bottom() + 14.0;
    read.top = name.bottom() + 4.0;

    let mut all = vec![kicker, title, name, read];
    let day = (words.day)(card.finished);
    let size = (words.size)(card.lessons, card.minutes);
    let columns = [
        (0.0, 128.0, words.finished, &day),
        (140.0, 136.0, words.content, &size),
        (292.0, MEASURE - 292.0, words.company, &card.company),
    ];
    for (left, width, caption, value) in columns {
        let left = MARGIN + left;
        all.push(put(caption, left, 305.0, (width, 14.0), CAPTION, QUIET));
        all.push(put(value, left, 318.0, (width, 31.0), BODY, INK));
    }
    let mut note = words.own.to_owned();
    if lacks(&card.title) || lacks(&card.name) || lacks(&card.company) {
        note = [&note, " ", words.missing].concat();
    }
    all.push(put(&note, MARGIN, 357.0, (MEASURE, 14.0), CAPTION, QUIET));
    all
}

impl Written {
    pub(super) fn bottom(&self) -> f32 {
        self.top + self.fitted.height()
    }

    /// Where its widest line ends.
    pub(super) fn right(&self) -> f32 {
        let widths = self.fitted.lines.iter().map(|it| self.fitted.width(it));
        self.left + widths.fold(0.0, f32::max)
    }

    fn moved_right(mut self) -> Self {
        self.left += MARGIN + MEASURE - self.right();
        self
    }
}

fn write(surface: &mut Surface, tree: &mut TagTree, it: &Written) {
    let mut group = TagGroup::new(it.kind.clone());
    surface.set_stroke(None);
    surface.set_fill(Some(Fill {
        paint: color(it.color).into(),
        ..Fill::default()
    }));
    let mut top = it.top;
    for line in &it.fitted.lines {
        // Noto's letters reach from 0.88 above the line they stand on to 0.12 below; the rest of the leading is shared.
        let baseline = top + it.fitted.size * (0.88 + (LEADING - 1.0) / 2.0);
        group.push(write_line(surface, it, line.clone(), baseline));
        top += it.fitted.size * LEADING;
    }
    tree.push(group);
}

fn write_line(
    surface: &mut Surface,
    it: &Written,
    line: std::ops::Range<usize>,
    baseline: f32,
) -> Identifier {
    let identifier = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
    let mut left = it.left;
    let of_a_face = |a: &super::face::Glyph, b: &super::face::Glyph| std::ptr::eq(a.face, b.face);
    for run in it.fitted.glyphs[line].chunk_by(of_a_face) {
        let Some(first) = run.first() else { continue };
        let glyphs = run.iter().map(|it| {
            let id = GlyphId::new(it.id.to_u32());
            KrillaGlyph::new(id, it.wide, 0.0, 0.0, 0.0, it.text.clone(), None)
        });
        let glyphs: Vec<_> = glyphs.collect();
        let (at, font) = (Point::from_xy(left, baseline), first.face.font.clone());
        surface.draw_glyphs(at, &glyphs, font, &it.text, it.fitted.size, false);
        left += run.iter().map(|it| it.wide).sum::<f32>() * it.fitted.size;
    }
    surface.end_tagged();
    identifier
}

/// The frame, the bridge of the product and the line above the facts: nothing that has to be read.
fn ornament(surface: &mut Surface) {
    surface.start_tagged(ContentTag::Artifact(Artifact::default()));
    stroke(surface, LINE, 0.8, frame());
    let mut rule = PathBuilder::new();
    rule.move_to(MARGIN, 292.0);
    rule.line_to(MARGIN + MEASURE, 292.0);
    stroke(surface, LINE, 0.8, rule.finish());
    // As in `public/favicon.svg`, at a quarter of its size and with a thinner line.
    let (from, to, ground) = ((MARGIN + 5.0, 66.0), (MARGIN + 73.0, 66.0), 39.0);
    let mut arch = PathBuilder::new();
    arch.move_to(from.0, from.1);
    arch.quad_to(f32::midpoint(from.0, to.0), from.1 - ground, to.0, to.1);
    stroke(surface, ACCENT, 1.8, arch.finish());
    surface.set_stroke(None);
    surface.set_fill(Some(Fill {
        paint: color(ACCENT).into(),
        ..Fill::default()
    }));
    for end in [from, to] {
        if let Some(dot) = rounded((end.0 - 5.0, end.1 - 5.0), (10.0, 10.0), 5.0) {
            surface.draw_path(&dot);
        }
    }
    surface.end_tagged();
}

fn frame() -> Option<Path> {
    let size = (PAGE.0 - 2.0 * FRAME, PAGE.1 - 2.0 * FRAME);
    rounded((FRAME, FRAME), size, 10.0)
}

/// A rectangle with round corners.
fn rounded((x, y): (f32, f32), (width, height): (f32, f32), radius: f32) -> Option<Path> {
    let (right, bottom, handle) = (x + width, y + height, radius * (1.0 - ROUND));
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.cubic_to(right - handle, y, right, y + handle, right, y + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(
        right,
        bottom - handle,
        right - handle,
        bottom,
        right - radius,
        bottom,
    );
    path.line_to(x + radius, bottom);
    path.cubic_to(x + handle, bottom, x, bottom - handle, x, bottom - radius);
    path.line_to(x, y + radius);
    path.cubic_to(x, y + handle, x + handle, y, x + radius, y);
    path.close();
    path.finish()
}

fn stroke(surface: &mut Surface, of: (u8, u8, u8), width: f32, path: Option<Path>) {
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: color(of).into(),
        width,
        line_cap: LineCap::Round,
        ..Stroke::default()
    }));
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

fn color((red, green, blue): (u8, u8, u8)) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

/// A moment as a PDF writes it, in Tokyo.
fn moment(now: Time) -> DateTime {
    let (year, month, day) = now.day().date();
    let minutes = now.clock().minutes();
    let small = |it: u32| u8::try_from(it).unwrap_or(0);
    DateTime::new(u16::try_from(year).unwrap_or(0))
        .month(small(month))
        .day(small(day))
        .hour(small(u32::from(minutes) / 60))
        .minute(small(u32::from(minutes) % 60))
        .second(0)
        .utc_offset_hour(9)
        .utc_offset_minute(0)
}
