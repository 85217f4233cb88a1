//! What the company owes, read from the rows: promises, records to write, recordings, and what a host has before them.

use domain::{
    booking::{HostBooking, ends},
    event::{EventPlan, Instead},
    promise::Promise,
    sync::row::{Outcome, Verdict, View},
    time::Time,
};

use crate::order::{by, sorted};

/// Promises not kept yet, the earliest due day first.
pub(super) fn open_promises(view: &View) -> Vec<Promise> {
    let open = view.promises.values().filter(|it| it.kept.is_none());
    sorted(open.cloned(), |it| by(it.due.number().into(), it.id.bits()))
}

/// Promises kept, the latest first.
pub(super) fn kept_promises(view: &View) -> Vec<Promise> {
    let kept = view.promises.values().filter(|it| it.kept.is_some());
    sorted(kept.cloned(), |it| {
        let at = it.kept.as_ref().map_or(0, |kept| kept.at.millis());
        by(-at, it.id.bits())
    })
}

/// Interviews that lie ahead, the next first. Those cancelled stay until their time is over, so that nobody waits in
/// vain.
pub(super) fn interviews_ahead(view: &View, now: Time) -> Vec<HostBooking> {
    let all = view.host_bookings.values();
    let ahead = all.filter(|it| ends(it.starts) > now).cloned();
    sorted(ahead, |it| by(it.starts.millis(), it.id.bits()))
}

/// Interviews that took place, the latest first.
pub(super) fn interviews_past(view: &View, now: Time) -> Vec<HostBooking> {
    let all = view.host_bookings.values();
    let past = all.filter(|it| it.is_live() && ends(it.starts) <= now);
    sorted(past.cloned(), |it| by(-it.starts.millis(), it.id.bits()))
}

/// Interviews that took place and have no record, the oldest first: a gap of ours.
pub(super) fn unwritten(view: &View, now: Time) -> Vec<HostBooking> {
    let mut gaps = interviews_past(view, now);
    gaps.retain(|it| !view.records.contains_key(&it.id));
    gaps.reverse();
    gaps
}

/// Events that are over and whose recording was promised, but is not there: the oldest first.
pub(super) fn recordings(view: &View, now: Time) -> Vec<EventPlan> {
    let is_owed = |it: &&EventPlan| {
        let is_held = it.published.is_some() && it.cancelled.is_none() && it.plan.ends <= now;
        let recording = it.memo.as_ref().and_then(|it| it.recording.as_ref());
        is_held && it.plan.instead == Some(Instead::Recording) && recording.is_none()
    };
    let owed = view.event_plans.values().filter(is_owed).cloned();
    sorted(owed, |it| by(it.plan.starts.millis(), it.id.bits()))
}

/// Live interviews of today and tomorrow that are not over.
pub(super) fn soon(view: &View, now: Time) -> Vec<HostBooking> {
    let mut soon = interviews_ahead(view, now);
    soon.retain(|it| it.is_live() && it.starts.day() <= now.day().plus(1));
    soon
}

/// Wishes that were refused and not read yet, the oldest first.
pub(super) fn refused(view: &View) -> Vec<Outcome> {
    let all = view.outcomes.values();
    let refused = all.filter(|it| it.verdict != Verdict::Ok).cloned();
    sorted(refused, |it| by(it.at.millis(), it.mutation.bits()))
}
