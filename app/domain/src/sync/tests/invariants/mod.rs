//! What must hold, each rule by its name: as far as the machine alone can show it.

mod network;
mod rows;
mod wishes;

use super::{
    model::{NEXT_MS, Server, UNREADABLE},
    phone::{Fuse, Phone, wish},
};
use crate::{
    id::{BookingId, HistoryId, MemberId, MutationId, SlotId},
    member::Role,
    refusal::Refusal,
    sync::{
        machine::{ANSWER_WITHIN, Hold, LONGEST_PAUSE, News, Step},
        mutation::Mutation,
        outbox::{Full, JOURNAL_ENTRIES, MOST_ENTRIES},
        replica::Standing,
        row::Verdict,
        wire::{Answer, Answered, AudienceChanges, Problem, RowChange, SyncAnswer},
    },
    time::{DAY, HOUR, MINUTE, Time},
};

/// 2030-11-05 09:00 in Tokyo.
const MORNING: Time = Time::from_millis(1_920_067_200_000);
const TEN_YEARS: i64 = 3_650 * DAY;

fn aoi() -> MemberId {
    MemberId::random(101)
}

fn ren() -> MemberId {
    MemberId::random(102)
}

fn mio() -> MemberId {
    MemberId::random(103)
}

fn booking(n: u128) -> BookingId {
    BookingId::random(9_000 + n)
}

/// A server with three slots of Mio, and the phones of Aoi and Ren, who want them.
fn town() -> (Server, Phone, Phone) {
    let mut server = Server::new(MORNING);
    server.admit(aoi(), "Aoi", Role::OfferHolder);
    server.admit(ren(), "Ren", Role::OfferHolder);
    server.admit(mio(), "Mio", Role::Mentor);
    let (mut a, mut r, mut m) = (
        Phone::new(aoi(), 1),
        Phone::new(ren(), 2),
        Phone::new(mio(), 3),
    );
    for n in 0..3_u8 {
        let starts = wish::start(MORNING, 30 + i64::from(n));
        say(
            &mut m,
            &wish::open(SlotId::random(1_000 + u128::from(n)), starts),
        );
    }
    for phone in [&mut m, &mut a, &mut r] {
        phone.settle(&mut server);
    }
    (server, a, r)
}

fn say(phone: &mut Phone, mutation: &Mutation) -> MutationId {
    let id = phone.act(0, mutation, MORNING).expect("room");
    id.expect("saved")
}

fn ask(phone: &mut Phone, n: u128) -> MutationId {
    let wish = wish::ask(&phone.tabs[0], booking(n), 0);
    say(phone, &wish)
}

/// Lets time pass until the phone has nothing to send.
fn deliver(server: &mut Server, phone: &mut Phone) {
    let begun = server.now;
    while !phone.tabs[0].outbox().is_empty() {
        match phone.exchange(server, 0) {
            Ok(_) => {}
            Err(Step::Wait(until)) => server.now = until + -phone.skew,
            Err(step) => panic!("nothing should hold it up: {step:?}"),
        }
        assert!(server.now.since(begun) < HOUR, "delivers within the hour");
    }
    phone.settle(server);
}

/// The phone sends, and this is what it hears.
fn hear(phone: &mut Phone, answer: Answer, now: Time) {
    let (ticket, _) = phone.next(0, now).expect("something to send");
    phone.answer(0, ticket, answer, now);
}

fn sorted(mut rows: Vec<RowChange>) -> Vec<RowChange> {
    rows.sort_by(|one, other| (&one.3, &one.0, &one.1).cmp(&(&other.3, &other.0, &other.1)));
    rows
}

fn assert_converged(server: &Server, phone: &Phone) {
    let expected = server.projection(phone.who);
    assert_eq!(sorted(phone.tabs[0].replica().rows()), expected);
    assert_eq!(sorted(phone.store.rows.clone()), expected);
}

fn effects(server: &Server, id: MutationId) -> usize {
    server.effects.iter().filter(|it| it.1 == id).count()
}
