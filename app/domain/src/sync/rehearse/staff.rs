//! The same for what only the company's people wish.

use super::Origin;
use crate::{
    booking::{Availability, HostSlot, HostSlotState, OpenAvailability, OpenSlot},
    event::{CheckIn, EventPlan, Guest, GuestId, WriteEvent, typed_code},
    id::{BookingId, SlotId},
    interview::{Record, WriteRecord},
    promise::{Kept, Promise},
    sync::{
        mutation::Mutation,
        replica::{Seen, Standing},
        row::View,
    },
    text::Short,
    time::Time,
};

/// Replays one wish of the company's people; others are replayed elsewhere.
pub(super) fn rehearse(seen: &mut Seen, mutation: &Mutation, origin: Origin) {
    let standing = origin.standing;
    match mutation {
        Mutation::OpenAvailability(it) => open_availability(seen, it, origin),
        Mutation::CloseAvailability(it) => {
            seen.view.availabilities.remove(&it.availability);
            seen.view.host_slots.retain(|_, slot| {
                slot.availability != Some(it.availability) || slot.state != HostSlotState::Open
            });
        }
        Mutation::OpenSlot(it) => open_slot(seen, it, origin),
        Mutation::CloseSlot(it) if seen.view.host_slots.contains_key(&it.slot) => {
            seen.mark("host_slot", it.slot, standing);
        }
        Mutation::WriteRecord(it) => write_record(seen, it, origin),
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
            let id = seen.view.myself().map(|me| me.id);
            let me = id.and_then(|id| seen.view.me.get_mut(&id));
            if let (Some(me), Ok(words)) = (me, it.checked()) {
                me.talks_about = words;
                let id = me.id;
                seen.mark("me", id, standing);
            }
        }
        Mutation::WriteEvent(it) => write_event(seen, it, origin),
        Mutation::PublishEvent(it) => {
            if let Some(plan) = seen.view.event_plans.get_mut(&it.event) {
                plan.published.get_or_insert(origin.at);
                seen.mark("event_plan", it.event, standing);
            }
        }
        Mutation::CancelEvent(it) if seen.view.event_plans.contains_key(&it.event) => {
            seen.mark("event_plan", it.event, standing);
        }
        Mutation::RemoveGuest(it) => {
            seen.view.guests.remove(&GuestId(it.event, it.member));
        }
        Mutation::CheckIn(it) => check_in(seen, it, standing),
        Mutation::WriteMemo(it) => {
            if let Some(plan) = seen.view.event_plans.get_mut(&it.event)
                && let Ok(memo) = it.checked(plan.plan.starts, origin.at)
            {
                plan.memo = memo;
                seen.mark("event_plan", it.event, standing);
            }
        }
        Mutation::AnswerQuestion(it) => {
            let question = seen.view.questions.get_mut(&it.question);
            if let (Some(question), Ok(written)) = (question, it.checked()) {
                question.answered.get_or_insert(origin.at.day());
                (question.answer, question.faq) = (written.answer, written.faq);
                seen.mark("question", it.question, standing);
            }
        }
        _ => {}
    }
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
        seen.view.host_slots.insert_new(id, slot);
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
        memo: before.and_then(|it| it.memo.clone()),
    };
    seen.view.event_plans.insert(it.event, event);
    seen.mark("event_plan", it.event, origin.standing);
}

/// The door may have no signal: whoever is on the list with this code is in.
fn check_in(seen: &mut Seen, it: &CheckIn, standing: Standing) {
    let code = typed_code(&it.code);
    let is_theirs = |(id, guest): &(&GuestId, &Guest)| {
        id.0 == it.event && guest.code.as_deref() == Some(&*code)
    };
    let found = seen.view.guests.iter().find(is_theirs);
    let Some(id) = found.map(|it| *it.0) else {
        return;
    };
    if let Some(guest) = seen.view.guests.get_mut(&id) {
        guest.attended.get_or_insert(it.at);
    }
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
    seen.view.host_slots.insert_new(it.slot, slot);
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
        seen.view.promises.insert_new(id, promise);
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
