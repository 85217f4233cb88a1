//! What somebody wishes next: offer-holders interviews and places at dinners, hosts and HR what is theirs to do.

use domain::{
    booking::{
        Ask, BookingState, Cancel, CloseSlot, HostSlot, HostSlotState, Move, OpenSlot, Slot, Wish,
    },
    event::{Answer, ReplyTo, Way},
    id::{BookingId, CorrectionId, PromiseId, SlotId},
    interview::{Correct, Promised, WriteRecord},
    member::{Role, SetProfile},
    promise::Keep,
    sync::mutation::Mutation,
    time::{DAY, MINUTE},
};
use tests::history::Deed;

use super::{Client, chance};

/// Times that somebody looks at: the same few for everybody.
const LOOKED_AT: usize = 60;

impl Client {
    /// What this person does next; nothing is to look only.
    pub(super) fn choose(&mut self) -> Option<(Deed, Mutation)> {
        match self.person.role {
            Role::OfferHolder => self.choose_as_holder(),
            Role::Mentor => self.choose_as_host(),
            _ => self.choose_as_hr(),
        }
    }

    fn choose_as_holder(&mut self) -> Option<(Deed, Mutation)> {
        let ahead: Vec<String> = self
            .talks
            .iter()
            .filter(|it| it.1.state == BookingState::Booked && it.1.starts > self.person.now)
            .map(|it| it.0.clone())
            .collect();
        match self.dice.below(100) {
            0..30 => {
                let booking = BookingId::born(self.person.now, chance(&mut self.dice));
                let wishes = self.wishes()?;
                let slots = wishes.iter().map(|it| it.slot.to_string()).collect();
                Some((
                    Deed::Ask {
                        booking: booking.to_string(),
                        slots,
                    },
                    Mutation::Ask(Ask {
                        booking,
                        wishes,
                        topic: String::new(),
                        talk: "よろしく".into(),
                        avoid: String::new(),
                    }),
                ))
            }
            30..46 if !ahead.is_empty() => {
                let booking = self.dice.one(&ahead).clone();
                Some((
                    Deed::Cancel {
                        booking: booking.clone(),
                    },
                    Mutation::Cancel(Cancel {
                        booking: booking.parse().ok()?,
                    }),
                ))
            }
            46..60 if !ahead.is_empty() => {
                let booking = self.dice.one(&ahead).clone();
                let wishes = self.wishes()?;
                let slots = wishes.iter().map(|it| it.slot.to_string()).collect();
                Some((
                    Deed::Move {
                        booking: booking.clone(),
                        slots,
                    },
                    Mutation::Move(Move {
                        booking: booking.parse().ok()?,
                        wishes,
                    }),
                ))
            }
            60..66 => {
                let booking = self.past()?;
                let correction = CorrectionId::born(self.person.now, chance(&mut self.dice));
                Some((
                    Deed::Correct {
                        booking: booking.to_string(),
                        correction: correction.to_string(),
                    },
                    Mutation::Correct(Correct {
                        booking,
                        correction,
                        text: "補足".into(),
                    }),
                ))
            }
            66..92 => self.reply(),
            _ => None,
        }
    }

    /// Yes more often than no, so that there is a line, and often enough no, so that it moves.
    fn reply(&mut self) -> Option<(Deed, Mutation)> {
        let events: Vec<&String> = self.events.iter().collect();
        if events.is_empty() {
            return None;
        }
        let event = self.dice.of(&events).clone();
        let (code, answer) = match self.dice.below(10) {
            0..6 => ("going", Answer::Going(Way::OnSite)),
            6 => ("maybe", Answer::Maybe),
            _ => ("declined", Answer::Declined),
        };
        let wish = ReplyTo {
            event: event.parse().ok()?,
            answer,
            is_named: self.dice.often(50),
        };
        let answer = code.to_owned();
        Some((Deed::Reply { event, answer }, Mutation::Reply(wish)))
    }

    fn choose_as_host(&mut self) -> Option<(Deed, Mutation)> {
        match self.dice.below(100) {
            0..30 => {
                let text = format!("{} {}", self.n, self.dice.throw());
                Some((
                    Deed::Profile { text: text.clone() },
                    Mutation::SetProfile(SetProfile {
                        talks_about: Some(text),
                    }),
                ))
            }
            30..45 => {
                let slot = SlotId::born(self.person.now, chance(&mut self.dice));
                let quarter = i64::try_from(self.dice.below(400)).ok()?;
                let starts = (self.person.now.day().plus(1).start() + 8 * 60 * MINUTE)
                    + (quarter / 20) * DAY
                    + (quarter % 20) * 5 * MINUTE;
                Some((
                    Deed::Open {
                        slot: slot.to_string(),
                    },
                    Mutation::OpenSlot(OpenSlot {
                        slot,
                        starts,
                        place: "会議室 A".into(),
                        link: String::new(),
                        note: String::new(),
                    }),
                ))
            }
            45..55 => self.close(),
            55..75 => {
                let booking = self.past()?;
                let promise = PromiseId::born(self.person.now, chance(&mut self.dice));
                let promises = vec![Promised {
                    id: promise,
                    text: "資料を送る".into(),
                    due: self.person.now.day().plus(7),
                }];
                let record = WriteRecord {
                    booking,
                    said: "話したこと".into(),
                    next: String::new(),
                    promises,
                };
                Some((
                    Deed::Record {
                        booking: booking.to_string(),
                        promise: promise.to_string(),
                    },
                    Mutation::WriteRecord(record),
                ))
            }
            75..90 => self.keep(),
            _ => None,
        }
    }

    fn choose_as_hr(&mut self) -> Option<(Deed, Mutation)> {
        match self.dice.below(100) {
            0..25 => self.close(),
            25..60 => self.keep(),
            _ => None,
        }
    }

    fn close(&mut self) -> Option<(Deed, Mutation)> {
        // Taken ones as well: somebody loses an interview and gets a word.
        let mine: Vec<&HostSlot> = self
            .slots
            .values()
            .filter(|it| it.starts > self.person.now)
            .collect();
        let taken: Vec<&HostSlot> = mine
            .iter()
            .copied()
            .filter(|it| matches!(it.state, HostSlotState::Taken(_)))
            .collect();
        let from = if self.dice.often(50) && !taken.is_empty() {
            taken
        } else {
            mine
        };
        if from.is_empty() || self.dice.often(60) {
            return None;
        }
        let slot = self.dice.of(&from).id;
        Some((
            Deed::Close {
                slot: slot.to_string(),
            },
            Mutation::CloseSlot(CloseSlot {
                slot,
                word: "急用".into(),
            }),
        ))
    }

    fn keep(&mut self) -> Option<(Deed, Mutation)> {
        let open: Vec<&String> = self
            .promises
            .iter()
            .filter(|it| !it.1)
            .map(|it| it.0)
            .collect();
        if open.is_empty() {
            return None;
        }
        let promise = self.dice.of(&open).clone();
        Some((
            Deed::Keep {
                promise: promise.clone(),
            },
            Mutation::Keep(Keep {
                promise: promise.parse().ok()?,
            }),
        ))
    }

    /// An interview that has taken place.
    fn past(&mut self) -> Option<BookingId> {
        let past: Vec<&String> = self
            .talks
            .iter()
            .filter(|it| it.1.starts <= self.person.now && it.1.state == BookingState::Booked)
            .map(|it| it.0)
            .collect();
        if past.is_empty() {
            None
        } else {
            self.dice.of(&past).parse().ok()
        }
    }

    /// Up to three of the first free times.
    fn wishes(&mut self) -> Option<Vec<Wish>> {
        let mut free: Vec<&Slot> = self
            .free
            .values()
            .filter(|it| it.starts > self.person.now)
            .collect();
        free.sort_by_key(|it| (it.starts, it.id));
        free.truncate(LOOKED_AT);
        let mut wishes: Vec<Wish> = Vec::new();
        for _ in 0..=self.dice.below(3) {
            if free.is_empty() {
                break;
            }
            let slot = free.remove(self.dice.below(free.len()));
            wishes.push(Wish {
                slot: slot.id,
                starts: slot.starts,
                place: slot.place.clone(),
            });
        }
        (!wishes.is_empty()).then_some(wishes)
    }
}
