//! One step at a time, for whoever decides when each is taken: what is saved, what is sent, what is heard; tabs.

use std::sync::PoisonError;

use domain::{
    id::MutationId,
    sync::{
        machine::{Link, Machine, Step, Stored},
        mutation::Mutation,
        outbox::Full,
    },
};

use super::{Device, Habit};

impl Device {
    /// The person wishes something. It is saved, and not sent by this.
    ///
    /// # Errors
    /// When the outbox is full.
    pub fn save(&self, mutation: &Mutation) -> Result<MutationId, Full> {
        loop {
            let mut state = self.state();
            let now = self.town.now() + state.skew;
            let id = MutationId::born(now, self.town.chance());
            let writes = state.machine.act(mutation, id, now)?;
            if state.keep(writes, &mut || self.town.chance()) {
                return Ok(id);
            }
            // The app died before it said that this was saved: the person says it again.
        }
    }

    /// What the machine does now, in the light and with a connection. After [`Step::Send`] it waits to hear the answer.
    #[must_use]
    pub fn step(&self) -> Step {
        let now = self.now();
        let mut state = self.state();
        let link = Link {
            is_online: true,
            is_visible: true,
        };
        let step = state.machine.next(now, link);
        if let (Step::Send(request), Some(Habit::ForgetsWhatItSent)) = (&step, state.habit) {
            let is_sent = |id| request.mutations.iter().any(|it| it.id == id);
            state.stored().outbox.retain(|it| !is_sent(it.envelope.id));
            state.catch_up(&mut || self.town.chance());
        }
        step
    }

    /// Wants an audience beyond the usual ones, from now on.
    pub fn wants(&self, audience: &str) {
        let now = self.now();
        self.state().machine.want(audience, now);
    }

    /// Another tab of the same browser: one store, a machine of its own.
    #[must_use]
    pub fn another_tab(&self) -> Self {
        let tab = Self::new(
            self.town.clone(),
            (&self.name, self.member, self.role),
            &self.cookie,
        );
        {
            let (mine, mut its) = (self.state(), tab.state());
            its.store = mine.store.clone();
            its.is_online = mine.is_online;
            its.habit = mine.habit;
            its.skew = mine.skew;
        }
        tab.reopen();
        tab
    }

    /// Takes over what another tab has stored.
    pub fn catch_up(&self) {
        self.state().catch_up(&mut || self.town.chance());
    }

    /// Its store has this habit from now on.
    pub fn set_habit(&self, habit: Option<Habit>) {
        self.state().habit = habit;
    }

    /// How often the app was opened: what was on its way to an earlier one of these is heard by nobody.
    #[must_use]
    pub fn lives(&self) -> usize {
        self.state().lives
    }

    /// Looks at what is stored.
    pub fn look_at_store<T>(&self, look: impl FnOnce(&Stored) -> T) -> T {
        let state = self.state();
        let stored = state.store.lock().unwrap_or_else(PoisonError::into_inner);
        look(&stored)
    }

    /// Looks at the machine.
    pub fn look_at_machine<T>(&self, look: impl FnOnce(&Machine) -> T) -> T {
        look(&self.state().machine)
    }
}
