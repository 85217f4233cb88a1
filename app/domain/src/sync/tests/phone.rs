//! A device: what it keeps, tabs on it, and a driver that can lose its memory around every write.

use std::collections::BTreeSet;

use super::model::Server;
use crate::{
    booking::{Ask, Cancel, OpenSlot, Wish},
    id::{BookingId, DeviceId, MemberId, MutationId, SlotId},
    member::SetProfile,
    sync::{
        machine::{Link, Machine, News, Step, Stored, Writes},
        mutation::Mutation,
        outbox::Full,
        wire::{Answer, SyncRequest},
    },
    time::{HOUR, Time},
};

/// A connection, and a page that can be seen.
pub(super) const LINK: Link = Link {
    is_online: true,
    is_visible: true,
};

/// Dice that always fall the same way.
#[derive(Debug, Clone)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self) -> u128 {
        let mut next = || {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let it = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            u128::from(it ^ (it >> 31))
        };
        (next() << 64) | next()
    }
}

/// When the page dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fuse {
    /// After the next write.
    AfterWrite,
    /// Before the next write: it never happened.
    BeforeWrite,
}

/// A phone of one person, with two tabs open.
#[derive(Debug, Clone)]
pub(super) struct Phone {
    pub(super) who: MemberId,
    pub(super) store: Stored,
    pub(super) tabs: [Machine; 2],
    /// Which request each tab waits for.
    pub(super) waits: [Option<u64>; 2],
    /// The clock is wrong by this much.
    pub(super) skew: i64,
    pub(super) is_signed_out: bool,
    pub(super) fuse: Option<Fuse>,
    /// Wishes that were saved here.
    pub(super) saved: BTreeSet<MutationId>,
    pub(super) dice: Dice,
    tickets: u64,
}

impl Phone {
    pub(super) fn new(who: MemberId, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let store = Stored::new(DeviceId::random(dice.roll()));
        let tab = Machine::load(store.clone(), "1", &mut || dice.roll()).0;
        Self {
            who,
            store,
            tabs: [tab.clone(), tab],
            waits: [None, None],
            skew: 0,
            is_signed_out: false,
            fuse: None,
            saved: BTreeSet::new(),
            dice,
            tickets: 0,
        }
    }

    /// The profile, copied to another phone.
    pub(super) fn cloned(&self, seed: u64) -> Self {
        let mut twin = self.clone();
        twin.dice = Dice(seed);
        twin.fuse = None;
        for tab in 0..2 {
            twin.crash(tab);
        }
        twin
    }

    /// The browser deletes everything.
    pub(super) fn evict(&mut self) {
        self.store = Stored::new(DeviceId::random(self.dice.roll()));
        self.saved.clear();
        for tab in 0..2 {
            self.crash(tab);
        }
    }

    /// Saved here, answered or not.
    pub(super) fn holds(&self, id: MutationId) -> bool {
        let mut waiting = self.store.outbox.iter().map(|it| it.envelope.id);
        waiting.any(|it| it == id) || self.store.journal.iter().any(|it| it.id == id)
    }

    pub(super) fn is_dead(&self, id: MutationId) -> bool {
        self.store.dead.iter().any(|it| it.envelope.id == id)
    }

    pub(super) fn clock(&self, now: Time) -> Time {
        now + self.skew
    }

    /// The page is closed and opened again.
    pub(super) fn crash(&mut self, tab: usize) {
        let Self { dice, store, .. } = self;
        let (machine, writes) = Machine::load(store.clone(), "1", &mut || dice.roll());
        self.tabs[tab] = machine;
        self.waits[tab] = None;
        let _ = self.store.keep(writes);
    }

    /// The tab hears that another one has written.
    pub(super) fn refresh(&mut self, tab: usize) {
        let Self {
            dice, store, tabs, ..
        } = self;
        let writes = tabs[tab].reload(store.clone(), &mut || dice.roll());
        let _ = self.store.keep(writes);
    }

    /// Stores what a tab wants stored. False when the page died before.
    pub(super) fn write(&mut self, tab: usize, writes: Writes) -> bool {
        if writes == Writes::default() {
            return true;
        }
        match self.fuse.take() {
            Some(Fuse::BeforeWrite) => {
                self.crash(tab);
                return false;
            }
            fuse => {
                let is_asked_to = writes.reload;
                let is_current = self.store.keep(writes);
                if fuse.is_some() {
                    self.crash(tab);
                } else if is_asked_to || !is_current {
                    self.refresh(tab);
                }
            }
        }
        true
    }

    pub(super) fn act(
        &mut self,
        tab: usize,
        mutation: &Mutation,
        now: Time,
    ) -> Result<Option<MutationId>, Full> {
        let at = self.clock(now);
        let id = MutationId::born(at, self.dice.roll());
        let writes = self.tabs[tab].act(mutation, id, at)?;
        let is_saved = self.write(tab, writes);
        if is_saved {
            self.saved.insert(id);
        }
        Ok(is_saved.then_some(id))
    }

    pub(super) fn learn(&mut self, tab: usize, news: News, now: Time) {
        let at = self.clock(now);
        let revived = match &news {
            News::Revived(id) => Some(*id),
            _ => None,
        };
        let Self { dice, tabs, .. } = self;
        let writes = tabs[tab].learn(news, at, &mut || dice.roll());
        let born = writes.put.last().map(|it| it.envelope.id);
        let is_saved = self.write(tab, writes);
        if let (Some(old), Some(new), true) = (revived, born, is_saved) {
            self.saved.remove(&old);
            self.saved.insert(new);
        }
    }

    /// What the tab wants to do; a request gets a ticket, so that an answer that comes too late is thrown away.
    pub(super) fn next(&mut self, tab: usize, now: Time) -> Result<(u64, SyncRequest), Step> {
        let at = self.clock(now);
        match self.tabs[tab].next(at, LINK) {
            Step::Send(request) => {
                self.tickets += 1;
                self.waits[tab] = Some(self.tickets);
                Ok((self.tickets, *request))
            }
            step => Err(step),
        }
    }

    pub(super) fn answer(&mut self, tab: usize, ticket: u64, answer: Answer, now: Time) {
        if self.waits[tab] == Some(ticket) {
            self.waits[tab] = None;
            self.learn(tab, News::Answered(answer), now);
        }
    }

    /// One exchange without any trouble.
    pub(super) fn exchange(&mut self, server: &mut Server, tab: usize) -> Result<Answer, Step> {
        let (ticket, request) = self.next(tab, server.now)?;
        let answer = server.sync(self.who, &request);
        self.answer(tab, ticket, answer.clone(), server.now);
        Ok(answer)
    }

    /// Exchanges until the first tab has nothing to do now.
    pub(super) fn settle(&mut self, server: &mut Server) {
        for _ in 0..200 {
            if self.exchange(server, 0).is_err() {
                return;
            }
        }
        panic!("a phone that never rests");
    }
}

/// Wishes of the tests.
pub(super) mod wish {
    use super::*;

    pub(in super::super) fn open(slot: SlotId, starts: Time) -> Mutation {
        Mutation::OpenSlot(OpenSlot {
            slot,
            starts,
            place: "Room 1".to_owned(),
            link: String::new(),
            note: String::new(),
        })
    }

    pub(in super::super) fn profile(text: &str) -> Mutation {
        Mutation::SetProfile(SetProfile {
            talks_about: Some(text.to_owned()),
        })
    }

    /// Asks for the slots that can be seen, from the given one on.
    pub(in super::super) fn ask(tab: &Machine, booking: BookingId, from: usize) -> Mutation {
        let slots = tab.replica().view().slots.values();
        let wishes = slots.map(Wish::from).cycle().skip(from).take(1).collect();
        Mutation::Ask(Ask {
            booking,
            wishes,
            topic: String::new(),
            talk: String::new(),
            avoid: String::new(),
        })
    }

    pub(in super::super) fn cancel(booking: BookingId) -> Mutation {
        Mutation::Cancel(Cancel { booking })
    }

    /// A start on the grid, `hours` from now.
    pub(in super::super) fn start(now: Time, hours: i64) -> Time {
        Time::from_millis(now.millis() - now.millis() % HOUR) + hours * HOUR
    }
}
