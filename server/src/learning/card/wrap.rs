//! Lines: where a text may break, and how large it can be in a box. It never leaves the box: it becomes smaller.

use std::ops::Range;

use super::face::{Glyph, glyphs};

/// What must not begin a line, after Japanese usage (行頭禁則).
const NEVER_FIRST: &str = "、。，．,.・:;：；?!？！‥…ー〜～‐–%％々〻ゝゞヽヾ゛゜)]}）］｝〕〉》」』】〙〗〟’”»\
    ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ";
/// What must not end one (行末禁則).
const NEVER_LAST: &str = "([{（［｛〔〈《「『【〘〖〝‘“«";
/// A line and the space to the next, in sizes of the text.
pub(super) const LEADING: f32 = 1.4;
/// How much smaller the next try is.
const STEP: f32 = 0.96;

/// A text that fits.
pub(super) struct Fitted {
    pub(super) size: f32,
    pub(super) glyphs: Vec<Glyph>,
    /// Which of the glyphs, line by line. The space at the end of a line is read, and takes no room.
    pub(super) lines: Vec<Range<usize>>,
}

impl Fitted {
    /// How high all of it is.
    pub(super) fn height(&self) -> f32 {
        height(self.lines.len(), self.size)
    }

    /// How wide a line is.
    pub(super) fn width(&self, line: &Range<usize>) -> f32 {
        let glyphs = self.glyphs[line.clone()].iter().rev();
        let drawn = glyphs.skip_while(|it| it.of.is_whitespace());
        drawn.map(|it| it.wide).sum::<f32>() * self.size
    }
}

/// A text in a box, in `size` or, where it would not fit, as much smaller as it takes; its lines are about equally long.
pub(super) fn fit(text: &str, (width, most): (f32, f32), mut size: f32) -> Fitted {
    let glyphs = glyphs(text);
    let lines = |width| wrapped(&glyphs, width);
    let fits = |size: f32| {
        let lines = lines(width / size);
        // One glyph may be wider than all of the box.
        let is_narrow = glyphs.iter().all(|it| it.wide * size <= width);
        is_narrow && height(lines.len(), size) <= most
    };
    while !fits(size) {
        size *= STEP;
    }
    let count = lines(width / size).len();
    // Between a width at which there are more lines and one at which there are as many.
    let (mut narrow, mut enough) = (0.0, width / size);
    for _ in 0..12 {
        let middle = f32::midpoint(narrow, enough);
        if lines(middle).len() > count {
            narrow = middle;
        } else {
            enough = middle;
        }
    }
    let lines = lines(enough);
    Fitted {
        size,
        glyphs,
        lines,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a card has a few lines")]
fn height(lines: usize, size: f32) -> f32 {
    lines as f32 * size * LEADING
}

/// The lines at a width, which is in sizes of the text. A word that is longer than a line is parted anywhere.
fn wrapped(glyphs: &[Glyph], width: f32) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut first, mut may_end, mut used) = (0, 0, 0.0);
    for (at, it) in glyphs.iter().enumerate() {
        if at > 0 && may_part(glyphs[at - 1].of, it.of) {
            may_end = at;
        }
        while at > first && !it.of.is_whitespace() && used + it.wide > width {
            let end = if may_end > first { may_end } else { at };
            lines.push(first..end);
            first = end;
            used = glyphs[first..at].iter().map(|it| it.wide).sum();
        }
        used += it.wide;
    }
    lines.push(first..glyphs.len());
    lines
}

/// Whether a line may end between two characters: after a space, and beside whatever is written without spaces.
fn may_part(before: char, after: char) -> bool {
    let is_wide = |it: char| it >= '\u{2E80}';
    if after.is_whitespace() || NEVER_FIRST.contains(after) || NEVER_LAST.contains(before) {
        return false;
    }
    before.is_whitespace() || is_wide(before) || is_wide(after)
}
