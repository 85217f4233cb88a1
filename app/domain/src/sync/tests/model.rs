//! The server, as the protocol describes it: one total order, in memory.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    booking::{
        Ask, Asker, Booking, BookingState, Cancellation, HostSlot, HostSlotState, Limits, OpenSlot,
        Slot, SlotFacts, cancel, settle,
    },
    id::{BookingId, DeviceId, HistoryId, MemberId, MutationId, SlotId},
    member::{Host, Me, Role, SetProfile},
    refusal::Refusal,
    sync::{
        mutation::Mutation,
        row::{About, Outcome, Verdict},
        wire::{
            Answer, Answered, AudienceChanges, Envelope, OLDEST_READER, Problem, RowChange,
            SyncAnswer, SyncRequest, row_sum,
        },
    },
    text::Name,
    time::Time,
    visibility::{Audience, audiences_of},
};

/// The pause between two pulls that this server asks for.
pub(super) const NEXT_MS: i64 = 30_000;

/// A text that makes a wish unreadable for this server, as if it came from a newer build.
pub(super) const UNREADABLE: &str = "\u{1F980}";

/// Audience, kind, id.
type Key = (Box<str>, Box<str>, Box<str>);
/// How far a device has read an audience, and the audience's floor when it entered.
type Held = BTreeMap<Box<str>, (i64, i64)>;

#[derive(Debug, Clone)]
struct Member {
    name: Name,
    role: Role,
    talks_about: Option<String>,
    is_disabled: bool,
}

/// The server and its database. A copy of it is a backup.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) history: HistoryId,
    pub(super) now: Time,
    /// Bytes of one request.
    pub(super) most_bytes: usize,
    /// Rows of one page.
    pub(super) page: usize,
    pub(super) seq: i64,
    members: BTreeMap<MemberId, Member>,
    slots: BTreeMap<SlotId, (HostSlot, MemberId)>,
    bookings: BTreeMap<BookingId, (MemberId, Booking)>,
    /// The feed: one live row or tombstone per audience, kind and id.
    feed: BTreeMap<Key, (i64, Option<Box<str>>)>,
    /// Tombstones up to here are gone.
    floors: BTreeMap<Box<str>, i64>,
    /// What became of every wish, per person.
    outcomes: BTreeMap<(MemberId, MutationId), Option<Refusal>>,
    /// Wishes that were carried out, in order: each once.
    pub(super) effects: Vec<(MemberId, MutationId)>,
    /// Which wish each device sent under each number.
    numbers: BTreeMap<DeviceId, (MemberId, Vec<MutationId>)>,
}

impl Server {
    pub(super) fn new(now: Time) -> Self {
        Self {
            history: HistoryId::random(1),
            now,
            most_bytes: 4_000,
            page: 1_000,
            seq: 0,
            members: BTreeMap::new(),
            slots: BTreeMap::new(),
            bookings: BTreeMap::new(),
            feed: BTreeMap::new(),
            floors: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            effects: Vec::new(),
            numbers: BTreeMap::new(),
        }
    }

    pub(super) fn admit(&mut self, id: MemberId, name: &str, role: Role) {
        let member = Member {
            name: Name::new(name).expect("a name"),
            role,
            talks_about: None,
            is_disabled: false,
        };
        self.members.insert(id, member);
        self.publish_member(id);
    }

    /// Another role: other audiences.
    pub(super) fn assign(&mut self, id: MemberId, role: Role) {
        self.members.get_mut(&id).expect("a member").role = role;
        self.publish_member(id);
    }

    pub(super) fn role(&self, id: MemberId) -> Role {
        self.members[&id].role
    }

    pub(super) fn disable(&mut self, id: MemberId, is_disabled: bool) {
        self.members.get_mut(&id).expect("a member").is_disabled = is_disabled;
    }

    /// Tombstones become too old to be kept: older cursors meet the floor.
    pub(super) fn forget_tombstones(&mut self) {
        let gone: BTreeSet<_> = self
            .feed
            .iter()
            .filter(|(_, (_, body))| body.is_none())
            .map(|((audience, ..), _)| audience.clone())
            .collect();
        self.feed.retain(|_, (_, body)| body.is_some());
        for audience in gone {
            self.floors.insert(audience, self.seq);
        }
    }

    /// A backup is brought back: an older copy, another life.
    pub(super) fn restore(&mut self, backup: &Self, history: HistoryId) {
        let now = self.now;
        *self = backup.clone();
        self.history = history;
        self.now = now;
    }

    pub(super) fn outcome(&self, who: MemberId, id: MutationId) -> Option<&Option<Refusal>> {
        self.outcomes.get(&(who, id))
    }

    /// What a device sent, by number.
    pub(super) fn numbered(&self, device: DeviceId) -> &[MutationId] {
        self.numbers.get(&device).map_or(&[], |it| it.1.as_slice())
    }

    pub(super) fn booking(&self, id: BookingId) -> Option<&Booking> {
        self.bookings.get(&id).map(|it| &it.1)
    }

    pub(super) fn audiences(&self, who: MemberId) -> BTreeSet<Box<str>> {
        audiences_of(who, self.members[&who].role)
            .into_iter()
            .filter(|it| !it.is_on_demand())
            .map(|it| it.to_string().into())
            .collect()
    }

    /// Everything a person may see.
    pub(super) fn projection(&self, who: MemberId) -> Vec<RowChange> {
        let audiences = self.audiences(who);
        self.feed
            .iter()
            .filter(|((audience, ..), (_, body))| audiences.contains(audience) && body.is_some())
            .map(|(key, held)| row(key, held))
            .collect()
    }

    /// The one endpoint.
    pub(super) fn sync(&mut self, who: MemberId, request: &SyncRequest) -> Answer {
        if self.members[&who].is_disabled {
            return Answer::Problem(Problem::Disabled);
        }
        let bytes: usize = request.mutations.iter().map(|it| it.body.get().len()).sum();
        if bytes > self.most_bytes {
            return Answer::TooLarge;
        }
        let is_reader = request.protocol >= OLDEST_READER;
        let held = match request.cursor.as_deref().map(|it| self.read_cursor(it)) {
            Some(None) if is_reader => return Answer::Problem(Problem::History),
            held => held.flatten().unwrap_or_default(),
        };
        let outcomes = match self.push(who, request.device, &request.mutations) {
            Ok(outcomes) => outcomes,
            Err(problem) => return Answer::Problem(problem),
        };
        if !is_reader {
            return Answer::Problem(Problem::Outdated { outcomes });
        }
        self.pull(who, request, held, outcomes)
    }

    fn push(
        &mut self,
        who: MemberId,
        device: DeviceId,
        mutations: &[Envelope],
    ) -> Result<Vec<Answered>, Problem> {
        let (owner, sent) = self
            .numbers
            .get(&device)
            .cloned()
            .unwrap_or((who, Vec::new()));
        if owner != who {
            return Err(Problem::NotYours);
        }
        let mut line = sent;
        for it in mutations {
            let at = usize::try_from(it.n).expect("a small number");
            match at.checked_sub(1).map(|at| line.get(at)) {
                Some(Some(id)) if *id != it.id => return Err(Problem::Forked),
                Some(Some(_)) => {}
                Some(None) if at == line.len() + 1 => line.push(it.id),
                _ => {
                    let last = line.len().try_into().expect("a small number");
                    return Err(Problem::Gap { last });
                }
            }
            let is_known = self.outcomes.contains_key(&(who, it.id));
            let is_readable = !it.body.get().contains(UNREADABLE);
            if !is_known && !(is_readable && Mutation::read(&it.name, &it.body).is_ok()) {
                return Err(Problem::Malformed { n: it.n });
            }
        }
        self.numbers.insert(device, (who, line));
        let answered = mutations.iter().map(|it| Answered {
            n: it.n,
            id: it.id,
            refusal: self.carry_out(who, it),
        });
        Ok(answered.collect())
    }

    /// Once per person and id, whatever device delivers it.
    fn carry_out(&mut self, who: MemberId, it: &Envelope) -> Option<Refusal> {
        if let Some(outcome) = self.outcomes.get(&(who, it.id)) {
            return outcome.clone();
        }
        let mutation = Mutation::read(&it.name, &it.body).expect("was checked");
        let result = match &mutation {
            Mutation::Ask(ask) => self.ask(who, it.id, ask),
            Mutation::Cancel(it) => self.cancel(who, it.booking),
            Mutation::OpenSlot(it) => self.open(who, it),
            Mutation::SetProfile(it) => self.set_profile(who, it),
            Mutation::Acknowledge(it) => {
                self.unpublish(Audience::One(who), "outcome", it.mutation);
                Ok(())
            }
            Mutation::Noop(_) => Err(Refusal::GivenUp),
            _ => Err(Refusal::NotThere),
        };
        if result.is_ok() {
            self.effects.push((who, it.id));
        }
        self.outcomes.insert((who, it.id), result.clone().err());
        result.err()
    }

    fn ask(&mut self, who: MemberId, id: MutationId, ask: &Ask) -> Result<(), Refusal> {
        let facts: Vec<_> = self.slots.values().map(|(slot, _)| facts(slot)).collect();
        let live = self.bookings.values().filter(|it| it.0 == who);
        let asker = Asker {
            booked: live
                .filter(|it| it.1.is_live())
                .map(|it| it.1.starts)
                .collect(),
            limits: Limits::default(),
        };
        let decided = settle(&ask.wishes, &facts, &asker, self.now);
        let verdict = match &decided {
            Ok(_) => Verdict::Ok,
            Err(no) => Verdict::Refused(no.clone()),
        };
        let outcome = Outcome {
            mutation: id,
            verdict,
            about: About::Ask(ask.clone()),
            at: self.now,
        };
        self.publish(Audience::One(who), "outcome", id, &outcome);
        let (slot, host) = self.slots.get_mut(&decided?).expect("was decided on");
        slot.state = HostSlotState::Taken(ask.booking);
        let (slot, host) = (slot.clone(), *host);
        let booking = Booking {
            id: ask.booking,
            slot: slot.id,
            host,
            host_name: self.members[&host].name.clone(),
            starts: slot.starts,
            place: slot.place,
            link: None,
            topic: None,
            talk: None,
            avoid: None,
            state: BookingState::Booked,
            sequence: 0,
            at: self.now,
            ics: String::new(),
        };
        self.publish(Audience::One(who), "booking", booking.id, &booking);
        self.bookings.insert(booking.id, (who, booking));
        self.publish_slot(slot.id);
        Ok(())
    }

    fn cancel(&mut self, who: MemberId, id: BookingId) -> Result<(), Refusal> {
        let now = self.now;
        let own = self.bookings.get_mut(&id).filter(|it| it.0 == who);
        let (_, booking) = own.ok_or(Refusal::NotThere)?;
        cancel(&booking.state, booking.starts, now)?;
        booking.state = BookingState::Cancelled(Cancellation {
            by: who,
            at: now,
            word: None,
        });
        let booking = booking.clone();
        self.publish(Audience::One(who), "booking", id, &booking);
        let (slot, _) = self.slots.get_mut(&booking.slot).expect("was booked");
        slot.state = HostSlotState::Open;
        self.publish_slot(booking.slot);
        Ok(())
    }

    fn open(&mut self, who: MemberId, it: &OpenSlot) -> Result<(), Refusal> {
        if !self.members[&who].role.is_host() {
            return Err(Refusal::NotThere);
        }
        let slot = HostSlot {
            id: it.slot,
            host: who,
            availability: None,
            starts: it.starts,
            place: it.checked(self.now)?.place,
            state: HostSlotState::Open,
        };
        self.slots.insert(it.slot, (slot, who));
        self.publish_slot(it.slot);
        Ok(())
    }

    fn set_profile(&mut self, who: MemberId, it: &SetProfile) -> Result<(), Refusal> {
        it.checked()?;
        self.members.get_mut(&who).expect("a member").talks_about = it.talks_about.clone();
        self.publish_member(who);
        Ok(())
    }

    fn publish_member(&mut self, id: MemberId) {
        let it = self.members[&id].clone();
        let words = SetProfile {
            talks_about: it.talks_about,
        };
        let me = Me {
            id,
            name: it.name,
            role: it.role,
            team: None,
            joining: None,
            since: self.now.day(),
            talks_about: words.checked().expect("was checked"),
        };
        self.publish(Audience::One(id), "me", id, &me);
        if me.role.is_host() {
            let host = Host {
                id,
                name: me.name,
                role: me.role,
                team: None,
                talks_about: me.talks_about,
            };
            self.publish(Audience::OfferHolders, "host", id, &host);
        } else {
            self.unpublish(Audience::OfferHolders, "host", id);
        }
    }

    fn publish_slot(&mut self, id: SlotId) {
        let (row, host) = self.slots[&id].clone();
        self.publish(Audience::One(host), "host_slot", id, &row);
        self.publish(Audience::Hr, "host_slot", id, &row);
        let slot = Slot {
            id,
            host,
            starts: row.starts,
            place: row.place,
            note: None,
        };
        match row.state {
            HostSlotState::Open => self.publish(Audience::OfferHolders, "slot", id, &slot),
            HostSlotState::Taken(_) => self.unpublish(Audience::OfferHolders, "slot", id),
        }
    }

    fn publish(
        &mut self,
        audience: Audience,
        kind: &str,
        id: impl ToString,
        body: &impl Serialize,
    ) {
        self.seq += 1;
        let body = serde_json::to_string(body).expect("a row writes");
        self.feed
            .insert(key(audience, kind, &id), (self.seq, Some(body.into())));
    }

    fn unpublish(&mut self, audience: Audience, kind: &str, id: impl ToString) {
        if let Some(held) = self.feed.get_mut(&key(audience, kind, &id)) {
            if held.1.take().is_some() {
                self.seq += 1;
                held.0 = self.seq;
            }
        }
    }
}

/// Reading: cursors, audiences, pages.
impl Server {
    /// `history/audience=seq+floor/…`; `None` when it is of another life.
    fn read_cursor(&self, text: &str) -> Option<Held> {
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

    fn pull(
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

fn key(audience: Audience, kind: &str, id: &impl ToString) -> Key {
    (
        audience.to_string().into(),
        kind.into(),
        id.to_string().into(),
    )
}

fn row((audience, kind, id): &Key, (seq, body): &(i64, Option<Box<str>>)) -> RowChange {
    let body = body
        .as_ref()
        .map(|it| RawValue::from_string(it.to_string()).expect("JSON"));
    RowChange(kind.clone(), id.clone(), *seq, audience.clone(), body)
}

fn facts(slot: &HostSlot) -> SlotFacts {
    SlotFacts {
        id: slot.id,
        starts: slot.starts,
        place: slot.place.clone(),
        is_taken: slot.state != HostSlotState::Open,
        is_closed: false,
        host_day: 0,
        host_week: 0,
        weekly_cap: None,
    }
}
