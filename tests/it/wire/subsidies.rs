//! What protocol 1 learnt with subsidies.

use domain::{
    id::{CourseId, SubsidyId},
    subsidy::{AskSubsidy, Decision, Fee, OpenSubsidy, Subsidy, WithdrawSubsidy},
    sync::{mutation::Mutation, wire::RowChange},
    text::{Long, Short},
};

use super::{AT, as_they_did, as_they_were, member, raw};

fn id() -> SubsidyId {
    SubsidyId::random(31)
}

fn fee() -> Fee {
    Fee {
        course: CourseId::random(32),
        purpose: Short::new("簿記3級の受験料").unwrap(),
        yen: 3_300,
        paid: AT.day(),
    }
}

fn subsidy() -> Subsidy {
    Subsidy {
        fee: fee(),
        asked: AT,
        has_receipt: true,
        decision: Decision::AskedBack,
        word: Some(Long::new("受験日を教えてください。").unwrap()),
    }
}

/// One of each name.
pub(super) fn mutations() -> Vec<Mutation> {
    vec![
        Mutation::AskSubsidy(AskSubsidy {
            subsidy: id(),
            fee: fee(),
        }),
        Mutation::WithdrawSubsidy(WithdrawSubsidy { subsidy: id() }),
    ]
}

/// One of each kind.
pub(super) fn rows() -> Vec<RowChange> {
    let row = |seq, kind: &str, audience: &str, body| {
        RowChange(
            kind.into(),
            id().to_string().into(),
            seq,
            audience.into(),
            Some(body),
        )
    };
    let open = OpenSubsidy { asked: AT.day() };
    vec![
        row(80, "subsidy", &format!("p:{}", member()), raw(&subsidy())),
        row(81, "open_subsidy", "hr", raw(&open)),
    ]
}

#[test]
fn todays_types_write_subsidies_as_they_did() {
    as_they_did("subsidy", &mutations(), &rows());
}

#[test]
fn todays_types_read_subsidies_as_they_were_written() {
    let view = as_they_were("subsidy", &mutations());
    assert_eq!(view.subsidies[&id()], subsidy());
    assert_eq!(view.open_subsidies[&id()].asked, AT.day());
}
