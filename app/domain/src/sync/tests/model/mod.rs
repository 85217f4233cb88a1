//! The server, as the protocol describes it: one total order, in memory.

mod feed;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use self::feed::{Key, key, row};
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
        wire::{Answer, Answered, Envelope, OLDEST_READER, Problem, RowChange, SyncRequest},
    },
    text::Name,
    time::Time,
    visibility::{Audience, audiences_of},
};

/// The pause between two pulls that this server asks for.
pub(super) const NEXT_MS: i64 = 30_000;

/// A text that makes a wish unreadable for this server, as if it came from a newer build.
pub(super) const UNREADABLE: &str = "\u{1F980}";

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
            if !(is_known || is_readable && Mutation::read(&it.name, &it.body).is_ok()) {
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
        id: impl ToString + Copy,
        body: &impl Serialize,
    ) {
        self.seq += 1;
        let body = serde_json::to_string(body).expect("a row writes");
        self.feed
            .insert(key(audience, kind, &id), (self.seq, Some(body.into())));
    }

    fn unpublish(&mut self, audience: Audience, kind: &str, id: impl ToString + Copy) {
        let held = self.feed.get_mut(&key(audience, kind, &id));
        if let Some(held) = held.filter(|it| it.1.is_some()) {
            self.seq += 1;
            *held = (self.seq, None);
        }
    }
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
