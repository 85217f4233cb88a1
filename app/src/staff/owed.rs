//! What the company owes, read from the rows: promises, records to write, and what a host has before them.

use domain::{
    booking::{HostBooking, ends},
    promise::Promise,
    sync::row::{Outcome, Verdict, View},
    time::Time,
};

/// Promises not kept yet, the earliest due day first.
pub(super) fn open_promises(view: &View) -> Vec<Promise> {
    let mut open: Vec<_> = view
        .promises
        .values()
        .filter(|it| it.kept.is_none())
        .cloned()
        .collect();
    open.sort_by_key(|it| (it.due, it.id));
    open
}

/// Promises kept, the latest first.
pub(super) fn kept_promises(view: &View) -> Vec<Promise> {
    let mut kept: Vec<_> = view
        .promises
        .values()
        .filter(|it| it.kept.is_some())
        .cloned()
        .collect();
    kept.sort_by_key(|it| std::cmp::Reverse(it.kept.as_ref().map(|kept| kept.at)));
    kept
}

/// Interviews that lie ahead, the next first. Those cancelled stay until their time is over, so that nobody waits in
/// vain.
pub(super) fn interviews_ahead(view: &View, now: Time) -> Vec<HostBooking> {
    let mut ahead: Vec<_> = view
        .host_bookings
        .values()
        .filter(|it| ends(it.starts) > now)
        .cloned()
        .collect();
    ahead.sort_by_key(|it| (it.starts, it.id));
    ahead
}

/// Interviews that took place, the latest first.
pub(super) fn interviews_past(view: &View, now: Time) -> Vec<HostBooking> {
    let mut past: Vec<_> = view
        .host_bookings
        .values()
        .filter(|it| it.is_live() && ends(it.starts) <= now)
        .cloned()
        .collect();
    past.sort_by_key(|it| std::cmp::Reverse((it.starts, it.id)));
    past
}

/// Interviews that took place and have no record, the oldest first: a gap of ours.
pub(super) fn unwritten(view: &View, now: Time) -> Vec<HostBooking> {
    let mut gaps = interviews_past(view, now);
    gaps.retain(|it| !view.records.contains_key(&it.id));
    gaps.reverse();
    gaps
}

/// Live interviews of today and tomorrow that are not over.
pub(super) fn soon(view: &View, now: Time) -> Vec<HostBooking> {
    let mut soon = interviews_ahead(view, now);
    soon.retain(|it| it.is_live() && it.starts.day() <= now.day().plus(1));
    soon
}

/// Wishes that were refused and not read yet, the oldest first.
pub(super) fn refused(view: &View) -> Vec<Outcome> {
    let mut refused: Vec<_> = view
        .outcomes
        .values()
        .filter(|it| it.verdict != Verdict::Ok)
        .cloned()
        .collect();
    refused.sort_by_key(|it| (it.at, it.mutation));
    refused
}
