//! The two reminders of an interview: on the evening before, and an hour before; the one of an event: on the evening before.
//! None between 21:00 and 8:00 in Tokyo.

use anyhow::Result;
use domain::time::{Clock, DAY, HOUR, Time, kind_hour};

use super::{Gathering, Reminder, Side, gathering};
use crate::{
    booking::queries::starting,
    db::Db,
    event::queries::{between, going},
    job::{self, Job},
};

/// How far ahead reminders are planned.
const AHEAD: i64 = 2 * DAY;

/// Plans the reminders of all interviews and events that come soon. Each has a key, so planning again adds nothing, in this process
/// or another.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn reminders_later(db: &Db, now: Time) -> Result<()> {
    let mut read = db.read().await?;
    let soon = starting(&mut read, now, now + AHEAD).await?;
    let mut planned = Vec::new();
    for booking in &soon {
        for (reminder, name) in [(Reminder::DayBefore, "day"), (Reminder::HourBefore, "hour")] {
            let Some(due) = due(reminder, booking.starts, booking.booked_at, now) else {
                continue;
            };
            let key = |side: Side| {
                format!(
                    "remind:{}:{}:{name}:{}",
                    booking.id,
                    booking.sequence,
                    side.code()
                )
            };
            if !job::is_known(&mut read, &key(Side::Holder)).await? {
                let job = |side| Job::Reminder {
                    booking: booking.id,
                    sequence: booking.sequence,
                    reminder,
                    side,
                };
                for side in Side::BOTH {
                    planned.push(job::new(key(side), &job(side), due)?);
                }
            }
        }
    }
    for event in between(&mut read, now, now + AHEAD).await? {
        let Some(due) = due(Reminder::DayBefore, event.plan.starts, now, now) else {
            continue;
        };
        for member in going(&mut read, event.id).await? {
            let what = Gathering::Reminder;
            let key = gathering::key(event.id, member, event.sequence, what);
            if !job::is_known(&mut read, &key).await? {
                let job = Job::Event {
                    event: event.id,
                    member,
                    sequence: event.sequence,
                    what,
                };
                planned.push(job::new(key, &job, due)?);
            }
        }
    }
    drop(read);
    if planned.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    job::add(&mut tx, &planned).await?;
    tx.commit().await?;
    Ok(())
}

/// When a reminder goes out; `None` when there is no good moment for it any more.
fn due(reminder: Reminder, starts: Time, booked_at: Time, now: Time) -> Option<Time> {
    match reminder {
        Reminder::DayBefore => {
            let eve = starts.day().plus(-1);
            let evening = eve.at(Clock::from_minutes(18 * 60)?);
            if now <= evening {
                return Some(evening);
            }
            // Booked late: still on the eve, and at an hour at which one may write.
            (now.day() == eve && kind_hour(now) == now).then_some(now)
        }
        Reminder::HourBefore => {
            let due = kind_hour(starts + -HOUR);
            (due < starts && booked_at < due && now < starts).then_some(due)
        }
    }
}

#[cfg(test)]
mod tests;
