//! A system without one of its rules, as if the server or the phones had never had it. All of it is done on the way
//! between phones and server, to the stores of the phones, or to the tables: nothing in the product knows of it.

use std::collections::HashMap;

use domain::{
    id::{HistoryId, MutationId},
    sync::wire::{Answer, Problem, SyncRequest},
};
use tests::Town;

use crate::ledger::{Decided, Ledger};

/// A rule of sync that can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// A wish has one name for its person. Without: one for each device that delivers it.
    NameOfThePerson,
    /// Two names under one number are told apart. Without: a number that was answered is answered again.
    Comparison,
    /// A restored server has another history. Without: nobody notices.
    History,
    /// Behind an audience's floor it begins anew. Without: tombstones go, and nobody knows.
    Floor,
    /// Audiences left are dropped. Without: phones are not told.
    AudienceDrop,
    /// The cursor is stored with the rows. Without: before them.
    CursorWithRows,
    /// A wish stays in the outbox until its outcome. Without: until it is sent.
    OutboxUntilOutcome,
    /// Seq is allotted by whoever holds the right to write. Without: some commits are seen later than those after them.
    SeqInside,
}

impl Rule {
    pub(crate) const ALL: [Self; 8] = [
        Self::NameOfThePerson,
        Self::Comparison,
        Self::History,
        Self::Floor,
        Self::AudienceDrop,
        Self::CursorWithRows,
        Self::OutboxUntilOutcome,
        Self::SeqInside,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NameOfThePerson => "name",
            Self::Comparison => "comparison",
            Self::History => "history",
            Self::Floor => "floor",
            Self::AudienceDrop => "drop",
            Self::CursorWithRows => "cursor",
            Self::OutboxUntilOutcome => "outbox",
            Self::SeqInside => "seq",
        }
    }
}

/// Rows whose commit others do not see yet.
struct Late {
    from: i64,
    until: i64,
    author: usize,
    /// So many requests later they are seen.
    left: u32,
}

/// What is missing, and what has to be remembered for that.
pub(crate) struct Broken {
    rule: Option<Rule>,
    names: HashMap<MutationId, MutationId>,
    history: Option<HistoryId>,
    late: Vec<Late>,
}

impl Broken {
    pub(crate) fn new(rule: Option<Rule>) -> Self {
        Self {
            rule,
            names: HashMap::new(),
            history: None,
            late: Vec::new(),
        }
    }

    pub(crate) fn rule(&self) -> Option<Rule> {
        self.rule
    }

    /// A request as it reaches the server.
    pub(crate) fn on_the_way_there(
        &mut self,
        request: &SyncRequest,
        ledger: &Ledger,
        town: &Town,
    ) -> SyncRequest {
        let mut request = request.clone();
        match self.rule {
            Some(Rule::NameOfThePerson) => {
                for it in &mut request.mutations {
                    let name = MutationId::random(it.id.bits() ^ request.device.bits());
                    self.names.insert(name, it.id);
                    it.id = name;
                }
            }
            Some(Rule::Comparison) => {
                for it in &mut request.mutations {
                    if let Some(known) = ledger.decided_under(request.device, it.n) {
                        it.id = known.row;
                    }
                }
            }
            Some(Rule::History) => {
                let history = town.services().feed.history();
                request.cursor = request.cursor.map(|it| of_history(&it, history));
            }
            _ => {}
        }
        request
    }

    /// An answer as it leaves for the phone.
    pub(crate) fn on_the_way_back(
        &mut self,
        asked: &SyncRequest,
        phone: usize,
        answer: &mut Answer,
    ) {
        let outcomes = match answer {
            Answer::Changes(it) => Some(&mut it.outcomes),
            Answer::Problem(Problem::Outdated { outcomes }) => Some(outcomes),
            _ => None,
        };
        if let Some(Rule::NameOfThePerson | Rule::Comparison) = self.rule {
            for it in outcomes.into_iter().flatten() {
                if let Some(wish) = asked.mutations.iter().find(|wish| wish.n == it.n) {
                    it.id = wish.id;
                }
            }
        }
        let Answer::Changes(answer) = answer else {
            return;
        };
        match self.rule {
            Some(Rule::History) => answer.history = *self.history.get_or_insert(answer.history),
            Some(Rule::AudienceDrop) => answer.audiences.leave.clear(),
            Some(Rule::SeqInside) => answer.rows.retain(|it| !self.is_late(it.2, phone)),
            _ => {}
        }
    }

    /// Somebody's wishes were carried out.
    pub(crate) fn published(
        &mut self,
        before: i64,
        after: i64,
        author: usize,
        dice: &mut fastrand::Rng,
    ) {
        for it in &mut self.late {
            it.left -= 1;
        }
        self.late.retain(|it| it.left > 0);
        if after > before && dice.u32(0..3) == 0 {
            let (from, until) = (before + 1, after);
            self.late.push(Late {
                from,
                until,
                author,
                left: 4,
            });
        }
    }

    /// Does this phone not see this row yet?
    pub(crate) fn is_late(&self, seq: i64, phone: usize) -> bool {
        self.late
            .iter()
            .any(|it| it.author != phone && (it.from..=it.until).contains(&seq))
    }

    /// A decision under the name that the phone gave its wish.
    pub(crate) fn by_its_true_name(&self, decided: Decided) -> Decided {
        let id = self.names.get(&decided.row).copied().unwrap_or(decided.row);
        Decided { id, ..decided }
    }
}

/// The same cursor, as if its history were this one.
fn of_history(cursor: &str, history: HistoryId) -> String {
    let rest = cursor.split_once('.').map_or("", |it| it.1);
    let rest = rest.rsplit_once('.').map_or(rest, |it| it.0);
    let text = format!("{history}.{rest}");
    let sum = text.bytes().fold(0x811c_9dc5_u32, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("{text}.{:04x}", sum & 0xFFFF)
}
