//! What a pending wish changes on the screen before the server has answered.
//!
//! The same rules as on the server, on what the device knows. A scarce thing is shown as asked, with the device's
//! doubt if the rule says no; a merging thing is shown as done and marked provisional.

use super::{
    mutation::Mutation,
    replica::{Asked, Moving, Seen, Standing},
    row::View,
};
use crate::{
    booking::{
        Ask, Availability, HostSlot, HostSlotState, OpenAvailability, OpenSlot, SlotFacts, settle,
    },
    event::{CheckIn, EventPlan, GuestId, WriteEvent, typed_code},
    id::{BookingId, MutationId, SlotId},
    interview::{Correction, Record, WriteRecord},
    promise::{Kept, Promise},
    refusal::Refusal,
    text::Short,
    time::Time,
};

/// Where a wish comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    pub(super) id: MutationId,
    pub(super) at: Time,
    pub(super) standing: Standing,
    pub(super) now: Time,
}

/// Replays one wish.
#[expect(
    clippy::too_many_lines,
    reason = "one straight match with an arm for each mutation"
)]
pub(super) fn rehearse(seen: &mut Seen, mutation: &Mutation, origin: Origin) {
    let standing = origin.standing;
    match mutation {
        // Decided already, only the answer got lost.
        Mutation::Ask(ask) if seen.view.bookings.contains_key(&ask.booking) => {}
        Mutation::Ask(ask) => {
            let doubt = settle_here(&seen.view, ask, origin.now);
            seen.asked.push(Asked {
                mutation: origin.id,
                ask: ask.clone(),
                standing,
                at: origin.at,
                doubt,
            });
        }
        Mutation::Cancel(it) => {
            // An asking that was not answered yet, taken back: nothing is left to show.
            seen.asked.retain(|asked| asked.ask.booking != it.booking);
            if seen.view.bookings.contains_key(&it.booking) {
                seen.cancelling.insert(it.booking, standing);
            }
        }
        Mutation::Move(it) => {
            seen.moving.insert(
                it.booking,
                Moving {
                    wishes: it.wishes.clone(),
                    standing,
                },
            );
        }
        Mutation::OpenAvailability(it) => open_availability(seen, it, origin),
        Mutation::CloseAvailability(it) => {
            seen.view.availabilities.remove(&it.availability);
            seen.view.host_slots.retain(|_, slot| {
                slot.availability != Some(it.availability) || slot.state != HostSlotState::Open
            });
        }
        Mutation::OpenSlot(it) => open_slot(seen, it, origin),
        Mutation::CloseSlot(it) => {
            if seen.view.host_slots.contains_key(&it.slot) {
                seen.mark("host_slot", it.slot, standing);
            }
        }
        Mutation::WriteRecord(it) => write_record(seen, it, origin),
        Mutation::Correct(it) => {
            if let (Some(record), Ok(text)) = (seen.view.records.get_mut(&it.booking), it.checked())
            {
                record.corrections.push(Correction {
                    id: it.correction,
                    text,
                    at: origin.at,
                });
                seen.mark("record", it.booking, standing);
            }
        }
        Mutation::Keep(it) => {
            if let (Some(by), Some(promise)) = (
                seen.view.myself().map(|me| me.id),
                seen.view.promises.get_mut(&it.promise),
            ) {
                promise.kept.get_or_insert(Kept { by, at: origin.at });
                seen.mark("promise", it.promise, standing);
            }
        }
        Mutation::SetProfile(it) => {
            if let (Some(me), Ok(words)) = (seen.view.me.values_mut().next(), it.checked()) {
                me.talks_about = words;
                let id = me.id;
                seen.mark("me", id, standing);
            }
        }
        Mutation::Acknowledge(it) => {
            seen.view.outcomes.remove(&it.mutation);
        }
        Mutation::Reply(it) => {
            seen.replying.insert(it.event, (it.clone(), standing));
        }
        Mutation::WriteEvent(it) => write_event(seen, it, origin),
        Mutation::PublishEvent(it) => {
            if let Some(plan) = seen.view.event_plans.get_mut(&it.event) {
                plan.published.get_or_insert(origin.at);
                seen.mark("event_plan", it.event, standing);
            }
        }
        Mutation::CancelEvent(it) => {
            if seen.view.event_plans.contains_key(&it.event) {
                seen.mark("event_plan", it.event, standing);
            }
        }
        Mutation::RemoveGuest(it) => {
            seen.view.guests.remove(&GuestId(it.event, it.member));
        }
        Mutation::CheckIn(it) => check_in(seen, it, standing),
        Mutation::SetLimits(_) | Mutation::Noop(_) => {}
    }
}

/// What the rule says on the rows at hand.
fn settle_here(view: &View, ask: &Ask, now: Time) -> Option<Refusal> {
    let slots = ask.wishes.iter().filter_map(|it| view.slots.get(&it.slot));
    let facts: Vec<_> = slots.map(SlotFacts::from).collect();
    settle(&ask.wishes, &facts, &view.asker(None), now).err()
}

fn open_availability(seen: &mut Seen, it: &OpenAvailability, origin: Origin) {
    let (Some(host), Ok((starts, place))) =
        (seen.view.myself().map(|me| me.id), it.checked(origin.at))
    else {
        return;
    };
    let rule = Availability {
        id: it.availability,
        host,
        pattern: it.pattern.clone(),
        place: place.place.clone(),
    };
    seen.view.availabilities.insert(it.availability, rule);
    seen.mark("availability", it.availability, origin.standing);
    for starts in starts {
        let id = SlotId::yielded(it.availability, starts);
        let slot = HostSlot {
            id,
            host,
            availability: Some(it.availability),
            starts,
            place: place.place.clone(),
            state: HostSlotState::Open,
        };
        seen.view.host_slots.entry(id).or_insert(slot);
        seen.mark("host_slot", id, origin.standing);
    }
}

fn write_event(seen: &mut Seen, it: &WriteEvent, origin: Origin) {
    let Ok(plan) = it.checked(origin.at) else {
        return;
    };
    let before = seen.view.event_plans.get(&it.event);
    let event = EventPlan {
        id: it.event,
        plan,
        published: before.and_then(|it| it.published),
        cancelled: before.and_then(|it| it.cancelled.clone()),
    };
    seen.view.event_plans.insert(it.event, event);
    seen.mark("event_plan", it.event, origin.standing);
}

/// The door may have no signal: whoever is on the list with this code is in.
fn check_in(seen: &mut Seen, it: &CheckIn, standing: Standing) {
    let code = typed_code(&it.code);
    let guests = seen.view.guests.iter_mut();
    let mut of_event = guests.filter(|(id, _)| id.0 == it.event);
    let Some((id, guest)) = of_event.find(|(_, guest)| guest.code.as_deref() == Some(&*code))
    else {
        return;
    };
    guest.attended.get_or_insert(it.at);
    let id = *id;
    seen.mark("guest", id, standing);
}

fn open_slot(seen: &mut Seen, it: &OpenSlot, origin: Origin) {
    let (Some(host), Ok(place)) = (seen.view.myself().map(|me| me.id), it.checked(origin.at))
    else {
        return;
    };
    let slot = HostSlot {
        id: it.slot,
        host,
        availability: None,
        starts: it.starts,
        place: place.place,
        state: HostSlotState::Open,
    };
    seen.view.host_slots.entry(it.slot).or_insert(slot);
    seen.mark("host_slot", it.slot, origin.standing);
}

fn write_record(seen: &mut Seen, it: &WriteRecord, origin: Origin) {
    let Some((by, by_name)) = seen.view.myself().map(|me| (me.id, me.name.clone())) else {
        return;
    };
    let Some((starts, member, member_name)) = interview(&seen.view, it.booking) else {
        return;
    };
    let Ok(written) = it.checked(starts, origin.now.max(starts)) else {
        return;
    };
    let corrections = seen
        .view
        .records
        .get(&it.booking)
        .map(|it| it.corrections.clone())
        .unwrap_or_default();
    let record = Record {
        booking: it.booking,
        by,
        by_name: by_name.clone(),
        said: written.said,
        next: written.next,
        at: origin.at,
        corrections,
    };
    seen.view.records.insert(it.booking, record);
    seen.mark("record", it.booking, origin.standing);
    for (id, text, due) in written.promises {
        let promise = promised(
            id,
            text,
            due,
            it.booking,
            (member, &member_name),
            (by, &by_name),
        );
        seen.view.promises.entry(id).or_insert(promise);
        seen.mark("promise", id, origin.standing);
    }
}

fn interview(
    view: &View,
    booking: BookingId,
) -> Option<(Time, crate::id::MemberId, crate::text::Name)> {
    view.host_bookings
        .get(&booking)
        .map(|it| (it.starts, it.member, it.member_name.clone()))
}

fn promised(
    id: crate::id::PromiseId,
    text: Short,
    due: crate::time::Day,
    booking: BookingId,
    to: (crate::id::MemberId, &crate::text::Name),
    by: (crate::id::MemberId, &crate::text::Name),
) -> Promise {
    Promise {
        id,
        member: to.0,
        member_name: to.1.clone(),
        by: by.0,
        by_name: by.1.clone(),
        booking,
        text,
        due,
        kept: None,
    }
}
