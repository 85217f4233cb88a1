//! A phone: the real sync machine on an in-memory store, talking to the real router, with a connection that fails as
//! connections do.

use std::collections::VecDeque;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{
    booking::{Ask, Cancel, CloseSlot, Move, Wish},
    id::{BookingId, DeviceId, MemberId, MutationId},
    member::Role,
    sync::{
        machine::{Link, Machine, News, Step, Writes},
        mutation::{Acknowledge, Mutation},
        outbox::Full,
        replica::Seen,
        row::{Outcome, Verdict},
        wire::{Answer, Problem, RowChange, SyncAnswer, SyncRequest},
    },
    time::Time,
};
use tokio::sync::{Mutex, MutexGuard};

use crate::{Reply, Town, show::code_of, store::Store};

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

/// A phone.
pub struct Device {
    town: Town,
    name: String,
    member: MemberId,
    role: Role,
    cookie: String,
    state: Mutex<State>,
}

struct State {
    store: Store,
    machine: Machine,
    is_online: bool,
    trouble: VecDeque<Trouble>,
    /// Its clock is ahead of the town's by this much.
    skew: i64,
    /// Requests and answers, for whoever wants to know.
    talk: Vec<(SyncRequest, Option<(StatusCode, usize)>)>,
}

impl Device {
    pub(crate) fn new(
        town: Town,
        (name, member, role): (&str, MemberId, Role),
        cookie: &str,
    ) -> Self {
        let store = Store::new(DeviceId::random(town.chance()));
        let (machine, _) = Machine::load(store.stored(), "1", &mut || town.chance());
        let state = State {
            store,
            machine,
            is_online: true,
            trouble: VecDeque::new(),
            skew: 0,
            talk: Vec::new(),
        };
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

    /// The app is closed and opened again.
    pub fn reopen(&self) {
        let mut state = self.state();
        let (machine, writes) =
            Machine::load(state.store.stored(), "1", &mut || self.town.chance());
        state.machine = machine;
        let _ = state.store.commit(writes);
    }

    /// The profile is copied to another phone: same device id, same numbers, same outbox.
    #[must_use]
    pub fn cloned(&self) -> Self {
        let twin = Self::new(
            self.town.clone(),
            (&self.name, self.member, self.role),
            &self.cookie,
        );
        twin.state().store = self.state().store.clone();
        twin.state().is_online = self.state().is_online;
        twin.reopen();
        twin
    }

    /// The same phone after its session ended.
    #[must_use]
    pub fn signed_out(other: &Self) -> Self {
        let mut phone = other.cloned();
        phone.cookie = "0".repeat(64);
        phone
    }

    /// The browser has thrown everything away.
    pub fn evict(&self) {
        let mut state = self.state();
        state.store = Store::new(DeviceId::random(self.town.chance()));
        drop(state);
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
        let id = {
            let mut state = self.state();
            let now = self.town.now() + state.skew;
            let id = MutationId::born(now, self.town.chance());
            let writes = state.machine.act(&mutation, id, now)?;
            let _ = state.store.commit(writes);
            id
        };
        if self.state().is_online {
            self.exchange_all(false).await;
        }
        Ok(id)
    }

    /// Asks for slots by name, best first.
    pub async fn ask_for<const N: usize>(&self, names: [&str; N]) -> BookingId {
        self.ask_with(names, "", "", "").await
    }

    /// Asks for slots, with words.
    pub async fn ask_with<const N: usize>(
        &self,
        names: [&str; N],
        topic: &str,
        talk: &str,
        avoid: &str,
    ) -> BookingId {
        let booking = BookingId::born(self.town.now(), self.town.chance());
        let (topic, talk, avoid) = (topic.to_owned(), talk.to_owned(), avoid.to_owned());
        self.wish(Mutation::Ask(Ask {
            booking,
            wishes: self.wishes(names),
            topic,
            talk,
            avoid,
        }))
        .await;
        booking
    }

    /// Wishes as the screen makes them of what it shows; what is not shown (any more) as it was known.
    pub fn wishes<const N: usize>(&self, names: [&str; N]) -> Vec<Wish> {
        names
            .iter()
            .map(|it| Wish::from(&self.town.slot(it)))
            .collect()
    }

    /// Gives a booking up.
    pub async fn cancel(&self, booking: BookingId) {
        self.wish(Mutation::Cancel(Cancel { booking })).await;
    }

    /// Wants another time.
    pub async fn move_to<const N: usize>(&self, booking: BookingId, names: [&str; N]) {
        let wishes = self.wishes(names);
        self.wish(Mutation::Move(Move { booking, wishes })).await;
    }

    /// Closes a slot.
    pub async fn close(&self, name: &str, word: &str) {
        let slot = self.town.slot(name).id;
        self.wish(Mutation::CloseSlot(CloseSlot {
            slot,
            word: word.to_owned(),
        }))
        .await;
    }

    /// Reads every outcome.
    pub async fn read_outcomes(&self) {
        for outcome in self.outcomes() {
            self.wish(Mutation::Acknowledge(Acknowledge {
                mutation: outcome.mutation,
            }))
            .await;
        }
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
        let trouble = self.state().trouble.pop_front();
        if trouble == Some(Trouble::LostRequest) {
            self.state().talk.push((request.clone(), None));
            return Answer::Unclear;
        }
        if trouble == Some(Trouble::Twice) {
            self.post(request).await;
        }
        let reply = self.post(request).await;
        self.state()
            .talk
            .push((request.clone(), Some((reply.status, reply.body.len()))));
        if trouble == Some(Trouble::LostAnswer) {
            Answer::Unclear
        } else {
            understood(&reply)
        }
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
        if writes == Writes::default() {
            return;
        }
        let is_asked_to = writes.reload;
        let is_current = state.store.commit(writes);
        if is_asked_to || !is_current {
            let stored = state.store.stored();
            let writes = state.machine.reload(stored, &mut || self.town.chance());
            let _ = state.store.commit(writes);
        }
    }

    /// Tells the machine what happened outside.
    pub fn hear(&self, news: News) {
        self.learn(news);
    }

    /// Wants an audience beyond the usual ones.
    pub async fn want(&self, audience: &str) {
        let now = self.now();
        self.state().machine.want(audience, now);
        self.sync().await;
    }

    /// What its clock shows.
    #[must_use]
    pub fn now(&self) -> Time {
        self.town.now() + self.state().skew
    }

    /// What the screen shows.
    #[must_use]
    pub fn seen(&self) -> Seen {
        let now = self.now();
        self.state().machine.seen(now)
    }

    /// A copy of its machine, to look at.
    #[must_use]
    pub fn machine(&self) -> Machine {
        self.state().machine.clone()
    }

    /// Confirmed rows as they are stored, in the order of audience, kind and id.
    #[must_use]
    pub fn rows(&self) -> Vec<RowChange> {
        self.state().store.rows()
    }

    /// Wishes not yet answered.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.state().store.unsent()
    }

    /// Requests so far with the status and size of their answers.
    #[must_use]
    pub fn talk(&self) -> Vec<(SyncRequest, Option<(StatusCode, usize)>)> {
        self.state().talk.clone()
    }

    /// Outcomes not yet read, oldest first.
    #[must_use]
    pub fn outcomes(&self) -> Vec<Outcome> {
        let mut rows: Vec<_> = self
            .rows()
            .into_iter()
            .filter(|it| &*it.0 == "outcome")
            .collect();
        rows.sort_by_key(|it| it.2);
        let state = self.state();
        let outcomes = &state.machine.replica().view().outcomes;
        rows.iter()
            .filter_map(|it| outcomes.get(&it.1.parse().ok()?).cloned())
            .collect()
    }

    /// Codes of the refusals not yet read, oldest first.
    #[must_use]
    pub fn refusals(&self) -> Vec<String> {
        let no = |it: &Outcome| match &it.verdict {
            Verdict::Refused(no) => Some(code_of(no)),
            Verdict::Ok => None,
        };
        self.outcomes().iter().filter_map(no).collect()
    }

    /// The slots that the newest refusal offers instead, by name.
    #[must_use]
    pub fn offered(&self) -> Vec<String> {
        let no = |it: &Outcome| match &it.verdict {
            Verdict::Refused(no) => Some(
                no.nearest()
                    .iter()
                    .map(|it| self.town.name_of(*it))
                    .collect(),
            ),
            Verdict::Ok => None,
        };
        self.outcomes()
            .iter()
            .rev()
            .find_map(no)
            .unwrap_or_default()
    }

    /// Live bookings, confirmed, by the slots' names in order of time.
    #[must_use]
    pub fn booked(&self) -> Vec<String> {
        let state = self.state();
        let mut live: Vec<_> = state
            .machine
            .replica()
            .view()
            .bookings
            .values()
            .filter(|it| it.is_live())
            .collect();
        live.sort_by_key(|it| it.starts);
        live.iter().map(|it| self.town.name_of(it.slot)).collect()
    }

    /// Free slots that it shows as confirmed, by name in order of time.
    #[must_use]
    pub fn free(&self) -> Vec<String> {
        let state = self.state();
        let mut free: Vec<_> = state.machine.replica().view().slots.values().collect();
        free.sort_by_key(|it| (it.starts, it.id));
        free.iter().map(|it| self.town.name_of(it.id)).collect()
    }

    /// Its rows are, byte for byte, what its owner may see.
    ///
    /// # Panics
    /// When they are not.
    pub async fn assert_converged(&self) {
        self.assert_converged_as(self.role).await;
    }

    /// As [`Device::assert_converged`], for somebody whose role changed.
    ///
    /// # Panics
    /// When they are not.
    pub async fn assert_converged_as(&self, role: Role) {
        let due = self.town.projection_for(self.member(), role).await;
        let held = self.rows();
        assert_eq!(
            lines(&held),
            lines(&due),
            "{}'s phone holds something else than the projection",
            self.name
        );
        let mut in_memory = self.state().machine.replica().rows();
        in_memory.sort_by(|a, b| (&a.3, &a.0, &a.1).cmp(&(&b.3, &b.0, &b.1)));
        assert_eq!(
            lines(&in_memory),
            lines(&due),
            "{}'s phone shows something else than the projection",
            self.name
        );
    }
}

fn lines(rows: &[RowChange]) -> Vec<String> {
    rows.iter()
        .map(|it| serde_json::to_string(it).expect("a row can be written"))
        .collect()
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
