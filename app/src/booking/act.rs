//! What the buttons do: a wish is made here and saved by the device.

use domain::{
    booking::{Ask, Cancel, Move, Slot, Wish},
    id::{BookingId, CorrectionId, MutationId, SlotId},
    interview::Correct,
    sync::{
        mutation::{Acknowledge, Mutation},
        replica::Standing,
        row::{About, Outcome},
    },
    time::Time,
};
use leptos::prelude::*;

use crate::{
    device::{Device, NotSaved, edge},
    page::Page,
    ui,
};

/// A slot as a form names it: the slot and the start that was shown.
#[must_use]
pub fn wish_value(slot: &Slot) -> String {
    format!("{}@{}", slot.id, slot.starts.millis())
}

/// The slot and the start of a form's wish.
#[must_use]
pub fn parse_wish(value: &str) -> Option<(SlotId, Time)> {
    let (slot, starts) = value.split_once('@')?;
    Some((slot.parse().ok()?, Time::from_millis(starts.parse().ok()?)))
}

/// What a person asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asking {
    pub(crate) wishes: Vec<Wish>,
    pub(crate) topic: String,
    pub(crate) talk: String,
    pub(crate) avoid: String,
}

/// Asks, and shows the booking as asked.
pub(crate) fn ask(
    asking: Asking,
    trouble: RwSignal<Option<NotSaved>>,
    then: impl FnOnce() + 'static,
) {
    let Some(edge) = edge() else { return };
    let booking = BookingId::born(edge.now(), edge.chance());
    let Asking {
        wishes,
        topic,
        talk,
        avoid,
    } = asking;
    let ask = Mutation::Ask(Ask {
        booking,
        wishes,
        topic,
        talk,
        avoid,
    });
    ui::act(ask, trouble, move || {
        then();
        edge.go(&Page::Booking(booking));
    });
}

/// Asks for another time.
pub(super) fn ask_move(
    booking: BookingId,
    wishes: Vec<Wish>,
    trouble: RwSignal<Option<NotSaved>>,
    then: impl FnOnce() + 'static,
) {
    let it = Mutation::Move(Move { booking, wishes });
    ui::act(it, trouble, move || {
        then();
        if let Some(edge) = edge() {
            edge.go(&Page::Booking(booking));
        }
    });
}

/// Gives a booking up.
pub(super) fn cancel(booking: BookingId, trouble: RwSignal<Option<NotSaved>>) {
    ui::act(Mutation::Cancel(Cancel { booking }), trouble, || {});
}

/// Adds how the person remembers it.
pub(super) fn correct(
    booking: BookingId,
    text: RwSignal<String>,
    trouble: RwSignal<Option<NotSaved>>,
    then: impl FnOnce() + 'static,
) {
    let Some(edge) = edge() else { return };
    let correction = CorrectionId::born(edge.now(), edge.chance());
    let it = Correct {
        booking,
        correction,
        text: text.get_untracked(),
    };
    if it.checked().is_ok() {
        ui::act(Mutation::Correct(it), trouble, then);
    }
}

/// The person has read what became of a wish.
pub(super) fn understood(mutation: MutationId, trouble: RwSignal<Option<NotSaved>>) {
    ui::act(
        Mutation::Acknowledge(Acknowledge { mutation }),
        trouble,
        || {},
    );
}

/// Asks again for what was refused, for another slot, with the words that were typed.
pub(super) fn again(outcome: &Outcome, slot: &Slot, trouble: RwSignal<Option<NotSaved>>) {
    let mutation = outcome.mutation;
    let wishes = vec![Wish::from(slot)];
    let then = move || understood(mutation, trouble);
    match &outcome.about {
        About::Ask(it) => {
            let asking = Asking {
                wishes,
                topic: it.topic.clone(),
                talk: it.talk.clone(),
                avoid: it.avoid.clone(),
            };
            ask(asking, trouble, then);
        }
        About::Move(it) => ask_move(it.booking, wishes, trouble, then),
        About::Cancel(_) | About::Reply(_) | About::Words { .. } | About::Plain { .. } => {}
    }
}

/// The wish that `is_it` describes, while it is only on the device.
pub(crate) fn saved(device: Device, is_it: &dyn Fn(&Mutation) -> bool) -> Option<MutationId> {
    device.status.with_untracked(|status| {
        let mut unsent = status.unsent.iter();
        let unsent = unsent.find(|it| it.mutation.as_ref().is_some_and(is_it))?;
        (unsent.standing == Standing::Saved).then_some(unsent.id)
    })
}

/// Gives up the wish that `is_it` describes while it is only on the device; false when it is on its way or gone.
pub(super) fn give_up(device: Device, is_it: impl Fn(&Mutation) -> bool) -> bool {
    let (Some(edge), Some(id)) = (edge(), saved(device, &is_it)) else {
        return false;
    };
    edge.give_up(id);
    true
}
