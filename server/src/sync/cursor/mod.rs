//! Where a device stands: opaque to it, and never a permission.

use domain::{
    id::HistoryId,
    visibility::{Audience, audiences_of},
};

use crate::actor::Signed;

/// A cursor, decoded: everything up to `seq` of the audiences held, and one of which only the beginning is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) history: HistoryId,
    pub(super) seq: i64,
    /// Short words: the member's own audience is `me`.
    held: Vec<Box<str>>,
    half: Option<(Box<str>, Half)>,
}

/// How far an audience was sent that does not fit on one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Half {
    /// Its rows up to here were sent.
    pub(super) until: i64,
    /// The newest seq when its first page was made: tombstones up to there are of rows that were never sent.
    pub(super) began: i64,
}

fn word(audience: Audience) -> String {
    match audience {
        Audience::One(_) => "me".into(),
        other => other.to_string(),
    }
}

/// Four characters that show a mangled cursor.
fn checksum(text: &str) -> String {
    let sum = text.bytes().fold(0x811c_9dc5_u32, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("{:04x}", sum & 0xFFFF)
}

impl Cursor {
    pub(super) fn new(
        history: HistoryId,
        seq: i64,
        held: &[Audience],
        half: Option<(Audience, Half)>,
    ) -> Self {
        Self {
            history,
            seq,
            held: held.iter().map(|it| word(*it).into()).collect(),
            half: half.map(|(audience, half)| (word(audience).into(), half)),
        }
    }

    /// Reads a cursor; anything that is not one of ours counts as none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (text, sum) = text.rsplit_once('.')?;
        if checksum(text) != sum {
            return None;
        }
        let mut parts = text.split('.');
        let (history, seq, held) = (
            parts.next()?.parse().ok()?,
            parts.next()?.parse().ok()?,
            parts.next()?,
        );
        let half = match parts.next() {
            Some(half) => {
                let mut half = half.split('@');
                let (word, until, began) = (half.next()?, half.next()?, half.next()?);
                let half = Half {
                    until: until.parse().ok()?,
                    began: began.parse().ok()?,
                };
                Some((word.into(), half))
            }
            None => None,
        };
        Some(Self {
            history,
            seq,
            held: held
                .split('+')
                .filter(|it| !it.is_empty())
                .map(Into::into)
                .collect(),
            half,
        })
    }

    pub(super) fn holds(&self, audience: Audience) -> bool {
        let word = word(audience);
        self.held.iter().any(|it| **it == *word)
    }

    /// How far this audience was sent, when only its beginning was.
    pub(super) fn half(&self, audience: Audience) -> Option<Half> {
        let (word_of, half) = self.half.as_ref()?;
        (**word_of == *word(audience)).then_some(*half)
    }

    /// Names of audiences held, or half held, that are not in `now`, as the device knows them.
    pub(super) fn left(&self, now: &[Audience], signed: Signed) -> Vec<Box<str>> {
        let words: Vec<_> = now.iter().map(|it| word(*it)).collect();
        let half = self.half.iter().map(|it| &it.0);
        self.held
            .iter()
            .chain(half)
            .filter(|held| !words.iter().any(|it| **it == ***held))
            .map(|held| {
                if **held == *"me" {
                    Audience::One(signed.id).to_string().into()
                } else {
                    held.clone()
                }
            })
            .collect()
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = format!("{}.{}.{}", self.history, self.seq, self.held.join("+"));
        if let Some((word, Half { until, began })) = &self.half {
            text.push_str(&format!(".{word}@{until}@{began}"));
        }
        write!(f, "{text}.{}", checksum(&text))
    }
}

/// The audiences a member may see now, those on demand only when wanted.
pub(super) fn audiences(signed: Signed, want: &[String]) -> Vec<Audience> {
    let is_wanted =
        |it: &Audience| !it.is_on_demand() || want.iter().any(|wanted| *wanted == it.to_string());
    audiences_of(signed.id, signed.role)
        .into_iter()
        .filter(is_wanted)
        .collect()
}

#[cfg(test)]
mod tests;
