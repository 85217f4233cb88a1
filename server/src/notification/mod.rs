//! What leaves by mail, and when.
//!
//! `x_later` functions enqueue in the transaction of the change; the mail is written when its job runs, from what is
//! true by then. Rule 8 of the product holds here: what the company starts by itself reaches offer-holders neither
//! between 21:00 and 8:00 in Tokyo nor on Sundays and holidays; answers to what somebody just did go out at once.

mod calendar_entry;
mod gathering;
mod mail;
mod queries;
mod reminder;
mod send;
mod sink;
mod words;

pub(crate) use calendar_entry::{CalendarEntry, calendar, calendar_entry, event};
pub(crate) use gathering::{
    Gathering, entry, event_later, gathering_file, offer_later, offers_end_later, to_guests_later,
};
pub(crate) use reminder::reminders_later;
pub(crate) use send::{Failure, Mailer, send};
pub use sink::{Landed, Sink, routes};

use anyhow::Result;
use domain::{
    id::{BookingId, MemberId},
    time::{Time, Weekday, kind_hour},
};
use serde::{Deserialize, Serialize};

use crate::{
    db::{Conn, Turn},
    job::{self, Job},
};

/// What became of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// It was made.
    Booked,
    /// Its time or place changed.
    Moved,
    /// It was called off.
    Cancelled,
}

/// One of the two sides of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    /// The offer-holder.
    Holder,
    /// The host.
    Host,
}

impl Side {
    pub(crate) const BOTH: [Self; 2] = [Self::Holder, Self::Host];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Host => "host",
        }
    }
}

/// The two reminders of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reminder {
    /// On the evening before.
    DayBefore,
    /// An hour before.
    HourBefore,
}

/// Mails a sign-in code and its link.
pub(crate) async fn code_later(
    conn: &mut Conn,
    member: MemberId,
    code: &str,
    token: &str,
    now: Time,
) -> Result<()> {
    let job = Job::SignInCode {
        member,
        code: code.to_owned(),
        token: token.to_owned(),
    };
    job::later(
        conn,
        format!(
            "code:{member}:{}:{}",
            now.millis(),
            crate::services::chance()
        ),
        &job,
        now,
    )
    .await
}

/// Mails an invitation. In a company's first hour that is what somebody waits for, so it goes out at once.
pub(crate) async fn invitation_later(
    conn: &mut Conn,
    member: MemberId,
    token: &str,
    now: Time,
) -> Result<()> {
    let job = Job::Invitation {
        member,
        token: token.to_owned(),
    };
    job::later(
        conn,
        format!("invitation:{member}:{}", now.millis()),
        &job,
        now,
    )
    .await
}

/// Tells both sides what became of a booking. `sequence` is the booking's after the change.
pub(crate) fn booking_later(
    turn: &mut Turn,
    booking: BookingId,
    sequence: i64,
    what: What,
) -> Result<()> {
    let name = match what {
        What::Booked => "booked",
        What::Moved => "moved",
        What::Cancelled => "cancelled",
    };
    for side in Side::BOTH {
        let job = Job::Booking {
            booking,
            sequence,
            what,
            side,
        };
        let key = format!("booking:{booking}:{sequence}:{name}:{}", side.code());
        turn.enqueue(key, &job, turn.now())?;
    }
    Ok(())
}

/// Tells a host that a booking went to another host.
pub(crate) fn moved_away_later(
    turn: &mut Turn,
    booking: BookingId,
    host: MemberId,
    starts: Time,
    sequence: i64,
) -> Result<()> {
    let job = Job::MovedAway {
        booking,
        host,
        starts,
        sequence,
    };
    let key = format!("booking:{booking}:{sequence}:away:host");
    turn.enqueue(key, &job, turn.now())
}

/// Tells the offer-holder that the record of an interview was written. Once: what is rewritten is read in the app.
pub(crate) fn record_later(turn: &mut Turn, booking: BookingId) -> Result<()> {
    let due = kind_moment(turn.now());
    turn.enqueue(format!("record:{booking}"), &Job::Record { booking }, due)
}

/// The first moment at or after `wanted` at which the company may write to an offer-holder.
pub(crate) fn kind_moment(wanted: Time) -> Time {
    let mut at = kind_hour(wanted);
    while at.day().weekday() == Weekday::Sunday || at.day().is_holiday() {
        at = kind_hour(at.day().plus(1).start());
    }
    at
}

#[cfg(test)]
mod tests;
