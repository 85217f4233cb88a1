//! What to learn from an answer, each kind of it.

use super::{Hold, InFlight, LONGEST_PAUSE, Machine, NEVER, Writes};
use crate::{
    id::{DeviceId, MutationId},
    sync::{
        outbox::{DeadLetter, trim_journal},
        replica::Replica,
        wire::{Answer, Answered, AudienceChanges, MOST_MUTATIONS, Problem, SyncAnswer},
    },
    time::{DAY, HOUR, Time},
};

/// Two pulls without a reason are at least this far apart, whatever the server says.
const LEAST_REST: i64 = 1_000;

impl Machine {
    pub(super) fn answered(
        &mut self,
        answer: Answer,
        now: Time,
        chance: &mut dyn FnMut() -> u128,
    ) -> Writes {
        let Some(flight) = self.in_flight.take() else {
            return Writes::default();
        };
        if flight.is_void {
            // Nothing is lost: all of it is sent again, and recognised by its ids.
            self.next_pull = now;
            return Writes::default();
        }
        let mut writes = match answer {
            Answer::Changes(answer) => {
                if self.is_progress(&answer, &flight) {
                    self.rest(now, answer.next_ms);
                } else {
                    self.pause(now, 0, chance);
                }
                self.hear(*answer, &flight, now, chance)
            }
            Answer::Nothing { next_ms } => {
                if flight.count == 0 {
                    self.rest(now, next_ms);
                } else {
                    self.pause(now, 0, chance);
                }
                self.reset.retain(|it| !flight.reset.contains(it));
                self.hear_nothing(&flight, now, chance)
            }
            Answer::SignedOut => {
                self.hold = Some(Hold::SignedOut);
                Writes::default()
            }
            Answer::Problem(problem) => self.trouble(problem, &flight, now, chance),
            Answer::TooLarge if flight.count > 1 => {
                self.batch = flight.count / 2;
                Writes::default()
            }
            Answer::TooLarge => {
                self.batch = MOST_MUTATIONS;
                self.kill(flight.first, &flight, now, chance)
            }
            Answer::Later { wait_ms } => {
                self.pause(now, wait_ms, chance);
                Writes::default()
            }
            Answer::Unclear => {
                self.pause(now, 0, chance);
                Writes::default()
            }
        };
        if !self.is_in_order() {
            // Another tab's wishes stood among those that were answered.
            self.fork(chance, &mut writes);
        }
        writes
    }

    fn trouble(
        &mut self,
        problem: Problem,
        flight: &InFlight,
        now: Time,
        chance: &mut dyn FnMut() -> u128,
    ) -> Writes {
        let mut writes = Writes::default();
        match problem {
            Problem::NotYours | Problem::Forked => self.repair(now, chance),
            Problem::Gap { last } => {
                self.repair(now, chance);
                if self
                    .journal
                    .iter()
                    .any(|it| it.n.checked_sub(1) == Some(last))
                {
                    let missing = self.journal.iter().filter(|it| it.n > last).cloned();
                    self.outbox
                        .redeliver(missing.collect::<Vec<_>>().into_iter(), self.numbers.device);
                }
            }
            Problem::History => {
                self.repair(now, chance);
                self.redeliver(|_| false);
                self.place.cursor = None;
                self.place.history = None;
                if self.place.fetched.is_none() {
                    // Half of a first load: nothing that could be shown until the new rows are there.
                    self.replica = Replica::default();
                    writes.wipe_rows = true;
                }
                writes.place = Some(self.place.clone());
                writes.reload = true;
            }
            Problem::Disabled => {
                self.hold = Some(Hold::Disabled);
                self.replica = Replica::default();
                self.place.cursor = None;
                self.place.fetched = None;
                self.pages.clear();
                self.answered.clear();
                self.is_pulling = true;
                writes.wipe_rows = true;
                writes.place = Some(self.place.clone());
                return writes;
            }
            Problem::Malformed { n } => return self.kill(n, flight, now, chance),
            Problem::Outdated { outcomes } => {
                self.hold = Some(Hold::Outdated);
                self.answered.extend(outcomes);
                self.settle(&mut writes);
                if writes.answered.is_empty() && flight.count > 0 {
                    self.pause(now, 0, chance);
                } else {
                    self.failures = 0;
                    self.repairs = 0;
                }
                return writes;
            }
            Problem::Unknown => {
                self.pause(now, 0, chance);
                return writes;
            }
        }
        self.fork(chance, &mut writes);
        writes
    }

    /// One answer 200: kept back until the last page of its pull, except for the very first load, which is shown as
    /// it comes.
    fn hear(
        &mut self,
        mut answer: SyncAnswer,
        flight: &InFlight,
        now: Time,
        chance: &mut dyn FnMut() -> u128,
    ) -> Writes {
        self.answered.append(&mut answer.outcomes);
        if self.cursor() != flight.cursor.as_ref() {
            // Another tab moved on meanwhile: what was answered counts, the rows are asked for again.
            self.pages.clear();
            self.next_pull = now;
            let mut writes = Writes::default();
            self.settle(&mut writes);
            return writes;
        }
        self.reset.retain(|it| !flight.reset.contains(it));
        let is_more = answer.more;
        let check = answer.check.take().filter(|_| flight.is_check && !is_more);
        let at = answer.now;
        self.pages.push(answer);
        self.is_pulling = is_more;
        if is_more {
            self.next_pull = now;
            if self.place.fetched.is_some() {
                return Writes::default();
            }
        }
        let mut writes = self.apply(chance);
        if let Some(check) = check {
            let strangers: Vec<Box<str>> = self
                .replica
                .audiences()
                .filter(|it| !check.contains_key(*it))
                .map(Into::into)
                .collect();
            self.leave(strangers, &mut writes);
            for (audience, sum) in check {
                if self.replica.sum(&audience) != sum && !self.reset.contains(&audience.to_string())
                {
                    self.reset.push(audience.into());
                    self.next_pull = now;
                }
            }
        }
        if flight.is_check && !is_more {
            self.place.checked = Some(at);
            writes.place = Some(self.place.clone());
        }
        writes
    }

    /// Asking again at once leads somewhere: a wish was answered, or a page is another one.
    fn is_progress(&self, answer: &SyncAnswer, flight: &InFlight) -> bool {
        let is_here = |id| self.outbox.iter().any(|it| it.envelope.id == id);
        let is_answered = answer.outcomes.iter().any(|it| is_here(it.id));
        let is_stuck = answer.more && Some(&answer.cursor) == flight.cursor.as_ref();
        (flight.count == 0 || is_answered) && !is_stuck
    }

    /// Answer 204: whatever was held back or only half loaded is whole.
    fn hear_nothing(
        &mut self,
        flight: &InFlight,
        now: Time,
        chance: &mut dyn FnMut() -> u128,
    ) -> Writes {
        let is_whole_now = !self.pages.is_empty() || self.place.fetched.is_none();
        if !is_whole_now || flight.cursor.is_none() || self.cursor() != flight.cursor.as_ref() {
            return Writes::default();
        }
        self.is_pulling = false;
        let at = self.pages.last().map(|it| it.now);
        if let Some(page) = self.pages.last_mut() {
            page.more = false;
        }
        let mut writes = self.apply(chance);
        self.place.fetched = at.or(self.place.fetched).or(Some(now));
        writes.place = Some(self.place.clone());
        writes
    }

    /// Applies the pages at hand, and, if the last is among them, the outcomes that came with them.
    fn apply(&mut self, chance: &mut dyn FnMut() -> u128) -> Writes {
        self.has_heard = true;
        let mut writes = Writes {
            after_cursor: Some(self.place.cursor.clone()),
            ..Writes::default()
        };
        let mut is_whole = true;
        let mut is_other_life = false;
        for page in std::mem::take(&mut self.pages) {
            is_whole = !page.more;
            is_other_life |= self.place.history != Some(page.history);
            self.turn(page, &mut writes);
        }
        writes.place = Some(self.place.clone());
        let answered = self.answered.clone();
        if is_whole {
            self.settle_aside(&mut writes);
        }
        // What this server answered is not delivered again, but all that was answered before it was known.
        let is_known = |id| answered.iter().any(|it| it.id == id);
        if is_other_life && self.redeliver(is_known) {
            self.fork(chance, &mut writes);
        }
        self.keep_journal(&writes);
        writes
    }

    /// Takes one page in.
    fn turn(&mut self, page: SyncAnswer, writes: &mut Writes) {
        let is_other_life = self.place.history.is_some_and(|it| it != page.history);
        if self.place.cursor.is_none() || is_other_life {
            // From the beginning: of audiences left meanwhile the server cannot know.
            writes.wipe_rows = true;
            writes.drop.clear();
            writes.rows.clear();
            if self.place.fetched.is_some() {
                self.replica = Replica::default();
            }
        }
        self.replica.apply(&page.audiences, &page.rows);
        let AudienceChanges { enter, leave } = page.audiences;
        for gone in leave.into_iter().chain(enter) {
            writes.rows.retain(|row| row.3 != gone);
            writes.drop.push(gone);
        }
        writes.rows.extend(page.rows);
        self.place.history = Some(page.history);
        self.place.cursor = Some(page.cursor);
        if !page.more {
            self.place.fetched = Some(page.now);
        }
    }

    /// Drops audiences the server does not know of this device.
    fn leave(&mut self, audiences: Vec<Box<str>>, writes: &mut Writes) {
        let changes = AudienceChanges {
            leave: audiences,
            ..AudienceChanges::default()
        };
        self.replica.apply(&changes, &[]);
        for gone in changes.leave {
            writes.rows.retain(|row| row.3 != gone);
            writes.drop.push(gone);
        }
    }

    /// Takes answered wishes out of the outbox, into the journal.
    fn settle(&mut self, writes: &mut Writes) {
        self.settle_aside(writes);
        self.keep_journal(writes);
    }

    fn keep_journal(&mut self, writes: &Writes) {
        let answered = writes.answered.iter().map(|it| it.envelope.clone());
        self.journal.extend(answered);
        trim_journal(&mut self.journal);
    }

    fn settle_aside(&mut self, writes: &mut Writes) {
        for Answered { id, .. } in std::mem::take(&mut self.answered) {
            writes.answered.extend(self.outbox.take(id));
        }
    }

    /// Puts the journal before the outbox again, without what is known to be answered: another life of the database has
    /// lost the end of the last one. True if there was anything.
    pub(super) fn redeliver(&mut self, is_known: impl Fn(MutationId) -> bool) -> bool {
        let (known, lost): (Vec<_>, Vec<_>) = std::mem::take(&mut self.journal)
            .into_iter()
            .partition(|it| is_known(it.id));
        self.journal = known;
        let before = self.outbox.len();
        self.outbox.redeliver(lost.into_iter(), self.numbers.device);
        self.outbox.len() > before
    }

    /// A new device id; everything unanswered is numbered from 1. Ids stay: what had arrived is recognised.
    pub(super) fn fork(&mut self, chance: &mut dyn FnMut() -> u128, writes: &mut Writes) {
        self.numbers.device = DeviceId::random(chance());
        self.outbox.renumber(self.numbers.device, 1);
        self.numbers.next_n = self.outbox.last().unwrap_or(0) + 1;
        self.in_flight = None;
        self.pages.clear();
        self.answered.clear();
        writes.numbers = Some(self.numbers);
        writes.put = self.outbox.iter().cloned().collect();
    }

    /// The server cannot read this wish: it goes to the dead letters, and nothing takes its number.
    fn kill(
        &mut self,
        n: u64,
        flight: &InFlight,
        now: Time,
        chance: &mut dyn FnMut() -> u128,
    ) -> Writes {
        let id = self
            .outbox
            .iter()
            .filter(|_| (flight.first..=flight.until).contains(&n))
            .find(|it| it.envelope.n == n && !it.is_nothing())
            .map(|it| it.envelope.id);
        let Some((was, nothing)) = id.and_then(|id| self.outbox.void(id)) else {
            // Given up meanwhile, or never sent: it is worth one more try, then it is a failure like any other.
            self.repair(now, chance);
            return Writes::default();
        };
        let letter = DeadLetter {
            envelope: was,
            died: now,
        };
        self.dead.push(letter.clone());
        Writes {
            put: vec![nothing],
            dead: vec![letter],
            ..Writes::default()
        }
    }

    /// All is well: the next pull is due in `next_ms`, or at once if it was asked for in the meantime.
    fn rest(&mut self, now: Time, next_ms: i64) {
        self.failures = 0;
        self.repairs = 0;
        self.batch = MOST_MUTATIONS;
        self.hold = None;
        self.not_before = now;
        self.floor = NEVER;
        self.next_pull = if self.is_asked_again {
            now
        } else {
            now + next_ms.clamp(LEAST_REST, DAY)
        };
    }

    /// Something was put right, so the next attempt is made at once; but a server that is never content is met with
    /// patience.
    fn repair(&mut self, now: Time, chance: &mut dyn FnMut() -> u128) {
        if self.repairs > 0 {
            self.pause(now, 0, chance);
        }
        self.repairs = self.repairs.saturating_add(1);
    }

    /// Full jitter: anything up to the cap, the cap doubling from a second to a minute. The server may ask for more,
    /// up to an hour.
    fn pause(&mut self, now: Time, at_least: i64, chance: &mut dyn FnMut() -> u128) {
        let cap = (1_000_i64 << self.failures.min(6)).min(LONGEST_PAUSE);
        let jitter = i64::try_from(chance() % u128::from(cap.unsigned_abs())).unwrap_or(0);
        self.failures = self.failures.saturating_add(1);
        self.floor = now + at_least.clamp(0, HOUR);
        self.not_before = self.floor.max(now + jitter);
    }
}
