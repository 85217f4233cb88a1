//! The device as the screens see it: what is there, how certain it is, and the one way to change it.
//!
//! Screens read [`Device::seen`] and call [`Edge::act`]. They never fetch. On the server the same signals are filled
//! once, from the rows of the page, and no edge exists.

use std::sync::{Arc, OnceLock};

#[cfg(feature = "holder")]
use domain::learning::File;
use domain::{
    id::MutationId,
    member::Language,
    sync::{
        machine::Hold,
        mutation::Mutation,
        outbox::DeadLetter,
        replica::{Replica, Seen, Standing},
    },
    time::Time,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::online::Online;
use crate::{
    page::Page,
    start::{FormAnswer, Start, Who},
};

/// Signals of one device; a context of every screen.
#[derive(Debug, Clone, Copy)]
pub struct Device {
    /// Rows and pending wishes.
    pub seen: RwSignal<Arc<Seen>>,
    /// The clock, moved on every half minute. On the first render it is the server's.
    pub now: RwSignal<Time>,
    /// What moves and what does not.
    pub status: RwSignal<Status>,
    /// The page shown.
    pub page: RwSignal<Option<Page>>,
    /// The language; a change of language loads the page anew.
    pub language: Language,
    /// Who is signed in on this device.
    pub who: StoredValue<Option<Who>>,
    /// A lesson's page as the server drew it; gone after the first navigation.
    #[cfg(feature = "holder")]
    pub lesson: RwSignal<Option<String>>,
    /// What only the server knows.
    #[cfg(feature = "ssr")]
    pub online: StoredValue<Option<Online>>,
    /// What of lessons is on this device.
    #[cfg(feature = "holder")]
    pub shelf: RwSignal<Shelf>,
    /// What a form without script came back with; gone after the first navigation.
    pub answer: RwSignal<Option<FormAnswer>>,
}

/// What moves and what does not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// Why nothing moves.
    pub hold: Option<Hold>,
    /// Rows are being loaded for the first time.
    pub is_loading: bool,
    /// Wishes are on their way.
    pub is_sending: bool,
    /// The rows were current at this time, by the server's clock.
    pub fetched: Option<Time>,
    /// Wishes without an answer, oldest first.
    pub unsent: Vec<Unsent>,
    /// Wishes the server could not read.
    pub dead: Vec<DeadLetter>,
    /// The browser keeps nothing: what is written goes straight to the network.
    pub is_memory_only: bool,
    /// A newer build is ready.
    pub has_new_version: bool,
}

/// A wish without an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsent {
    /// Its id.
    pub id: MutationId,
    /// When the person acted.
    pub at: Time,
    /// What it is; none for a wish that was given up.
    pub mutation: Option<Mutation>,
    /// Saved or on its way.
    pub standing: Standing,
}

/// It could not be saved; what was typed stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSaved {
    /// The outbox holds all it can.
    Full,
    /// The device's storage refused.
    Storage,
}

/// What of lessons is on this device: files that were stored and compared with their names.
#[cfg(feature = "holder")]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shelf {
    /// Names of the files that are here.
    pub kept: Vec<Box<str>>,
    /// Files that are to be here.
    pub wanted: Vec<File>,
    /// Bytes of the file that is on its way.
    pub partly: u64,
    /// Something is on its way.
    pub is_busy: bool,
    /// Why nothing is on its way.
    pub stop: Option<Stop>,
}

/// Why a download stands still.
#[cfg(feature = "holder")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The person paused it.
    Paused,
    /// There is no connection.
    Offline,
    /// The device has too little room.
    Full,
    /// What came was not what its name says.
    Damaged,
}

#[cfg(feature = "holder")]
impl Shelf {
    /// Is this file here, whole?
    #[must_use]
    pub fn has(&self, file: &File) -> bool {
        self.kept.contains(&file.name)
    }

    /// Bytes of these files that are here. What is on its way counts where it is one of them.
    #[must_use]
    pub fn bytes_of(&self, files: &[File]) -> u64 {
        let here = files.iter().filter(|it| self.has(it));
        let next = self.wanted.iter().find(|it| !self.has(it));
        let partly = next
            .filter(|it| files.contains(it))
            .map_or(0, |_| self.partly);
        here.map(|it| it.bytes).sum::<u64>() + partly
    }
}

/// What becomes of unsent wishes at sign-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOut {
    /// Send them first; sign out when they are answered.
    SendFirst,
    /// Keep them on this device for the next sign-in of the same person.
    Keep,
    /// Throw them away.
    Discard,
}

/// The browser, as screens may use it. One implementation, in `frontend`; none on the server.
pub trait Edge: Send + Sync {
    /// Saves a wish on the device and hands it to the network. `then` hears when it is saved, or that it is not.
    fn act(&self, mutation: Mutation, then: Box<dyn FnOnce(Result<(), NotSaved>)>);
    /// Gives an unsent wish up.
    fn give_up(&self, id: MutationId);
    /// Tries a dead letter again.
    fn revive(&self, id: MutationId);
    /// Throws a dead letter away.
    fn bury(&self, id: MutationId);
    /// Tries to send now.
    fn kick(&self);
    /// Loads an audience that is not loaded by itself.
    fn want(&self, audience: &str);
    /// Signs out.
    fn sign_out(&self, choice: SignOut);
    /// 128 random bits, for a new id.
    fn chance(&self) -> u128;
    /// The device's clock.
    fn now(&self) -> Time;
    /// Goes to a page of this bundle.
    fn go(&self, page: &Page);
    /// The unfinished text of a form field.
    fn draft(&self, key: &str) -> Option<String>;
    /// Keeps the unfinished text of a form field; nothing forgets it.
    fn keep_draft(&self, key: &str, text: &str);
    /// Hands a file over to the person.
    fn download(&self, name: &str, kind: &str, text: &str);
    /// Shows the camera in the `video` that this selector finds, until it leaves the page, and tells each QR code once as it
    /// comes into sight; nothing where no camera may be used.
    #[cfg(feature = "staff")]
    fn scan(&self, video: &'static str, heard: Callback<Option<String>>);
    /// Keeps these files on the device, or goes on where it stopped. [`Device::shelf`] says how far it is.
    #[cfg(feature = "holder")]
    fn keep_files(&self, files: Vec<File>);
    /// Stops keeping files for now.
    #[cfg(feature = "holder")]
    fn pause_files(&self);
    /// Takes these files off the device.
    #[cfg(feature = "holder")]
    fn drop_files(&self, files: Vec<File>);
    /// Opens a lesson's page, from the device or from the network; nothing where neither has it.
    #[cfg(feature = "holder")]
    fn lesson(&self, page: &File, heard: Callback<Option<String>>);
    /// Lets the questions on this page be answered, and tells how many of its parts have been in sight. `last` are the latest
    /// answers, a line each: the question, the answer, `1` when it was right, with tabs between.
    #[cfg(feature = "holder")]
    fn attend(&self, last: &str, answered: Callback<[String; 3], bool>, seen: Callback<u16>);
    /// Looks for words in these entries on the device: see [`crate::learning`]. Hears what was found, a line each.
    #[cfg(feature = "holder")]
    fn find(&self, entries: &str, words: &str, heard: Callback<String>);
    /// Copies a text.
    fn copy(&self, text: &str);
    /// Changes the language and loads the page anew.
    fn speak(&self, language: Language);
    /// Takes the newer build: loads the page anew.
    fn update(&self);
}

static EDGE: OnceLock<Box<dyn Edge>> = OnceLock::new();

/// Called once by `frontend`, before the first render. One page has one browser around it.
pub fn set_edge(edge: Box<dyn Edge>) {
    // A second call would be a second start of the same page; the first edge stays.
    let _ = EDGE.set(edge);
}

/// The browser. None on the server, and before the bundle has started.
#[must_use]
pub fn edge() -> Option<&'static dyn Edge> {
    EDGE.get().map(Box::as_ref)
}

impl Device {
    /// Signals filled from what the page starts from.
    #[must_use]
    pub fn new(start: &Start, page: Option<Page>) -> Self {
        let replica = Replica::new(&start.rows);
        let seen = Seen::confirmed(replica.view());
        let status = Status {
            is_loading: start.who.is_none(),
            fetched: Some(start.now),
            ..Status::default()
        };
        Self {
            seen: RwSignal::new(Arc::new(seen)),
            now: RwSignal::new(start.now),
            status: RwSignal::new(status),
            page: RwSignal::new(page),
            language: start.language,
            who: StoredValue::new(start.who),
            #[cfg(feature = "holder")]
            lesson: RwSignal::new(start.lesson.clone()),
            #[cfg(feature = "ssr")]
            online: StoredValue::new(start.online.clone()),
            #[cfg(feature = "holder")]
            shelf: RwSignal::new(Shelf::default()),
            answer: RwSignal::new(start.answer.clone()),
        }
    }

    /// The device of this screen.
    #[must_use]
    pub fn here() -> Self {
        expect_context()
    }

    /// A part of what is seen, recomputed when it changes, passed on only when it differs.
    pub fn read<T: PartialEq + Send + Sync + 'static>(
        self,
        part: impl Fn(&Seen) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.seen.with(|seen| part(seen)))
    }
}
