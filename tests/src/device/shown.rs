//! What a phone holds and shows.

use axum::http::StatusCode;
use domain::{
    member::Role,
    sync::{
        machine::Machine,
        replica::Seen,
        row::{Outcome, Verdict},
        wire::{RowChange, SyncRequest},
    },
    time::Time,
};

use super::Device;
use crate::show::code_of;

impl Device {
    /// What its clock shows.
    #[must_use]
    pub fn now(&self) -> Time {
        self.town.now() + self.state().skew
    }

    /// What the screen shows.
    #[must_use]
    pub fn seen(&self) -> Seen {
        let now = self.now();
        self.state().machine.seen(now)
    }

    /// A copy of its machine, to look at.
    #[must_use]
    pub fn machine(&self) -> Machine {
        self.state().machine.clone()
    }

    /// Confirmed rows as they are stored, in the order of audience, kind and id.
    #[must_use]
    pub fn rows(&self) -> Vec<RowChange> {
        self.state().stored().rows.clone()
    }

    /// Wishes not yet answered.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.state().stored().outbox.len()
    }

    /// Requests so far with the status and size of their answers.
    #[must_use]
    pub fn talk(&self) -> Vec<(SyncRequest, Option<(StatusCode, usize)>)> {
        self.state().talk.clone()
    }

    /// When it sent its requests so far, by its own clock.
    #[must_use]
    pub fn tries(&self) -> Vec<Time> {
        self.state().tries.clone()
    }

    /// Outcomes not yet read, oldest first.
    #[must_use]
    pub fn outcomes(&self) -> Vec<Outcome> {
        let mut rows: Vec<_> = self
            .rows()
            .into_iter()
            .filter(|it| &*it.0 == "outcome")
            .collect();
        rows.sort_by_key(|it| it.2);
        let state = self.state();
        let outcomes = &state.machine.replica().view().outcomes;
        rows.iter()
            .filter_map(|it| outcomes.get(&it.1.parse().ok()?).cloned())
            .collect()
    }

    /// Codes of the refusals not yet read, oldest first.
    #[must_use]
    pub fn refusals(&self) -> Vec<String> {
        let no = |it: &Outcome| match &it.verdict {
            Verdict::Refused(no) => Some(code_of(no)),
            Verdict::Ok => None,
        };
        self.outcomes().iter().filter_map(no).collect()
    }

    /// The slots that the newest refusal offers instead, by name.
    #[must_use]
    pub fn offered(&self) -> Vec<String> {
        let no = |it: &Outcome| match &it.verdict {
            Verdict::Refused(no) => Some(
                no.nearest()
                    .iter()
                    .map(|it| self.town.name_of(*it))
                    .collect(),
            ),
            Verdict::Ok => None,
        };
        self.outcomes()
            .iter()
            .rev()
            .find_map(no)
            .unwrap_or_default()
    }

    /// Live bookings, confirmed, by the slots' names in order of time.
    #[must_use]
    pub fn booked(&self) -> Vec<String> {
        let state = self.state();
        let mut live: Vec<_> = state
            .machine
            .replica()
            .view()
            .bookings
            .values()
            .filter(|it| it.is_live())
            .collect();
        live.sort_by_key(|it| it.starts);
        live.iter().map(|it| self.town.name_of(it.slot)).collect()
    }

    /// Free slots that it shows as confirmed, by name in order of time.
    #[must_use]
    pub fn free(&self) -> Vec<String> {
        let state = self.state();
        let mut free: Vec<_> = state.machine.replica().view().slots.values().collect();
        free.sort_by_key(|it| (it.starts, it.id));
        free.iter().map(|it| self.town.name_of(it.id)).collect()
    }

    /// Does it hold what its owner may see?
    pub async fn is_converged(&self) -> bool {
        let due = self.town.projection_for(self.member(), self.role).await;
        lines(&self.rows()) == lines(&due)
    }

    /// Its rows are, byte for byte, what its owner may see.
    ///
    /// # Panics
    /// When they are not.
    pub async fn assert_converged(&self) {
        self.assert_converged_as(self.role).await;
    }

    /// As [`Device::assert_converged`], for somebody whose role changed.
    ///
    /// # Panics
    /// When they are not.
    pub async fn assert_converged_as(&self, role: Role) {
        let due = self.town.projection_for(self.member(), role).await;
        let held = self.rows();
        assert_eq!(
            lines(&held),
            lines(&due),
            "{}'s phone holds something else than the projection",
            self.name
        );
        let mut in_memory = self.state().machine.replica().rows();
        in_memory.sort_by(|a, b| (&a.3, &a.0, &a.1).cmp(&(&b.3, &b.0, &b.1)));
        assert_eq!(
            lines(&in_memory),
            lines(&due),
            "{}'s phone shows something else than the projection",
            self.name
        );
    }
}

fn lines(rows: &[RowChange]) -> Vec<String> {
    rows.iter()
        .map(|it| serde_json::to_string(it).expect("a row can be written"))
        .collect()
}
