//! Which rows an event and the replies to it become, and for whom.

use domain::{
    event::{
        Entry, Event, EventPlaces, EventPlan, Guest, GuestId, Invited, Memo, Reply, Rsvp, Way,
    },
    id::{EventId, MemberId},
    text::Name,
    time::Time,
    visibility::Audience,
};

use super::{
    breakout, html, person, qr, queries,
    roll::{self, Known, RsvpRow},
};
use crate::{
    db::Turn,
    error::{ApiError, ApiResult},
    notification, question,
};

/// An event with everything about it, after it changed.
pub(crate) async fn event(turn: &mut Turn, id: EventId) -> ApiResult<()> {
    roll::write(turn).await?;
    let known = queries::known(turn.conn(), &[id]).await?.remove(&id);
    let known = known.ok_or(ApiError::NotFound)?;
    event_rows(turn, &known)?;
    for member in known.rsvps.keys() {
        reply_rows(turn, &known, *member)?;
    }
    question::rows(turn, &known).await?;
    breakout::rows(turn, &known, None)?;
    roll::put(turn, known);
    Ok(())
}

/// Events that are for some people only, for those who may have become or ceased to be among them.
pub(crate) async fn for_members(turn: &mut Turn, ids: &[MemberId]) -> ApiResult<()> {
    let now = turn.now();
    let narrow = queries::narrow(turn.conn(), now).await?;
    if narrow.is_empty() {
        return Ok(());
    }
    let people = person::persons(turn.conn(), ids).await?;
    for row in narrow {
        for id in ids {
            let is_invited = |it: &person::Person| it.is_invited(*id, &row.plan.invited);
            if !people.get(id).is_some_and(is_invited) {
                turn.withdraw(Audience::One(*id), "event", row.id);
                turn.withdraw(Audience::One(*id), "event_places", row.id);
                for question in question::ids(turn, row.id).await? {
                    turn.withdraw(Audience::One(*id), "question", question);
                }
            }
        }
        event(turn, row.id).await?;
    }
    Ok(())
}

/// Who reads an event as somebody invited.
pub(crate) fn readers(known: &Known) -> Vec<Audience> {
    match known.event.plan.invited {
        Invited::Everyone => vec![Audience::OfferHolders],
        Invited::Cohort(_) | Invited::Chosen(_) => {
            known.invited.iter().copied().map(Audience::One).collect()
        }
    }
}

/// Who reads it as somebody who plans it.
pub(crate) fn planners(known: &Known) -> Vec<Audience> {
    let hosts = known.hosts.iter().map(|it| Audience::One(it.0));
    std::iter::once(Audience::Hr).chain(hosts).collect()
}

/// What an event was for those for whom it is nothing any more.
pub(super) async fn withdraw_from_others(
    turn: &mut Turn,
    before: &Known,
    after: &Known,
) -> ApiResult<()> {
    let questions = question::ids(turn, before.event.id).await?;
    let (readers, planners) = (readers(after), planners(after));
    for gone in self::readers(before)
        .into_iter()
        .filter(|it| !readers.contains(it))
    {
        turn.withdraw(gone, "event", before.event.id);
        turn.withdraw(gone, "event_places", before.event.id);
        for question in &questions {
            turn.withdraw(gone, "question", *question);
        }
    }
    for gone in self::planners(before)
        .into_iter()
        .filter(|it| !planners.contains(it))
    {
        turn.withdraw(gone, "event_plan", before.event.id);
        turn.withdraw(gone, "event_places", before.event.id);
        if before.dealt.is_some() {
            turn.withdraw(gone, "event_breakouts", before.event.id);
        }
        for member in before.rsvps.keys() {
            turn.withdraw(gone, "guest", guest_id(before, *member));
        }
        for question in &questions {
            turn.withdraw(gone, "question", *question);
        }
    }
    Ok(())
}

fn guest_id(known: &Known, member: MemberId) -> GuestId {
    GuestId(known.event.id, member)
}

/// The event itself and its places.
pub(super) fn event_rows(turn: &mut Turn, known: &Known) -> ApiResult<()> {
    let row = &known.event;
    let plan = EventPlan {
        id: row.id,
        plan: row.plan.clone(),
        published: row.published,
        cancelled: row.cancelled.clone(),
        memo: row.memo.clone(),
    };
    for audience in planners(known) {
        turn.publish(audience, "event_plan", row.id, &plan)?;
    }
    if row.published.is_some() {
        let event = shown(known);
        for audience in readers(known) {
            turn.publish(audience, "event", row.id, &event)?;
        }
    }
    places(turn, known)
}

/// As those who are invited read it.
fn shown(known: &Known) -> Event {
    let row = &known.event;
    let plan = &row.plan;
    Event {
        id: row.id,
        kind: plan.kind,
        title: plan.title.clone(),
        html: plan.text.as_ref().map(html::said),
        starts: plan.starts,
        ends: plan.ends,
        closes: plan.closes,
        place: plan.on_site.as_ref().map(|it| it.place.clone()),
        map: plan.on_site.as_ref().and_then(|it| it.map.clone()),
        is_online: plan.online.is_some(),
        minutes: plan.minutes,
        bring: plan.bring.clone(),
        contact: plan.contact.clone(),
        hosts: known.hosts.iter().map(|it| it.1.clone()).collect(),
        instead: plan.instead.clone(),
        has_waitlist: plan.has_waitlist,
        edits: row.edits.clone(),
        cancelled: row.cancelled.clone(),
        memo: row.memo.as_ref().map(|it| Memo {
            at: it.at,
            text: it.text.as_ref().map(html::said),
            recording: it.recording.clone(),
        }),
    }
}

/// How full it is.
pub(super) fn places(turn: &mut Turn, known: &Known) -> ApiResult<()> {
    let row = &known.event;
    let is_named = |it: &&RsvpRow| it.is_named;
    let comes =
        |member: &MemberId| matches!(known.roll.entries.get(member), Some(Entry::Going { .. }));
    let named = known.rsvps.iter().filter(|it| comes(it.0)).map(|it| it.1);
    let mut names: Vec<Name> = named
        .filter(is_named)
        .filter_map(|it| it.name.clone())
        .collect();
    names.sort_unstable();
    let of = |way| known.roll.places(way);
    let mut places = EventPlaces {
        on_site: of(Way::OnSite),
        online: of(Way::Online),
        names,
        maybe: None,
        declined: None,
    };
    if row.published.is_some() {
        for audience in readers(known) {
            turn.publish(audience, "event_places", row.id, &places)?;
        }
    }
    let count = |wanted: Entry| {
        let n = known
            .roll
            .entries
            .values()
            .filter(|it| **it == wanted)
            .count();
        Some(u16::try_from(n).unwrap_or(u16::MAX))
    };
    places.maybe = count(Entry::Maybe);
    places.declined = count(Entry::Declined);
    for audience in planners(known) {
        turn.publish(audience, "event_places", row.id, &places)?;
    }
    Ok(())
}

/// One reply: for whoever gave it, and for those who plan, unless it is a no.
pub(super) fn reply_rows(turn: &mut Turn, known: &Known, member: MemberId) -> ApiResult<()> {
    let (Some(rsvp), Some(reply)) = (known.rsvps.get(&member), known.roll.reply_of(member)) else {
        return Ok(());
    };
    turn.publish(
        Audience::One(member),
        "rsvp",
        known.event.id,
        &own(known, rsvp, reply)?,
    )?;
    let id = guest_id(known, member);
    let guest = match (&rsvp.name, reply) {
        (None, _) | (_, Reply::Declined | Reply::Lapsed) => None,
        (Some(name), reply) => Some(Guest {
            member,
            name: name.clone(),
            reply,
            code: rsvp
                .code
                .clone()
                .filter(|_| matches!(reply, Reply::Going(_))),
            attended: rsvp.attended,
        }),
    };
    for audience in planners(known) {
        match &guest {
            Some(guest) => turn.publish(audience, "guest", id, guest)?,
            None => turn.withdraw(audience, "guest", id),
        }
    }
    Ok(())
}

/// A reply as its own person reads it.
fn own(known: &Known, rsvp: &RsvpRow, reply: Reply) -> ApiResult<Rsvp> {
    let plan = &known.event.plan;
    let (code, link, ics) = match reply {
        Reply::Going(way) => (
            rsvp.code.clone(),
            plan.online
                .as_ref()
                .filter(|_| way == Way::Online && known.event.cancelled.is_none())
                .map(|it| it.link.clone()),
            notification::gathering_file(
                &known.event,
                way,
                rsvp.sequence,
                stamp(known, rsvp),
                rsvp.language,
            ),
        ),
        _ => (None, None, String::new()),
    };
    let qr = match (reply, &code) {
        (Reply::Going(Way::OnSite), Some(code)) => qr::rows(code)?,
        _ => Vec::new(),
    };
    Ok(Rsvp {
        event: known.event.id,
        reply,
        is_named: rsvp.is_named,
        at: rsvp.at,
        code,
        qr,
        link,
        attended: rsvp.attended,
        word: rsvp
            .word
            .clone()
            .filter(|_| matches!(reply, Reply::Declined)),
        ics,
    })
}

/// When what a calendar entry says became so.
fn stamp(known: &Known, rsvp: &RsvpRow) -> Time {
    let edited = known.event.edits.first().map(|it| it.at);
    let cancelled = known.event.cancelled.as_ref().map(|it| it.at);
    rsvp.at
        .max(edited.unwrap_or(rsvp.at))
        .max(cancelled.unwrap_or(rsvp.at))
}
