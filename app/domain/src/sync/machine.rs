//! What to do next, and what to learn from what happened: a value, without input or output.
//!
//! The driver (in the browser, or in a test) asks [`Machine::next`], does what it says, and tells the machine what
//! came of it with [`Machine::learn`]. Whatever must survive comes back as [`Writes`], to be stored in one
//! transaction. After a store that failed, the driver loads the machine anew: the stored state is the true one.

use serde::{Deserialize, Serialize};

use super::{
    mutation::Mutation,
    outbox::{DeadLetter, Entry, Full, JOURNAL_AGE, JOURNAL_ENTRIES, Outbox, size},
    replica::{Replica, Seen},
    wire::{
        Answer, Answered, Envelope, MOST_BYTES, MOST_MUTATIONS, PROTOCOL, Problem, RowChange,
        SyncAnswer, SyncRequest,
    },
};
use crate::{
    id::{DeviceId, HistoryId, MutationId},
    time::{DAY, MINUTE, Time},
};

/// No answer within this many milliseconds counts as none.
pub const ANSWER_WITHIN: i64 = 15_000;
/// The longest pause between two attempts.
pub const LONGEST_PAUSE: i64 = MINUTE;
/// Attempts that something outside asks for are at least this far apart.
const KICK_GAP: i64 = 5_000;

/// The device and its numbers. Stored with every new wish, by whichever tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// This device.
    pub device: DeviceId,
    /// The next number.
    pub next_n: u64,
}

/// Where the rows stand. Stored with the rows, by the tab that asked for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The life of the database the rows are of.
    pub history: Option<HistoryId>,
    /// The server's name for what the device has seen.
    pub cursor: Option<String>,
    /// When the rows were last known to be current, by the server's clock.
    pub fetched: Option<Time>,
    /// When the rows were last compared with the server's.
    pub checked: Option<Time>,
}

/// Everything that was stored.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The device and its numbers.
    pub numbers: Numbers,
    /// Where the rows stand.
    pub place: Place,
    /// Unanswered wishes, in any order.
    pub outbox: Vec<Entry>,
    /// Answered wishes, oldest first.
    pub journal: Vec<Envelope>,
    /// Wishes the server could not read.
    pub dead: Vec<DeadLetter>,
    /// Confirmed rows.
    pub rows: Vec<RowChange>,
}

impl Stored {
    /// Of a device that has nothing yet.
    #[must_use]
    pub fn new(device: DeviceId) -> Self {
        let numbers = Numbers { device, next_n: 1 };
        Self {
            numbers,
            place: Place::default(),
            outbox: Vec::new(),
            journal: Vec::new(),
            dead: Vec::new(),
            rows: Vec::new(),
        }
    }
}

/// What must be stored, in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writes {
    /// The device and its numbers.
    pub numbers: Option<Numbers>,
    /// Where the rows stand.
    pub place: Option<Place>,
    /// The rows below follow this cursor. If the stored one is another (another tab was quicker), `place`, `drop`,
    /// `wipe_rows` and `rows` are left out; what was answered still counts.
    pub after_cursor: Option<Option<String>>,
    /// Wishes to put into the outbox, each under its id: new ones, and those that were numbered anew. Never the whole
    /// outbox: another tab may have added one in this moment.
    pub put: Vec<Entry>,
    /// Wishes that left the outbox.
    pub remove: Vec<MutationId>,
    /// Answered wishes.
    pub journal: Vec<Envelope>,
    /// Wishes that died.
    pub dead: Vec<DeadLetter>,
    /// Dead letters the person took away.
    pub undead: Vec<MutationId>,
    /// Audiences whose rows go before the new ones come.
    pub drop: Vec<Box<str>>,
    /// Rows that changed.
    pub rows: Vec<RowChange>,
    /// All rows go, in every audience.
    pub wipe_rows: bool,
}

/// Not now: offline, signed out, outdated. Never an error, never loses anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// No connection.
    Offline,
    /// The session ended; rows stay readable, wishes stay.
    SignedOut,
    /// This build is too old to read.
    Outdated,
    /// This member has no place here any more.
    Disabled,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send this and tell what came back.
    Send(Box<SyncRequest>),
    /// Ask again at this time, or when something happened.
    Wait(Time),
    /// Nothing until the person or the browser changes something.
    Stop(Hold),
}

/// The device's connection and screen, as the browser tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The browser believes in a connection.
    pub is_online: bool,
    /// The page can be seen.
    pub is_visible: bool,
}

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A poke, a return of the connection or of the person: try soon.
    Kick,
    /// The person signed in again.
    SignedIn,
    /// An answer came, or none.
    Answered(Answer),
    /// The person gave a wish up.
    GaveUp(MutationId),
    /// The person wants a dead letter tried again.
    Revived(MutationId),
    /// The person threw a dead letter away.
    Buried(MutationId),
}

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
    wanted: Vec<String>,
    reset: Vec<String>,
    batch: usize,
    failures: u32,
    not_before: Time,
    next_pull: Time,
    last_try: Option<Time>,
    in_flight: Option<InFlight>,
    hold: Option<Hold>,
    is_pulling: bool,
}

#[derive(Debug, Clone)]
struct InFlight {
    cursor: Option<String>,
    until: u64,
    since: Time,
    is_check: bool,
}

impl Machine {
    /// From what was stored. An outbox that is not in order (another tab wrote while this one numbered anew) is
    /// numbered anew under a new device id; ids stay, so nothing is done twice.
    #[must_use]
    pub fn load(stored: Stored, build: &str, chance: &mut dyn FnMut() -> u128) -> (Self, Writes) {
        let Stored {
            numbers,
            place,
            outbox,
            journal,
            dead,
            rows,
        } = stored;
        let mut machine = Self {
            build: build.to_owned(),
            replica: Replica::new(&rows),
            outbox: Outbox::new(outbox),
            numbers,
            place,
            journal,
            dead,
            wanted: Vec::new(),
            reset: Vec::new(),
            batch: MOST_MUTATIONS,
            failures: 0,
            not_before: Time::from_millis(i64::MIN),
            next_pull: Time::from_millis(i64::MIN),
            last_try: None,
            in_flight: None,
            hold: None,
            is_pulling: true,
        };
        let is_numbered = machine
            .outbox
            .last()
            .is_none_or(|last| last + 1 == machine.numbers.next_n);
        let writes = if machine.outbox.is_orderly(machine.numbers.device) && is_numbered {
            Writes::default()
        } else {
            machine.fork(chance)
        };
        (machine, writes)
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

    /// Shows rows that came with the page, where they are newer. They are not stored.
    pub fn glance(&mut self, rows: &[RowChange]) {
        self.replica.glance(rows);
    }

    /// Loads an audience that a phone does not carry by itself, from now on.
    pub fn want(&mut self, audience: &str, now: Time) {
        if !self.wanted.iter().any(|it| it == audience) {
            self.wanted.push(audience.to_owned());
            self.next_pull = now;
        }
    }

    /// The person wishes something: it gets its number and joins the outbox. Stored, it counts.
    ///
    /// # Errors
    /// [`Full`] when the outbox holds all it can; then the words stay a draft on the screen.
    pub fn act(&mut self, mutation: &Mutation, id: MutationId, now: Time) -> Result<Writes, Full> {
        let envelope = Envelope {
            n: self.numbers.next_n,
            id,
            at: now,
            name: mutation.name().into(),
            body: mutation.body(),
        };
        self.outbox.has_room(size(&envelope))?;
        let entry = Entry {
            device: self.numbers.device,
            envelope,
        };
        self.outbox.push(entry.clone());
        self.numbers.next_n += 1;
        self.hurry(now);
        Ok(Writes {
            put: vec![entry],
            numbers: Some(self.numbers),
            ..Writes::default()
        })
    }

    /// What to do now.
    #[must_use]
    pub fn next(&mut self, now: Time, link: Link) -> Step {
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
        let due = if self.outbox.is_empty() {
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

    fn request(&mut self, now: Time) -> SyncRequest {
        let mut bytes = 0;
        let mutations: Vec<_> = self
            .outbox
            .iter()
            .map(|it| it.envelope.clone())
            .take(self.batch)
            .take_while(|it| {
                bytes += size(it);
                bytes <= MOST_BYTES - 8_192
            })
            .collect();
        let mutations = match (mutations.is_empty(), self.outbox.iter().next()) {
            // A single wish over the bound goes alone: the server's 413 sends it to the dead letters.
            (true, Some(entry)) => vec![entry.envelope.clone()],
            _ => mutations,
        };
        let is_check = mutations.is_empty()
            && self.place.cursor.is_some()
            && self
                .place
                .checked
                .zip(self.place.fetched)
                .is_none_or(|(checked, fetched)| fetched.since(checked) > DAY);
        self.last_try = Some(now);
        self.in_flight = Some(InFlight {
            cursor: self.place.cursor.clone(),
            until: mutations.last().map_or(0, |it| it.n),
            since: now,
            is_check,
        });
        SyncRequest {
            protocol: PROTOCOL,
            build: self.build.clone(),
            device: self.numbers.device,
            cursor: self.place.cursor.clone(),
            mutations,
            want: self.wanted.clone(),
            reset: self.reset.clone(),
            check: is_check,
        }
    }

    /// Something happened. Returns what must be stored.
    pub fn learn(&mut self, news: News, now: Time, chance: &mut dyn FnMut() -> u128) -> Writes {
        match news {
            News::Kick => {
                self.next_pull = now;
                self.hurry(now);
                Writes::default()
            }
            News::SignedIn => {
                self.hold = None;
                self.failures = 0;
                self.next_pull = now;
                self.not_before = now;
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

    /// Tries at once, but not more often than every five seconds.
    fn hurry(&mut self, now: Time) {
        if self.failures > 0 {
            let earliest = self.last_try.map_or(now, |it| it + KICK_GAP);
            self.not_before = self.not_before.min(earliest.max(now));
        }
    }

    fn answered(&mut self, answer: Answer, now: Time, chance: &mut dyn FnMut() -> u128) -> Writes {
        let Some(flight) = self.in_flight.take() else {
            return Writes::default();
        };
        match answer {
            Answer::Changes(answer) => {
                self.rest(now, answer.next_ms);
                self.apply(*answer, &flight, now)
            }
            Answer::Nothing { next_ms } => {
                self.rest(now, next_ms);
                Writes::default()
            }
            Answer::SignedOut => {
                self.hold = Some(Hold::SignedOut);
                Writes::default()
            }
            Answer::Problem(problem) => self.trouble(problem, now, chance),
            Answer::TooLarge if flight.until > 0 && self.batch > 1 => {
                self.batch = (self.batch / 2).max(1);
                Writes::default()
            }
            Answer::TooLarge => {
                self.batch = MOST_MUTATIONS;
                self.kill(self.outbox.first(), now)
            }
            Answer::Later { wait_ms } => {
                self.pause(now, wait_ms, chance);
                Writes::default()
            }
            Answer::Unclear => {
                self.pause(now, 0, chance);
                Writes::default()
            }
        }
    }

    fn trouble(&mut self, problem: Problem, now: Time, chance: &mut dyn FnMut() -> u128) -> Writes {
        match problem {
            Problem::NotYours | Problem::Forked => self.fork(chance),
            Problem::Gap { last } => {
                let has_missing = self.journal.iter().any(|it| it.n == last + 1);
                let journal: Vec<_> = self
                    .journal
                    .iter()
                    .filter(|it| has_missing && it.n > last)
                    .cloned()
                    .collect();
                self.outbox
                    .redeliver(journal.into_iter(), self.numbers.device);
                self.fork(chance)
            }
            Problem::History => {
                self.outbox
                    .redeliver(self.journal.clone().into_iter(), self.numbers.device);
                self.place.cursor = None;
                self.place.history = None;
                self.fork(chance)
            }
            Problem::Disabled => {
                self.hold = Some(Hold::Disabled);
                self.replica = Replica::default();
                self.place.cursor = None;
                Writes {
                    wipe_rows: true,
                    place: Some(self.place.clone()),
                    ..Writes::default()
                }
            }
            Problem::Malformed { n } => self.kill(Some(n), now),
            Problem::Outdated { outcomes } => {
                self.hold = Some(Hold::Outdated);
                let mut writes = Writes::default();
                self.settle(&outcomes, &mut writes);
                writes
            }
            Problem::Unknown => {
                self.pause(now, 0, chance);
                Writes::default()
            }
        }
    }

    /// Applies rows and outcomes of one answer.
    fn apply(&mut self, answer: SyncAnswer, flight: &InFlight, now: Time) -> Writes {
        let mut writes = Writes::default();
        self.settle(&answer.outcomes, &mut writes);
        if self.place.cursor != flight.cursor {
            // Another tab moved on meanwhile: what was answered counts, the rows are asked for again.
            self.next_pull = now;
            return writes;
        }
        let is_new_life = self.place.history.is_some_and(|it| it != answer.history);
        if is_new_life {
            self.replica = Replica::default();
            writes.wipe_rows = true;
        }
        writes.after_cursor = Some(self.place.cursor.take());
        self.replica.apply(&answer.audiences, &answer.rows);
        self.reset.retain(|it| {
            !answer
                .audiences
                .enter
                .iter()
                .any(|entered| **entered == **it)
        });
        self.place.history = Some(answer.history);
        self.place.cursor = Some(answer.cursor);
        self.is_pulling = answer.more;
        if answer.more {
            self.next_pull = now;
        } else {
            self.place.fetched = Some(answer.now);
        }
        if flight.is_check {
            self.place.checked = Some(answer.now);
            for (audience, sum) in answer.check.unwrap_or_default() {
                if self.replica.sum(&audience) != sum {
                    self.reset.push(audience.into());
                    self.next_pull = now;
                }
            }
        }
        writes.drop = answer
            .audiences
            .leave
            .into_iter()
            .chain(answer.audiences.enter)
            .collect();
        writes.rows = answer.rows;
        writes.place = Some(self.place.clone());
        writes
    }

    /// Takes answered wishes out of the outbox, into the journal.
    fn settle(&mut self, outcomes: &[Answered], writes: &mut Writes) {
        for outcome in outcomes {
            let Some(Entry { envelope, .. }) = self.outbox.take(outcome.id) else {
                continue;
            };
            writes.remove.push(envelope.id);
            writes.journal.push(envelope);
        }
        self.journal.extend(writes.journal.iter().cloned());
        let newest = self.journal.last().map_or(Time::default(), |it| it.at);
        self.journal.retain(|it| newest.since(it.at) <= JOURNAL_AGE);
        let surplus = self.journal.len().saturating_sub(JOURNAL_ENTRIES);
        self.journal.drain(..surplus);
    }

    /// A new device id; everything unanswered is numbered from 1. Ids stay: what had arrived is recognised.
    fn fork(&mut self, chance: &mut dyn FnMut() -> u128) -> Writes {
        self.numbers.device = DeviceId::random(chance());
        self.outbox.renumber(self.numbers.device, 1);
        self.numbers.next_n = self.outbox.last().unwrap_or(0) + 1;
        self.in_flight = None;
        let put = self.outbox.iter().cloned().collect();
        let place = self.place.cursor.is_none().then(|| self.place.clone());
        Writes {
            numbers: Some(self.numbers),
            place,
            put,
            ..Writes::default()
        }
    }

    /// The server cannot read this wish: it goes to the dead letters, and nothing takes its number.
    fn kill(&mut self, n: Option<u64>, now: Time) -> Writes {
        let id = self
            .outbox
            .iter()
            .find(|it| Some(it.envelope.n) == n)
            .map(|it| it.envelope.id);
        let Some((was, nothing)) = id.and_then(|id| self.outbox.void(id)) else {
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
        let entry = Entry {
            device: self.numbers.device,
            envelope,
        };
        self.outbox.push(entry.clone());
        self.numbers.next_n += 1;
        self.hurry(now);
        Writes {
            put: vec![entry],
            undead: vec![id],
            numbers: Some(self.numbers),
            ..Writes::default()
        }
    }

    /// All is well: the next pull is due in `next_ms`.
    fn rest(&mut self, now: Time, next_ms: i64) {
        self.failures = 0;
        self.batch = MOST_MUTATIONS;
        self.hold = None;
        self.not_before = now;
        self.next_pull = now + next_ms.clamp(0, DAY);
    }

    /// Full jitter: anything up to the cap, the cap doubling from a second to a minute.
    fn pause(&mut self, now: Time, at_least: i64, chance: &mut dyn FnMut() -> u128) {
        let cap = (1_000_i64 << self.failures.min(6)).min(LONGEST_PAUSE);
        let jitter = i64::try_from(chance() % u128::from(cap.unsigned_abs())).unwrap_or(0);
        self.failures = self.failures.saturating_add(1);
        self.not_before = now + jitter.max(at_least.clamp(0, DAY));
    }
}
