//! What to do next, and what to learn from what happened: a value, without input or output.
//!
//! The driver (in the browser, or in a test) asks [`Machine::next`], does what it says, and tells the machine what
//! came of it with [`Machine::learn`]. Whatever must survive comes back as [`Writes`], to be stored in one
//! transaction. After a store that failed, the driver loads the machine anew: the stored state is the true one.
//!
//! In reading order: `stored` (what a device keeps), `step` (what is asked and told), this file (what to do next),
//! `answer` (what to learn).

mod answer;
mod step;
mod stored;

pub use step::{Hold, Link, News, Step};
pub use stored::{Numbers, Place, Stored, Writes};

use super::{
    mutation::Mutation,
    outbox::{DeadLetter, Entry, Full, Outbox, size, trim_journal},
    replica::{Replica, Seen},
    wire::{
        Answered, Envelope, MOST_BYTES, MOST_MUTATIONS, PROTOCOL, RowChange, SyncAnswer,
        SyncRequest,
    },
};
use crate::{
    id::MutationId,
    time::{DAY, MINUTE, Time},
};

/// No answer within this many milliseconds counts as none.
pub const ANSWER_WITHIN: i64 = 15_000;
/// The longest pause between two attempts.
pub const LONGEST_PAUSE: i64 = MINUTE;
/// Attempts that something outside asks for are at least this far apart.
const KICK_GAP: i64 = 5_000;
/// Before the first moment of any clock.
const NEVER: Time = Time::from_millis(i64::MIN);

/// The sync machine of one device.
#[derive(Debug, Clone)]
pub struct Machine {
    build: String,
    numbers: Numbers,
    place: Place,
    outbox: Outbox,
    journal: Vec<Envelope>,
    dead: Vec<DeadLetter>,
    replica: Replica,
    /// Pages of a pull whose last page has not come: nothing of them is shown or stored before.
    pages: Vec<SyncAnswer>,
    /// Outcomes that came with those pages: a wish and its effect change the screen together.
    answered: Vec<Answered>,
    wanted: Vec<String>,
    reset: Vec<String>,
    batch: usize,
    failures: u32,
    /// Repairs (new device id, dead letter) since the last good answer.
    repairs: u32,
    not_before: Time,
    /// The server's own word; nothing hurries past it.
    floor: Time,
    next_pull: Time,
    last_try: Option<Time>,
    /// The newest moment the device's clock has shown.
    clock: Time,
    in_flight: Option<InFlight>,
    /// Asked for while something was in flight: that answer may be older than what it was asked for.
    is_asked_again: bool,
    hold: Option<Hold>,
    is_pulling: bool,
    /// Rows have come since the page was opened, here or in another tab: the page is the older one.
    has_heard: bool,
}

#[derive(Debug, Clone)]
struct InFlight {
    cursor: Option<String>,
    first: u64,
    until: u64,
    count: usize,
    since: Time,
    is_check: bool,
    reset: Vec<String>,
    /// The outbox was numbered anew meanwhile: the answer speaks of other numbers.
    is_void: bool,
}

impl Machine {
    /// From what was stored. An outbox that is not in order (another tab wrote while this one numbered anew) is
    /// numbered anew under a new device id; ids stay, so nothing is done twice. A journal without a known life of the
    /// database is delivered again: it was answered by another one.
    #[must_use]
    pub fn load(stored: Stored, build: &str, chance: &mut dyn FnMut() -> u128) -> (Self, Writes) {
        let mut machine = Self::of(stored, build);
        let mut writes = Writes::default();
        let is_redelivered = machine.place.history.is_none() && machine.redeliver(|_| false);
        if is_redelivered || !machine.is_in_order() {
            machine.fork(chance, &mut writes);
        }
        (machine, writes)
    }

    /// What was stored, as it is.
    fn of(stored: Stored, build: &str) -> Self {
        let Stored {
            numbers,
            place,
            outbox,
            mut journal,
            dead,
            rows,
        } = stored;
        trim_journal(&mut journal);
        Self {
            build: build.to_owned(),
            replica: Replica::new(&rows),
            outbox: Outbox::new(outbox),
            numbers,
            place,
            journal,
            dead,
            pages: Vec::new(),
            answered: Vec::new(),
            wanted: Vec::new(),
            reset: Vec::new(),
            batch: MOST_MUTATIONS,
            failures: 0,
            repairs: 0,
            not_before: NEVER,
            floor: NEVER,
            next_pull: NEVER,
            last_try: None,
            clock: NEVER,
            in_flight: None,
            is_asked_again: false,
            hold: None,
            is_pulling: true,
            has_heard: false,
        }
    }

    /// The outbox bears this device's numbers without a gap, and the next number follows.
    fn is_in_order(&self) -> bool {
        let last = self.outbox.last();
        self.outbox.is_orderly(self.numbers.device)
            && last.is_none_or(|last| last.checked_add(1) == Some(self.numbers.next_n))
    }

    /// Takes over what another tab has stored, without forgetting what is in flight, wanted, or being waited for.
    #[must_use]
    pub fn reload(&mut self, stored: Stored, chance: &mut dyn FnMut() -> u128) -> Writes {
        let build = std::mem::take(&mut self.build);
        let mut writes = Writes::default();
        let was = std::mem::replace(self, Self::of(stored, &build));
        let is_other_life = was.place.history != self.place.history;
        let is_unknown_life = self.place.history.is_none();
        // What this tab had answered by the former life, the new one may have been told by nobody. While nothing is known
        // of the life, what another tab had answered is delivered once; not again and again, from tab to tab.
        let is_known = |id| !is_other_life && was.journal.iter().any(|it| it.id == id);
        let is_redelivered = (is_other_life || is_unknown_life) && self.redeliver(is_known);
        if is_redelivered || !self.is_in_order() {
            self.fork(chance, &mut writes);
        }
        if was.place.cursor == self.place.cursor {
            self.pages = was.pages;
            self.answered = was.answered;
        }
        self.in_flight = was.in_flight;
        if let Some(flight) = &mut self.in_flight {
            flight.is_void |= was.numbers.device != self.numbers.device;
        }
        self.wanted = was.wanted;
        self.reset = was.reset;
        self.batch = was.batch;
        self.failures = was.failures;
        self.repairs = was.repairs;
        self.not_before = was.not_before;
        self.floor = was.floor;
        self.next_pull = was.next_pull;
        self.last_try = was.last_try;
        self.clock = was.clock;
        self.is_asked_again = was.is_asked_again;
        self.hold = was.hold;
        self.is_pulling = was.is_pulling;
        self.has_heard = was.has_heard || was.place.cursor != self.place.cursor;
        writes
    }

    /// What the person sees.
    #[must_use]
    pub fn seen(&self, now: Time) -> Seen {
        let sent_until = self.in_flight.as_ref().map_or(0, |it| it.until);
        Seen::new(
            self.replica.view(),
            self.outbox.iter(),
            |n| n <= sent_until,
            now,
        )
    }

    /// Unanswered wishes, oldest first.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Wishes the server could not read.
    #[must_use]
    pub fn dead(&self) -> &[DeadLetter] {
        &self.dead
    }

    /// Confirmed rows.
    #[must_use]
    pub fn replica(&self) -> &Replica {
        &self.replica
    }

    /// The device and its numbers.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        self.numbers
    }

    /// Where the rows stand.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Why nothing moves, if nothing does.
    #[must_use]
    pub fn hold(&self) -> Option<Hold> {
        self.hold
    }

    /// Rows are still being loaded for the first time.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.is_pulling && self.place.fetched.is_none()
    }

    /// Something is on its way.
    #[must_use]
    pub fn is_sending(&self) -> bool {
        self.in_flight.as_ref().is_some_and(|it| it.until > 0)
    }

    /// Shows rows that came with the page, where they are newer. They are not stored. Once rows have come by the feed
    /// the page is the older one and has nothing to say.
    pub fn glance(&mut self, rows: &[RowChange]) {
        if !self.has_heard {
            self.replica.glance(rows);
        }
    }

    /// Loads an audience that a phone does not carry by itself, from now on.
    pub fn want(&mut self, audience: &str, now: Time) {
        self.tick(now);
        if !self.wanted.iter().any(|it| it == audience) {
            self.wanted.push(audience.to_owned());
            self.pull_soon(now);
        }
    }

    /// The person wishes something: it gets its number and joins the outbox. Stored, it counts. The same id twice is
    /// one wish.
    ///
    /// # Errors
    /// [`Full`] when the outbox holds all it can; then the words stay a draft on the screen.
    pub fn act(&mut self, mutation: &Mutation, id: MutationId, now: Time) -> Result<Writes, Full> {
        self.tick(now);
        if self.outbox.iter().any(|it| it.envelope.id == id) {
            return Ok(Writes::default());
        }
        let envelope = Envelope {
            n: self.numbers.next_n,
            id,
            at: now,
            name: mutation.name().into(),
            body: mutation.body(),
        };
        self.outbox.has_room(size(&envelope))?;
        let entry = self.join(envelope);
        self.hurry(now);
        Ok(Writes {
            put: vec![entry],
            numbers: Some(self.numbers),
            ..Writes::default()
        })
    }

    fn join(&mut self, envelope: Envelope) -> Entry {
        let entry = Entry {
            device: self.numbers.device,
            envelope,
        };
        self.outbox.push(entry.clone());
        self.numbers.next_n += 1;
        entry
    }

    /// What to do now.
    #[must_use]
    pub fn next(&mut self, now: Time, link: Link) -> Step {
        self.tick(now);
        if let Some(flight) = &self.in_flight {
            return Step::Wait(flight.since + ANSWER_WITHIN);
        }
        match self.hold {
            Some(Hold::Outdated) if !self.outbox.is_empty() => {}
            Some(hold) => return Step::Stop(hold),
            None => {}
        }
        if !link.is_online {
            return Step::Stop(Hold::Offline);
        }
        let due = if self.unsent().next().is_none() {
            self.next_pull.max(self.not_before)
        } else {
            self.not_before
        };
        if due > now {
            return Step::Wait(due);
        }
        if !link.is_visible && self.outbox.is_empty() && self.place.fetched.is_some() {
            // A hidden page asks for nothing; it is kicked when it is seen again.
            return Step::Wait(now + 10 * MINUTE);
        }
        Step::Send(Box::new(self.request(now)))
    }

    /// Wishes without an outcome, not even one that waits for its last page.
    fn unsent(&self) -> impl Iterator<Item = &Entry> {
        self.outbox
            .iter()
            .filter(|it| self.answered.iter().all(|done| done.id != it.envelope.id))
    }

    /// The server's name for what has come in so far, the pages that are held back included.
    fn cursor(&self) -> Option<&String> {
        match self.pages.last() {
            Some(page) => Some(&page.cursor),
            None => self.place.cursor.as_ref(),
        }
    }

    fn request(&mut self, now: Time) -> SyncRequest {
        let mut bytes = 0;
        let mut mutations: Vec<_> = self
            .unsent()
            .map(|it| it.envelope.clone())
            .take(self.batch)
            .take_while(|it| {
                bytes += size(it);
                bytes <= MOST_BYTES - 8_192
            })
            .collect();
        if mutations.is_empty() {
            // A single wish over the bound goes alone: the server's 413 sends it to the dead letters.
            mutations.extend(self.unsent().next().map(|it| it.envelope.clone()));
        }
        let is_check = mutations.is_empty()
            && self.place.cursor.is_some()
            && self
                .place
                .checked
                .zip(self.place.fetched)
                .is_none_or(|(checked, fetched)| fetched.since(checked) > DAY);
        self.last_try = Some(now);
        self.is_asked_again = false;
        self.in_flight = Some(InFlight {
            cursor: self.cursor().cloned(),
            first: mutations.first().map_or(0, |it| it.n),
            until: mutations.last().map_or(0, |it| it.n),
            count: mutations.len(),
            since: now,
            is_check,
            reset: self.reset.clone(),
            is_void: false,
        });
        SyncRequest {
            protocol: PROTOCOL,
            build: self.build.clone(),
            device: self.numbers.device,
            cursor: self.cursor().cloned(),
            mutations,
            want: self.wanted.clone(),
            reset: self.reset.clone(),
            check: is_check,
        }
    }

    /// Something happened. Returns what must be stored.
    pub fn learn(&mut self, news: News, now: Time, chance: &mut dyn FnMut() -> u128) -> Writes {
        self.tick(now);
        match news {
            News::Kick => {
                self.pull_soon(now);
                self.hurry(now);
                Writes::default()
            }
            News::SignedIn => {
                self.hold = None;
                self.failures = 0;
                self.repairs = 0;
                self.pull_soon(now);
                self.not_before = now.max(self.floor);
                Writes::default()
            }
            News::Answered(answer) => self.answered(answer, now, chance),
            News::GaveUp(id) => self.give_up(id),
            News::Revived(id) => self.revive(id, now, chance),
            News::Buried(id) => {
                self.dead.retain(|it| it.envelope.id != id);
                Writes {
                    undead: vec![id],
                    ..Writes::default()
                }
            }
        }
    }

    /// A clock that was set back moves all that is planned with it: what was due in a minute stays due in a minute.
    /// One that was set forward only makes things due.
    fn tick(&mut self, now: Time) {
        let back = self.clock.since(now);
        if self.clock != NEVER && back > 0 {
            let planned = [&mut self.not_before, &mut self.floor, &mut self.next_pull];
            let begun = self.in_flight.as_mut().map(|it| &mut it.since);
            for time in planned.into_iter().chain(begun).chain(&mut self.last_try) {
                *time = time.plus(-back);
            }
        }
        self.clock = now;
    }

    fn pull_soon(&mut self, now: Time) {
        self.next_pull = now;
        self.is_asked_again = self.in_flight.is_some();
    }

    /// Tries at once, but not more often than every five seconds, and not before the server wants it.
    fn hurry(&mut self, now: Time) {
        if self.failures > 0 {
            let earliest = self.last_try.map_or(now, |it| it + KICK_GAP);
            self.not_before = self.not_before.min(earliest.max(now)).max(self.floor);
        }
    }

    fn give_up(&mut self, id: MutationId) -> Writes {
        match self.outbox.void(id) {
            Some((_, nothing)) => Writes {
                put: vec![nothing],
                ..Writes::default()
            },
            None => Writes::default(),
        }
    }

    /// A dead letter joins the outbox again with a new number and a new id: under the old one the server has recorded
    /// the nothing that took its place.
    fn revive(&mut self, id: MutationId, now: Time, chance: &mut dyn FnMut() -> u128) -> Writes {
        let Some(at) = self.dead.iter().position(|it| it.envelope.id == id) else {
            return Writes::default();
        };
        let mut envelope = self.dead.remove(at).envelope;
        envelope.n = self.numbers.next_n;
        envelope.id = MutationId::born(now, chance());
        let entry = self.join(envelope);
        self.hurry(now);
        Writes {
            put: vec![entry],
            undead: vec![id],
            numbers: Some(self.numbers),
            ..Writes::default()
        }
    }
}
