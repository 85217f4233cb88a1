//! What became of a wish, as a row that stays until the person has read it: a lost answer loses nothing.

use anyhow::Result;
use domain::{
    id::MutationId,
    member::Role,
    refusal::Refusal,
    sync::{
        mutation::{Acknowledge, Class, Mutation},
        row::{About, Outcome, Verdict},
    },
    visibility::Audience,
};

use crate::{
    actor::Signed,
    db::{NewOutcome, Turn},
    error::ApiResult,
};

/// A rule said no: every refusal becomes a row, with everything the person had typed.
pub(crate) fn refused(
    turn: &mut Turn,
    signed: Signed,
    id: MutationId,
    mutation: &Mutation,
    no: &Refusal,
) -> Result<()> {
    if matches!(mutation, Mutation::Acknowledge(_) | Mutation::Noop(_)) {
        return Ok(());
    }
    let outcome = Outcome {
        mutation: id,
        verdict: Verdict::Refused(no.clone()),
        about: about(mutation),
        at: turn.now(),
    };
    add(turn, signed, &outcome)
}

/// An offer-holder got what they asked for. Staff see their own doing in the rows it changed.
pub(crate) fn granted(
    turn: &mut Turn,
    signed: Signed,
    id: MutationId,
    mutation: &Mutation,
) -> Result<()> {
    // What came of a reply to an event stands in its own row: a line beside it would say it twice.
    let has_own_row = matches!(mutation, Mutation::Reply(_));
    if mutation.class() != Class::Scarce || signed.role != Role::OfferHolder || has_own_row {
        return Ok(());
    }
    let outcome = Outcome {
        mutation: id,
        verdict: Verdict::Ok,
        about: about(mutation),
        at: turn.now(),
    };
    add(turn, signed, &outcome)
}

fn add(turn: &mut Turn, signed: Signed, outcome: &Outcome) -> Result<()> {
    turn.add_outcome(NewOutcome {
        mutation: outcome.mutation,
        member: signed.id,
        body: serde_json::to_string(outcome)?,
    });
    turn.publish(
        Audience::One(signed.id),
        "outcome",
        outcome.mutation,
        outcome,
    )?;
    Ok(())
}

/// The person has read it.
pub(crate) async fn acknowledge(
    turn: &mut Turn,
    signed: Signed,
    it: &Acknowledge,
) -> ApiResult<()> {
    if turn.remove_outcome(signed.id, it.mutation).await? {
        turn.withdraw(Audience::One(signed.id), "outcome", it.mutation);
    }
    Ok(())
}

/// What a wish was about, with the words in it.
fn about(mutation: &Mutation) -> About {
    let words = |texts: &[&str]| About::Words {
        name: mutation.name().into(),
        text: texts
            .iter()
            .filter(|it| !it.trim().is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join("\n\n"),
    };
    match mutation {
        Mutation::Ask(it) => About::Ask(it.clone()),
        Mutation::Move(it) => About::Move(it.clone()),
        Mutation::Cancel(it) => About::Cancel(it.booking),
        Mutation::Reply(it) => About::Reply(it.clone()),
        Mutation::WriteEvent(it) => words(&it.texts()),
        Mutation::WriteMemo(it) => words(&it.texts()),
        Mutation::CancelEvent(it) => words(&[&it.word]),
        Mutation::RemoveGuest(it) => words(&[&it.word]),
        Mutation::CheckIn(it) => words(&[&it.code]),
        Mutation::AskQuestion(it) => words(&[&it.text]),
        Mutation::AskSubsidy(it) => words(&[&it.fee.purpose, &it.fee.yen.to_string()]),
        Mutation::AnswerQuestion(it) => words(&[&it.answer, &it.faq]),
        Mutation::OpenSlot(it) => words(&[&it.place, &it.link, &it.note]),
        Mutation::OpenAvailability(it) => words(&[&it.place, &it.link, &it.note]),
        Mutation::CloseSlot(it) => words(&[&it.word]),
        Mutation::Correct(it) => words(&[&it.text]),
        Mutation::SetProfile(it) => words(&[it.talks_about.as_deref().unwrap_or("")]),
        Mutation::WriteRecord(it) => {
            let mut texts = vec![it.said.as_str(), it.next.as_str()];
            texts.extend(it.promises.iter().map(|it| it.text.as_str()));
            words(&texts)
        }
        Mutation::CloseAvailability(_)
        | Mutation::Keep(_)
        | Mutation::PublishEvent(_)
        | Mutation::WithdrawQuestion(_)
        | Mutation::GroupEvent(_)
        | Mutation::Enroll(_)
        | Mutation::Study(_)
        | Mutation::WithdrawSubsidy(_)
        | Mutation::SetLimits(_)
        | Mutation::Acknowledge(_)
        | Mutation::Noop(_) => About::Plain {
            name: mutation.name().into(),
        },
    }
}
