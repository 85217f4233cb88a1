//! One of the fifty: a device that wishes one thing after the other, each until it is answered, with the same bytes. What
//! it wishes is in `choice`.

mod choice;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result};
use domain::{
    booking::{BookingState, HostSlot, Slot},
    event::{Reply, Rsvp},
    id::{DeviceId, MutationId, SlotId},
    promise::Promise,
    refusal::Refusal,
    sync::{
        mutation::Mutation,
        wire::{Envelope, RowChange, SyncAnswer},
    },
};
use serde::Deserialize;
use serde_json::Value;
use tests::{
    fuzz::Dice,
    history::{Deed, Event, Replied, Row},
};
use tokio::time::{sleep, timeout};

use super::{Book, ground::Person};
use crate::{city::pulling, http};

/// As a device waits.
const PATIENCE: Duration = Duration::from_secs(15);

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
    events: BTreeSet<String>,
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
            events: BTreeSet::new(),
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

    /// Takes over the rows of an answer, and writes down those of interviews and of own answers to events.
    fn learn(&mut self, answer: &SyncAnswer) -> Result<Event> {
        let (mut rows, mut replies) = (Vec::new(), Vec::new());
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
                ("event", Some(_)) => {
                    self.events.insert(id.to_string());
                }
                ("rsvp", Some(body)) => {
                    let rsvp: Rsvp = serde_json::from_str(body)?;
                    replies.push(Replied {
                        seq: *seq,
                        event: rsvp.event.to_string(),
                        state: state(rsvp.reply).into(),
                    });
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
        Ok(Event::Saw { seq, rows, replies })
    }
}

/// What came of an answer, as the table calls it.
fn state(reply: Reply) -> &'static str {
    match reply {
        Reply::Going(_) => "going",
        Reply::Maybe => "maybe",
        Reply::Declined => "declined",
        Reply::Waiting { .. } => "waiting",
        Reply::Offered { .. } => "offered",
        Reply::Lapsed => "lapsed",
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
