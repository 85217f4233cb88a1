//! Pushes: each mutation at its number, once for its person, with its recorded answer.
//!
//! Invariant: a mutation and its recorded answer are one commit.

use std::collections::HashMap;

use anyhow::Result;
use domain::{
    id::{DeviceId, MemberId, MutationId},
    refusal::Refusal,
    sync::{
        mutation::Mutation,
        wire::{Answered, Envelope, Problem},
    },
};

use super::Turn;
use crate::{
    actor::Signed,
    error::ApiError,
    sync::{self, apply, queries},
};

/// What a device pushed.
#[derive(Debug, Clone)]
pub struct Push {
    /// Who.
    pub signed: Signed,
    /// From where.
    pub device: DeviceId,
    /// In order of number.
    pub mutations: Vec<Envelope>,
}

/// What became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pushed {
    /// Answers, in order.
    pub outcomes: Vec<Answered>,
    /// Why the rest was not looked at.
    pub problem: Option<Problem>,
    /// The device's last number that is answered.
    pub last: u64,
}

/// A device that pushes.
pub(crate) struct Device {
    pub(crate) id: DeviceId,
    pub(crate) owner: MemberId,
    /// Its last answered number.
    pub(crate) last: u64,
}

/// An answer on its way into the table.
pub(crate) struct NewAnswer {
    pub(crate) member: MemberId,
    pub(crate) mutation: MutationId,
    pub(crate) device: DeviceId,
    pub(crate) n: u64,
    pub(crate) refusal: Option<Refusal>,
}

/// A wish, under its person's own id for it.
pub(crate) type Wished = (MemberId, MutationId);

/// Devices and recorded answers of one commit: read together before it, written together at its end.
pub(super) struct Ledger {
    devices: HashMap<DeviceId, Device>,
    answers: HashMap<Wished, Option<Refusal>>,
    moved: Vec<DeviceId>,
    new: Vec<NewAnswer>,
    /// A wish was here that an earlier commit had answered.
    pub(super) has_repeats: bool,
}

impl Ledger {
    /// Reads what is known of these pushes.
    pub(super) async fn read(turn: &mut Turn, pushes: &[Push]) -> Result<Self> {
        let devices: Vec<_> = pushes.iter().map(|it| it.device).collect();
        let wishes = |push: &Push| {
            let member = push.signed.id;
            push.mutations
                .iter()
                .map(move |it| (member, it.id))
                .collect::<Vec<_>>()
        };
        let wishes: Vec<Wished> = pushes.iter().flat_map(wishes).collect();
        let devices = queries::devices(turn.conn(), &devices).await?;
        let answers = queries::answers(turn.conn(), &wishes).await?;
        let new = |push: &'_ Push| {
            let member = push.signed.id;
            let is_new = |it: &&Envelope| !answers.contains_key(&(member, it.id));
            let read = |it: &Envelope| Mutation::read(&it.name, &it.body).ok();
            let mutations = push.mutations.iter().filter(is_new).filter_map(read);
            mutations.map(|it| (member, it)).collect::<Vec<_>>()
        };
        let new: Vec<_> = pushes.iter().flat_map(new).collect();
        apply::look_ahead(turn, &new).await?;
        Ok(Self {
            devices: devices.into_iter().map(|it| (it.id, it)).collect(),
            answers,
            moved: Vec::new(),
            new: Vec::new(),
            has_repeats: false,
        })
    }

    /// Carries out one push.
    pub(super) async fn take(&mut self, turn: &mut Turn, push: &Push) -> Result<Pushed> {
        let signed = push.signed;
        let device = self.devices.get(&push.device);
        let (owner, before) = device.map_or((signed.id, 0), |it| (it.owner, it.last));
        if owner != signed.id {
            return Ok(Pushed {
                problem: Some(Problem::NotYours),
                ..Pushed::default()
            });
        }
        let mut pushed = Pushed {
            last: before,
            ..Pushed::default()
        };
        for envelope in &push.mutations {
            match self.answer(turn, push, envelope, pushed.last).await? {
                Ok(refusal) => pushed.outcomes.push(Answered {
                    n: envelope.n,
                    id: envelope.id,
                    refusal,
                }),
                Err(problem) => {
                    pushed.problem = Some(problem);
                    break;
                }
            }
            pushed.last = pushed.last.max(envelope.n);
        }
        if pushed.last != before {
            let device = Device {
                id: push.device,
                owner,
                last: pushed.last,
            };
            self.devices.insert(push.device, device);
            self.moved.push(push.device);
        }
        Ok(pushed)
    }

    /// The answer to one mutation: the recorded one, or a new one when it is this device's turn for it.
    async fn answer(
        &mut self,
        turn: &mut Turn,
        push: &Push,
        envelope: &Envelope,
        last: u64,
    ) -> Result<Result<Option<Refusal>, Problem>> {
        if envelope.n > last + 1 {
            return Ok(Err(Problem::Gap { last }));
        }
        let wish = (push.signed.id, envelope.id);
        if let Some(refusal) = self.answers.get(&wish) {
            self.has_repeats = true;
            return Ok(Ok(refusal.clone()));
        }
        if envelope.n <= last {
            return Ok(Err(Problem::Forked));
        }
        let Ok(mutation) = Mutation::read(&envelope.name, &envelope.body) else {
            return Ok(Err(Problem::Malformed { n: envelope.n }));
        };
        let refusal = decide(turn, push.signed, envelope.id, &mutation).await?;
        self.answers.insert(wish, refusal.clone());
        self.new.push(NewAnswer {
            member: push.signed.id,
            mutation: envelope.id,
            device: push.device,
            n: envelope.n,
            refusal: refusal.clone(),
        });
        Ok(Ok(refusal))
    }

    /// Writes what became of the pushes, into the turn that did it.
    pub(super) async fn write(mut self, turn: &mut Turn) -> Result<()> {
        let now = turn.now();
        self.moved.sort_unstable();
        self.moved.dedup();
        let moved: Vec<_> = self
            .moved
            .iter()
            .filter_map(|it| self.devices.remove(it))
            .collect();
        queries::set_devices(turn.conn(), &moved, now).await?;
        queries::record(turn.conn(), &self.new, now).await
    }
}

/// Carries out one mutation. A refusal leaves nothing but what became of it.
async fn decide(
    turn: &mut Turn,
    signed: Signed,
    id: MutationId,
    mutation: &Mutation,
) -> Result<Option<Refusal>> {
    let mark = if apply::refuses_before_it_writes(mutation) {
        turn.mark()
    } else {
        turn.savepoint().await?
    };
    let no = match apply::apply(turn, signed, id, mutation).await {
        Ok(()) => return Ok(None),
        Err(ApiError::Refused(no)) => no,
        Err(ApiError::NotFound | ApiError::NotForYou | ApiError::SignedOut) => Refusal::NotThere,
        Err(ApiError::Fault(fault)) => return Err(fault),
        Err(ApiError::Busy | ApiError::Malformed(_) | ApiError::TooMany(_)) => {
            anyhow::bail!("a mutation answered as no mutation may")
        }
    };
    turn.go_back(mark).await?;
    sync::outcome::refused(turn, signed, id, mutation, &no)?;
    Ok(Some(no))
}
