//! Random lives: two phones of Aoi, one of Mio (a mentor), copies of them, and a network and a server that do all
//! they can. When everything has healed, nothing is lost, nothing happened twice, and every phone holds exactly what
//! its person may see.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, test_runner::Config};

use super::{
    model::{Server, UNREADABLE},
    phone::{Fuse, Phone, wish},
};
use crate::{
    id::{BookingId, HistoryId, MemberId, MutationId, SlotId},
    member::Role,
    sync::{
        machine::{ANSWER_WITHIN, LONGEST_PAUSE, News, Step},
        wire::{Answer, Problem, RowChange, SyncRequest},
    },
    time::{DAY, MINUTE, Time},
};

const CASES: u32 = 20_000;
/// Phones at most, copies included.
const PHONES: usize = 5;
/// 2030-11-05 09:00 in Tokyo.
const MORNING: Time = Time::from_millis(1_920_067_200_000);

/// What a person, a browser, the network or the server may do next.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Act(Act),
    /// The driver's turn: sends if there is something to send.
    Run,
    Kick,
    GiveUp(usize),
    Revive,
    Bury,
    Crash(Option<Fuse>),
    Refresh,
    Clone,
    Evict,
    SignOut,
    SignIn,
    Clock(i64),
    Wire(usize, Wire),
    Role,
    Disable(bool),
    Backup,
    Restore,
    ForgetTombstones,
    Page(usize),
    Pass(i64),
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Open,
    Ask(usize),
    Cancel(usize),
    Profile,
    Unreadable,
    TooLarge,
}

/// What may happen to a request on its way.
#[derive(Debug, Clone, Copy)]
enum Wire {
    Deliver,
    /// The server gets it a second time, perhaps much later; that answer reaches nobody.
    Repeat,
    LoseRequest,
    LoseAnswer,
    /// The phone stops waiting; the request is still on its way.
    TimeOut,
    Answer,
    Busy(i64),
    Garbage,
    /// The server thinks this build too old.
    Outdated,
    Refuse(u8),
}

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

struct World {
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
    fn new() -> Self {
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

    fn deed(&mut self, phone: usize, tab: usize, deed: Deed) {
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
    fn heal(&mut self) {
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
    fn calm_down(&mut self) {
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
    fn check(&self) {
        for phone in &self.phones {
            for tab in &phone.tabs {
                let (outbox, numbers) = (tab.outbox(), tab.numbers());
                assert!(outbox.is_orderly(numbers.device), "numbers in order");
                assert!(outbox.last().is_none_or(|it| it + 1 == numbers.next_n));
            }
        }
    }

    /// What holds when all is well again.
    fn judge(&self) {
        for phone in &self.phones {
            let tab = &phone.tabs[0];
            let expected = self.server.projection(phone.who);
            let sorted = |mut rows: Vec<RowChange>| {
                rows.sort_by_key(|it| [it.3.clone(), it.0.clone(), it.1.clone()]);
                rows
            };
            assert_eq!(sorted(tab.replica().rows()), expected, "rows on the screen");
            assert_eq!(sorted(phone.store.rows()), expected, "rows in the store");
            let held: BTreeSet<Box<str>> = tab.replica().audiences().map(Into::into).collect();
            let allowed = self.server.audiences(phone.who);
            assert!(held.is_subset(&allowed), "{held:?} of {allowed:?}");
            assert!(phone.store.stored().outbox.is_empty(), "nothing waits");
            for id in &phone.saved {
                let has_outcome = self.server.outcome(phone.who, *id).is_some();
                let is_dead = self.phones.iter().any(|it| it.store.is_dead(*id));
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

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Open),
        6 => (0_usize..4).prop_map(Act::Ask),
        3 => (0_usize..3).prop_map(Act::Cancel),
        6 => Just(Act::Profile),
        1 => Just(Act::Unreadable),
        1 => Just(Act::TooLarge),
    ]
}

fn wires() -> impl Strategy<Value = Wire> {
    prop_oneof![
        6 => Just(Wire::Deliver),
        10 => Just(Wire::Answer),
        2 => Just(Wire::Repeat),
        2 => Just(Wire::LoseRequest),
        3 => Just(Wire::LoseAnswer),
        2 => Just(Wire::TimeOut),
        1 => prop_oneof![Just(0), Just(1_000), Just(2 * MINUTE)].prop_map(Wire::Busy),
        1 => Just(Wire::Garbage),
        1 => Just(Wire::Outdated),
        1 => any::<u8>().prop_map(Wire::Refuse),
    ]
}

fn deeds() -> impl Strategy<Value = Deed> {
    prop_oneof![
        20 => acts().prop_map(Deed::Act),
        20 => Just(Deed::Run),
        20 => (0_usize..4, wires()).prop_map(|(which, wire)| Deed::Wire(which, wire)),
        4 => Just(Deed::Kick),
        2 => (0_usize..3).prop_map(Deed::GiveUp),
        1 => Just(Deed::Revive),
        1 => Just(Deed::Bury),
        3 => prop_oneof![
            Just(None),
            Just(Some(Fuse::AfterWrite)),
            Just(Some(Fuse::BeforeWrite)),
        ].prop_map(Deed::Crash),
        4 => Just(Deed::Refresh),
        1 => Just(Deed::Clone),
        1 => Just(Deed::Evict),
        1 => Just(Deed::SignOut),
        2 => Just(Deed::SignIn),
        1 => prop_oneof![Just(-10), Just(0), Just(10)].prop_map(Deed::Clock),
        2 => Just(Deed::Role),
        1 => any::<bool>().prop_map(Deed::Disable),
        1 => Just(Deed::Backup),
        1 => Just(Deed::Restore),
        1 => Just(Deed::ForgetTombstones),
        1 => prop_oneof![Just(1_usize), Just(3), Just(1_000)].prop_map(Deed::Page),
        4 => prop_oneof![Just(1_000), Just(MINUTE), Just(2 * DAY)].prop_map(Deed::Pass),
    ]
}

proptest! {
    #![proptest_config(Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    })]

    #[test]
    fn phones_agree_and_nothing_is_lost(
        deeds in prop::collection::vec((0..PHONES, 0_usize..2, deeds()), 1..60),
    ) {
        let mut world = World::new();
        for (phone, tab, deed) in deeds {
            world.deed(phone, tab, deed);
            world.check();
        }
        world.heal();
        world.calm_down();
        world.judge();
    }
}
