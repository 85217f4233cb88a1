//! People: who has a place here, in one role.

use serde::{Deserialize, Serialize};

use crate::{
    id::MemberId,
    refusal::{Field, Refusal},
    text::{Line, Name, Short},
    time::Day,
};

/// What somebody is here. One member has one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 内定者: accepted an offer, has not started yet.
    OfferHolder,
    /// 先輩社員・メンター: a young colleague.
    Mentor,
    /// 人事: runs things.
    Hr,
    /// 相談窓口: reads the desk; need not be HR.
    DeskOfficer,
    /// 管理責任者: people, roles, import, settings.
    Owner,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [
        Self::OfferHolder,
        Self::Mentor,
        Self::Hr,
        Self::DeskOfficer,
        Self::Owner,
    ];

    /// Opens slots and meets people.
    #[must_use]
    pub fn is_host(self) -> bool {
        matches!(self, Self::Mentor | Self::Hr)
    }

    /// Looks after people and the company's side: HR and the owner.
    #[must_use]
    pub fn is_hr(self) -> bool {
        matches!(self, Self::Hr | Self::Owner)
    }

    /// Works for the company.
    #[must_use]
    pub fn is_staff(self) -> bool {
        self != Self::OfferHolder
    }

    /// May somebody of this role make somebody who was `from` a `to`? `None` is who has no place here. Offer-holders and
    /// mentors are HR's; every other role is the owner's alone to give and to take.
    #[must_use]
    pub fn may_move(self, from: Option<Self>, to: Option<Self>) -> bool {
        let is_hrs = |it| matches!(it, None | Some(Self::OfferHolder | Self::Mentor));
        match self {
            Self::Owner => true,
            Self::Hr => from == to || (is_hrs(from) && is_hrs(to)),
            Self::OfferHolder | Self::Mentor | Self::DeskOfficer => false,
        }
    }

    /// The stable word for tables and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OfferHolder => "offer_holder",
            Self::Mentor => "mentor",
            Self::Hr => "hr",
            Self::DeskOfficer => "desk_officer",
            Self::Owner => "owner",
        }
    }

    /// The role of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// The role that a spreadsheet means, in Japanese or English.
    #[must_use]
    pub fn from_words(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "" | "内定者" | "内々定者" | "offer-holder" | "offer holder" | "offer_holder" => {
                Some(Self::OfferHolder)
            }
            "メンター" | "先輩" | "先輩社員" | "mentor" => Some(Self::Mentor),
            "人事" | "採用" | "採用担当" | "人事・採用担当" | "hr" => Some(Self::Hr),
            "相談員" | "相談窓口" | "desk officer" | "desk_officer" | "desk" => {
                Some(Self::DeskOfficer)
            }
            "管理者" | "管理責任者" | "owner" => Some(Self::Owner),
            _ => None,
        }
    }
}

/// The language somebody reads.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl Language {
    /// `ja` or `en`, as in the `lang` attribute.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// The language of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "ja" => Some(Self::Ja),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// Row `me`: what a member reads about themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Who.
    pub id: MemberId,
    /// 氏名.
    pub name: Name,
    /// Role.
    pub role: Role,
    /// 所属: team or department; for offer-holders, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Name>,
    /// The first working day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joining: Option<Day>,
    /// The day the person was entered here, where the bridge begins.
    pub since: Day,
    /// A host's 「話せること」.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talks_about: Option<Short>,
}

/// Row `host`: somebody who can be met, as every offer-holder sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Who.
    pub id: MemberId,
    /// 氏名.
    pub name: Name,
    /// HR or mentor.
    pub role: Role,
    /// 所属.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Name>,
    /// 「話せること」, in the host's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talks_about: Option<Short>,
}

/// Row `person`: a member as HR's list of people shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: MemberId,
    /// 氏名.
    pub name: Name,
    /// ふりがな.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kana: Option<Name>,
    /// Role.
    pub role: Role,
    /// 学校.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<Name>,
    /// 学部.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faculty: Option<Name>,
    /// 卒業年.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graduation_year: Option<u16>,
    /// 所属.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Name>,
    /// The first working day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joining: Option<Day>,
}

/// Mutation `profile.set.v1`: a host says what they like to talk about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetProfile {
    /// 「話せること」; nothing takes it away.
    pub talks_about: Option<String>,
}

impl SetProfile {
    /// The checked words.
    ///
    /// # Errors
    /// When they are too long.
    pub fn checked(&self) -> Result<Option<Short>, Refusal> {
        Short::optional(self.talks_about.as_deref().unwrap_or(""))
            .map_err(|it| it.in_field(Field::TalksAbout))
    }
}

/// An e-mail address as people are told apart by it: trimmed and in lower case.
/// The caller has brought full-width letters to half width (NFKC) before.
///
/// Returns `None` when it is plainly not an address. Deliberately mild: the mail server is the judge.
#[must_use]
pub fn email_key(nfkc: &str) -> Option<Line<254>> {
    let key = nfkc.trim().to_lowercase();
    let (name, host) = key.rsplit_once('@')?;
    let is_host = host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !host.contains("..");
    let is_plain = key.chars().all(|it| {
        !it.is_whitespace()
            && !it.is_control()
            && !matches!(it, '<' | '>' | ',' | ';' | '"' | '(' | ')')
    });
    if name.is_empty() || name.contains('@') || !is_host || !is_plain {
        return None;
    }
    Line::new(&key).ok()
}

#[cfg(test)]
mod tests;
