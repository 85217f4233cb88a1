//! The end: the network is good again, everybody is awake, old builds are updated. Whatever was saved arrives in time.

use anyhow::{Result, bail, ensure};
use domain::{
    sync::machine::{ANSWER_WITHIN, LONGEST_PAUSE, News},
    time::Time,
};

use crate::{network::Next, world::World};

/// A phone that has to be put right several times waits several times.
const IN_TIME: i64 = ANSWER_WITHIN + 5 * LONGEST_PAUSE;
/// Rounds after which everybody must have heard of everything.
const ROUNDS: usize = 12;

impl World {
    pub(crate) async fn heal(&mut self) -> Result<()> {
        self.tell("the network is good again");
        self.town.pass(ANSWER_WITHIN);
        self.post.clear();
        self.replies.clear();
        for at in 0..self.phones.len() {
            self.phones[at].is_asleep = false;
            self.give_up_waiting(at)?;
            // Whoever was sent away, and may come in again, signs in.
            self.phones[at].device.hear(News::SignedIn);
        }
        // What an old build cannot read, it delivers nevertheless.
        self.settle().await?;
        for at in 0..self.phones.len() {
            ensure!(
                self.has_delivered(at).await?,
                "23 old client: {} has not delivered what it had",
                self.phones[at].name
            );
        }
        for at in 0..self.phones.len() {
            if self.phones[at].is_old {
                self.phones[at].is_old = false;
                self.phones[at].device.reopen();
                self.has_stored(at);
            }
        }
        for _ in 0..ROUNDS {
            let before = self.ask_the_tables().await?.seq;
            self.settle().await?;
            if self.ask_the_tables().await?.seq == before {
                return Ok(());
            }
        }
        bail!("19 liveness: the town never rests");
    }

    async fn has_delivered(&mut self, at: usize) -> Result<bool> {
        let truth = self.ask_the_tables().await?;
        let is_here = truth
            .members
            .get(&self.phones[at].who.member)
            .is_some_and(|it| it.is_here);
        Ok(!is_here || self.phones[at].device.unsent() == 0)
    }

    /// Everybody is poked, and goes on until there is nothing to do, by the clock.
    async fn settle(&mut self) -> Result<()> {
        let begun = self.town.now();
        let heard: Vec<usize> = self.phones.iter().map(|it| it.answers).collect();
        for at in 0..self.phones.len() {
            self.phones[at].device.hear(News::Kick);
        }
        loop {
            let mut due: Option<i64> = None;
            for (at, heard) in heard.iter().enumerate() {
                self.hear_tabs(at);
                if let Some(wait) = self.goes_on(at, *heard).await? {
                    due = Some(due.map_or(wait, |it| it.min(wait)));
                }
            }
            let Some(wait) = due else { return Ok(()) };
            self.town.pass(wait.max(1));
            let took = self.town.now().since(begun);
            ensure!(
                took <= IN_TIME,
                "19 liveness: not everything has arrived after {took} ms of good network"
            );
        }
    }

    /// A phone sends until it waits. Says how long it waits, if it has not got everything yet.
    async fn goes_on(&mut self, at: usize, heard: usize) -> Result<Option<i64>> {
        for _ in 0..60 {
            let until: Time = match self.send(at)? {
                Next::Sent(letter) => {
                    for reply in self.serve(vec![letter]).await? {
                        self.hear(reply)?;
                    }
                    self.is_awaiting(at);
                    continue;
                }
                Next::Stop => return Ok(None),
                Next::Wait(until) => until,
            };
            let device = &self.phones[at].device;
            let is_whole = device.unsent() == 0
                && self.phones[at].answers > heard
                && device.look_at_machine(|it| !it.is_loading());
            return Ok((!is_whole).then(|| until.since(device.now())));
        }
        bail!("19 liveness: {} sends without end", self.phones[at].name)
    }
}
