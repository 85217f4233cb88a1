//! 少人数グループ of an event: deals those who come, saves where they sit, and says which rows that becomes.
//!
//! Only a wish deals. Whoever gives the place back is shown to nobody from that moment, and nobody else is moved for it.

mod queries;

pub(super) use queries::known;

use std::collections::BTreeMap;

use domain::{
    breakout::{
        self, Breakout, EventBreakouts, Gathering, Group, GroupEvent, MOST_DEALT, Pair, Person,
    },
    event::{Entry, Way},
    id::MemberId,
    refusal::Refusal,
    time::Time,
    visibility::Audience,
};

use super::{
    planned_by, publish,
    roll::{self, Known},
};
use crate::{
    actor::Signed,
    db::Turn,
    error::{ApiError, ApiResult},
};

/// Groups as they were dealt. Who has given the place back since is still in them.
#[derive(Debug, Clone)]
pub(crate) struct Dealt {
    groups: BTreeMap<(Way, u16), Vec<MemberId>>,
    together: Vec<Pair>,
    alone: Vec<MemberId>,
    apart: Vec<Pair>,
    at: Time,
}

/// Those who plan an event deal the people who come, or deal them anew.
pub(crate) async fn group(turn: &mut Turn, signed: Signed, it: &GroupEvent) -> ApiResult<()> {
    roll::write(turn).await?;
    let mut known = roll::take(turn, it.event)
        .await?
        .ok_or(ApiError::NotFound)?;
    planned_by(signed, &known.event)?;
    let apart = it.checked()?;
    let event = &known.event;
    if event.published.is_none() {
        return Err(Refusal::NotThere.into());
    }
    if event.cancelled.is_some() {
        return Err(Refusal::EventCancelled.into());
    }
    if event.plan.ends <= turn.now() {
        return Err(Refusal::EventPassed.into());
    }
    let dealt = deal(turn, &known, apart).await?;
    queries::put(turn.conn(), it.event, &dealt, signed.id).await?;
    known.dealt = Some(dealt);
    rows(turn, &known, None)?;
    roll::put(turn, known);
    Ok(())
}

/// Those who come in person among themselves, and those who come online.
async fn deal(turn: &mut Turn, known: &Known, apart: Vec<Pair>) -> ApiResult<Dealt> {
    let event = &known.event;
    let met = queries::met(turn.conn(), event.id, event.plan.starts).await?;
    let mut dealt = Dealt {
        groups: BTreeMap::new(),
        together: Vec::new(),
        alone: Vec::new(),
        apart,
        at: turn.now(),
    };
    for way in Way::ALL {
        let ids: Vec<MemberId> = known
            .rsvps
            .keys()
            .copied()
            .filter(|it| comes(known, *it, way))
            .collect();
        if ids.len() > MOST_DEALT {
            return Err(Refusal::GroupsLarge { most: MOST_DEALT }.into());
        }
        let origins = queries::origins(turn.conn(), &ids).await?;
        let person = |id: &MemberId| {
            let (school, department) = origins
                .get(id)
                .map_or((None, None), |it| (it.0.as_deref(), it.1.as_deref()));
            Person {
                id: *id,
                school,
                department,
                is_fine_alone: false,
            }
        };
        let people: Vec<Person<'_>> = ids.iter().map(person).collect();
        let found = breakout::group(&Gathering {
            people: &people,
            apart: &dealt.apart,
            met: &met,
            before: &before(known, way),
            seed: breakout::seed(event.id),
        });
        let numbered = (1..).zip(found.groups);
        dealt
            .groups
            .extend(numbered.map(|(number, members)| ((way, number), members)));
        dealt.together.extend(found.together);
        dealt.alone.extend(found.alone);
    }
    Ok(dealt)
}

/// The groups of one way as they are, each at the place of its number.
fn before(known: &Known, way: Way) -> Vec<Vec<MemberId>> {
    let mut before = Vec::new();
    for ((_, number), members) in known.dealt.iter().flat_map(|it| it.of(way)) {
        before.resize(usize::from(*number), Vec::new());
        if let Some(last) = before.last_mut() {
            last.clone_from(members);
        }
    }
    before
}

impl Dealt {
    fn of(&self, way: Way) -> impl Iterator<Item = (&(Way, u16), &Vec<MemberId>)> {
        self.groups.range((way, 0)..=(way, u16::MAX))
    }
}

fn comes(known: &Known, member: MemberId, by: Way) -> bool {
    let entry = known.roll.entries.get(&member);
    matches!(entry, Some(Entry::Going { way, .. }) if *way == by)
}

/// The groups for those who plan, and for each person their own: of the groups in which any of these people are, or of
/// all.
pub(super) fn rows(turn: &mut Turn, known: &Known, of: Option<&[MemberId]>) -> ApiResult<()> {
    let (Some(dealt), event) = (&known.dealt, known.event.id) else {
        return Ok(());
    };
    let mut is_changed = of.is_none();
    for ((way, number), members) in &dealt.groups {
        if of.is_some_and(|of| !members.iter().any(|it| of.contains(it))) {
            continue;
        }
        is_changed = true;
        for member in members {
            let audience = Audience::One(*member);
            if comes(known, *member, *way) {
                let own = own(known, (*way, *number), members, *member);
                turn.publish(audience, "breakout", event, &own)?;
            } else {
                turn.withdraw(audience, "breakout", event);
            }
        }
    }
    if is_changed {
        let all = shown(known, dealt);
        for audience in publish::planners(known) {
            turn.publish(audience, "event_breakouts", event, &all)?;
        }
    }
    Ok(())
}

/// A group as one of its people reads it: named is who lets the others read the name.
fn own(
    known: &Known,
    (way, number): (Way, u16),
    members: &[MemberId],
    myself: MemberId,
) -> Breakout {
    let others = members
        .iter()
        .filter(|it| **it != myself && comes(known, **it, way))
        .filter_map(|it| known.rsvps.get(it));
    let n_others = others.clone().count();
    let named = others.filter(|it| it.is_named);
    let mut names: Vec<_> = named.filter_map(|it| it.name.clone()).collect();
    names.sort_unstable();
    Breakout {
        number,
        way,
        unnamed: u16::try_from(n_others - names.len()).unwrap_or(u16::MAX),
        names,
    }
}

/// All groups, with those who still come.
fn shown(known: &Known, dealt: &Dealt) -> EventBreakouts {
    let here = |(key, members): (&(Way, u16), &Vec<MemberId>)| Group {
        number: key.1,
        way: key.0,
        members: members
            .iter()
            .copied()
            .filter(|it| comes(known, *it, key.0))
            .collect(),
    };
    let groups: Vec<Group> = dealt.groups.iter().map(here).collect();
    let is_here = |it: &MemberId| groups.iter().any(|group| group.members.contains(it));
    let both_are = |it: &&Pair| is_here(&it.0) && is_here(&it.1);
    EventBreakouts {
        together: dealt.together.iter().filter(both_are).copied().collect(),
        alone: dealt
            .alone
            .iter()
            .filter(|it| is_here(it))
            .copied()
            .collect(),
        apart: dealt.apart.clone(),
        at: dealt.at,
        groups,
    }
}
