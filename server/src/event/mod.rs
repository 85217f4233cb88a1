//! Events: loads the event with its roll, lets the rules in `domain` decide, saves, publishes.
//!
//! In reading order: this file (what people do), [`roll`] (what a turn knows), [`mod@publish`] (which rows it becomes),
//! [`breakout`] (small groups), [`mod@memo`] (what was said there), [`html`] (how text becomes safe to show), [`names`] (the list for the door), [`queries`].

mod breakout;
mod html;
mod memo;
pub(crate) mod names;
mod person;
pub(crate) mod publish;
mod qr;
pub(crate) mod queries;
pub(crate) mod roll;

pub(crate) use breakout::group;
pub(crate) use memo::memo;
pub(crate) use roll::{Rolls, look_ahead};

use std::collections::BTreeSet;

use domain::{
    booking::{Cancellation, Words},
    event::{
        Answer, CancelEvent, Change, CheckIn, Invited, Plan, PublishEvent, RemoveGuest, ReplyTo,
        Way, WriteEvent, typed_code,
    },
    id::{EventId, MemberId},
    refusal::{Field, Refusal},
    time::{DAY, Time},
};

use crate::{
    actor::{Hr, OfferHolder, Signed},
    db::Turn,
    error::{ApiError, ApiResult},
    notification::{self, Gathering},
    question,
};
use queries::EventRow;
use roll::Known;

/// What changed lately is enough: the page shows no history.
const MOST_EDITS: usize = 5;

/// An offer-holder answers. A refusal leaves nothing behind: see
/// [`refuses_before_it_writes`](crate::sync::apply::refuses_before_it_writes).
pub(crate) async fn reply(turn: &mut Turn, holder: OfferHolder, it: &ReplyTo) -> ApiResult<()> {
    let id = holder.id();
    let person = roll::person(turn, id).await?.ok_or(ApiError::NotFound)?;
    change(turn, it.event, |turn, known| {
        if known.event.published.is_none() || !known.is_of(id, &person) {
            return Err(ApiError::NotFound);
        }
        let now = turn.now();
        let lines = lines(known);
        let changes = known.roll.reply(id, it.answer, now)?;
        let is_named = it.is_named && it.answer != Answer::Declined;
        let rsvp = known.enter(id, &person, now);
        if rsvp.is_named != is_named {
            rsvp.is_named = is_named;
            known.changed.push(id);
        }
        settle(turn, known, &changes, &lines, Some(id))
    })
    .await
}

/// HR writes an event, or writes it anew.
pub(crate) async fn write(turn: &mut Turn, hr: Hr, it: &WriteEvent) -> ApiResult<()> {
    let now = turn.now();
    let plan = it.checked(now)?;
    check_people(turn, &plan).await?;
    let Some(before) = roll::take(turn, it.event).await? else {
        let row = EventRow {
            id: it.event,
            plan,
            published: None,
            edits: Vec::new(),
            sequence: 0,
            cancelled: None,
            memo: None,
        };
        if !queries::add(turn.conn(), &row, hr.id(), now).await? {
            return Err(ApiError::NotFound);
        }
        return publish::event(turn, it.event).await;
    };
    if before.event.cancelled.is_some() {
        return Err(Refusal::EventCancelled.into());
    }
    let mut known = before.clone();
    let lines = lines(&known);
    let changes = known.roll.replan(&plan, now)?;
    if known.event.published.is_some()
        && let Some(edit) = plan.edit(&known.event.plan, now)
    {
        let is_elsewhere = edit.time.is_some() || edit.place.is_some();
        known.event.sequence += i64::from(is_elsewhere);
        known.event.edits.insert(0, edit);
        known.event.edits.truncate(MOST_EDITS);
        if is_elsewhere {
            notification::to_guests_later(turn, &known, Gathering::Changed)?;
        }
    }
    known.event.plan = plan;
    queries::put(turn.conn(), &known.event).await?;
    queries::fill(turn.conn(), &mut known).await?;
    if known.event.published.is_some() {
        // Whoever is invited only now is told as the others were; an offer may end earlier than it was to.
        for member in known
            .invited
            .iter()
            .filter(|it| !before.invited.contains(it))
        {
            notification::event_later(turn, it.event, *member, 0, Gathering::Invited)?;
        }
        for until in known.roll.offers() {
            notification::offers_end_later(turn, it.event, until)?;
        }
    }
    publish::withdraw_from_others(turn, &before, &known).await?;
    publish::event_rows(turn, &known)?;
    question::rows(turn, &known).await?;
    for member in known.rsvps.keys().copied().collect::<Vec<_>>() {
        publish::reply_rows(turn, &known, member)?;
    }
    breakout::rows(turn, &known, None)?;
    let settled = settle(turn, &mut known, &changes, &lines, None);
    roll::put(turn, known);
    settled
}

/// Hosts work here and host; who is chosen holds an offer.
async fn check_people(turn: &mut Turn, plan: &Plan) -> ApiResult<()> {
    let wrong = |field| ApiError::from(Refusal::FieldWrong { field });
    if person::hosts(turn.conn(), &plan.hosts).await?.len() != plan.hosts.len() {
        return Err(wrong(Field::Hosts));
    }
    if let Invited::Chosen(people) = &plan.invited {
        let known = person::persons(turn.conn(), people).await?;
        let is_holder = |id| {
            known
                .get(id)
                .is_some_and(|it| it.is_invited(*id, &plan.invited))
        };
        if !people.iter().all(is_holder) {
            return Err(wrong(Field::Invited));
        }
    }
    Ok(())
}

/// HR shows an event to those who are invited, who are told once.
pub(crate) async fn publish(turn: &mut Turn, hr: Hr, it: &PublishEvent) -> ApiResult<()> {
    let now = turn.now();
    let event = queries::event(turn.conn(), it.event)
        .await?
        .ok_or(ApiError::NotFound)?;
    if event.cancelled.is_some() {
        return Err(Refusal::EventCancelled.into());
    }
    if event.plan.starts <= now {
        return Err(Refusal::EventPassed.into());
    }
    if event.published.is_some() {
        return Ok(());
    }
    queries::publish(turn.conn(), it.event, hr.id(), now).await?;
    for member in person::invited(turn.conn(), &event.plan.invited).await? {
        notification::event_later(turn, it.event, member, 0, Gathering::Invited)?;
    }
    publish::event(turn, it.event).await
}

/// HR calls an event off.
pub(crate) async fn cancel(turn: &mut Turn, hr: Hr, it: &CancelEvent) -> ApiResult<()> {
    let now = turn.now();
    let word = Words::optional(&it.word).map_err(|fault| fault.in_field(Field::Word))?;
    let known = roll::take(turn, it.event)
        .await?
        .ok_or(ApiError::NotFound)?;
    if known.event.cancelled.is_some() {
        return Ok(());
    }
    if known.event.published.is_some() {
        if known.event.plan.starts <= now {
            return Err(Refusal::EventPassed.into());
        }
        if word.is_none() {
            return Err(Refusal::WordNeeded.into());
        }
        notification::to_guests_later(turn, &known, Gathering::Cancelled)?;
    }
    let by = Cancellation {
        by: hr.id(),
        at: now,
        word,
    };
    queries::cancel(turn.conn(), it.event, &by).await?;
    publish::event(turn, it.event).await
}

/// Those who plan an event take a place back, or somebody out of the line, with a word.
pub(crate) async fn remove(turn: &mut Turn, signed: Signed, it: &RemoveGuest) -> ApiResult<()> {
    let word = Words::optional(&it.word).map_err(|fault| fault.in_field(Field::Word))?;
    change(turn, it.event, |turn, known| {
        let now = turn.now();
        planned_by(signed, &known.event)?;
        let word = word.ok_or(Refusal::WordNeeded)?;
        if known.roll.starts <= now {
            return Err(Refusal::EventPassed.into());
        }
        let lines = lines(known);
        let changes = known.roll.remove(it.member, now)?;
        let sequence = known.rsvp(it.member)?.sequence + 1;
        if let Some(rsvp) = known.rsvps.get_mut(&it.member) {
            rsvp.word = Some(word);
        }
        notification::event_later(turn, it.event, it.member, sequence, Gathering::Removed)?;
        settle(turn, known, &changes, &lines, None)
    })
    .await
}

/// Somebody is here. Whoever shows their code twice is here once.
pub(crate) async fn check_in(turn: &mut Turn, signed: Signed, it: &CheckIn) -> ApiResult<()> {
    let now = turn.now();
    roll::write(turn).await?;
    let known = roll::take(turn, it.event)
        .await?
        .ok_or(ApiError::NotFound)?;
    planned_by(signed, &known.event)?;
    let code = typed_code(&it.code);
    let found = known
        .rsvps
        .iter()
        .find(|(_, rsvp)| rsvp.code.as_deref() == Some(&*code));
    let Some((member, _)) = found else {
        return Err(Refusal::CodeUnknown.into());
    };
    // The door's own clock, as far as it can be true.
    let at = it.at.max(known.roll.starts + -DAY).min(now);
    let member = *member;
    queries::attend(turn.conn(), it.event, member, signed.id, at).await?;
    let known = roll::take(turn, it.event)
        .await?
        .ok_or(ApiError::NotFound)?;
    publish::reply_rows(turn, &known, member)
}

/// Offers whose time is over go on to the next in line.
pub(crate) async fn offers_end(turn: &mut Turn, event: EventId) -> ApiResult<()> {
    let ended = change(turn, event, |turn, known| {
        let lines = lines(known);
        let changes = known.roll.tick(turn.now());
        settle(turn, known, &changes, &lines, None)
    });
    match ended.await {
        Err(ApiError::NotFound) => Ok(()),
        ended => ended,
    }
}

/// Somebody who has no place here any more has none at events either.
pub(crate) async fn take_leave(turn: &mut Turn, member: MemberId) -> ApiResult<()> {
    let now = turn.now();
    roll::write(turn).await?;
    for event in queries::replied_to(turn.conn(), member, now).await? {
        change(turn, event, |turn, known| {
            let lines = lines(known);
            let changes = known.roll.remove(member, now).unwrap_or_default();
            settle(turn, known, &changes, &lines, None)
        })
        .await?;
    }
    Ok(())
}

/// A published event, for somebody who is invited or has replied.
pub(crate) async fn of_holder(
    turn: &mut Turn,
    holder: OfferHolder,
    event: EventId,
) -> ApiResult<Known> {
    let id = holder.id();
    let person = roll::person(turn, id).await?.ok_or(ApiError::NotFound)?;
    let known = known(turn, event).await?;
    let is_theirs = known.is_of(id, &person);
    (known.event.published.is_some() && is_theirs)
        .then_some(known)
        .ok_or(ApiError::NotFound)
}

/// An event, for those who plan it.
pub(crate) async fn of_planner(
    turn: &mut Turn,
    signed: Signed,
    event: EventId,
) -> ApiResult<Known> {
    let known = known(turn, event).await?;
    planned_by(signed, &known.event)?;
    Ok(known)
}

/// An event as the turn knows it.
pub(crate) async fn known(turn: &mut Turn, event: EventId) -> ApiResult<Known> {
    let known = roll::take(turn, event).await?.ok_or(ApiError::NotFound)?;
    roll::put(turn, known.clone());
    Ok(known)
}

/// Loads an event, lets something happen to it and keeps it for the turn, whatever came of it.
async fn change(
    turn: &mut Turn,
    event: EventId,
    happens: impl FnOnce(&mut Turn, &mut Known) -> ApiResult<()>,
) -> ApiResult<()> {
    let mut known = roll::take(turn, event).await?.ok_or(ApiError::NotFound)?;
    let result = happens(turn, &mut known);
    roll::put(turn, known);
    result
}

/// HR, or a host of this very event; for anybody else it is not there.
fn planned_by(signed: Signed, event: &EventRow) -> ApiResult<()> {
    let is_host = signed.as_host().is_ok() && event.plan.hosts.contains(&signed.id);
    if signed.as_hr().is_ok() || is_host {
        Ok(())
    } else {
        Err(ApiError::NotFound)
    }
}

/// Who waits, in order, each way.
type Lines = [Vec<MemberId>; 2];

fn lines(known: &Known) -> Lines {
    Way::ALL.map(|way| known.roll.waiting(way))
}

/// Notes what changed, publishes it, and has those told who are not at the screen. `doer` is: whoever did it.
fn settle(
    turn: &mut Turn,
    known: &mut Known,
    changes: &[Change],
    before: &Lines,
    doer: Option<MemberId>,
) -> ApiResult<()> {
    let (now, event) = (turn.now(), known.event.id);
    for change in changes {
        known.note(change, now);
        let member = change.member();
        let sequence = known.rsvp(member)?.sequence;
        match change {
            Change::Going { .. } => {
                notification::event_later(turn, event, member, sequence, Gathering::Going)?;
            }
            Change::Offered { until, .. } => {
                notification::offer_later(turn, event, member, sequence, *until)?;
            }
            Change::Left {
                had_place: true, ..
            } if doer == Some(member) => {
                notification::event_later(turn, event, member, sequence, Gathering::Left)?;
            }
            Change::Waiting(_) | Change::Lapsed(_) | Change::Left { .. } => {}
        }
    }
    let mut touched: Vec<MemberId> = changes.iter().map(Change::member).chain(doer).collect();
    // Whoever moved up reads their new place in the line.
    for (was, is) in before.iter().zip(lines(known)) {
        let moved = is.iter().enumerate();
        touched.extend(
            moved
                .filter(|(at, it)| was.get(*at) != Some(*it))
                .map(|it| *it.1),
        );
    }
    // Whoever gave a place up is told before whoever has it now: in the order of all rows, too, nobody shares one.
    let mut known_of = BTreeSet::new();
    touched.retain(|it| known_of.insert(*it));
    for member in &touched {
        publish::reply_rows(turn, known, *member)?;
    }
    if !touched.is_empty() {
        breakout::rows(turn, known, Some(&touched))?;
        publish::places(turn, known)?;
    }
    Ok(())
}

/// When somebody is told of an offer: within kind hours, unless little would be left of it by then. It answers a wish of
/// theirs, so it may come at night before it comes too late.
pub(crate) fn offer_moment(now: Time, until: Time) -> Time {
    const ENOUGH: i64 = 3 * domain::time::HOUR;
    let kind = notification::kind_moment(now);
    if until.since(kind) >= ENOUGH {
        kind
    } else {
        now
    }
}
