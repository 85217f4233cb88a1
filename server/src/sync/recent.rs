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
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    fn commit(after: i64, rows: &[(Audience, &str, Option<&str>)]) -> Published {
        let row = |(at, (audience, id, body)): (i64, &(Audience, &str, Option<&str>))| FeedRow {
            audience: *audience,
            kind: "slot",
            id: (*id).into(),
            seq: at,
            body: body.map(|it| RawValue::from_string(it.into()).expect("JSON")),
        };
        Published {
            after,
            rows: (after + 1..).zip(rows).map(row).collect(),
        }
    }

    fn ids(recent: &Recent, audiences: &[Audience], since: i64) -> Option<Vec<String>> {
        let (_, rows) = recent.since(audiences, since)?;
        Some(rows.iter().map(|it| format!("{}@{}", it.1, it.2)).collect())
    }

    const EVERYONE: Audience = Audience::Everyone;
    const HR: Audience = Audience::Hr;

    #[test]
    fn who_is_a_little_behind_gets_the_newest_of_each_row_of_their_audiences() {
        let mut recent = Recent::from(10);
        recent.add(commit(
            10,
            &[(EVERYONE, "a", Some("1")), (HR, "b", Some("2"))],
        ));
        recent.add(commit(
            12,
            &[(EVERYONE, "a", None), (EVERYONE, "c", Some("3"))],
        ));
        assert_eq!(
            ids(&recent, &[EVERYONE], 10).expect("known"),
            ["a@13", "c@14"]
        );
        assert_eq!(
            ids(&recent, &[EVERYONE, HR], 11).expect("known"),
            ["b@12", "a@13", "c@14"]
        );
        assert_eq!(ids(&recent, &[HR], 14), Some(Vec::new()));
    }

    #[test]
    fn what_memory_does_not_hold_whole_is_left_to_the_database() {
        let mut recent = Recent::from(10);
        recent.add(commit(10, &[(EVERYONE, "a", Some("1"))]));
        assert_eq!(ids(&recent, &[EVERYONE], 9), None, "from before the start");
        assert_eq!(ids(&recent, &[EVERYONE], 12), None, "from another process");
        // Another process took 12 and 13.
        recent.add(commit(13, &[(EVERYONE, "b", Some("2"))]));
        assert_eq!(ids(&recent, &[EVERYONE], 11), None);
        assert_eq!(ids(&recent, &[EVERYONE], 13).expect("known"), ["b@14"]);
        recent.skip_to(20);
        assert_eq!(ids(&recent, &[EVERYONE], 14), None);
    }

    #[test]
    fn memory_is_bounded() {
        let mut recent = Recent::from(0);
        let body = format!("\"{}\"", "x".repeat(1_000));
        for after in 0..5_000 {
            recent.add(commit(after, &[(EVERYONE, "a", Some(&body))]));
        }
        assert!(recent.bytes <= MOST_BYTES && recent.rows.len() <= MOST_ROWS);
        assert_eq!(ids(&recent, &[EVERYONE], 1_000), None);
        assert_eq!(ids(&recent, &[EVERYONE], 4_990).expect("known"), ["a@5000"]);
    }
}
