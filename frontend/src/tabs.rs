//! The tabs of one member in one browser: one of them leads, that is, talks to the network.
//!
//! The lead goes to the tab that was looked at last: it takes the lock by force, because a frozen tab keeps its own.
//! Nothing depends on there being only one: where the browser has no locks, every tab leads.

use std::cell::{Cell, OnceCell, RefCell};

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, prelude::*};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::browser;

/// How often the leader says that it lives.
const BEAT: i64 = 5_000;
/// A leader that was not heard for so long has no lead any more.
const SILENCE: i64 = 15_000;

#[wasm_bindgen]
extern "C" {
    type Locks;
    #[wasm_bindgen(method, catch)]
    fn request(
        this: &Locks,
        name: &str,
        options: &Object,
        granted: &Function,
    ) -> Result<Promise, JsValue>;
}

/// What one tab tells the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Message {
    /// The store has changed.
    Applied,
    /// There is something to send.
    Kick,
    /// The person signed out.
    SignOut,
    /// A newer build took over.
    Upgrade,
    /// The leader lives.
    Beat,
}

impl Message {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Applied, "applied"),
        (Self::Kick, "kick"),
        (Self::SignOut, "signout"),
        (Self::Upgrade, "upgrade"),
        (Self::Beat, "beat"),
    ];
}

/// This tab among the others.
pub(crate) struct Tabs {
    name: String,
    locks: Option<Locks>,
    channel: Option<BroadcastChannel>,
    leads: Cell<bool>,
    waits: Cell<bool>,
    heard: Cell<i64>,
    on_lead: OnceCell<fn(bool)>,
    release: RefCell<Option<Function>>,
}

impl Tabs {
    /// A tab that has not joined the others.
    pub(crate) fn new(name: String) -> Self {
        let navigator = browser::window().navigator();
        let locks = browser::has(&navigator, "locks")
            .then(|| Reflect::get(&navigator, &"locks".into()).ok())
            .flatten()
            .map(JsCast::unchecked_into);
        Self {
            channel: BroadcastChannel::new(&name).ok(),
            name,
            leads: Cell::new(false),
            locks,
            waits: Cell::new(false),
            heard: Cell::new(browser::now().millis()),
            on_lead: OnceCell::new(),
            release: RefCell::new(None),
        }
    }

    /// Joins the other tabs: hears what they say, and when the lead comes or goes. Alone is whose store no other tab
    /// can see: it leads at once.
    pub(crate) fn join(&'static self, is_alone: bool, on_message: fn(Message), on_lead: fn(bool)) {
        let _ = self.on_lead.set(on_lead);
        if is_alone || self.locks.is_none() {
            self.lead(true);
        }
        if let Some(channel) = &self.channel {
            let hear = move |event: web_sys::Event| {
                self.heard.set(browser::now().millis());
                let event: MessageEvent = event.unchecked_into();
                let text = event.data().as_string().unwrap_or_default();
                for (message, name) in Message::ALL {
                    if name == text {
                        on_message(message);
                    }
                }
            };
            browser::listen(channel, "message", Box::new(hear));
        }
        if browser::is_visible() {
            self.take();
        } else if !self.leads() {
            self.wait();
        }
        browser::every(BEAT, Box::new(move || self.beat()));
    }

    /// This tab talks to the network.
    pub(crate) fn leads(&self) -> bool {
        self.leads.get()
    }

    /// Tells the other tabs.
    pub(crate) fn tell(&self, message: Message) {
        let name = Message::ALL.iter().find(|it| it.0 == message);
        if let (Some(channel), Some((_, name))) = (&self.channel, name) {
            let _ = channel.post_message(&(*name).into());
        }
    }

    /// The person looks at this tab: it leads.
    pub(crate) fn take(&'static self) {
        if !self.leads() {
            self.ask(true);
        }
    }

    /// Leads when the others are gone.
    fn wait(&'static self) {
        if !self.waits.replace(true) {
            self.ask(false);
        }
    }

    fn beat(&'static self) {
        if !browser::is_visible() || self.locks.is_none() {
            return;
        }
        if self.leads() {
            self.tell(Message::Beat);
        } else if browser::now().millis() - self.heard.get() > SILENCE {
            self.take();
        }
    }

    fn ask(&'static self, by_force: bool) {
        let Some(locks) = &self.locks else { return };
        let options = Object::new();
        let _ = Reflect::set(&options, &"steal".into(), &by_force.into());
        let granted = Closure::once_into_js(move || -> Promise {
            if !by_force {
                self.waits.set(false);
            }
            if let Some(release) = self.release.take() {
                // It already led through an older request: one is enough.
                let _ = release.call0(&JsValue::NULL);
            }
            self.lead(true);
            // Held until the page ends or another tab takes it.
            Promise::new(&mut |resolve, _| {
                self.release.replace(Some(resolve));
            })
        });
        let Ok(held) = locks.request(&self.name, &options, granted.unchecked_ref()) else {
            self.lead(true);
            return;
        };
        spawn_local(async move {
            if JsFuture::from(held).await.is_err() {
                self.release.take();
                self.lead(false);
                self.wait();
            }
        });
    }

    fn lead(&self, leads: bool) {
        if self.leads.replace(leads) != leads
            && let Some(on_lead) = self.on_lead.get()
        {
            on_lead(leads);
        }
    }
}
