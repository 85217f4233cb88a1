//! The roll of an event: every reply to it, who has a place, who waits, whom a freed place is held for.
//!
//! One function changes it at a time and says what changed. Whatever happens, at its end:
//! - no more places are taken or held than there are, unless their number was lowered below what was taken;
//! - nobody has a place who did not say yes to it: what becomes free is *offered* to the first in line;
//! - while a place is free nobody waits for it, except in the last two hours, when nothing is offered any more and a place
//!   is whose says yes first.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Places, Plan, Reply, Way};
use crate::{
    id::MemberId,
    refusal::Refusal,
    time::{HOUR, Time},
};

/// How long an offered place is held.
pub const HOLD: i64 = 48 * HOUR;
/// How long before the start the last offers end.
pub const LAST_OFFER: i64 = 2 * HOUR;
/// Replies that one event takes.
pub const MOST_PEOPLE: usize = 20_000;

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// 参加.
    Going(Way),
    /// 未定.
    Maybe,
    /// 不参加.
    Declined,
}

/// How many places there are of each way: nothing where one cannot take part that way, `Some(None)` for as many as come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seats {
    /// In person.
    pub on_site: Option<Option<u16>>,
    /// By the meeting link.
    pub online: Option<Option<u16>>,
}

impl Seats {
    /// Those of one way.
    #[must_use]
    pub fn of(&self, way: Way) -> Option<Option<u16>> {
        match way {
            Way::OnSite => self.on_site,
            Way::Online => self.online,
        }
    }
}

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Has this place, counted from one. No two people have the same.
    Going {
        /// Which way.
        way: Way,
        /// The number of the place.
        place: u16,
    },
    /// 未定.
    Maybe,
    /// 不参加.
    Declined,
    /// In line.
    Waiting {
        /// For which way.
        way: Way,
        /// Who came later has the greater one.
        line: i64,
    },
    /// This place is held.
    Offered {
        /// Which way.
        way: Way,
        /// The number of the place.
        place: u16,
        /// The last moment to say yes.
        until: Time,
    },
    /// The place was not taken while it was held.
    Lapsed,
}

impl Entry {
    /// The place that is taken or held.
    #[must_use]
    pub fn place(&self) -> Option<(Way, u16)> {
        match self {
            Self::Going { way, place } | Self::Offered { way, place, .. } => Some((*way, *place)),
            _ => None,
        }
    }
}

/// What changed for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Has a place now; was it offered before?
    Going {
        /// Who.
        member: MemberId,
        /// It was held for them.
        was_offered: bool,
    },
    /// Is in line now.
    Waiting(MemberId),
    /// A freed place is held for them until then.
    Offered {
        /// Who.
        member: MemberId,
        /// The last moment to say yes.
        until: Time,
    },
    /// The place that was held went on.
    Lapsed(MemberId),
    /// Said maybe or no, or was taken off.
    Left {
        /// Who.
        member: MemberId,
        /// They had a place.
        had_place: bool,
    },
}

impl Change {
    /// Whose.
    #[must_use]
    pub fn member(&self) -> MemberId {
        match self {
            Self::Going { member, .. }
            | Self::Offered { member, .. }
            | Self::Left { member, .. }
            | Self::Waiting(member)
            | Self::Lapsed(member) => *member,
        }
    }
}

fn left(member: MemberId, entry: Option<Entry>) -> Change {
    let had_place = matches!(entry, Some(Entry::Going { .. }));
    Change::Left { member, had_place }
}

/// All replies to one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roll {
    /// Places.
    pub seats: Seats,
    /// Who finds no place may wait.
    pub has_waitlist: bool,
    /// Until when one may ask for a place.
    pub closes: Time,
    /// The start.
    pub starts: Time,
    /// It does not take place.
    pub is_cancelled: bool,
    /// Everybody who ever replied.
    pub entries: BTreeMap<MemberId, Entry>,
}

impl Roll {
    /// Somebody answers.
    ///
    /// A yes takes the place that is offered or one that is free, else it waits. Saying again what stands already
    /// changes nothing: who waits keeps their turn.
    ///
    /// # Errors
    /// When the event has begun, is off, is closed for new places, has no such way, or is full without a waitlist.
    pub fn reply(
        &mut self,
        member: MemberId,
        answer: Answer,
        now: Time,
    ) -> Result<Vec<Change>, Refusal> {
        // A refusal leaves nothing behind, not even the offers that ended on the way to it.
        let mut next = self.clone();
        let changes = next.answer(member, answer, now)?;
        *self = next;
        Ok(changes)
    }

    fn answer(
        &mut self,
        member: MemberId,
        answer: Answer,
        now: Time,
    ) -> Result<Vec<Change>, Refusal> {
        if self.is_cancelled {
            return Err(Refusal::EventCancelled);
        }
        if self.starts <= now {
            return Err(Refusal::EventPassed);
        }
        let mut changes = self.expire(now);
        let entry = self.entries.get(&member).copied();
        let changed = match (answer, entry) {
            (Answer::Maybe, Some(Entry::Maybe)) | (Answer::Declined, Some(Entry::Declined)) => None,
            (Answer::Maybe, entry) => Some((Entry::Maybe, left(member, entry))),
            (Answer::Declined, entry) => Some((Entry::Declined, left(member, entry))),
            (Answer::Going(way), entry) => self.ask(member, way, entry, now)?,
        };
        if let Some((entry, change)) = changed {
            if self.entries.len() >= MOST_PEOPLE && !self.entries.contains_key(&member) {
                return Err(Refusal::EventFull);
            }
            self.entries.insert(member, entry);
            changes.push(change);
        }
        changes.extend(self.serve(now));
        Ok(changes)
    }

    /// A yes. Nothing when it stands already.
    fn ask(
        &self,
        member: MemberId,
        way: Way,
        entry: Option<Entry>,
        now: Time,
    ) -> Result<Option<(Entry, Change)>, Refusal> {
        let seats = self.seats.of(way).ok_or(Refusal::NotThere)?;
        let going = |place, was_offered| {
            let change = Change::Going {
                member,
                was_offered,
            };
            Ok(Some((Entry::Going { way, place }, change)))
        };
        match entry {
            Some(Entry::Going { way: has, .. }) if has == way => return Ok(None),
            Some(Entry::Offered {
                way: held, place, ..
            }) if held == way => return going(place, true),
            Some(Entry::Waiting { way: awaited, .. }) if awaited == way && !self.is_over(now) => {
                return Ok(None);
            }
            _ => {}
        }
        // Who has a place already may still change the way; a new one can be asked for until the event closes.
        let has_place = matches!(entry, Some(Entry::Going { .. } | Entry::Offered { .. }));
        if self.closes <= now && !has_place && !matches!(entry, Some(Entry::Waiting { .. })) {
            return Err(Refusal::RepliesClosed);
        }
        if let Some(place) = self.free(way, seats) {
            return going(place, false);
        }
        match entry {
            // What somebody has is not lost by asking for something else that is full.
            Some(Entry::Going { .. } | Entry::Offered { .. }) => Err(Refusal::EventFull),
            _ if !self.has_waitlist || self.is_over(now) => Err(Refusal::EventFull),
            _ => {
                let line = 1 + self.lines().map(|it| it.1).max().unwrap_or(0);
                Ok(Some((
                    Entry::Waiting { way, line },
                    Change::Waiting(member),
                )))
            }
        }
    }

    /// The event was written anew: other places, another time. Those who have a place keep it, also when there are fewer.
    ///
    /// # Errors
    /// [`Refusal::WayInUse`] when somebody takes part in a way that is gone.
    pub fn replan(&mut self, plan: &Plan, now: Time) -> Result<Vec<Change>, Refusal> {
        let seats = plan.seats();
        let way = |it: &Entry| match it {
            Entry::Waiting { way, .. } => Some(*way),
            it => it.place().map(|it| it.0),
        };
        let mut in_use = self.entries.values().filter_map(way);
        if in_use.any(|way| seats.of(way).is_none()) {
            return Err(Refusal::WayInUse);
        }
        (self.seats, self.has_waitlist) = (seats, plan.has_waitlist);
        (self.closes, self.starts) = (plan.closes, plan.starts);
        let last = self.starts + -LAST_OFFER;
        for entry in self.entries.values_mut() {
            if let Entry::Offered { until, .. } = entry {
                *until = last.min(*until);
            }
        }
        Ok(self.tick(now))
    }

    /// Somebody is taken off: their place or their turn goes on.
    ///
    /// # Errors
    /// When there is nothing to take.
    pub fn remove(&mut self, member: MemberId, now: Time) -> Result<Vec<Change>, Refusal> {
        let entry = self.entries.get(&member).copied();
        if let None | Some(Entry::Declined | Entry::Lapsed) = entry {
            return Err(Refusal::NotThere);
        }
        self.entries.insert(member, Entry::Declined);
        let mut changes = vec![left(member, entry)];
        changes.extend(self.tick(now));
        Ok(changes)
    }

    /// Ends the offers whose time is over, and serves the line.
    pub fn tick(&mut self, now: Time) -> Vec<Change> {
        let mut changes = self.expire(now);
        changes.extend(self.serve(now));
        changes
    }

    fn expire(&mut self, now: Time) -> Vec<Change> {
        let is_over = |it: &Entry| matches!(it, Entry::Offered { until, .. } if *until <= now);
        let over = self.entries.iter_mut().filter(|(_, it)| is_over(it));
        over.map(|(member, entry)| {
            *entry = Entry::Lapsed;
            Change::Lapsed(*member)
        })
        .collect()
    }

    /// Offers what is free to who is first in line.
    fn serve(&mut self, now: Time) -> Vec<Change> {
        let mut changes = Vec::new();
        if self.is_cancelled || self.is_over(now) {
            return changes;
        }
        let until = (now + HOLD).min(self.starts + -LAST_OFFER);
        for way in Way::ALL {
            let Some(seats) = self.seats.of(way) else {
                continue;
            };
            loop {
                let waiting = self.lines().filter(|it| it.0 == way);
                let Some((_, _, member)) = waiting.min_by_key(|it| it.1) else {
                    break;
                };
                let Some(place) = self.free(way, seats) else {
                    break;
                };
                let entry = Entry::Offered { way, place, until };
                self.entries.insert(member, entry);
                changes.push(Change::Offered { member, until });
            }
        }
        changes
    }

    /// Nothing is offered any more.
    fn is_over(&self, now: Time) -> bool {
        now >= self.starts + -LAST_OFFER
    }

    /// The lowest number of a free place.
    fn free(&self, way: Way, seats: Option<u16>) -> Option<u16> {
        let mut taken: Vec<u16> = self
            .entries
            .values()
            .filter_map(Entry::place)
            .filter(|it| it.0 == way)
            .map(|it| it.1)
            .collect();
        if seats.is_some_and(|most| taken.len() >= usize::from(most)) {
            return None;
        }
        taken.sort_unstable();
        let is_gap = |(at, place): (u16, &u16)| (at != *place).then_some(at);
        let gap = (1..).zip(&taken).find_map(is_gap);
        gap.or_else(|| u16::try_from(taken.len() + 1).ok())
    }

    /// Everybody in line.
    fn lines(&self) -> impl Iterator<Item = (Way, i64, MemberId)> {
        self.entries.iter().filter_map(|(member, it)| match it {
            Entry::Waiting { way, line } => Some((*way, *line, *member)),
            _ => None,
        })
    }

    /// Where somebody stands, as they read it.
    #[must_use]
    pub fn reply_of(&self, member: MemberId) -> Option<Reply> {
        let reply = match *self.entries.get(&member)? {
            Entry::Going { way, .. } => Reply::Going(way),
            Entry::Maybe => Reply::Maybe,
            Entry::Declined => Reply::Declined,
            Entry::Offered { way, until, .. } => Reply::Offered { way, until },
            Entry::Lapsed => Reply::Lapsed,
            Entry::Waiting { way, line } => {
                let before = self.lines().filter(|it| it.0 == way && it.1 < line).count();
                let before = u16::try_from(before).unwrap_or(u16::MAX);
                Reply::Waiting { way, before }
            }
        };
        Some(reply)
    }

    /// Everybody who waits for a way, first in line first.
    #[must_use]
    pub fn waiting(&self, way: Way) -> Vec<MemberId> {
        let mut line: Vec<_> = self.lines().filter(|it| it.0 == way).collect();
        line.sort_unstable_by_key(|it| it.1);
        line.into_iter().map(|it| it.2).collect()
    }

    /// When the offers end that are held now.
    pub fn offers(&self) -> impl Iterator<Item = Time> {
        self.entries.values().filter_map(|it| match it {
            Entry::Offered { until, .. } => Some(*until),
            _ => None,
        })
    }

    /// How full one way is; nothing when there is no such way.
    #[must_use]
    pub fn places(&self, way: Way) -> Option<Places> {
        let most = self.seats.of(way)?;
        let taken = self.entries.values().filter_map(Entry::place);
        let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        Some(Places {
            most,
            taken: count(taken.filter(|it| it.0 == way).count()),
            waiting: count(self.lines().filter(|it| it.0 == way).count()),
        })
    }
}
