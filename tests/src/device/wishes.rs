//! What the person with the phone does.

use domain::{
    booking::{Ask, Cancel, CloseSlot, Move, Wish},
    id::BookingId,
    sync::mutation::{Acknowledge, Mutation},
};

use super::Device;

impl Device {
    /// Asks for slots by name, best first.
    pub async fn ask_for<const N: usize>(&self, names: [&str; N]) -> BookingId {
        self.ask_with(names, "", "", "").await
    }

    /// Asks for slots, with words.
    pub async fn ask_with<const N: usize>(
        &self,
        names: [&str; N],
        topic: &str,
        talk: &str,
        avoid: &str,
    ) -> BookingId {
        let booking = BookingId::born(self.town.now(), self.town.chance());
        let (topic, talk, avoid) = (topic.to_owned(), talk.to_owned(), avoid.to_owned());
        self.wish(Mutation::Ask(Ask {
            booking,
            wishes: self.wishes(names),
            topic,
            talk,
            avoid,
        }))
        .await;
        booking
    }

    /// Wishes as the screen makes them of what it shows; what is not shown (any more) as it was known.
    pub fn wishes<const N: usize>(&self, names: [&str; N]) -> Vec<Wish> {
        names
            .iter()
            .map(|it| Wish::from(&self.town.slot(it)))
            .collect()
    }

    /// Gives a booking up.
    pub async fn cancel(&self, booking: BookingId) {
        self.wish(Mutation::Cancel(Cancel { booking })).await;
    }

    /// Wants another time.
    pub async fn move_to<const N: usize>(&self, booking: BookingId, names: [&str; N]) {
        let wishes = self.wishes(names);
        self.wish(Mutation::Move(Move { booking, wishes })).await;
    }

    /// Closes a slot.
    pub async fn close(&self, name: &str, word: &str) {
        let slot = self.town.slot(name).id;
        self.wish(Mutation::CloseSlot(CloseSlot {
            slot,
            word: word.to_owned(),
        }))
        .await;
    }

    /// Reads every outcome.
    pub async fn read_outcomes(&self) {
        for outcome in self.outcomes() {
            self.wish(Mutation::Acknowledge(Acknowledge {
                mutation: outcome.mutation,
            }))
            .await;
        }
    }
}
