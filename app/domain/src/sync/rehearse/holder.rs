//! The same for what only offer-holders wish.

use super::Origin;
use crate::{
    booking::{Ask, SlotFacts, settle},
    interview::Correction,
    learning::Study,
    question::{AskQuestion, OwnQuestion, Question},
    refusal::Refusal,
    subsidy::{AskSubsidy, Subsidy},
    sync::{
        mutation::Mutation,
        replica::{Asked, Moving, Seen},
        row::View,
    },
    time::Time,
};

/// Replays one wish of an offer-holder; others are replayed elsewhere.
pub(super) fn rehearse(seen: &mut Seen, mutation: &Mutation, origin: Origin) {
    let standing = origin.standing;
    match mutation {
        // Decided already, only the answer got lost.
        Mutation::Ask(ask) if seen.view.bookings.contains_key(&ask.booking) => {}
        Mutation::Ask(ask) => {
            let doubt = settle_here(&seen.view, ask, origin.now);
            seen.asked.push(Asked {
                mutation: origin.id,
                ask: ask.clone(),
                standing,
                at: origin.at,
                doubt,
            });
        }
        Mutation::Cancel(it) => {
            // An asking that was not answered yet, taken back: nothing is left to show.
            seen.asked.retain(|asked| asked.ask.booking != it.booking);
            if seen.view.bookings.contains_key(&it.booking) {
                seen.cancelling.insert(it.booking, standing);
            }
        }
        Mutation::Move(it) => {
            seen.moving.insert(
                it.booking,
                Moving {
                    wishes: it.wishes.clone(),
                    standing,
                },
            );
        }
        Mutation::Correct(it) => {
            if let (Some(record), Ok(text)) = (seen.view.records.get_mut(&it.booking), it.checked())
            {
                record.corrections.push(Correction {
                    id: it.correction,
                    text,
                    at: origin.at,
                });
                seen.mark("record", it.booking, standing);
            }
        }
        Mutation::Reply(it) => {
            seen.replying.insert(it.event, (it.clone(), standing));
        }
        Mutation::AskQuestion(it) => ask_question(seen, it, origin),
        Mutation::WithdrawQuestion(it) => {
            seen.view.questions.remove(&it.question);
            seen.view.own_questions.remove(&it.question);
        }
        Mutation::Enroll(it) => {
            seen.view.enrollments.insert(it.course, it.enrollment);
            seen.mark("enrollment", it.course, standing);
        }
        Mutation::Study(it) => study(seen, it, origin),
        Mutation::AskSubsidy(it) => ask_subsidy(seen, it, origin),
        Mutation::WithdrawSubsidy(it) => seen.view.subsidies.remove(&it.subsidy),
        _ => {}
    }
}

fn ask_question(seen: &mut Seen, it: &AskQuestion, origin: Origin) {
    let Some(event) = seen.view.events.get(&it.event) else {
        return;
    };
    let Ok(text) = it.checked(event.ends, origin.now) else {
        return;
    };
    let me = seen.view.myself().filter(|_| it.is_named);
    let question = Question {
        event: it.event,
        text,
        name: me.map(|it| it.name.clone()),
        day: origin.at.day(),
        answered: None,
        answer: None,
        faq: None,
    };
    // What was answered meanwhile stays as it is.
    if !seen.view.questions.contains_key(&it.question) {
        seen.view.questions.insert(it.question, question);
    }
    let event = it.event;
    seen.view
        .own_questions
        .insert(it.question, OwnQuestion { event });
    seen.mark("question", it.question, origin.standing);
}

fn study(seen: &mut Seen, it: &Study, origin: Origin) {
    let Ok(report) = it.checked(origin.now) else {
        return;
    };
    match seen.view.progress.get_mut(&it.lesson) {
        Some(progress) => progress.merge(&report),
        None => seen.view.progress.insert(it.lesson, report),
    }
    seen.mark("progress", it.lesson, origin.standing);
}

fn ask_subsidy(seen: &mut Seen, it: &AskSubsidy, origin: Origin) {
    let known = seen.view.subsidies.get(&it.subsidy);
    // What was decided meanwhile stays as it is.
    if known.is_some_and(|it| !it.decision.is_open()) {
        return;
    }
    let has_receipt = known.is_some_and(|it| it.has_receipt);
    let course = seen.view.courses.get(&it.fee.course);
    let most = course.and_then(|it| it.subsidy_yen());
    let Ok(row) = it.checked(most.unwrap_or(it.fee.yen), origin.at) else {
        return;
    };
    let row = Subsidy { has_receipt, ..row };
    seen.view.subsidies.insert(it.subsidy, row);
    seen.mark("subsidy", it.subsidy, origin.standing);
}

/// What the rule says on the rows at hand.
fn settle_here(view: &View, ask: &Ask, now: Time) -> Option<Refusal> {
    let slots = ask.wishes.iter().filter_map(|it| view.slots.get(&it.slot));
    let facts: Vec<_> = slots.map(SlotFacts::from).collect();
    settle(&ask.wishes, &facts, &view.asker(None), now).err()
}
