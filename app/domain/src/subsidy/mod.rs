//! 受験料の補助: an offer-holder paid for an exam and asks the company for the money.
//!
//! The money is given, never lent: 辞退しても返金は求めません. No field of a repayment exists, here or in the database. The photo
//! of the receipt follows on a way of its own ([`Subsidy::has_receipt`]), so a request is never lost with it.

use serde::{Deserialize, Serialize};

use crate::{
    id::{CourseId, SubsidyId},
    refusal::{Field, Refusal},
    text::{Long, Short},
    time::{Day, Time},
};

/// Yen that a company can offer for one exam: more than any takes.
pub const MOST_YEN: u32 = 1_000_000;
/// Requests of one person.
pub const MOST_SUBSIDIES: usize = 50;

/// What somebody paid. As text: the qualification, the amount, the day, then what for, with spaces between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// For which qualification.
    pub course: CourseId,
    /// What for, in words.
    pub purpose: Short,
    /// How much, in yen.
    pub yen: u32,
    /// When.
    pub paid: Day,
}

impl Serialize for Fee {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let (course, yen, paid) = (self.course, self.yen, self.paid);
        let facts = [course.to_string(), yen.to_string(), paid.to_string()];
        to.serialize_str(&[&facts.join(" "), " ", &*self.purpose].concat())
    }
}

impl<'de> Deserialize<'de> for Fee {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Self::read(&text).ok_or_else(|| serde::de::Error::custom("not a fee"))
    }
}

impl Fee {
    /// Reads its text; nothing when it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut words = text.splitn(4, ' ');
        Some(Self {
            course: words.next()?.parse().ok()?,
            yen: words.next()?.parse().ok()?,
            paid: words.next()?.parse().ok()?,
            purpose: Short::new(words.next()?).ok()?,
        })
    }
}

/// Row `subsidy`: a request, for whoever made it. HR reads it on a page of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subsidy {
    /// What was paid.
    pub fee: Fee,
    /// When it was asked for last.
    pub asked: Time,
    /// The company has the photo of the receipt.
    #[serde(default)]
    pub has_receipt: bool,
    /// What the company says.
    pub decision: Decision,
    /// The company's own words to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Long>,
}

/// What the company says to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Nothing yet.
    Open,
    /// It wants to know something first: the request can be written anew.
    AskedBack,
    /// It pays.
    Approved,
    /// It does not.
    Declined,
}

/// Row `open_subsidy`: a request waits for HR. Whose it is and what for stands on the page alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSubsidy {
    /// Since when.
    pub asked: Day,
}

/// Mutation `subsidy.ask.v1`: an offer-holder asks; or writes a request anew that the company has not decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskSubsidy {
    /// Its id, made on the device.
    pub subsidy: SubsidyId,
    /// What was paid.
    pub fee: Fee,
}

/// Mutation `subsidy.withdraw.v1`: the person takes a request back that the company has not decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawSubsidy {
    /// Which.
    pub subsidy: SubsidyId,
}

impl Decision {
    /// The person can still change it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::AskedBack)
    }
}

impl AskSubsidy {
    /// The request as it stands once it is asked for, where the company pays up to `most` yen.
    ///
    /// # Errors
    /// When the amount is nothing or more than that, or it is to be paid later.
    pub fn checked(&self, most: u32, now: Time) -> Result<Subsidy, Refusal> {
        let wrong = |field| Err(Refusal::FieldWrong { field });
        if !(1..=most).contains(&self.fee.yen) {
            return wrong(Field::Yen);
        }
        if self.fee.paid > now.day() {
            return wrong(Field::Paid);
        }
        Ok(Subsidy {
            fee: self.fee.clone(),
            asked: now,
            has_receipt: false,
            decision: Decision::Open,
            word: None,
        })
    }
}

#[cfg(test)]
mod tests;
