//! What the driver is told to do, and what it tells.

use crate::{
    id::MutationId,
    sync::wire::{Answer, SyncRequest},
    time::Time,
};

/// Not now: offline, signed out, outdated. Never an error, never loses anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// No connection.
    Offline,
    /// The session ended; rows stay readable, wishes stay.
    SignedOut,
    /// This build is too old to read.
    Outdated,
    /// This member has no place here any more.
    Disabled,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send this and tell what came back.
    Send(Box<SyncRequest>),
    /// Ask again at this time, or when something happened.
    Wait(Time),
    /// Nothing until the person or the browser changes something.
    Stop(Hold),
}

/// The device's connection and screen, as the browser tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The browser believes in a connection.
    pub is_online: bool,
    /// The page can be seen.
    pub is_visible: bool,
}

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A poke, a return of the connection or of the person: try soon.
    Kick,
    /// The person signed in again.
    SignedIn,
    /// An answer came, or none: exactly one for each [`Step::Send`]. What comes after the driver has said
    /// [`Answer::Unclear`] is thrown away by the driver; nothing is lost by that.
    Answered(Answer),
    /// The person gave a wish up.
    GaveUp(MutationId),
    /// The person wants a dead letter tried again.
    Revived(MutationId),
    /// The person threw a dead letter away.
    Buried(MutationId),
}
