//! What was wished, and what the server decided: kept beside the system, by plain means.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Result, ensure};
use domain::{
    booking::Slot,
    id::{BookingId, DeviceId, MemberId, MutationId},
    sync::mutation::{Acknowledge, Mutation},
    time::{DAY, Time},
};

/// How long a phone keeps what was answered.
const JOURNAL: i64 = 30 * DAY;

/// A wish that a phone said it has saved.
#[derive(Debug, Clone)]
pub(crate) struct Wished {
    pub(crate) id: MutationId,
    pub(crate) member: MemberId,
    pub(crate) profile: usize,
    /// Phone and age: what is wished in one line is decided in its order.
    pub(crate) line: (usize, usize),
    pub(crate) saved: Time,
    pub(crate) mutation: Mutation,
}

/// What is known of a wish beside what was saved.
#[derive(Debug, Clone, Copy, Default)]
struct Fate {
    /// The person took it back: its name is still decided, as nothing.
    is_void: bool,
    /// Its profile was thrown away before it was decided, or it was older than the journal: it may be lost.
    may_be_lost: bool,
    /// Its profile was thrown away after it was decided: a restored server cannot get it back.
    is_forgotten: bool,
    /// It was decided, and a restored server has lost that.
    is_undone: bool,
}

/// A row of the server's table of answers.
#[derive(Debug, Clone)]
pub(crate) struct Decided {
    pub(crate) member: MemberId,
    /// The name in the table.
    pub(crate) row: MutationId,
    /// The name that the person's phone gave it: the same, unless a rule is missing.
    pub(crate) id: MutationId,
    pub(crate) device: DeviceId,
    pub(crate) n: u64,
    pub(crate) refusal: Option<String>,
}

/// Wishes and decisions.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    wishes: Vec<(Wished, Fate)>,
    places: HashMap<MutationId, usize>,
    decided: HashMap<(MemberId, MutationId), Decided>,
    /// The same by the names in the table.
    rows: HashSet<(MemberId, MutationId)>,
    slots: Vec<Slot>,
    /// Lines of phones that have loaded something.
    loaded: HashSet<(usize, usize)>,
    /// What hosts said they like to talk about, one after the other. No words are said twice.
    said: BTreeMap<MemberId, Vec<String>>,
    /// Which wish was decided under which number of a device.
    numbers: HashMap<(DeviceId, u64), MutationId>,
    /// Last answered numbers, as the server has them.
    last: HashMap<DeviceId, u64>,
}

impl Ledger {
    pub(crate) fn wished(&mut self, wish: Wished) {
        self.places.insert(wish.id, self.wishes.len());
        self.wishes.push((wish, Fate::default()));
    }

    pub(crate) fn gave_up(&mut self, id: MutationId) {
        if let Some(at) = self.places.get(&id) {
            self.wishes[*at].1.is_void = true;
        }
    }

    /// A phone has rows, so it knows a life of the database.
    pub(crate) fn has_loaded(&mut self, line: (usize, usize)) {
        self.loaded.insert(line);
    }

    pub(crate) fn opened(&mut self, slot: Slot) {
        self.slots.push(slot);
    }

    /// Every slot that a host wished to open.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter()
    }

    pub(crate) fn last(&self, device: DeviceId) -> u64 {
        self.last.get(&device).copied().unwrap_or(0)
    }

    pub(crate) fn is_decided(&self, member: MemberId, id: MutationId) -> Option<&Decided> {
        self.decided.get(&(member, id))
    }

    /// The wish that was decided under this number of a device.
    pub(crate) fn decided_under(&self, device: DeviceId, n: u64) -> Option<&Decided> {
        let id = self.numbers.get(&(device, n))?;
        self.decided
            .values()
            .find(|it| it.id == *id && it.device == device)
    }

    /// A decision that is not known yet.
    pub(crate) fn is_new(&self, decided: &Decided) -> bool {
        !self.rows.contains(&(decided.member, decided.row))
    }

    /// Every wish with what the server has decided about it.
    pub(crate) fn wishes(&self) -> impl Iterator<Item = (&Wished, Option<&Decided>)> {
        self.wishes
            .iter()
            .filter(|it| !it.1.is_void)
            .map(|(wish, _)| (wish, self.is_decided(wish.member, wish.id)))
    }

    /// Somebody wished to acknowledge the outcome of this wish, and did.
    pub(crate) fn is_acknowledged(&self, member: MemberId, id: MutationId) -> bool {
        // Also when it was taken back after it had arrived.
        self.wishes.iter().any(|(wish, _)| {
            wish.member == member
                && self.is_decided(member, wish.id).is_some()
                && wish.mutation == Mutation::Acknowledge(Acknowledge { mutation: id })
        })
    }

    /// Everything on a profile was thrown away.
    pub(crate) fn thrown_away(&mut self, profile: usize) {
        for (wish, fate) in &mut self.wishes {
            if wish.profile == profile {
                let is_decided = self.decided.contains_key(&(wish.member, wish.id));
                fate.may_be_lost |= !is_decided;
                fate.is_forgotten = true;
            }
        }
    }

    /// What the server decided since it was last asked, in order.
    ///
    /// # Errors
    /// When a wish is decided twice (2), under a number that is used (16), or before an earlier one of its line (5).
    pub(crate) fn learn(&mut self, decided: Vec<Decided>) -> Result<()> {
        for new in decided {
            if !self.rows.insert((new.member, new.row)) {
                continue;
            }
            let key = (new.member, new.id);
            ensure!(
                !self.decided.contains_key(&key),
                "2 at most once: a wish is decided twice, the second time as number {} of another device",
                new.n
            );
            let before = self.numbers.insert((new.device, new.n), new.id);
            ensure!(
                before.is_none(),
                "16 fork: number {} of one device decides two wishes",
                new.n
            );
            self.in_order(&new)?;
            self.decided.insert(key, new);
        }
        Ok(())
    }

    fn in_order(&self, new: &Decided) -> Result<()> {
        let Some(at) = self.places.get(&new.id) else {
            return Ok(());
        };
        let line = self.wishes[*at].0.line;
        let is_blind = !self.loaded.contains(&line);
        for (earlier, fate) in self.wishes[..*at].iter().filter(|it| it.0.line == line) {
            // An old build that never loaded anything cannot hear that the server was restored. When its profile was
            // copied, too, the numbers of the other copy may fit; then what was lost comes later.
            let may_come_later = fate.may_be_lost || (is_blind && fate.is_undone);
            ensure!(
                may_come_later || self.is_decided(earlier.member, earlier.id).is_some(),
                "5 per-device order: {} is decided before {}, which was wished earlier on the same phone",
                self.wishes[*at].0.mutation.name(),
                earlier.mutation.name()
            );
        }
        Ok(())
    }

    /// The server goes on with an older database: this is what it knows.
    pub(crate) fn restored(
        &mut self,
        decided: Vec<Decided>,
        said: BTreeMap<MemberId, Vec<String>>,
        now: Time,
    ) {
        self.rows = decided.iter().map(|it| (it.member, it.row)).collect();
        let decided = decided.into_iter().map(|it| ((it.member, it.id), it));
        let was = std::mem::replace(&mut self.decided, decided.collect());
        self.said = said;
        let numbers = self.decided.values().map(|it| ((it.device, it.n), it.id));
        self.numbers = numbers.collect();
        for (wish, fate) in &mut self.wishes {
            let key = (wish.member, wish.id);
            if was.contains_key(&key) && !self.decided.contains_key(&key) {
                let is_old = now.since(wish.saved) > JOURNAL;
                fate.is_undone = true;
                fate.may_be_lost |= fate.is_forgotten || is_old;
            }
        }
    }

    pub(crate) fn said(&self) -> BTreeMap<MemberId, Vec<String>> {
        self.said.clone()
    }

    /// What is the last answered number of each device now.
    pub(crate) fn set_last(&mut self, last: HashMap<DeviceId, u64>) {
        self.last = last;
    }

    /// What a host likes to talk about now.
    ///
    /// # Errors
    /// When they said so before, and something else since: a wish was carried out twice (2).
    pub(crate) fn says(&mut self, member: MemberId, words: &str) -> Result<()> {
        let said = self.said.entry(member).or_default();
        if said.last().is_some_and(|it| it == words) {
            return Ok(());
        }
        ensure!(
            !said.iter().any(|it| it == words),
            "2 at most once: a profile goes back to what it was before ({words})"
        );
        said.push(words.to_owned());
        Ok(())
    }

    /// Wishes of a profile that must be on it, if they are not decided.
    pub(crate) fn undecided_of(&self, profile: usize) -> impl Iterator<Item = &Wished> {
        self.wishes
            .iter()
            .filter(move |(wish, fate)| {
                wish.profile == profile
                    && !fate.may_be_lost
                    && self.is_decided(wish.member, wish.id).is_none()
            })
            .map(|it| &it.0)
    }

    /// A wish that is lost, of somebody who could deliver it.
    pub(crate) fn lost(&self, is_here: impl Fn(MemberId) -> bool) -> Option<&Wished> {
        let wishes = self.wishes.iter().filter(|it| is_here(it.0.member));
        let mut lost = wishes.filter(|(wish, fate)| {
            !fate.may_be_lost && self.is_decided(wish.member, wish.id).is_none()
        });
        lost.next().map(|it| &it.0)
    }

    /// The booking that a wish asked for, unless it was taken back.
    pub(crate) fn asked(&self, id: MutationId) -> Option<BookingId> {
        let (wish, fate) = &self.wishes[*self.places.get(&id)?];
        match &wish.mutation {
            Mutation::Ask(it) if !fate.is_void => Some(it.booking),
            _ => None,
        }
    }
}
