//! Who may see which row: data that the server enforces, a page prints and a test compares.
//!
//! A row reaches a device through an *audience*; [`audiences_of`] is the only rule that says which audiences a member
//! has. A cursor is never asked.

use crate::{id::MemberId, member::Role};

/// Who may see a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Every member.
    Everyone,
    /// Every offer-holder.
    OfferHolders,
    /// HR and the owner.
    Hr,
    /// HR and the owner, on demand: the list of people.
    People,
    /// One member.
    One(MemberId),
}

impl Audience {
    /// May be left out until it is wanted: long lists that a phone does not carry by itself.
    #[must_use]
    pub fn is_on_demand(self) -> bool {
        self == Self::People
    }
}

impl std::fmt::Display for Audience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Everyone => f.write_str("all"),
            Self::OfferHolders => f.write_str("holders"),
            Self::Hr => f.write_str("hr"),
            Self::People => f.write_str("people"),
            Self::One(member) => write!(f, "p:{member}"),
        }
    }
}

/// The audiences of a member, in the order in which a new device loads them: what is theirs first.
#[must_use]
pub fn audiences_of(member: MemberId, role: Role) -> Vec<Audience> {
    let mut all = vec![Audience::One(member), Audience::Everyone];
    match role {
        Role::OfferHolder => all.push(Audience::OfferHolders),
        Role::Hr | Role::Owner => all.extend([Audience::Hr, Audience::People]),
        Role::Mentor | Role::DeskOfficer => {}
    }
    all
}

/// Who sees a kind of row, for the page 見えるもの・見えないもの and for the test that walks the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// The kind of row.
    pub kind: &'static str,
    /// Reaches single members: those it is about or whose work it is.
    pub one: bool,
    /// Reaches offer-holders.
    pub holders: bool,
    /// Reaches HR and the owner.
    pub hr: bool,
    /// Reaches everybody.
    pub everyone: bool,
}

const fn sight(kind: &'static str, one: bool, holders: bool, hr: bool, everyone: bool) -> Sight {
    Sight {
        kind,
        one,
        holders,
        hr,
        everyone,
    }
}

/// One line per kind of row. What is not listed leaves the server nowhere.
pub const SIGHTS: &[Sight] = &[
    sight("me", true, false, false, false),
    sight("company", false, false, false, true),
    sight("host", false, true, false, false),
    sight("slot", false, true, false, false),
    sight("booking", true, false, false, false),
    sight("availability", true, false, true, false),
    sight("host_slot", true, false, true, false),
    sight("host_booking", true, false, false, false),
    sight("record", true, false, false, false),
    sight("promise", true, false, true, false),
    sight("event", true, true, false, false),
    sight("event_places", true, true, true, false),
    sight("rsvp", true, false, false, false),
    sight("event_plan", true, false, true, false),
    sight("guest", true, false, true, false),
    sight("question", true, true, true, false),
    sight("own_question", true, false, false, false),
    sight("faq", false, true, false, false),
    sight("breakout", true, false, false, false),
    sight("event_breakouts", true, false, true, false),
    sight("course", false, true, false, false),
    sight("enrollment", true, false, false, false),
    sight("progress", true, false, false, false),
    sight("subsidy", true, false, false, false),
    sight("open_subsidy", false, false, true, false),
    sight("outcome", true, false, false, false),
    sight("person", false, false, true, false),
];

/// May a row of this kind be published to this audience?
#[must_use]
pub fn may_see(kind: &str, audience: Audience) -> bool {
    SIGHTS
        .iter()
        .find(|it| it.kind == kind)
        .is_some_and(|it| match audience {
            Audience::One(_) => it.one,
            Audience::OfferHolders => it.holders,
            Audience::Hr | Audience::People => it.hr,
            Audience::Everyone => it.everyone,
        })
}

#[cfg(test)]
mod tests;
