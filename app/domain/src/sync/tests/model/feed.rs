//! Reading: cursors, audiences, pages.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{NEXT_MS, Server};
use crate::{
    id::MemberId,
    sync::wire::{Answer, Answered, AudienceChanges, RowChange, SyncAnswer, SyncRequest, row_sum},
    visibility::Audience,
};

/// Audience, kind, id.
pub(super) type Key = (Box<str>, Box<str>, Box<str>);
/// How far a device has read an audience, and the audience's floor when it entered.
pub(super) type Held = BTreeMap<Box<str>, (i64, i64)>;

impl Server {
    /// `history/audience=seq+floor/…`; `None` when it is of another life.
    pub(super) fn read_cursor(&self, text: &str) -> Option<Held> {
        let mut parts = text.split('/');
        if parts.next() != Some(self.history.to_string().as_str()) {
            return None;
        }
        let held = parts.map(|it| {
            let (audience, at) = it.split_once('=').expect("a cursor of this server");
            let (seq, floor) = at.split_once('+').expect("a cursor of this server");
            let number = |it: &str| it.parse().expect("a cursor of this server");
            (audience.into(), (number(seq), number(floor)))
        });
        Some(held.collect())
    }

    fn write_cursor(&self, held: &Held) -> String {
        let parts = held
            .iter()
            .map(|(audience, (seq, floor))| format!("/{audience}={seq}+{floor}"));
        self.history.to_string() + &parts.collect::<String>()
    }

    pub(super) fn pull(
        &self,
        who: MemberId,
        request: &SyncRequest,
        mut held: Held,
        outcomes: Vec<Answered>,
    ) -> Answer {
        let audiences = self.audiences(who);
        let leave: Vec<_> = held
            .keys()
            .filter(|it| !audiences.contains(*it))
            .cloned()
            .collect();
        held.retain(|it, _| audiences.contains(it));
        let mut enter = Vec::new();
        for audience in audiences {
            let floor = self.floors.get(&audience).copied().unwrap_or(0);
            let is_reset = request.reset.iter().any(|it| **it == *audience);
            let is_current = held
                .get(&audience)
                .is_some_and(|(seq, entered)| *seq >= floor || *entered == floor);
            if !is_current || is_reset {
                held.insert(audience.clone(), (0, floor));
                enter.push(audience);
            }
        }
        let (rows, more) = self.rows(&mut held);
        let is_nothing = rows.is_empty() && enter.is_empty() && leave.is_empty();
        if is_nothing && request.mutations.is_empty() && !request.check && request.cursor.is_some()
        {
            return Answer::Nothing { next_ms: NEXT_MS };
        }
        Answer::Changes(Box::new(SyncAnswer {
            history: self.history,
            now: self.now,
            cursor: self.write_cursor(&held),
            more,
            next_ms: NEXT_MS,
            last: outcomes.last().map_or(0, |it| it.n),
            outcomes,
            audiences: AudienceChanges { enter, leave },
            rows,
            check: request.check.then(|| self.sums(held.keys())),
        }))
    }

    /// The next rows of every audience, at most a page of them; true when there are more.
    fn rows(&self, held: &mut Held) -> (Vec<RowChange>, bool) {
        let mut rows = Vec::new();
        for (audience, (read, _)) in held {
            let mut news: Vec<_> = self
                .feed
                .iter()
                .filter(|((it, ..), (seq, _))| it == audience && seq > read)
                .collect();
            news.sort_by_key(|(_, (seq, _))| *seq);
            for (key, change) in news {
                if rows.len() == self.page {
                    return (rows, true);
                }
                *read = change.0;
                rows.push(row(key, change));
            }
            *read = self.seq;
        }
        (rows, false)
    }

    fn sums<'a>(
        &self,
        audiences: impl Iterator<Item = &'a Box<str>>,
    ) -> BTreeMap<Box<str>, (u64, u64)> {
        let mut sums: BTreeMap<_, _> = audiences.map(|it| (it.clone(), (0, 0))).collect();
        for ((audience, kind, id), (seq, body)) in &self.feed {
            if let (Some(sum), Some(_)) = (sums.get_mut(audience), body) {
                *sum = (sum.0 + 1, sum.1 ^ row_sum(kind, id, *seq));
            }
        }
        sums
    }
}

pub(super) fn key(audience: Audience, kind: &str, id: &impl ToString) -> Key {
    (
        audience.to_string().into(),
        kind.into(),
        id.to_string().into(),
    )
}

pub(super) fn row((audience, kind, id): &Key, (seq, body): &(i64, Option<Box<str>>)) -> RowChange {
    let body = body
        .as_ref()
        .map(|it| RawValue::from_string(it.to_string()).expect("JSON"));
    RowChange(kind.clone(), id.clone(), *seq, audience.clone(), body)
}
