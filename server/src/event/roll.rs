//! The rolls that a turn knows: read at once before its replies, changed by each of them, written once at its end.
//!
//! Only a turn has them, and a turn holds the company's right to write: nobody else can make them untrue. Whoever reads
//! the tables of replies in a turn writes the rolls first.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use domain::{
    booking::Words,
    event::{Change, Roll, door_code},
    id::{EventId, MemberId},
    member::Language,
    text::Name,
    time::Time,
};

use super::{
    breakout::Dealt,
    person::{self, Person},
    queries::{self, EventRow, NewReply},
};
use crate::{db::Turn, services::chance};

/// What is kept of a reply beside its place.
#[derive(Debug, Clone)]
pub(crate) struct RsvpRow {
    /// Whose; nothing for somebody who is nobody here any more.
    pub(crate) name: Option<Name>,
    pub(crate) language: Language,
    pub(crate) is_named: bool,
    pub(crate) at: Time,
    pub(crate) sequence: i64,
    pub(crate) code: Option<String>,
    pub(crate) attended: Option<Time>,
    pub(crate) word: Option<Words>,
}

/// An event with every reply to it.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) event: EventRow,
    pub(crate) roll: Roll,
    pub(crate) rsvps: BTreeMap<MemberId, RsvpRow>,
    /// Its small groups, once they were dealt.
    pub(super) dealt: Option<Dealt>,
    /// Who is invited, unless everyone is.
    pub(crate) invited: Vec<MemberId>,
    /// Who is there for the company.
    pub(crate) hosts: Vec<(MemberId, Name)>,
    /// Whose replies are not written yet.
    pub(super) changed: Vec<MemberId>,
}

/// Rolls and people of a turn.
#[derive(Default)]
pub(crate) struct Rolls {
    events: HashMap<EventId, Known>,
    people: HashMap<MemberId, Person>,
}

/// Reads what these replies need to know.
pub(crate) async fn look_ahead(
    turn: &mut Turn,
    replies: impl Iterator<Item = (MemberId, EventId)>,
) -> Result<()> {
    let (people, mut events): (Vec<_>, Vec<_>) = replies.unzip();
    if events.is_empty() {
        return Ok(());
    }
    events.sort_unstable();
    events.dedup();
    turn.rolls.events = queries::known(turn.conn(), &events).await?;
    turn.rolls.people = person::persons(turn.conn(), &people).await?;
    Ok(())
}

/// Writes the replies that changed, for whoever reads the tables next.
pub(crate) async fn write(turn: &mut Turn) -> Result<()> {
    let mut changed: Vec<(EventId, Vec<MemberId>)> = Vec::new();
    for (id, known) in &mut turn.rolls.events {
        let mut members = std::mem::take(&mut known.changed);
        members.sort_unstable();
        members.dedup();
        if !members.is_empty() {
            changed.push((*id, members));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    changed.sort_unstable();
    // The rolls step aside while the connection is used.
    let rolls = std::mem::take(&mut turn.rolls);
    let mut rows = Vec::new();
    for (event, members) in &changed {
        let known = &rolls.events[event];
        for member in members {
            if let (Some(entry), Some(rsvp)) =
                (known.roll.entries.get(member), known.rsvps.get(member))
            {
                rows.push(NewReply {
                    event: *event,
                    member: *member,
                    entry,
                    rsvp,
                });
            }
        }
    }
    let written = queries::put_replies(turn.conn(), &rows).await;
    drop(rows);
    turn.rolls = rolls;
    written
}

/// An event, as this turn knows it. Whoever changes it puts it back: [`put`].
pub(super) async fn take(turn: &mut Turn, id: EventId) -> Result<Option<Known>> {
    if let Some(known) = turn.rolls.events.remove(&id) {
        return Ok(Some(known));
    }
    Ok(queries::known(turn.conn(), &[id]).await?.remove(&id))
}

/// Keeps an event for the rest of the turn.
pub(super) fn put(turn: &mut Turn, known: Known) {
    turn.rolls.events.insert(known.event.id, known);
}

/// Somebody who replies, as this turn knows them.
pub(super) async fn person(turn: &mut Turn, id: MemberId) -> Result<Option<Person>> {
    if let Some(person) = turn.rolls.people.get(&id) {
        return Ok(Some(person.clone()));
    }
    Ok(person::persons(turn.conn(), &[id]).await?.remove(&id))
}

impl Known {
    /// They are invited, or have replied.
    pub(super) fn is_of(&self, id: MemberId, person: &Person) -> bool {
        self.rsvps.contains_key(&id) || person.is_invited(id, &self.event.plan.invited)
    }

    /// Notes what changed of somebody: now, and once more than before. A first place comes with a code for the door.
    pub(super) fn note(&mut self, change: &Change, now: Time) {
        let has_place = matches!(change, Change::Going { .. });
        let codes: Vec<String> = if has_place {
            self.rsvps
                .values()
                .filter_map(|it| it.code.clone())
                .collect()
        } else {
            Vec::new()
        };
        if let Some(rsvp) = self.rsvps.get_mut(&change.member()) {
            (rsvp.at, rsvp.sequence) = (now, rsvp.sequence + 1);
            if has_place && rsvp.code.is_none() {
                let fresh = std::iter::repeat_with(|| door_code(chance() as u64));
                rsvp.code = fresh.into_iter().find(|it| !codes.contains(it));
            }
            if has_place {
                rsvp.word = None;
            }
        }
        self.changed.push(change.member());
    }

    /// Somebody who says something for the first time.
    pub(super) fn enter(&mut self, id: MemberId, person: &Person, now: Time) -> &mut RsvpRow {
        self.rsvps.entry(id).or_insert_with(|| RsvpRow {
            name: Some(person.name.clone()),
            language: person.language,
            is_named: false,
            at: now,
            sequence: 0,
            code: None,
            attended: None,
            word: None,
        })
    }

    /// What is kept of a reply that there is.
    pub(super) fn rsvp(&self, member: MemberId) -> Result<&RsvpRow> {
        self.rsvps.get(&member).context("a reply without its words")
    }
}
