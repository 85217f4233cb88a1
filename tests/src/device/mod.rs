//! A phone: the real sync machine on an in-memory store, talking to the real router, with a connection that fails as
//! connections do and an app that dies when it likes.
//!
//! In reading order: this file (what drives the machine), `steps` (the same, one step at a time), `wishes` (what the
//! person does), `shown` (what the phone holds and shows).

mod shown;
mod steps;
mod wishes;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex as Lock, MutexGuard as Locked, PoisonError},
};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{
    id::{DeviceId, MemberId, MutationId},
    member::Role,
    sync::{
        machine::{ANSWER_WITHIN, Link, Machine, News, Step, Stored, Writes},
        mutation::Mutation,
        outbox::Full,
        wire::{Answer, Problem, SyncAnswer, SyncRequest},
    },
    time::Time,
};
use tokio::sync::{Mutex, MutexGuard};

use crate::{Reply, Town};

/// What happens to a request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It never arrives.
    LostRequest,
    /// The server carries it out, and its answer never arrives.
    LostAnswer,
    /// It arrives twice; the second answer counts.
    Twice,
}

/// When the app dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// Before a transaction: it never happened.
    Before,
    /// After a transaction: it is stored, and nothing else is remembered.
    After,
}

/// What a store must never do. Only the tests that ask whether a rule is needed have such phones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// It stores where the rows stand, and then the rows.
    CursorBeforeRows,
    /// It takes wishes out of the outbox when they are sent.
    ForgetsWhatItSent,
}

/// A phone, or one tab of its browser.
pub struct Device {
    town: Town,
    name: String,
    member: MemberId,
    role: Role,
    cookie: String,
    state: Mutex<State>,
}

struct State {
    /// Shared by the tabs of one browser.
    store: Arc<Lock<Stored>>,
    machine: Machine,
    is_online: bool,
    trouble: VecDeque<Trouble>,
    /// The app dies at the transaction after so many others.
    death: Option<(usize, Death)>,
    habit: Option<Habit>,
    /// How often the app was opened.
    lives: usize,
    /// Its clock is ahead of the town's by this much.
    skew: i64,
    /// Requests and answers, for whoever wants to know.
    talk: Vec<(SyncRequest, Option<(StatusCode, usize)>)>,
    /// When it sent them, by its own clock.
    tries: Vec<Time>,
}

/// What became of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Stored,
    StoredAndDied,
    Died,
}

impl State {
    fn stored(&self) -> Locked<'_, Stored> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The app begins with nothing but what is stored.
    fn open(&mut self, chance: &mut dyn FnMut() -> u128) {
        self.lives += 1;
        let stored = self.stored().clone();
        let (machine, writes) = Machine::load(stored, "1", chance);
        self.machine = machine;
        self.keep(writes, chance);
    }

    /// The app takes over what is stored by now.
    fn catch_up(&mut self, chance: &mut dyn FnMut() -> u128) {
        let stored = self.stored().clone();
        let writes = self.machine.reload(stored, chance);
        self.keep(writes, chance);
    }

    /// Stores in one transaction. False when the app died before it.
    fn keep(&mut self, mut writes: Writes, chance: &mut dyn FnMut() -> u128) -> bool {
        if writes == Writes::default() {
            return true;
        }
        if self.habit == Some(Habit::CursorBeforeRows) && writes.place.is_some() {
            let first = Writes {
                place: writes.place.take(),
                after_cursor: writes.after_cursor.take(),
                ..Writes::default()
            };
            match self.transact(first, chance) {
                Kept::Stored => {}
                Kept::StoredAndDied => return true,
                Kept::Died => return false,
            }
        }
        self.transact(writes, chance) != Kept::Died
    }

    fn transact(&mut self, writes: Writes, chance: &mut dyn FnMut() -> u128) -> Kept {
        let death = match &mut self.death {
            Some((0, _)) => self.death.take().map(|it| it.1),
            Some((others, _)) => {
                *others -= 1;
                None
            }
            None => None,
        };
        if death == Some(Death::Before) {
            self.open(chance);
            return Kept::Died;
        }
        let is_asked_to = writes.reload;
        let is_current = self.stored().keep(writes);
        if death.is_some() {
            self.open(chance);
            return Kept::StoredAndDied;
        }
        if is_asked_to || !is_current {
            self.catch_up(chance);
        }
        Kept::Stored
    }
}

impl Device {
    pub(crate) fn new(
        town: Town,
        (name, member, role): (&str, MemberId, Role),
        cookie: &str,
    ) -> Self {
        let store = Stored::new(DeviceId::random(town.chance()));
        let (machine, writes) = Machine::load(store.clone(), "1", &mut || town.chance());
        let mut state = State {
            store: Arc::new(Lock::new(store)),
            machine,
            is_online: true,
            trouble: VecDeque::new(),
            death: None,
            habit: None,
            lives: 1,
            skew: 0,
            talk: Vec::new(),
            tries: Vec::new(),
        };
        state.keep(writes, &mut || town.chance());
        Self {
            town,
            name: name.to_owned(),
            member,
            role,
            cookie: cookie.to_owned(),
            state: Mutex::new(state),
        }
    }

    /// A phone of anybody, with a session.
    #[must_use]
    pub fn of(town: &Town, name: &str, member: MemberId, role: Role, cookie: &str) -> Self {
        Self::new(town.clone(), (name, member, role), cookie)
    }

    /// Whose it is.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.name
    }

    /// Whose it is.
    #[must_use]
    pub fn member(&self) -> MemberId {
        self.member
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nobody speaks to one phone from two places at once.
        self.state.try_lock().expect("a phone has one owner")
    }

    /// The tunnel begins.
    pub fn offline(&self) {
        self.state().is_online = false;
    }

    /// The tunnel ends: what was waiting goes out.
    pub async fn online(&self) {
        self.state().is_online = true;
        self.sync().await;
    }

    /// The next requests fare so.
    pub fn trouble<const N: usize>(&self, trouble: [Trouble; N]) {
        self.state().trouble.extend(trouble);
    }

    /// Its clock goes wrong by this much.
    pub fn set_clock_wrong(&self, millis: i64) {
        self.state().skew = millis;
    }

    /// The app dies at its next transaction but so many.
    pub fn die_after(&self, others: usize, death: Death) {
        self.state().death = Some((others, death));
    }

    /// What was to kill the app has done so.
    #[must_use]
    pub fn has_died(&self) -> bool {
        self.state().death.is_none()
    }

    /// The app is closed and opened again.
    pub fn reopen(&self) {
        self.state().open(&mut || self.town.chance());
    }

    /// The profile is copied to another phone: same device id, same numbers, same outbox.
    #[must_use]
    pub fn cloned(&self) -> Self {
        let twin = Self::new(
            self.town.clone(),
            (&self.name, self.member, self.role),
            &self.cookie,
        );
        let (stored, is_online) = {
            let state = self.state();
            (state.stored().clone(), state.is_online)
        };
        *twin.state().stored() = stored;
        twin.state().is_online = is_online;
        twin.reopen();
        twin
    }

    /// The same phone after its session ended.
    #[must_use]
    pub fn signed_out(other: &Self) -> Self {
        Self::with_session(other, &"0".repeat(64))
    }

    /// The same phone, whose browser has another session by now: that of whoever signed in since the page was loaded.
    #[must_use]
    pub fn with_session(other: &Self, cookie: &str) -> Self {
        let mut phone = other.cloned();
        cookie.clone_into(&mut phone.cookie);
        phone
    }

    /// The same phone, which reaches another server process from now on.
    #[must_use]
    pub fn served_by(self, town: &Town) -> Self {
        Self {
            town: town.clone(),
            ..self
        }
    }

    /// The browser has thrown everything away.
    pub fn evict(&self) {
        *self.state().stored() = Stored::new(DeviceId::random(self.town.chance()));
        self.reopen();
    }

    /// The person wishes something. It is saved; with a connection it is sent.
    pub async fn wish(&self, mutation: Mutation) -> MutationId {
        self.try_wish(mutation).await.expect("the outbox has room")
    }

    /// As [`Device::wish`], where the outbox may be full.
    ///
    /// # Errors
    /// When it is.
    pub async fn try_wish(&self, mutation: Mutation) -> Result<MutationId, Full> {
        let id = self.save(&mutation)?;
        if self.state().is_online {
            self.exchange_all(false).await;
        }
        Ok(id)
    }

    /// Pulls, and sends what is waiting, until there is nothing to do now.
    pub async fn sync(&self) {
        self.exchange_all(true).await;
    }

    async fn exchange_all(&self, is_kicked: bool) {
        if is_kicked {
            self.learn(News::Kick);
        }
        for _ in 0..300 {
            let now = self.now();
            let step = {
                let mut state = self.state();
                let link = Link {
                    is_online: state.is_online,
                    is_visible: true,
                };
                state.machine.next(now, link)
            };
            match step {
                Step::Send(request) => {
                    let answer = self.carry(&request).await;
                    self.learn(News::Answered(answer));
                }
                Step::Stop(_) => return,
                Step::Wait(until) => {
                    let mut state = self.state();
                    let is_done = state.machine.outbox().is_empty()
                        && state.machine.place().fetched.is_some()
                        && !state.machine.is_loading();
                    if is_done {
                        return;
                    }
                    // Waits as a person does, by its own clock.
                    state.skew += until.since(now).max(1);
                }
            }
        }
        panic!("{}'s phone never rests", self.name);
    }

    /// One request, with whatever happens to it on its way.
    async fn carry(&self, request: &SyncRequest) -> Answer {
        let trouble = {
            let now = self.now();
            let mut state = self.state();
            state.tries.push(now);
            state.trouble.pop_front()
        };
        if trouble == Some(Trouble::LostRequest) {
            self.state().talk.push((request.clone(), None));
            return self.wait_in_vain();
        }
        if trouble == Some(Trouble::Twice) {
            self.post(request).await;
        }
        let reply = self.post(request).await;
        self.state()
            .talk
            .push((request.clone(), Some((reply.status, reply.body.len()))));
        if trouble == Some(Trouble::LostAnswer) {
            self.wait_in_vain()
        } else {
            understood(&reply)
        }
    }

    /// As the transport of the browser: after a while without an answer there is none.
    fn wait_in_vain(&self) -> Answer {
        self.state().skew += ANSWER_WITHIN;
        Answer::Unclear
    }

    /// Posts a sync request of this phone's owner, and nothing else.
    pub async fn post(&self, request: &SyncRequest) -> Reply {
        self.post_bytes(serde_json::to_vec(request).expect("a request can be written"))
            .await
    }

    /// Posts bytes to the sync endpoint.
    pub async fn post_bytes(&self, body: Vec<u8>) -> Reply {
        let request = Request::post("/api/v1/sync")
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-kakehashi", "1")
            .header("x-kakehashi-member", self.member.to_string())
            .header("sec-fetch-site", "same-origin")
            .header(header::HOST, "localhost:3000")
            .header(header::COOKIE, format!("__Host-session={}", self.cookie))
            .body(Body::from(body))
            .expect("a request");
        self.town.send(request).await
    }

    /// A request that pulls from where the phone stands.
    #[must_use]
    pub fn pull_request(&self) -> SyncRequest {
        let state = self.state();
        SyncRequest {
            protocol: domain::sync::wire::PROTOCOL,
            build: "1".into(),
            device: state.machine.numbers().device,
            cursor: state.machine.place().cursor.clone(),
            mutations: Vec::new(),
            want: Vec::new(),
            reset: Vec::new(),
            check: false,
        }
    }

    fn learn(&self, news: News) {
        let mut state = self.state();
        let now = self.town.now() + state.skew;
        let writes = state.machine.learn(news, now, &mut || self.town.chance());
        state.keep(writes, &mut || self.town.chance());
    }

    /// Tells the machine what happened outside.
    pub fn hear(&self, news: News) {
        self.learn(news);
    }

    /// Wants an audience beyond the usual ones, and loads it.
    pub async fn want(&self, audience: &str) {
        self.wants(audience);
        self.sync().await;
    }
}

/// As the transport of the browser understands an answer.
#[must_use]
pub fn understood(reply: &Reply) -> Answer {
    let problem =
        || serde_json::from_slice::<Problem>(&reply.body).map_or(Answer::Unclear, Answer::Problem);
    match reply.status.as_u16() {
        200 => serde_json::from_slice::<SyncAnswer>(&reply.body)
            .map_or(Answer::Unclear, |it| Answer::Changes(Box::new(it))),
        204 => Answer::Nothing {
            next_ms: reply.header("x-next-ms").parse().unwrap_or(300_000),
        },
        401 => Answer::SignedOut,
        403 | 409 | 422 | 426 => problem(),
        413 => Answer::TooLarge,
        429 | 503 => Answer::Later {
            wait_ms: reply
                .header("retry-after")
                .parse()
                .map_or(1_000, |it: i64| it * 1_000),
        },
        _ => Answer::Unclear,
    }
}
