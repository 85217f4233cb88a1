//! The simulation: a whole company in one thread and in virtual time, with everything that can go wrong, by the fall of
//! seeded dice. The real sync machine, the real executor, real SQL; only the network, the phones' stores and the clocks
//! are the simulation's.
//!
//! Eight phones of seven people wish, send, pull. Requests are lost, repeated, delayed, reordered, cut off after the
//! commit; apps die around their transactions, profiles are copied or thrown away, clocks jump by years, phones sleep for
//! two months, old builds go on delivering; the server starts anew or goes on with an older backup; people get other
//! roles or leave. After every step, and at the end, the invariants of sync must hold: each message begins with the
//! number of the one that does not.
//!
//! In reading order: [`run`] (seeds, threads, what is printed), [`world`] (one seed: who is there, what happens next),
//! [`acts`] (what people wish), [`network`] (what happens to requests and answers), [`events`] (what happens to phones and
//! to the server), [`ledger`] (what was wished and decided), [`truth`] (what the server knows at a moment), [`checks`]
//! (what must hold), [`heal`] (the end: the network is good again), [`broken`] (a system without one of its rules).
//!
//! `make sim` runs what CI runs; `SEED=7 make sim` tells the story of one seed; `make sim SEEDS=50000` is the hunt.
#![allow(
    clippy::print_stdout,
    reason = "a seed's story is read in the terminal"
)]

mod acts;
mod broken;
mod checks;
mod events;
mod heal;
mod ledger;
mod network;
mod run;
mod truth;
mod world;

use tests::Engine;

use broken::Rule;

#[test]
fn every_seed_holds_on_sqlite() {
    run::hunt(Engine::Sqlite, run::asked("SEEDS").unwrap_or(300));
}

#[test]
fn every_seed_holds_on_postgres() {
    run::hunt(Engine::Postgres, 20);
}

#[test]
fn a_seed_tells_the_same_story_twice() {
    run::twice(7);
}

/// Without any one of these rules, three hundred seeds are enough to see what it is for.
mod each_rule_is_needed {
    use super::{Rule, run};

    #[test]
    fn a_wish_has_one_name_for_its_person() {
        run::hunt_without(Rule::NameOfThePerson);
    }

    #[test]
    fn names_under_one_number_are_compared() {
        run::hunt_without(Rule::Comparison);
    }

    #[test]
    fn a_restored_server_has_another_history() {
        run::hunt_without(Rule::History);
    }

    #[test]
    fn below_the_floor_an_audience_begins_anew() {
        run::hunt_without(Rule::Floor);
    }

    #[test]
    fn an_audience_left_is_dropped() {
        run::hunt_without(Rule::AudienceDrop);
    }

    #[test]
    fn the_cursor_is_stored_with_the_rows() {
        run::hunt_without(Rule::CursorWithRows);
    }

    #[test]
    fn the_outbox_keeps_a_wish_until_its_outcome() {
        run::hunt_without(Rule::OutboxUntilOutcome);
    }

    #[test]
    fn seq_is_allotted_inside_the_transaction() {
        run::hunt_without(Rule::SeqInside);
    }
}
