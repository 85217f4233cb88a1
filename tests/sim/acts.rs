//! What people wish: by what their screen shows, and now and then by what it showed before.

use anyhow::Result;
use domain::{
    booking::{
        Ask, Cancel, CloseAvailability, CloseSlot, Move, OpenAvailability, OpenSlot, Pattern, Slot,
        Wish,
    },
    id::{AvailabilityId, BookingId, CorrectionId, PromiseId, SlotId},
    interview::{Correct, Promised, WriteRecord},
    member::SetProfile,
    promise::Keep,
    sync::{
        machine::News,
        mutation::{Acknowledge, Mutation},
        replica::Seen,
    },
    time::{Clock, DAY, Time, Weekday},
};

use crate::{ledger::Wished, world::World};

impl World {
    /// Somebody wishes something, or takes a wish back that was not answered.
    pub(crate) fn somebody_acts(&mut self) -> Result<()> {
        let Some(at) = self.any_phone() else {
            return Ok(());
        };
        // A tab has heard of the others before its person does something: a browser brings messages first, and what is
        // done while the store is read waits for that. Answers come to tabs that have heard nothing.
        self.hear_tabs(at);
        if self.once_in(25) {
            return self.gives_up(at);
        }
        // Now and then somebody in a tunnel goes on and on: more than fits into one request.
        let many = if self.once_in(60) { 70 } else { 1 };
        for _ in 0..many {
            let Some(mutation) = self.wish_of(at) else {
                break;
            };
            self.save(at, &mutation)?;
        }
        Ok(())
    }

    fn save(&mut self, at: usize, mutation: &Mutation) -> Result<()> {
        let saved = self.phones[at].device.save(mutation);
        self.has_stored(at);
        let phone = &self.phones[at];
        match saved {
            Ok(id) => {
                let line = format!("{} wishes {}", phone.name, self.in_words(mutation));
                self.ledger.wished(Wished {
                    id,
                    member: phone.who.member,
                    profile: phone.profile,
                    line: (at, phone.age),
                    saved: self.town.now(),
                    mutation: mutation.clone(),
                });
                self.tell(line);
            }
            Err(_) => self.tell(format!("{}: the outbox is full", self.phones[at].name)),
        }
        self.check_phone(at)
    }

    fn gives_up(&mut self, at: usize) -> Result<()> {
        let waiting: Vec<_> = self.phones[at]
            .device
            .look_at_machine(|it| it.outbox().iter().map(|it| it.envelope.id).collect());
        if let Some(id) = self.choose(&waiting).copied() {
            self.phones[at].device.hear(News::GaveUp(id));
            self.ledger.gave_up(id);
            self.has_stored(at);
            self.tell(format!("{} takes a wish back", self.phones[at].name));
        }
        self.check_phone(at)
    }

    fn wish_of(&mut self, at: usize) -> Option<Mutation> {
        let seen = self.phones[at].device.seen();
        if self.once_in(8)
            && let Some(mutation) = self.dice.choice(seen.view.outcomes.keys()).copied()
        {
            return Some(Mutation::Acknowledge(Acknowledge { mutation }));
        }
        if self.phones[at].who.key == "mio" || self.phones[at].who.key == "sato" {
            self.wish_of_a_host(at, &seen)
        } else {
            self.wish_of_a_holder(at, &seen)
        }
    }

    fn wish_of_a_holder(&mut self, at: usize, seen: &Seen) -> Option<Mutation> {
        let live = seen.view.bookings.values().filter(|it| it.is_live());
        let mut mine: Vec<BookingId> = live.map(|it| it.id).collect();
        mine.extend(seen.asked.iter().map(|it| it.ask.booking));
        match self.dice.u32(0..10) {
            0 | 1 => {
                let booking = self.choose(&mine).copied()?;
                Some(Mutation::Cancel(Cancel { booking }))
            }
            2 => {
                let booking = self.choose(&mine).copied()?;
                let wishes = self.wishes(seen);
                (!wishes.is_empty()).then_some(Mutation::Move(Move { booking, wishes }))
            }
            3 => {
                let booking = self.dice.choice(seen.view.records.keys()).copied()?;
                Some(Mutation::Correct(Correct {
                    booking,
                    correction: CorrectionId::born(
                        self.phones[at].device.now(),
                        self.town.chance(),
                    ),
                    text: self.new_words(),
                }))
            }
            _ => {
                let wishes = self.wishes(seen);
                (!wishes.is_empty()).then(|| {
                    Mutation::Ask(Ask {
                        booking: BookingId::born(self.phones[at].device.now(), self.town.chance()),
                        wishes,
                        topic: String::new(),
                        talk: self.new_words(),
                        avoid: String::new(),
                    })
                })
            }
        }
    }

    /// Up to three slots, as the screen shows them, or as it showed them once.
    fn wishes(&mut self, seen: &Seen) -> Vec<Wish> {
        let mut slots: Vec<Slot> = seen.view.slots.values().cloned().collect();
        if slots.is_empty() || self.once_in(6) {
            slots.extend(self.ledger.slots().cloned());
        }
        // Everybody wants the same few: the earliest.
        slots.sort_by_key(|it| (it.starts, it.id));
        slots.truncate(5);
        self.dice.shuffle(&mut slots);
        slots.truncate(self.dice.usize(1..4));
        slots.iter().map(Wish::from).collect()
    }

    fn wish_of_a_host(&mut self, at: usize, seen: &Seen) -> Option<Mutation> {
        let now = self.town.now();
        match self.dice.u32(0..12) {
            0..4 => Some(self.opens_a_slot(at)),
            4 | 5 => {
                let slot = self.dice.choice(seen.view.host_slots.keys()).copied()?;
                let word = if self.once_in(4) {
                    String::new()
                } else {
                    self.new_words()
                };
                Some(Mutation::CloseSlot(CloseSlot { slot, word }))
            }
            6 | 7 => Some(Mutation::SetProfile(SetProfile {
                talks_about: Some(self.new_words()),
            })),
            8 | 9 => {
                let begun = seen
                    .view
                    .host_bookings
                    .values()
                    .filter(|it| it.starts <= now);
                let begun: Vec<_> = begun.map(|it| it.id).collect();
                let booking = self.choose(&begun).copied()?;
                Some(self.writes_a_record(booking))
            }
            10 => {
                let promise = self.dice.choice(seen.view.promises.keys()).copied()?;
                Some(Mutation::Keep(Keep { promise }))
            }
            _ => match self.dice.choice(seen.view.availabilities.keys()).copied() {
                Some(availability) => Some(Mutation::CloseAvailability(CloseAvailability {
                    availability,
                })),
                None => self.opens_a_rule(at),
            },
        }
    }

    fn opens_a_slot(&mut self, at: usize) -> Mutation {
        let day = self.town.now().day().plus(self.dice.i32(1..6));
        let clock = Clock::from_minutes(600 + 15 * self.dice.u16(0..12));
        let starts = clock.map_or_else(|| day.start(), |it| day.at(it));
        let slot = SlotId::born(starts, self.town.chance());
        let place = String::from("会議室 A");
        self.knows(slot, starts, at);
        Mutation::OpenSlot(OpenSlot {
            slot,
            starts,
            place,
            link: String::new(),
            note: String::new(),
        })
    }

    fn knows(&mut self, id: SlotId, starts: Time, at: usize) {
        let who = &self.phones[at].who;
        let Ok(place) = serde_json::from_str(r#"{"at":"会議室 A"}"#) else {
            return;
        };
        let slot = Slot {
            id,
            host: who.member,
            starts,
            place,
            note: None,
        };
        self.town.know(
            &format!("{} {} ({})", starts.day(), starts.clock(), who.key),
            slot.clone(),
        );
        self.ledger.opened(slot);
    }

    fn opens_a_rule(&mut self, at: usize) -> Option<Mutation> {
        let first = self.town.now().day().plus(self.dice.i32(1..5));
        let (from, to) = (Clock::new(15, 0)?, Clock::new(16, 0)?);
        Some(Mutation::OpenAvailability(OpenAvailability {
            availability: AvailabilityId::born(self.phones[at].device.now(), self.town.chance()),
            pattern: Pattern {
                days: Weekday::ALL.to_vec(),
                from,
                to,
                buffer: 15,
                first,
                last: first.plus(1),
                weekly_cap: Some(2),
            },
            place: "会議室 B".into(),
            link: String::new(),
            note: String::new(),
        }))
    }

    fn writes_a_record(&mut self, booking: BookingId) -> Mutation {
        let promised = Promised {
            id: PromiseId::born(self.town.now(), self.town.chance()),
            text: self.new_words(),
            due: (self.town.now() + 7 * DAY).day(),
        };
        Mutation::WriteRecord(WriteRecord {
            booking,
            said: self.new_words(),
            next: String::new(),
            promises: if self.once_in(2) {
                vec![promised]
            } else {
                Vec::new()
            },
        })
    }

    /// Words that nobody has said before in this seed.
    fn new_words(&mut self) -> String {
        self.words += 1;
        format!("ことば {}", self.words)
    }

    fn in_words(&self, mutation: &Mutation) -> String {
        let names = |wishes: &[Wish]| {
            let names: Vec<_> = wishes.iter().map(|it| self.town.name_of(it.slot)).collect();
            names.join(" or ")
        };
        match mutation {
            Mutation::Ask(it) => {
                format!("for {} (booking {})", names(&it.wishes), short(it.booking))
            }
            Mutation::Move(it) => format!(
                "booking {} moved to {}",
                short(it.booking),
                names(&it.wishes)
            ),
            Mutation::Cancel(it) => format!("booking {} cancelled", short(it.booking)),
            Mutation::OpenSlot(it) => format!("to open {}", self.town.name_of(it.slot)),
            Mutation::CloseSlot(it) => format!("to close {}", self.town.name_of(it.slot)),
            Mutation::SetProfile(it) => format!(
                "to talk about {}",
                it.talks_about.as_deref().unwrap_or("nothing")
            ),
            other => other.name().to_owned(),
        }
    }
}

/// The end of an id: enough to tell things apart in a story.
pub(crate) fn short(id: impl Copy + ToString) -> String {
    let text = id.to_string();
    text[text.len().saturating_sub(4)..].to_owned()
}
