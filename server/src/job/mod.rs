//! Work after the answer: mail and housekeeping. Enqueued in the transaction that causes it, run after its commit, safe
//! to run twice.
//!
//! `x_later` functions of the features enqueue through [`later`]; [`start`] runs what is due until it is told to stop.
//! A job that fails is tried again with growing pauses, eight times in all; then it stays, with what went wrong.

mod hearing;
mod periodic;
mod queries;
mod worker;

pub use hearing::{Hearing, hear};
pub(crate) use queries::{NewJob, Standing, add};
pub use worker::{PAUSE, Worker, run_due, start};

use anyhow::Result;
use domain::{
    id::{BookingId, EventId, JobId, MemberId},
    time::Time,
};
use serde::{Deserialize, Serialize};

use crate::{
    db::{Conn, Db},
    notification::{Gathering, Reminder, Side, What},
    services::chance,
};

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Job {
    /// Mails a sign-in code and its link.
    SignInCode {
        /// To whom.
        member: MemberId,
        /// Six digits.
        code: String,
        /// The link's secret.
        token: String,
    },
    /// Mails an invitation.
    Invitation {
        /// To whom.
        member: MemberId,
        /// The link's secret.
        token: String,
    },
    /// Tells one side what became of a booking.
    Booking {
        /// Which.
        booking: BookingId,
        /// The booking's sequence when it happened.
        sequence: i64,
        /// What happened.
        what: What,
        /// Who is told.
        side: Side,
    },
    /// Tells a host that a booking went to somebody else.
    MovedAway {
        /// Which.
        booking: BookingId,
        /// The host it left.
        host: MemberId,
        /// When it would have been.
        starts: Time,
        /// The booking's sequence after it.
        sequence: i64,
    },
    /// Reminds one side of an interview.
    Reminder {
        /// Which.
        booking: BookingId,
        /// The booking's sequence when the reminder was planned; another one makes it void.
        sequence: i64,
        /// Which of the two.
        reminder: Reminder,
        /// Who is reminded.
        side: Side,
    },
    /// Tells an offer-holder that the record of an interview was written.
    Record {
        /// Which.
        booking: BookingId,
    },
    /// Tells an offer-holder something about an event.
    Event {
        /// Which.
        event: EventId,
        /// Whom.
        member: MemberId,
        /// The reply's sequence when it happened, or the event's.
        sequence: i64,
        /// What.
        what: Gathering,
    },
    /// Places that were held and not taken go on to the next in line.
    OffersEnd {
        /// Of which event.
        event: EventId,
    },
    /// Lets the phones' eight weeks of slots move on by a day.
    TurnOfDay,
    /// Takes away what has served its time.
    Purge,
}

impl Job {
    /// The stable word for the table and the log.
    fn kind(&self) -> &'static str {
        match self {
            Self::SignInCode { .. } => "sign_in_code",
            Self::Invitation { .. } => "invitation",
            Self::Booking { .. } => "booking",
            Self::MovedAway { .. } => "moved_away",
            Self::Reminder { .. } => "reminder",
            Self::Record { .. } => "record",
            Self::Event { .. } => "event",
            Self::OffersEnd { .. } => "offers_end",
            Self::TurnOfDay => "turn_of_day",
            Self::Purge => "purge",
        }
    }

    /// Holds a way in, which must not lie about when it is of no more use.
    fn is_secret(&self) -> bool {
        matches!(self, Self::SignInCode { .. } | Self::Invitation { .. })
    }
}

/// How a job ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// It is done, or there is nothing left to do.
    Now,
    /// It waits for a better hour.
    At(Time),
}

/// A job for [`add`], to run from `due` on.
pub(crate) fn new(key: String, job: &Job, due: Time) -> Result<NewJob> {
    Ok(NewJob {
        id: JobId::born(due, chance()),
        key,
        kind: job.kind(),
        body: serde_json::to_string(job)?,
        due,
    })
}

/// Enqueues a job outside of a turn. Does nothing when there is one with this key.
pub(crate) async fn later(conn: &mut Conn, key: String, job: &Job, due: Time) -> Result<()> {
    add(conn, &[new(key, job, due)?]).await
}

/// When the next job is due: of interest to nobody while the worker runs.
pub(crate) async fn next_due(db: &Db) -> Result<Option<Time>> {
    queries::next_due(&mut *db.read().await?).await
}

/// How the jobs stand.
pub(crate) async fn standing(db: &Db, now: Time) -> Result<Standing> {
    queries::standing(&mut *db.read().await?, now).await
}

/// Is there a job with this key, done or not?
pub(crate) async fn is_known(conn: &mut Conn, key: &str) -> Result<bool> {
    queries::is_known(conn, key).await
}

#[cfg(test)]
mod tests;
