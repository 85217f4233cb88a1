//! One of the fifty: a device that wishes one thing after the other, each until it is answered, with the same bytes.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result};
use domain::{
    booking::{
        Ask, BookingState, Cancel, CloseSlot, HostSlot, HostSlotState, Move, OpenSlot, Slot, Wish,
    },
    id::{BookingId, CorrectionId, DeviceId, MutationId, PromiseId, SlotId},
    interview::{Correct, Promised, WriteRecord},
    member::{Role, SetProfile},
    promise::{Keep, Promise},
    refusal::Refusal,
    sync::{
        mutation::Mutation,
        wire::{Envelope, RowChange, SyncAnswer},
    },
    time::{DAY, MINUTE},
};
use serde::Deserialize;
use serde_json::Value;
use tests::{
    fuzz::Dice,
    history::{Deed, Event, Row},
};
use tokio::time::{sleep, timeout};

use super::{Book, ground::Person};
use crate::{city::pulling, http};

/// As a device waits.
const PATIENCE: Duration = Duration::from_secs(15);
/// Times that somebody looks at: the same few for everybody.
const LOOKED_AT: usize = 60;

/// An interview, of which only this much is needed: both sides' rows have it.
#[derive(Deserialize)]
struct Talk {
    slot: SlotId,
    starts: domain::time::Time,
    state: BookingState,
}

pub(super) struct Client {
    person: Person,
    port: u16,
    book: Book,
    is_over: Arc<AtomicBool>,
    dice: Dice,
    device: DeviceId,
    n: u64,
    cursor: Option<String>,
    wire: Option<http::Client>,
    /// Free times, as an offer-holder sees them.
    free: BTreeMap<String, Slot>,
    /// Own or all slots that are not closed, as staff see them.
    slots: BTreeMap<String, HostSlot>,
    talks: BTreeMap<String, Talk>,
    promises: BTreeMap<String, bool>,
}

impl Client {
    pub(super) fn new(person: Person, port: u16, book: Book, is_over: Arc<AtomicBool>) -> Self {
        let mut dice = Dice::new(person.seed << 32);
        let device = DeviceId::random(chance(&mut dice));
        Self {
            person,
            port,
            book,
            is_over,
            dice,
            device,
            n: 0,
            cursor: None,
            wire: None,
            free: BTreeMap::new(),
            slots: BTreeMap::new(),
            talks: BTreeMap::new(),
            promises: BTreeMap::new(),
        }
    }

    /// Until it is over, and then once more, to read what became of everything.
    pub(super) async fn live(mut self) -> Result<()> {
        while !self.is_over.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(u64::try_from(self.dice.below(20))?)).await;
            match self.choose() {
                Some((deed, mutation)) if self.cursor.is_some() => {
                    self.carry_out(deed, &mutation).await?
                }
                _ => self.pull().await?,
            }
        }
        self.pull().await
    }

    /// Asks for news until an answer is whole.
    async fn pull(&mut self) -> Result<()> {
        loop {
            let request =
                serde_json::to_vec(&pulling(self.device, self.cursor.clone(), Vec::new()))?;
            match self.exchange(&request).await {
                Some((200, body)) => {
                    let answer: SyncAnswer = serde_json::from_slice(&body)?;
                    let more = answer.more;
                    let saw = self.learn(&answer)?;
                    self.write(vec![saw])?;
                    if !more {
                        return Ok(());
                    }
                }
                Some((204, _)) => return Ok(()),
                Some((429 | 503, _)) => sleep(Duration::from_millis(100)).await,
                Some((status, body)) => return self.broken(status, &body),
                None => sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// Sends a wish until it is answered.
    async fn carry_out(&mut self, deed: Deed, mutation: &Mutation) -> Result<()> {
        self.n += 1;
        let (n, id) = (
            self.n,
            MutationId::born(self.person.now, chance(&mut self.dice)),
        );
        let envelope = Envelope {
            n,
            id,
            at: self.person.now,
            name: mutation.name().into(),
            body: mutation.body(),
        };
        let request =
            serde_json::to_vec(&pulling(self.device, self.cursor.clone(), vec![envelope]))?;
        let id = id.to_string();
        self.write(vec![Event::Invoke {
            n,
            id: id.clone(),
            deed,
        }])?;
        loop {
            match self.exchange(&request).await {
                Some((200, body)) => {
                    let answer: SyncAnswer = serde_json::from_slice(&body)?;
                    let outcome = answer
                        .outcomes
                        .first()
                        .context("an answer without an outcome")?;
                    let refusal = outcome.refusal.as_ref().map(code).transpose()?;
                    let (n, id) = (outcome.n, outcome.id.to_string());
                    let saw = self.learn(&answer)?;
                    self.write(vec![Event::Ok { n, id, refusal }, saw])?;
                    return if answer.more {
                        self.pull().await
                    } else {
                        Ok(())
                    };
                }
                Some((status @ (429 | 503), _)) => {
                    self.write(vec![Event::Later {
                        n,
                        id: id.clone(),
                        status,
                    }])?;
                    sleep(Duration::from_millis(100)).await;
                }
                Some((status, body)) if status < 500 => return self.broken(status, &body),
                _ => {
                    self.write(vec![Event::Unknown { n, id: id.clone() }])?;
                    sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }

    /// One exchange; nothing when no whole answer came.
    async fn exchange(&mut self, body: &[u8]) -> Option<(u16, Vec<u8>)> {
        if self.wire.is_none() {
            self.wire = http::Client::new(self.port, &self.person.cookie).await.ok();
        }
        let answer = timeout(PATIENCE, self.wire.as_mut()?.sync(body)).await;
        match answer {
            Ok(Ok(answer)) => Some((answer.status, answer.body)),
            _ => {
                self.wire = None;
                None
            }
        }
    }

    fn broken(&mut self, status: u16, body: &[u8]) -> Result<()> {
        let what = format!("{status} {}", String::from_utf8_lossy(body));
        self.is_over.store(true, Ordering::SeqCst);
        self.write(vec![Event::Broken { what }])
    }

    fn write(&self, events: Vec<Event>) -> Result<()> {
        self.book.write(
            &self.person.id.to_string(),
            &self.device.to_string(),
            events,
        )
    }

    /// Takes over the rows of an answer, and writes down those of interviews.
    fn learn(&mut self, answer: &SyncAnswer) -> Result<Event> {
        let mut rows = Vec::new();
        for RowChange(kind, id, seq, _, body) in &answer.rows {
            let body = body.as_ref().map(|it| it.get());
            match (&**kind, body) {
                ("booking" | "host_booking", Some(body)) => {
                    let talk: Talk = serde_json::from_str(body)?;
                    rows.push(Row {
                        seq: *seq,
                        booking: id.to_string(),
                        slot: talk.slot.to_string(),
                        is_live: talk.state == BookingState::Booked,
                    });
                    self.talks.insert(id.to_string(), talk);
                }
                ("slot", Some(body)) => {
                    self.free
                        .insert(id.to_string(), serde_json::from_str(body)?);
                }
                ("slot", None) => {
                    self.free.remove(&**id);
                }
                ("host_slot", Some(body)) => {
                    self.slots
                        .insert(id.to_string(), serde_json::from_str(body)?);
                }
                ("host_slot", None) => {
                    self.slots.remove(&**id);
                }
                ("promise", Some(body)) => {
                    let promise: Promise = serde_json::from_str(body)?;
                    self.promises.insert(id.to_string(), promise.kept.is_some());
                }
                _ => {}
            }
        }
        self.cursor = Some(answer.cursor.clone());
        let seq = answer
            .cursor
            .split('.')
            .nth(1)
            .and_then(|it| it.parse().ok())
            .context("a cursor without a place")?;
        Ok(Event::Saw { seq, rows })
    }

    /// What this person does next; nothing is to look only.
    fn choose(&mut self) -> Option<(Deed, Mutation)> {
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
            0..40 => {
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
            40..62 if !ahead.is_empty() => {
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
            62..82 if !ahead.is_empty() => {
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
            82..90 => {
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
            _ => None,
        }
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

fn chance(dice: &mut Dice) -> u128 {
    (u128::from(dice.throw()) << 64) | u128::from(dice.throw())
}

fn code(no: &Refusal) -> Result<String> {
    let value: Value = serde_json::to_value(no)?;
    Ok(value["code"]
        .as_str()
        .context("a refusal without a code")?
        .to_owned())
}
