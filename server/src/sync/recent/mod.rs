//! The newest rows of the feed, in memory: a device that is only a little behind is answered without the database.

use std::collections::{HashSet, VecDeque};

use domain::{sync::wire::RowChange, visibility::Audience};

use crate::db::{FeedRow, Published};

/// Rows kept at most.
const MOST_ROWS: usize = 4_096;
/// Bytes of their bodies kept at most.
const MOST_BYTES: usize = 1 << 20;

/// The rows with a seq in `(after, until]`: all of them, in order.
pub(super) struct Recent {
    after: i64,
    until: i64,
    rows: VecDeque<(Audience, RowChange)>,
    bytes: usize,
}

impl Recent {
    /// Nothing yet, at this place in the order.
    pub(super) fn from(seq: i64) -> Self {
        Self {
            after: seq,
            until: seq,
            rows: VecDeque::new(),
            bytes: 0,
        }
    }

    /// What lies before this place was written by another process, unless it is here already.
    pub(super) fn skip_to(&mut self, seq: i64) {
        if self.until < seq {
            *self = Self::from(seq);
        }
    }

    /// Adds what a commit published. When another process wrote in between, what is known begins with this commit.
    pub(super) fn add(&mut self, published: Published) {
        if published.after != self.until {
            *self = Self::from(published.after);
        }
        for row in published.rows {
            self.until = row.seq;
            let (audience, row) = change(row);
            self.bytes += size(&row);
            self.rows.push_back((audience, row));
        }
        while self.rows.len() > MOST_ROWS || self.bytes > MOST_BYTES {
            let Some((_, row)) = self.rows.pop_front() else {
                break;
            };
            self.after = row.2;
            self.bytes -= size(&row);
        }
    }

    /// The rows of these audiences after `since`, each in its newest form, and up to where they reach. `None` when rows
    /// that were written since are not here.
    pub(super) fn since(
        &self,
        audiences: &[Audience],
        since: i64,
    ) -> Option<(i64, Vec<RowChange>)> {
        if since < self.after || since > self.until {
            return None;
        }
        let mut seen = HashSet::new();
        let mut rows: Vec<RowChange> = self
            .rows
            .iter()
            .rev()
            .take_while(|(_, row)| row.2 > since)
            .filter(|(audience, _)| audiences.contains(audience))
            .filter(|(audience, row)| seen.insert((*audience, &row.0, &row.1)))
            .map(|(_, row)| row.clone())
            .collect();
        rows.reverse();
        Some((self.until, rows))
    }
}

fn change(row: FeedRow) -> (Audience, RowChange) {
    let change = RowChange(
        row.kind.into(),
        row.id.into(),
        row.seq,
        row.audience.to_string().into(),
        row.body,
    );
    (row.audience, change)
}

fn size(row: &RowChange) -> usize {
    row.4.as_ref().map_or(0, |it| it.get().len())
}

#[cfg(test)]
mod tests;
