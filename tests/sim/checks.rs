//! What must hold: after a decision, in an answer, on a phone, at the end.

use anyhow::{Result, bail, ensure};
use domain::{
    booking::BookingState,
    sync::{
        mutation::Mutation,
        outbox::{JOURNAL_ENTRIES, MOST_ENTRIES},
        replica::Standing,
        wire::{Answer, Answered, Problem, RowChange, SyncAnswer, SyncRequest},
    },
    visibility::Audience,
};

use crate::{
    ledger::Decided,
    truth::{self, Truth, audiences},
    world::{HOST_PER_DAY, World},
};

impl World {
    /// New decisions: each once, in order, together with its effect.
    pub(crate) async fn check_decisions(&mut self, decided: Vec<Decided>) -> Result<()> {
        for new in &decided {
            let Some(booking) = self.ledger.asked(new.id) else {
                continue;
            };
            let is_granted = new.refusal.is_none();
            ensure!(
                self.is_booked(booking).await? == is_granted,
                "4 acknowledgement and effect are one: an asking is recorded as {}, and its booking is {}there",
                if is_granted { "granted" } else { "refused" },
                if is_granted { "not " } else { "" }
            );
        }
        self.ledger.learn(decided)
    }

    /// An answer, with what the server knows after it.
    pub(crate) async fn check_answer(
        &mut self,
        at: usize,
        request: &SyncRequest,
        answer: &Answer,
        truth: &Truth,
        is_alone: bool,
    ) -> Result<()> {
        let member = self.phones[at].who.member;
        let Some(person) = truth.members.get(&member) else {
            bail!("{} is unknown to the server", self.phones[at].who.key);
        };
        ensure!(
            person.is_here || *answer == Answer::SignedOut,
            "9 no leak: {} has left and is answered",
            self.phones[at].who.key
        );
        match answer {
            Answer::Changes(it) => {
                self.check_outcomes(at, request, &it.outcomes, truth, is_alone)?;
                let may_see = audiences(member, person.role, &request.want);
                if let Some(row) = it
                    .rows
                    .iter()
                    .find(|row| may_see.iter().all(|it| **it != *row.3))
                {
                    bail!(
                        "9 no leak: {} gets a row of {}",
                        self.phones[at].who.key,
                        row.3
                    );
                }
                self.check_entered(request, it)?;
                let stands = truth::read(&it.cursor).filter(|it| !it.is_half);
                let seq = stands.map_or(truth.seq, |it| it.seq);
                if it.more || (seq != truth.seq && !is_alone) {
                    return Ok(());
                }
                ensure!(
                    seq == truth.seq,
                    "11 read your writes: an answer leads to {seq}, the server is at {}",
                    truth.seq
                );
                let rows = self.projection(at, person.role, &request.want).await?;
                self.truths.note(member, &it.cursor, rows);
            }
            Answer::Nothing { .. } if is_alone => {
                let rows = self.projection(at, person.role, &request.want).await?;
                self.truths
                    .note(member, request.cursor.as_deref().unwrap_or(""), rows);
            }
            Answer::Problem(Problem::Outdated { outcomes }) => {
                self.check_outcomes(at, request, outcomes, truth, is_alone)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What a phone is told about its wishes is what is recorded, number by number.
    fn check_outcomes(
        &self,
        at: usize,
        request: &SyncRequest,
        outcomes: &[Answered],
        truth: &Truth,
        is_alone: bool,
    ) -> Result<()> {
        let device = request.device;
        let before = self.ledger.last(device);
        if let Some(first) = outcomes.first() {
            ensure!(
                first.n <= before + 1 || !is_alone,
                "3 contiguous numbers: {} is answered where {before} was the last",
                first.n
            );
        }
        for (it, expected) in outcomes.iter().zip(request.mutations.iter()) {
            ensure!(
                (it.n, it.id) == (expected.n, expected.id),
                "3 contiguous numbers: wish {} is answered as {}",
                expected.n,
                it.n
            );
            let member = self.phones[at].who.member;
            let recorded = self.ledger.is_decided(member, it.id);
            ensure!(
                recorded.is_some_and(|known| known.refusal.is_some() == it.refusal.is_some()),
                "4 acknowledgement and effect are one: number {} of device {device} is answered, and that is not what is recorded",
                it.n
            );
        }
        let last = truth.last.get(&device).copied().unwrap_or(0);
        let due = outcomes.last().map_or(before, |it| it.n.max(before));
        ensure!(
            last == due || !is_alone,
            "3 contiguous numbers: the last answered number is {due}, the table says {last}"
        );
        Ok(())
    }

    /// Nobody loads an audience anew that they hold, unless tombstones of it are gone.
    fn check_entered(&self, request: &SyncRequest, answer: &SyncAnswer) -> Result<()> {
        let Some(stood) = request.cursor.as_deref().and_then(truth::read) else {
            return Ok(());
        };
        let feed = self.town.services().feed;
        for entered in &answer.audiences.enter {
            let (word, audience) = match &**entered {
                "all" => ("all", Audience::Everyone),
                "holders" => ("holders", Audience::OfferHolders),
                "hr" => ("hr", Audience::Hr),
                "people" => ("people", Audience::People),
                own => ("me", Audience::One(own.trim_start_matches("p:").parse()?)),
            };
            let is_held =
                stood.held.contains(&word) && !request.reset.iter().any(|it| **it == **entered);
            ensure!(
                !is_held || feed.floor(audience) > stood.seq,
                "14 floor: {entered} is loaded anew without need"
            );
        }
        Ok(())
    }

    /// A phone: what is stored, what is in memory, what is shown.
    pub(crate) fn check_phone(&mut self, at: usize) -> Result<()> {
        self.check_outbox(at)?;
        self.check_rows(at)?;
        self.check_screen(at)
    }

    fn check_outbox(&self, at: usize) -> Result<()> {
        let phone = &self.phones[at];
        for wish in self.ledger.undecided_of(phone.profile) {
            let is_there = phone.device.look_at_store(|it| {
                it.outbox.iter().any(|it| it.envelope.id == wish.id)
                    || it.journal.iter().any(|it| it.id == wish.id)
                    || it.dead.iter().any(|it| it.envelope.id == wish.id)
            });
            ensure!(
                is_there,
                "1 no lost write: {}, saved on {}, is neither decided nor kept",
                wish.mutation.name(),
                phone.name
            );
        }
        let (outbox, journal) = phone
            .device
            .look_at_store(|it| (it.outbox.len(), it.journal.len()));
        ensure!(
            outbox <= MOST_ENTRIES,
            "21 bounds: {outbox} wishes in the outbox of {}",
            phone.name
        );
        ensure!(
            journal <= JOURNAL_ENTRIES,
            "21 bounds: {journal} wishes in the journal of {}",
            phone.name
        );
        let is_line = phone.device.look_at_machine(|it| {
            let last = it.outbox().last();
            it.outbox().is_orderly(it.numbers().device)
                && last.is_none_or(|last| last + 1 == it.numbers().next_n)
        });
        ensure!(
            is_line,
            "3 contiguous numbers: the outbox of {} has a gap",
            phone.name
        );
        Ok(())
    }

    fn check_rows(&mut self, at: usize) -> Result<()> {
        let phone = &mut self.phones[at];
        let (cursor, rows) = phone
            .device
            .look_at_store(|it| (it.place.cursor.clone(), it.rows.clone()));
        let Some(stands) = cursor.as_deref().and_then(truth::read) else {
            return Ok(());
        };
        if let Some((history, seq)) = &phone.seen {
            ensure!(
                stands.history != history || stands.seq >= *seq,
                "11 monotonic reads: {} goes back from {seq} to {}",
                phone.name,
                stands.seq
            );
        }
        phone.seen = Some((stands.history.to_owned(), stands.seq));
        self.ledger.has_loaded((at, phone.age));
        let Some(due) = self.truths.at(phone.who.member, cursor.as_deref()) else {
            return Ok(());
        };
        if let Some(row) = rows.iter().find(|row| !is_held(&stands.held, &row.3)) {
            bail!(
                "9 no leak: {} still holds a row of {}, which was left",
                phone.name,
                row.3
            );
        }
        if let Some(difference) = difference(&rows, &due) {
            bail!(
                "8 convergence: at {}, {} {difference}",
                stands.seq,
                phone.name
            );
        }
        let mut in_memory = phone
            .device
            .look_at_machine(|it| (it.place().cursor == cursor).then(|| it.replica().rows()));
        if let Some(in_memory) = &mut in_memory {
            in_memory.sort_by(|a, b| (&a.3, &a.0, &a.1).cmp(&(&b.3, &b.0, &b.1)));
            if let Some(difference) = difference(in_memory, &due) {
                bail!("8 convergence: in memory, {} {difference}", phone.name);
            }
        }
        Ok(())
    }

    /// 確定 is said of rows that the server has, and of nothing else.
    fn check_screen(&self, at: usize) -> Result<()> {
        let device = &self.phones[at].device;
        let (cursor, confirmed): (_, Vec<_>) = device.look_at_store(|it| {
            let rows = it.rows.iter().filter(|it| &*it.0 == "booking");
            (
                it.place.cursor.clone(),
                rows.map(|it| it.1.to_string()).collect(),
            )
        });
        if device.look_at_machine(|it| it.place().cursor != cursor) {
            return Ok(());
        }
        let seen = device.seen();
        for booking in seen.view.bookings.values() {
            let says_so = booking.state == BookingState::Booked
                && seen.standing("booking", booking.id) == Standing::Confirmed;
            ensure!(
                !says_so || confirmed.contains(&booking.id.to_string()),
                "7 truthful screen: {} shows a booking as confirmed that is none",
                self.phones[at].name
            );
        }
        for asked in &seen.asked {
            ensure!(
                asked.standing != Standing::Confirmed,
                "7 truthful screen: {} shows an asking as confirmed",
                self.phones[at].name
            );
        }
        Ok(())
    }

    /// Everything is quiet.
    pub(crate) async fn check_the_end(&mut self) -> Result<()> {
        let truth = self.ask_the_tables().await?;
        let is_here = |member| truth.members.get(&member).is_some_and(|it| it.is_here);
        if let Some(wish) = self.ledger.lost(is_here) {
            let phone = self.phones.iter().find(|it| it.profile == wish.profile);
            bail!(
                "1 no lost write: {} of {}, saved there, never arrived",
                wish.mutation.name(),
                phone.map_or("a phone", |it| &it.name)
            );
        }
        for at in 0..self.phones.len() {
            self.check_phone(at)?;
            let person = truth.members.get(&self.phones[at].who.member).cloned();
            let Some(person) = person.filter(|it| it.is_here) else {
                continue;
            };
            let want = self.phones[at].device.look_at_store(|it| {
                let held = it.rows.iter().any(|it| &*it.3 == "people");
                if held {
                    vec!["people".to_owned()]
                } else {
                    Vec::new()
                }
            });
            let due = self.projection(at, person.role, &want).await?;
            if let Some(difference) = difference(&self.phones[at].device.rows(), &due) {
                bail!(
                    "8 convergence: at the end, {} {difference}",
                    self.phones[at].name
                );
            }
            ensure!(
                self.phones[at].device.unsent() == 0,
                "19 liveness: {} never delivered everything",
                self.phones[at].name
            );
        }
        self.check_outcomes_are_told().await?;
        self.check_winners().await?;
        let differences = server::rebuild::check(&self.town.services().db, self.town.now()).await?;
        ensure!(
            differences.is_empty(),
            "20 projection: a rebuild would change {differences:?}"
        );
        Ok(())
    }

    /// 7: whoever was refused something reads so, until they have read it.
    async fn check_outcomes_are_told(&self) -> Result<()> {
        let mut tx = self.town.read().await;
        let told: Vec<(String, String)> = sqlx::query_as(
            "select audience, id from feed where kind = 'outcome' and body is not null",
        )
        .fetch_all(&mut *tx)
        .await?;
        for (wish, decided) in self.ledger.wishes() {
            let is_refused = decided.is_some_and(|it| it.refusal.is_some());
            if !is_refused || matches!(wish.mutation, Mutation::Acknowledge(_) | Mutation::Noop(_))
            {
                continue;
            }
            let row = (Audience::One(wish.member).to_string(), wish.id.to_string());
            ensure!(
                told.contains(&row) || self.ledger.is_acknowledged(wish.member, wish.id),
                "7 truthful screen: {} was refused, and nobody is told",
                wish.mutation.name()
            );
        }
        Ok(())
    }

    /// 6: a slot has one winner, a host's day its limit, a person one place at a time.
    async fn check_winners(&self) -> Result<()> {
        let twice = self
            .town
            .count("select count(*) from (select slot_id from bookings where cancelled_at is null group by slot_id having count(*) > 1) twice")
            .await;
        ensure!(twice == 0, "6 one winner: {twice} slots are booked twice");
        let mut tx = self.town.read().await;
        let days: Vec<(i64,)> = sqlx::query_as(
            "select count(*) from bookings b join slots s on s.id = b.slot_id where b.cancelled_at is null group by s.host_id, s.day",
        )
        .fetch_all(&mut *tx)
        .await?;
        let most = days.iter().map(|it| it.0).max().unwrap_or(0);
        ensure!(
            most <= i64::from(HOST_PER_DAY),
            "6 one winner: a host has {most} interviews on one day"
        );
        Ok(())
    }
}

/// Cursors call the member's own audience `me`.
fn is_held(held: &[&str], audience: &str) -> bool {
    held.contains(&audience) || (audience.starts_with("p:") && held.contains(&"me"))
}

/// The first row that is not what it should be.
fn difference(held: &[RowChange], due: &[RowChange]) -> Option<String> {
    let name = |it: &RowChange| format!("{} {} of {} ({})", it.0, it.1, it.3, it.2);
    if held == due {
        return None;
    }
    if let Some(missing) = due.iter().find(|it| !held.contains(it)) {
        let other = held
            .iter()
            .find(|it| (&it.0, &it.1, &it.3) == (&missing.0, &missing.1, &missing.3));
        return Some(match other {
            Some(other) => format!("has {} instead of {}", name(other), name(missing)),
            None => format!("lacks {}", name(missing)),
        });
    }
    let more = held.iter().find(|it| !due.contains(it));
    Some(more.map_or_else(
        || "holds rows in another order".into(),
        |it| format!("holds {}, which is gone", name(it)),
    ))
}
