//! The world in which it happens, and what is asked of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        model::{Server, UNREADABLE},
        phone::{Phone, wish},
    },
    deed::{Act, Deed, Wire},
};
use crate::{
    id::{BookingId, HistoryId, MemberId, MutationId, SlotId},
    member::Role,
    sync::{
        machine::{ANSWER_WITHIN, LONGEST_PAUSE, News, Step},
        wire::{Answer, Problem, RowChange, SyncRequest},
    },
    time::{DAY, Time},
};

/// Phones at most, copies included.
pub(super) const PHONES: usize = 5;
/// 2030-11-05 09:00 in Tokyo.
const MORNING: Time = Time::from_millis(1_920_067_200_000);

/// A request on its way, and its answer once the server has given one.
#[derive(Debug, Clone)]
struct Flight {
    phone: usize,
    tab: usize,
    ticket: u64,
    who: MemberId,
    request: SyncRequest,
    answer: Option<Answer>,
}

pub(super) struct World {
    server: Server,
    backup: Server,
    phones: Vec<Phone>,
    flights: Vec<Flight>,
    given_up: BTreeSet<MutationId>,
    /// Saved on a device that is gone, or buried by hand.
    excused: BTreeSet<MutationId>,
    /// Every wish that says something once: what, by id.
    markers: BTreeMap<MutationId, u64>,
    count: u64,
}

fn aoi() -> MemberId {
    MemberId::random(101)
}

fn mio() -> MemberId {
    MemberId::random(102)
}

impl World {
    pub(super) fn new() -> Self {
        let mut server = Server::new(MORNING);
        server.admit(aoi(), "Aoi", Role::OfferHolder);
        server.admit(mio(), "Mio", Role::Mentor);
        let mut phones = vec![
            Phone::new(aoi(), 1),
            Phone::new(aoi(), 2),
            Phone::new(mio(), 3),
        ];
        for n in 0..3 {
            let slot = SlotId::random(1_000 + n);
            let hours = 30 + i64::try_from(n).expect("small");
            let open = wish::open(slot, wish::start(MORNING, hours));
            phones[2].act(0, &open, MORNING).expect("room");
        }
        for phone in [2, 0, 1] {
            phones[phone].settle(&mut server);
            phones[phone].crash(1);
        }
        Self {
            backup: server.clone(),
            server,
            phones,
            flights: Vec::new(),
            given_up: BTreeSet::new(),
            excused: BTreeSet::new(),
            markers: BTreeMap::new(),
            count: 0,
        }
    }

    fn now(&self) -> Time {
        self.server.now
    }

    pub(super) fn deed(&mut self, phone: usize, tab: usize, deed: Deed) {
        let at = phone % self.phones.len();
        let (now, count) = (self.now(), self.phones.len());
        let it = &mut self.phones[at];
        match deed {
            Deed::Act(act) => self.act(at, tab, act),
            Deed::Run => self.run(at, tab),
            Deed::Kick => it.learn(tab, News::Kick, now),
            Deed::GiveUp(which) => {
                let outbox = it.tabs[tab].outbox();
                let id = outbox.iter().nth(which).map(|it| it.envelope.id);
                if let Some(id) = id {
                    self.given_up.insert(id);
                    it.learn(tab, News::GaveUp(id), now);
                }
            }
            Deed::Revive | Deed::Bury => {
                let id = it.tabs[tab].dead().first().map(|it| it.envelope.id);
                if let Some(id) = id {
                    self.excused.insert(id);
                    let is_revived = matches!(deed, Deed::Revive);
                    let news = if is_revived {
                        News::Revived
                    } else {
                        News::Buried
                    };
                    it.learn(tab, news(id), now);
                }
            }
            Deed::Crash(None) => it.crash(tab),
            Deed::Crash(fuse) => it.fuse = fuse,
            Deed::Refresh => it.refresh(tab),
            Deed::Clone if count < PHONES => {
                self.count += 1;
                let twin = it.cloned(self.count + 100);
                self.phones.push(twin);
            }
            Deed::Evict => {
                self.excused.append(&mut it.saved.clone());
                it.evict();
            }
            Deed::SignOut => it.is_signed_out = true,
            Deed::SignIn => {
                it.is_signed_out = false;
                it.learn(tab, News::SignedIn, now);
            }
            Deed::Clock(years) => it.skew = years * 365 * DAY,
            Deed::Wire(which, wire) => self.wire(which, wire),
            _ => {
                let who = it.who;
                self.rule(who, deed);
            }
        }
    }

    /// The server is down while it is restored: no answer of its former life is still on its way.
    fn cut(&mut self) {
        let now = self.now();
        let lost: Vec<_> = self
            .flights
            .extract_if(.., |it| it.answer.is_some())
            .collect();
        for it in lost {
            self.phones[it.phone].answer(it.tab, it.ticket, Answer::Unclear, now);
        }
    }

    /// What happens at the server.
    fn rule(&mut self, who: MemberId, deed: Deed) {
        match deed {
            Deed::Role => {
                let role = match self.server.role(who) {
                    Role::OfferHolder => Role::Mentor,
                    Role::Mentor => Role::Hr,
                    _ => Role::OfferHolder,
                };
                self.server.assign(who, role);
            }
            Deed::Disable(is_disabled) => self.server.disable(who, is_disabled),
            Deed::Backup => self.backup = self.server.clone(),
            Deed::Restore => {
                self.count += 1;
                let history = HistoryId::random(u128::from(self.count) << 64);
                self.server.restore(&self.backup, history);
                self.cut();
            }
            Deed::ForgetTombstones => self.server.forget_tombstones(),
            Deed::Page(rows) => self.server.page = rows,
            Deed::Pass(millis) => self.server.now = self.server.now + millis,
            _ => {}
        }
    }

    fn act(&mut self, at: usize, tab: usize, act: Act) {
        self.count += 1;
        let (now, count) = (self.now(), self.count);
        let it = &mut self.phones[at];
        let view = it.tabs[tab].replica().view();
        let hours = 30 + i64::try_from(count).expect("small");
        let mutation = match act {
            Act::Open => wish::open(SlotId::random(count.into()), wish::start(now, hours)),
            Act::Ask(from) => wish::ask(&it.tabs[tab], BookingId::random(count.into()), from),
            Act::Cancel(which) => match view.bookings.keys().nth(which) {
                Some(booking) => wish::cancel(*booking),
                None => return,
            },
            Act::Profile => wish::profile(&format!("{count}")),
            Act::Unreadable => wish::profile(&format!("{UNREADABLE}{count}")),
            Act::TooLarge => wish::profile(&"x".repeat(5_000)),
        };
        if let Ok(Some(id)) = it.act(tab, &mutation, now) {
            self.markers.insert(id, count);
        }
    }

    fn run(&mut self, phone: usize, tab: usize) {
        let now = self.now();
        let it = &mut self.phones[phone];
        if let Ok((ticket, request)) = it.next(tab, now) {
            self.flights.push(Flight {
                phone,
                tab,
                ticket,
                who: it.who,
                request,
                answer: None,
            });
        }
    }

    fn wire(&mut self, which: usize, wire: Wire) {
        if self.flights.is_empty() {
            return;
        }
        let at = which % self.flights.len();
        let now = self.now();
        let Flight {
            phone,
            tab,
            ticket,
            who,
            request,
            answer,
        } = self.flights[at].clone();
        let is_signed_out = self.phones[phone].is_signed_out;
        let ask = |server: &mut Server| match is_signed_out {
            true => Answer::SignedOut,
            false => server.sync(who, &request),
        };
        let reply = match (wire, answer) {
            (Wire::Deliver, None) => {
                self.flights[at].answer = Some(ask(&mut self.server));
                return;
            }
            (Wire::Repeat, _) => {
                ask(&mut self.server);
                return;
            }
            (Wire::TimeOut, _) => {
                self.phones[phone].answer(tab, ticket, Answer::Unclear, now);
                return;
            }
            (Wire::Deliver | Wire::Answer, Some(answer)) => answer,
            (Wire::Answer, None) => ask(&mut self.server),
            (Wire::LoseRequest | Wire::Garbage, _) => Answer::Unclear,
            (Wire::LoseAnswer, _) => {
                ask(&mut self.server);
                Answer::Unclear
            }
            (Wire::Busy(wait_ms), _) => Answer::Later { wait_ms },
            // A device that has never read cannot tell in which life it was answered; with two tabs that do not hear each
            // other, nobody would notice a restore.
            (Wire::Outdated, _) if request.cursor.is_none() => Answer::Unclear,
            (Wire::Outdated, _) => {
                let mut old = request;
                old.protocol = 0;
                self.server.sync(who, &old)
            }
            (Wire::Refuse(kind), _) => Answer::Problem(match kind % 4 {
                0 => Problem::Forked,
                1 => Problem::NotYours,
                2 => Problem::Gap { last: kind.into() },
                _ => Problem::Unknown,
            }),
        };
        self.flights.swap_remove(at);
        self.phones[phone].answer(tab, ticket, reply, now);
    }

    /// Network, sessions, membership and builds are well again; one tab stays open. Clocks stay as wrong as they are.
    pub(super) fn heal(&mut self) {
        let now = self.now();
        self.flights.clear();
        self.server.disable(aoi(), false);
        self.server.disable(mio(), false);
        for phone in &mut self.phones {
            phone.fuse = None;
            phone.is_signed_out = false;
            if phone.waits[0].take().is_some() {
                phone.learn(0, News::Answered(Answer::Unclear), now);
            }
            phone.refresh(0);
            phone.learn(0, News::SignedIn, now);
        }
    }

    /// Lets time pass until every phone has heard "nothing new" after the last change. No phone is helped along.
    pub(super) fn calm_down(&mut self) {
        let begun = self.now();
        let mut heard = vec![None; self.phones.len()];
        while heard.iter().any(|it| *it != Some(self.server.seq)) {
            let mut wake = self.now() + DAY;
            for (phone, heard) in self.phones.iter_mut().zip(&mut heard) {
                loop {
                    match phone.exchange(&mut self.server, 0) {
                        Ok(Answer::Nothing { .. }) => *heard = Some(self.server.seq),
                        Ok(_) => {}
                        Err(Step::Wait(until)) => {
                            wake = wake.min(until + -phone.skew);
                            break;
                        }
                        Err(step) => panic!("a healed phone does {step:?}"),
                    }
                }
            }
            self.server.now = wake.max(self.server.now + 1);
            let waited = self.now().since(begun);
            assert!(
                waited <= 20 * (LONGEST_PAUSE + ANSWER_WITHIN),
                "no rest after {waited} ms"
            );
        }
    }

    /// What holds after every deed.
    pub(super) fn check(&self) {
        for phone in &self.phones {
            for tab in &phone.tabs {
                let (outbox, numbers) = (tab.outbox(), tab.numbers());
                assert!(outbox.is_orderly(numbers.device), "numbers in order");
                assert!(outbox.last().is_none_or(|it| it + 1 == numbers.next_n));
            }
        }
    }

    /// What holds when all is well again.
    pub(super) fn judge(&self) {
        for phone in &self.phones {
            let tab = &phone.tabs[0];
            let expected = self.server.projection(phone.who);
            let sorted = |mut rows: Vec<RowChange>| {
                rows.sort_by_key(|it| [it.3.clone(), it.0.clone(), it.1.clone()]);
                rows
            };
            assert_eq!(sorted(tab.replica().rows()), expected, "rows on the screen");
            assert_eq!(
                sorted(phone.store.rows.clone()),
                expected,
                "rows in the store"
            );
            let held: BTreeSet<Box<str>> = tab.replica().audiences().map(Into::into).collect();
            let allowed = self.server.audiences(phone.who);
            assert!(held.is_subset(&allowed), "{held:?} of {allowed:?}");
            assert!(phone.store.outbox.is_empty(), "nothing waits");
            for id in &phone.saved {
                let has_outcome = self.server.outcome(phone.who, *id).is_some();
                let is_dead = self.phones.iter().any(|it| it.is_dead(*id));
                let is_excused = self.excused.contains(id);
                assert!(has_outcome || is_dead || is_excused, "lost {id:?}");
            }
        }
        let mut done = BTreeSet::new();
        for (_, id) in &self.server.effects {
            let marker = self.markers.get(id);
            assert!(marker.is_none_or(|it| done.insert(*it)), "twice: {id:?}");
        }
        let ids: BTreeSet<_> = self.server.effects.iter().collect();
        assert_eq!(ids.len(), self.server.effects.len(), "no wish twice");
    }
}
