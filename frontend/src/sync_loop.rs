//! The only driver of the sync machine: asks what is next, sends, stores what came of it, shows it.
//!
//! Three rules keep it simple. Nothing is sent while something is being stored, so what the server hears is what the
//! device remembers. A store that failed, or that another tab wrote to, is read anew: the stored state is the true
//! one. While it is being read, whatever happens waits in line.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
};

use app::{
    device::{Device, NotSaved, SignOut},
    start::{Start, Who},
};
use domain::{
    id::MutationId,
    sync::{
        machine::{Hold, Link, Machine, News, Step, Stored, Writes},
        mutation::Mutation,
        wire::{Answer, RowChange, SyncRequest},
    },
    time::Time,
};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{
    browser, events, leave, screen,
    store::{Failed, Store},
    tabs::{Message, Tabs},
    transport, worker,
};

/// Hears whether a wish was saved.
pub(crate) type Then = Box<dyn FnOnce(Result<(), NotSaved>)>;

/// After a store that failed, nothing is asked of the network for so long.
const STORE_PAUSE: i64 = 30_000;
/// A browser counts freed bytes a little later: so often it is asked again, after so long.
const ROOM_TRIES: u32 = 4;
const ROOM_PAUSE: i64 = 250;
/// Folding waits until the person has had time to read what came.
const FOLD_AFTER: i64 = 3_000;

thread_local! {
    static LOOP: Cell<Option<&'static SyncLoop>> = const { Cell::new(None) };
}

/// Something that waits until the store has been read.
enum Early {
    Act(Mutation, Then),
    News(News),
}

/// The loop of one page.
pub(crate) struct SyncLoop {
    pub(crate) device: Device,
    pub(crate) who: Who,
    pub(crate) store: Store,
    pub(crate) tabs: Tabs,
    pub(crate) machine: RefCell<Option<Machine>>,
    /// Says how the screen knows that the rows are current: when the server last answered, by the device's clock.
    pub(crate) current: Cell<Option<Time>>,
    pub(crate) is_unreachable: Cell<bool>,
    pub(crate) has_new_version: Cell<bool>,
    build: String,
    embedded: RefCell<Vec<RowChange>>,
    wanted: RefCell<Vec<String>>,
    early: RefCell<VecDeque<Early>>,
    leaving: Cell<Option<SignOut>>,
    timer: Cell<Option<i32>>,
    pub(crate) hidden_since: Cell<Option<Time>>,
    not_before: Cell<Time>,
    is_sending: Cell<bool>,
    is_loading: Cell<bool>,
    pub(crate) is_stale: Cell<bool>,
    is_unreadable: Cell<bool>,
    writing: Cell<u32>,
    has_asked_to_persist: Cell<bool>,
}

/// The loop of this page, once its store is open.
pub(crate) fn here() -> Option<&'static SyncLoop> {
    LOOP.get()
}

/// Tries soon.
pub(crate) fn kick() {
    if let Some(it) = here() {
        it.tell(News::Kick);
    }
}

/// Makes the loop of this page. Whatever is asked of it before [`begin`] waits in line.
pub(crate) fn make(device: Device, who: Who, start: Start) {
    let name = format!("kakehashi-{}", who.id);
    let it: &'static SyncLoop = Box::leak(Box::new(SyncLoop {
        device,
        who,
        store: Store::new(name.clone()),
        tabs: Tabs::new(name),
        machine: RefCell::new(None),
        current: Cell::new(None),
        is_unreachable: Cell::new(false),
        has_new_version: Cell::new(false),
        build: start.build,
        embedded: RefCell::new(start.rows),
        wanted: RefCell::default(),
        early: RefCell::default(),
        leaving: Cell::new(None),
        timer: Cell::new(None),
        hidden_since: Cell::new((!browser::is_visible()).then(browser::now)),
        not_before: Cell::new(Time::default()),
        is_sending: Cell::new(false),
        is_loading: Cell::new(true),
        is_stale: Cell::new(false),
        is_unreadable: Cell::new(false),
        writing: Cell::new(0),
        has_asked_to_persist: Cell::new(false),
    }));
    LOOP.set(Some(it));
}

/// Opens the store and begins.
pub(crate) async fn begin() {
    let Some(it) = here() else { return };
    it.store.open().await;
    it.read().await;
    events::listen(it);
    worker::register();
    it.run();
}

impl SyncLoop {
    pub(crate) fn hold(&self) -> Option<Hold> {
        self.machine.borrow().as_ref().and_then(Machine::hold)
    }

    /// Nothing waits and nothing is on its way.
    pub(crate) fn is_quiet(&self) -> bool {
        let has_wishes = self
            .machine
            .borrow()
            .as_ref()
            .is_some_and(|it| !it.outbox().is_empty());
        !has_wishes && self.writing.get() == 0 && self.early.borrow().is_empty()
    }

    /// The person wishes something.
    pub(crate) fn act(&'static self, mutation: Mutation, then: Then) {
        if self.is_loading.get() {
            self.early
                .borrow_mut()
                .push_back(Early::Act(mutation, then));
            return;
        }
        let now = browser::now();
        let id = MutationId::born(now, browser::chance());
        let acted = self
            .machine
            .borrow_mut()
            .as_mut()
            .map(|it| it.act(&mutation, id, now));
        match acted {
            Some(Ok(writes)) => self.keep(writes, Some(then)),
            Some(Err(_)) => then(Err(NotSaved::Full)),
            None => then(Err(NotSaved::Storage)),
        }
    }

    /// Something happened.
    pub(crate) fn tell(&'static self, news: News) {
        if self.is_loading.get() {
            self.early.borrow_mut().push_back(Early::News(news));
            return;
        }
        if matches!(news, News::Kick) && !self.tabs.leads() {
            self.tabs.tell(Message::Kick);
        }
        self.learn(news);
    }

    pub(crate) fn want(&'static self, audience: &str) {
        match self.machine.borrow_mut().as_mut() {
            Some(machine) => machine.want(audience, browser::now()),
            None => self.wanted.borrow_mut().push(audience.to_owned()),
        }
        self.run();
    }

    /// Stops for good: nothing is sent, read or written any more.
    pub(crate) fn end(&self) {
        self.is_loading.set(true);
        self.store.close();
    }

    /// Signs out, as soon as nothing waits if it is to be sent first.
    pub(crate) fn sign_out(&'static self, choice: SignOut) {
        self.leaving.set(Some(choice));
        if choice == SignOut::SendFirst {
            self.tell(News::Kick);
        }
        self.run();
    }

    fn learn(&'static self, news: News) {
        let was_held = self.hold();
        let learned = self
            .machine
            .borrow_mut()
            .as_mut()
            .map(|it| it.learn(news, browser::now(), &mut browser::chance));
        let hold = self.hold();
        if hold != was_held {
            events::keep_poke();
        }
        if hold == Some(Hold::Outdated) && was_held != hold {
            self.has_new_version.set(true);
            worker::look();
        }
        self.keep(learned.unwrap_or_default(), None);
    }

    /// Stores, shows, goes on.
    fn keep(&'static self, writes: Writes, then: Option<Then>) {
        if writes == Writes::default() && then.is_none() {
            screen::show_status(self);
            self.run();
            return;
        }
        self.writing.set(self.writing.get() + 1);
        spawn_local(async move {
            let mut written = self.store.write(&writes).await;
            if written == Err(Failed::Full) {
                written = self.make_room(&writes).await;
            }
            self.writing.set(self.writing.get() - 1);
            let answer = if let Ok(is_current) = written {
                if !is_current || writes.reload {
                    self.is_stale.set(true);
                }
                self.tabs.tell(Message::Applied);
                Ok(())
            } else {
                self.not_before.set(browser::now() + STORE_PAUSE);
                self.is_stale.set(true);
                Err(NotSaved::Storage)
            };
            screen::show(self);
            if let Some(then) = then {
                if answer.is_ok() {
                    self.ask_to_persist();
                }
                then(answer);
            }
            self.run();
        });
    }

    /// Writes to a full device. What can be fetched again makes room: first media, then rows. The outbox never does.
    async fn make_room(&self, writes: &Writes) -> Result<bool, Failed> {
        if leave::free_media().await {
            for _ in 0..ROOM_TRIES {
                match self.store.write(writes).await {
                    Err(Failed::Full) => {}
                    written => return written,
                }
                let _ = JsFuture::from(browser::pause(ROOM_PAUSE)).await;
            }
        }
        self.store.drop_rows().await?;
        self.store.write(writes).await
    }

    /// Does what is next.
    pub(crate) fn run(&'static self) {
        if self.is_loading.get() || self.writing.get() > 0 {
            return;
        }
        let now = browser::now();
        let may_read = !self.is_unreadable.get() || self.not_before.get() <= now;
        if self.is_stale.get() && may_read {
            spawn_local(async move {
                self.read().await;
                self.run();
            });
            return;
        }
        if let Some(choice) = self.leaving.get()
            && (choice != SignOut::SendFirst || self.is_quiet())
        {
            self.is_loading.set(true);
            spawn_local(leave::leave(self, choice));
            return;
        }
        if self.not_before.get() > now {
            self.wake(self.not_before.get().since(now));
            return;
        }
        if self.is_sending.get() || !self.tabs.leads() {
            return;
        }
        let link = Link {
            is_online: browser::is_online(),
            is_visible: browser::is_visible(),
        };
        let step = self
            .machine
            .borrow_mut()
            .as_mut()
            .map(|it| it.next(now, link));
        match step {
            Some(Step::Send(request)) => {
                self.is_sending.set(true);
                if !request.mutations.is_empty() {
                    screen::show(self);
                }
                spawn_local(self.send(request));
            }
            Some(Step::Wait(until)) => self.wake(until.since(now)),
            Some(Step::Stop(_)) | None => {}
        }
    }

    fn wake(&'static self, ms: i64) {
        if let Some(timer) = self.timer.take() {
            browser::never_mind(timer);
        }
        // A timer of a sleeping phone may come at any time; a little late is never wrong.
        let ring = move || {
            self.timer.set(None);
            self.run();
        };
        self.timer
            .set(Some(browser::after(ms.max(10), Box::new(ring))));
    }

    async fn send(&'static self, request: Box<SyncRequest>) {
        if leave::somebody_else_is_here(self.who) {
            browser::reload();
            return;
        }
        let answer = transport::sync(&request, self.who.id).await;
        self.is_sending.set(false);
        self.is_unreachable.set(matches!(answer, Answer::Unclear));
        if matches!(answer, Answer::Changes(_) | Answer::Nothing { .. }) {
            self.current.set(Some(browser::now()));
            // From now on the page is the older one.
            self.embedded.borrow_mut().clear();
        }
        self.tell(News::Answered(answer));
        if !request.mutations.is_empty() {
            screen::show(self);
        }
        browser::after(FOLD_AFTER, Box::new(move || self.fold()));
    }

    fn fold(&'static self) {
        if !self.is_sending.get() && !self.is_loading.get() {
            spawn_local(async move {
                let _ = self.store.fold().await;
            });
        }
    }

    /// Reads the store anew; then whatever waited has its turn.
    async fn read(&'static self) {
        self.is_loading.set(true);
        self.is_stale.set(false);
        let is_first = self.machine.borrow().is_none();
        // Memory is read once: there is no truer state behind it.
        if is_first || !self.store.is_memory_only() {
            match self.store.load().await {
                Ok((stored, is_known)) => self.take_over(stored, is_known),
                Err(_) => {
                    self.is_stale.set(true);
                    self.is_unreadable.set(true);
                    self.not_before.set(browser::now() + STORE_PAUSE);
                }
            }
        }
        self.is_loading.set(false);
        screen::show(self);
        loop {
            let early = self.early.borrow_mut().pop_front();
            match early {
                Some(Early::Act(mutation, then)) => self.act(mutation, then),
                Some(Early::News(news)) => self.tell(news),
                None => break,
            }
        }
    }

    fn take_over(&'static self, mut stored: Stored, is_known: bool) {
        self.is_unreadable.set(false);
        let mut held = self.machine.borrow_mut();
        if let Some(machine) = held.as_ref()
            && !self.store.has_rows()
        {
            stored.rows = machine.replica().rows();
            stored.place = machine.place().clone();
        }
        let mut writes = if let Some(machine) = held.as_mut() {
            let writes = machine.reload(stored, &mut browser::chance);
            machine.glance(&self.embedded.borrow());
            writes
        } else {
            let (mut machine, writes) = Machine::load(stored, &self.build, &mut browser::chance);
            machine.glance(&self.embedded.borrow());
            for audience in self.wanted.borrow().iter() {
                machine.want(audience, browser::now());
            }
            *held = Some(machine);
            writes
        };
        if !is_known {
            writes.numbers = held.as_ref().map(Machine::numbers);
        }
        drop(held);
        if writes != Writes::default() {
            self.keep(writes, None);
        }
    }

    /// Asks the browser not to delete what is stored: after the first act, when it means something.
    fn ask_to_persist(&self) {
        let navigator = browser::window().navigator();
        if !self.has_asked_to_persist.replace(true) && browser::has(&navigator, "storage") {
            let _ = navigator.storage().persist();
        }
    }
}
