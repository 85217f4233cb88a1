//! What must hold of a history.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
};

use super::{
    Deed, End, Event, Kept, Line, Row,
    replies::{self, Replies},
};

/// The limits that were in force.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Interviews of one person on one day.
    pub member_per_day: usize,
    /// Interviews of one person ahead.
    pub member_ahead: usize,
    /// Interviews of one host on one day.
    pub host_per_day: usize,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Wishes that went out.
    pub invoked: usize,
    /// Of these, answered.
    pub acknowledged: usize,
    /// Of these, granted.
    pub granted: usize,
    /// Attempts without an answer.
    pub unknown: usize,
    /// Attempts that were told to come back.
    pub later: usize,
    /// What cannot be true.
    pub wrong: Vec<String>,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} wishes, {} acknowledged ({} granted), {} attempts unanswered, {} told to come back, {} contradictions",
            self.invoked,
            self.acknowledged,
            self.granted,
            self.unknown,
            self.later,
            self.wrong.len()
        )
    }
}

/// Reads a history in the order of its time and says what cannot be true in it.
#[must_use]
pub fn check(lines: &[Line], rules: Rules) -> Found {
    let mut lines: Vec<&Line> = lines.iter().collect();
    lines.sort_by_key(|it| it.at);
    let mut reading = Reading::default();
    for line in &lines {
        reading.read(line);
    }
    reading.one_winner();
    reading.versions_agree();
    let end = lines.iter().rev().find_map(|it| match &it.event {
        Event::End(end) => Some(end),
        _ => None,
    });
    match end {
        Some(end) => reading.compare(end, rules),
        None => reading.wrong("there is no end".into()),
    }
    reading.found
}

/// A wish and what is known of it.
pub(super) struct Wish<'a> {
    pub(super) member: &'a str,
    pub(super) deed: &'a Deed,
    pub(super) invoked: u64,
    /// When it was answered, and whether it was granted.
    pub(super) answered: Option<(u64, bool)>,
}

impl Wish<'_> {
    pub(super) fn is_granted(&self) -> bool {
        self.answered.is_some_and(|it| it.1)
    }
}

#[derive(Default)]
struct Reading<'a> {
    /// By member and id.
    wishes: BTreeMap<(&'a str, &'a str), Wish<'a>>,
    /// In the order of acknowledgement, by device.
    last: HashMap<&'a str, u64>,
    ids: HashMap<(&'a str, u64), &'a str>,
    /// How far a device has read.
    read_to: HashMap<&'a str, i64>,
    /// What a device was told of an interview last.
    told: HashMap<(&'a str, &'a str), &'a Row>,
    /// Every version of an interview that anybody was told of.
    versions: BTreeMap<(&'a str, i64), &'a Row>,
    /// What anybody was told of answers to events.
    replies: Replies<'a>,
    /// What a device was granted and has not yet read: the rows of the same answer must show it.
    awaited: HashMap<&'a str, &'a Deed>,
    found: Found,
}

impl<'a> Reading<'a> {
    fn wrong(&mut self, what: String) {
        self.found.wrong.push(what);
    }

    fn read(&mut self, line: &'a Line) {
        let (member, device) = (line.member.as_str(), line.device.as_str());
        match &line.event {
            Event::Invoke { n, id, deed } => {
                self.found.invoked += 1;
                if let Some(other) = self.ids.insert((device, *n), id) {
                    self.wrong(format!("{device} used number {n} for {other} and for {id}"));
                }
                let wish = Wish {
                    member,
                    deed,
                    invoked: line.at,
                    answered: None,
                };
                if self.wishes.insert((member, id), wish).is_some() {
                    self.wrong(format!("{member} wished {id} twice"));
                }
            }
            Event::Unknown { .. } => self.found.unknown += 1,
            Event::Later { .. } => self.found.later += 1,
            Event::Ok { n, id, refusal } => self.acknowledged(line, *n, id, refusal.is_none()),
            Event::Saw { seq, rows, replies } => {
                self.found
                    .wrong
                    .extend(self.replies.saw(member, device, replies));
                self.saw(member, device, *seq, rows);
            }
            Event::Broken { what } => self.wrong(format!("{device} was told {what}")),
            Event::End(_) => {}
        }
    }

    /// Numbers of a device are answered one after the other, each once, each for the wish it was given to.
    fn acknowledged(&mut self, line: &'a Line, n: u64, id: &'a str, is_granted: bool) {
        let device = line.device.as_str();
        let last = self.last.insert(device, n).unwrap_or(0);
        if n != last + 1 {
            self.wrong(format!("{device}: number {n} was answered after {last}"));
        }
        if self.ids.get(&(device, n)) != Some(&id) {
            self.wrong(format!("{device}: number {n} was answered as {id}"));
        }
        let Some(wish) = self.wishes.get_mut(&(line.member.as_str(), id)) else {
            return self.wrong(format!("{id} was answered and never asked"));
        };
        self.found.acknowledged += 1;
        self.found.granted += usize::from(is_granted);
        let before = wish.answered.replace((line.at, is_granted));
        if is_granted {
            self.awaited.insert(device, wish.deed);
        }
        if before.is_some() {
            self.wrong(format!("{id} was answered twice"));
        }
    }

    /// What a device reads never goes back, and holds what it was just granted.
    fn saw(&mut self, member: &str, device: &'a str, seq: i64, rows: &'a [Row]) {
        let before = self.read_to.insert(device, seq).unwrap_or(0);
        if seq < before {
            self.wrong(format!("{device} read up to {before} and then up to {seq}"));
        }
        for row in rows {
            let told = self.told.insert((device, row.booking.as_str()), row);
            if told.is_some_and(|it| it.seq > row.seq) {
                self.wrong(format!(
                    "{device}: {} went back to {}",
                    row.booking, row.seq
                ));
            }
            let version = self.versions.insert((row.booking.as_str(), row.seq), row);
            // The host and the offer-holder are told of one change by two rows with two places in the order.
            if version.is_some_and(|it| it != row) {
                self.wrong(format!("{} is two things at {}", row.booking, row.seq));
            }
        }
        let Some(deed) = self.awaited.remove(device) else {
            return;
        };
        if let Deed::Reply { event, answer } = deed {
            let state = self.replies.of(device, event);
            if !state.is_some_and(|it| replies::fits(answer, it)) {
                self.wrong(format!(
                    "{member} answered {answer} to {event} and sees {state:?}"
                ));
            }
            return;
        }
        let (Deed::Ask { booking, .. } | Deed::Move { booking, .. } | Deed::Cancel { booking }) =
            deed
        else {
            return;
        };
        match (deed, self.told.get(&(device, booking.as_str()))) {
            (_, None) => self.wrong(format!(
                "{member} was granted {booking} and does not see it"
            )),
            (Deed::Cancel { .. }, Some(row)) if row.is_live => {
                self.wrong(format!("{member} cancelled {booking} and sees it live"))
            }
            (Deed::Ask { slots, .. } | Deed::Move { slots, .. }, Some(row))
                if !slots.contains(&row.slot) =>
            {
                self.wrong(format!(
                    "{member} was granted {booking} and sees it in {}",
                    row.slot
                ));
            }
            // Or its host has closed the slot since, and the row says that.
            (_, Some(_)) => {}
        }
    }

    /// Of a slot's interviews at most one is live at any moment that acknowledgements prove.
    fn one_winner(&mut self) {
        let mut ends: HashMap<&str, u64> = HashMap::new();
        for wish in self.wishes.values() {
            let ended = |booking: &'a str, ends: &mut HashMap<&'a str, u64>| {
                let end = ends.entry(booking).or_insert(u64::MAX);
                *end = wish.invoked.min(*end);
            };
            match wish.deed {
                Deed::Cancel { booking } | Deed::Move { booking, .. } => ended(booking, &mut ends),
                Deed::Close { slot } => {
                    let held = self.versions.values().filter(|it| it.slot == *slot);
                    held.for_each(|it| ended(&it.booking, &mut ends));
                }
                _ => {}
            }
        }
        // The slot that an asking won is that of the first version anybody was told of.
        let mut first: HashMap<&str, &Row> = HashMap::new();
        for ((booking, _), row) in &self.versions {
            first.entry(booking).or_insert(row);
        }
        let mut held: BTreeMap<&str, Vec<(u64, u64, &str)>> = BTreeMap::new();
        for wish in self.wishes.values().filter(|it| it.is_granted()) {
            let Deed::Ask { booking, .. } = wish.deed else {
                continue;
            };
            let (Some(row), Some((begun, _))) = (first.get(booking.as_str()), wish.answered) else {
                continue;
            };
            let end = ends.get(booking.as_str()).copied().unwrap_or(u64::MAX);
            if begun < end {
                held.entry(&row.slot)
                    .or_default()
                    .push((begun, end, booking));
            }
        }
        let mut wrong = Vec::new();
        for (slot, mut spans) in held {
            spans.sort_unstable();
            for pair in spans.windows(2) {
                if pair[1].0 < pair[0].1 {
                    wrong.push(format!(
                        "{slot} was held by {} and {} at once",
                        pair[0].2, pair[1].2
                    ));
                }
            }
        }
        self.found.wrong.extend(wrong);
    }

    /// In the order of all changes no slot is taken while another interview is live in it.
    fn versions_agree(&mut self) {
        let mut order: Vec<&Row> = self.versions.values().copied().collect();
        order.sort_by_key(|it| it.seq);
        let (mut at, mut by): (HashMap<&str, &str>, HashMap<&str, &str>) =
            (HashMap::new(), HashMap::new());
        let mut wrong = Vec::new();
        // Whoever moves is told of the new slot; what was left behind is free from then on.
        for row in order {
            let known = by.get(row.booking.as_str()).copied();
            if let Some(slot) = known.filter(|it| *it != row.slot || !row.is_live) {
                at.remove(slot);
                by.remove(row.booking.as_str());
            }
            if row.is_live {
                let other = at.insert(&row.slot, &row.booking);
                // A version in between that nobody was told of: then the database's own end decides.
                if other.is_some_and(|it| it != row.booking && self.is_surely_live(it, row.seq)) {
                    wrong.push(format!(
                        "{} took {} at {} while it was taken",
                        row.booking, row.slot, row.seq
                    ));
                }
                by.insert(&row.booking, &row.slot);
            }
        }
        self.found.wrong.extend(wrong);
    }

    /// A later version says that it stayed as it was, without anybody having wished otherwise.
    fn is_surely_live(&self, booking: &str, after: i64) -> bool {
        let is_touched = self.wishes.values().any(|it| match it.deed {
            Deed::Cancel { booking: other } | Deed::Move { booking: other, .. } => other == booking,
            Deed::Close { .. } => true,
            _ => false,
        });
        let later = self.versions.range((booking, after)..).next();
        !is_touched || later.is_some_and(|((of, _), row)| *of == booking && row.is_live)
    }

    /// What the database holds is what was acknowledged: nothing is missing, nothing is there that nobody wished.
    fn compare(&mut self, end: &'a End, rules: Rules) {
        let bookings: HashMap<&str, &Kept> = end
            .bookings
            .iter()
            .map(|it| (it.booking.as_str(), it))
            .collect();
        let mut wrong = Vec::new();
        if bookings.len() != end.bookings.len() {
            wrong.push("an interview is there twice".to_owned());
        }
        let mut applied: HashMap<(&str, &str), bool> = HashMap::new();
        let mut numbers: HashSet<(&str, u64)> = HashSet::new();
        for (member, id, device, n, is_refused) in &end.applied {
            if applied.insert((member, id), *is_refused).is_some() {
                wrong.push(format!("{id} was carried out twice"));
            }
            if !numbers.insert((device, *n)) {
                wrong.push(format!("{device} has two wishes with number {n}"));
            }
        }
        let asked: HashSet<&str> = self
            .wishes
            .values()
            .filter_map(|it| match it.deed {
                Deed::Ask { booking, .. } => Some(booking.as_str()),
                _ => None,
            })
            .collect();
        for kept in end
            .bookings
            .iter()
            .filter(|it| !asked.contains(it.booking.as_str()) && !end.is_of_before(it))
        {
            wrong.push(format!("nobody asked for {}", kept.booking));
        }
        for ((member, id), wish) in &self.wishes {
            let Some((_, is_granted)) = wish.answered else {
                continue;
            };
            match applied.get(&(*member, *id)) {
                None => wrong.push(format!("{id} was acknowledged and is lost")),
                Some(is_refused) if *is_refused == is_granted => {
                    wrong.push(format!("{id} was answered otherwise than it is kept"))
                }
                Some(_) => {}
            }
            if is_granted && !end.holds(wish, &bookings) {
                wrong.push(format!("{member}: what {id} did is lost"));
            }
        }
        wrong.extend(self.last_words(end));
        wrong.extend(end.limits(rules));
        wrong.extend(self.replies.outnumber(end));
        wrong.extend(end.replies(self.wishes.values()));
        self.found.wrong.extend(wrong);
    }

    /// Of words that replace each other, and of interviews that change, the last acknowledged counts, or what was still on its way.
    fn last_words(&self, end: &End) -> Vec<String> {
        let mut wrong = Vec::new();
        for (member, text) in &end.profiles {
            let mut mine: Vec<&Wish<'_>> = self
                .wishes
                .values()
                .filter(|it| it.member == member && matches!(it.deed, Deed::Profile { .. }))
                .collect();
            mine.sort_by_key(|it| it.invoked);
            // One device, one wish at a time: what follows the last acknowledged one is at most one that is still on its way.
            let known = mine.iter().rposition(|it| it.is_granted());
            let may = &mine[known.unwrap_or(0)..];
            let says =
                |it: &&Wish<'_>| matches!(it.deed, Deed::Profile { text: said } if said == text);
            if known.is_some() && !may.iter().any(says) {
                wrong.push(format!("{member} said something else last"));
            }
        }
        let closed: HashSet<&str> = end.closed.iter().map(String::as_str).collect();
        for kept in &end.bookings {
            let touches = |it: &&&Wish<'_>| matches!(it.deed, Deed::Cancel { booking } | Deed::Move { booking, .. } if *booking == kept.booking);
            let touched: Vec<_> = self.wishes.values().collect();
            let is_cancelled = touched.iter().filter(touches).any(|it| {
                matches!(it.deed, Deed::Cancel { .. }) && it.answered.is_none_or(|it| it.1)
            });
            let mut placed: Vec<(u64, Option<bool>, &[String])> = touched
                .iter()
                .filter_map(|it| match it.deed {
                    Deed::Ask { booking, slots } | Deed::Move { booking, slots }
                        if *booking == kept.booking =>
                    {
                        Some((it.invoked, it.answered.map(|it| it.1), slots.as_slice()))
                    }
                    _ => None,
                })
                .collect();
            placed.sort_unstable();
            let known = placed.iter().rposition(|it| it.1 == Some(true));
            let may = &placed[known.unwrap_or(0)..];
            if known.is_some()
                && !may
                    .iter()
                    .any(|it| it.1 != Some(false) && it.2.contains(&kept.slot))
            {
                wrong.push(format!("{} is not where it was put last", kept.booking));
            }
            if !kept.is_live && !is_cancelled && !closed.contains(kept.slot.as_str()) {
                wrong.push(format!("nobody ended {}", kept.booking));
            }
        }
        wrong
    }
}
