//! Glyphs: which of the two fonts draws a character, and how wide it becomes.
//!
//! Latin, Greek and Cyrillic come from one font, everything else from the other. What neither has is drawn as 〓, as Japanese
//! printers have always done; whoever copies or listens still gets the character itself, because a glyph keeps its text.

use std::{ops::Range, sync::LazyLock};

use krilla::text::Font;
use skrifa::{
    FontRef, GlyphId, MetadataProvider as _,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
};
use unicode_normalization::char::{compose, is_combining_mark};

/// What stands for a character that neither font has.
pub(super) const MISSING: char = '〓';

/// A font that is part of the program.
pub(super) struct Face {
    pub(super) font: Font,
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    em: f32,
}

/// Both, in the order in which they are asked.
static FACES: LazyLock<[Face; 2]> = LazyLock::new(|| {
    [
        Face::of(include_bytes!("../../../fonts/latin.ttf")),
        Face::of(include_bytes!("../../../fonts/japanese.otf")),
    ]
});

impl Face {
    fn of(bytes: &'static [u8]) -> Self {
        let read = FontRef::new(bytes).expect("a font of this program can be read");
        let font = Font::new(bytes.into(), 0).expect("a font of this program can be drawn with");
        Self {
            em: font.units_per_em(),
            font,
            characters: read.charmap(),
            metrics: read.glyph_metrics(Size::unscaled(), LocationRef::default()),
        }
    }

    fn glyph(&self, it: char) -> Option<(GlyphId, f32)> {
        let id = self.characters.map(it)?;
        Some((id, self.metrics.advance_width(id)? / self.em))
    }
}

/// A drawn character.
pub(super) struct Glyph {
    /// Which.
    pub(super) of: char,
    pub(super) face: &'static Face,
    pub(super) id: GlyphId,
    /// How wide, at a size of 1.
    pub(super) wide: f32,
    /// Where it stands in its text.
    pub(super) text: Range<usize>,
}

/// The glyphs of a text, in a line. What chooses between forms of a character is drawn in none, and stays with it when it is
/// copied.
pub(super) fn glyphs(text: &str) -> Vec<Glyph> {
    let mut glyphs: Vec<Glyph> = Vec::new();
    for (at, it) in text.char_indices() {
        let end = at + it.len_utf8();
        if is_unseen(it) {
            if let Some(before) = glyphs.last_mut().filter(|_| is_selector(it)) {
                before.text.end = end;
            }
            continue;
        }
        let shown = if is_space(it) { ' ' } else { it };
        if let Some((face, (id, wide))) = found(shown).or_else(|| found(MISSING)) {
            glyphs.push(Glyph {
                of: shown,
                face,
                id,
                wide,
                text: at..end,
            });
        }
    }
    glyphs
}

/// Whether a text has a character that is drawn as [`MISSING`].
pub(super) fn lacks(text: &str) -> bool {
    let is_lacked = |it: char| !is_unseen(it) && !is_space(it) && found(it).is_none();
    text.chars().any(is_lacked)
}

fn found(it: char) -> Option<(&'static Face, (GlyphId, f32))> {
    FACES.iter().find_map(|face| Some((face, face.glyph(it)?)))
}

/// A text as it is drawn: a letter and the mark over it become one where there is such a letter. Nothing else of Unicode's
/// normalizing is done here: it would write 神 for 神, and a name is written as its owner writes it.
pub(super) fn composed(text: &str) -> String {
    let mut letters: Vec<char> = Vec::new();
    for it in text.chars() {
        let whole = letters
            .last()
            .filter(|_| is_combining_mark(it))
            .and_then(|before| compose(*before, it));
        match (whole, letters.last_mut()) {
            (Some(whole), Some(last)) => *last = whole,
            _ => letters.push(it),
        }
    }
    letters.into_iter().collect()
}

/// A space that is no wider than the usual one; the wide one of Japanese is a character of its own.
fn is_space(it: char) -> bool {
    it.is_whitespace() && it != '\u{3000}'
}

/// Chooses one of the forms of the character before it.
fn is_selector(it: char) -> bool {
    matches!(it, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Draws nothing itself, or is no character at all.
fn is_unseen(it: char) -> bool {
    is_selector(it)
        || it.is_control()
        || matches!(it, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
        || u32::from(it) & 0xFFFE == 0xFFFE
}
