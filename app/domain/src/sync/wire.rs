//! The bodies of `POST /api/v1/sync`. Changes are additive: phones that lay in a drawer still speak.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    id::{DeviceId, HistoryId, MutationId},
    refusal::Refusal,
    time::Time,
};

/// The protocol this build speaks.
pub const PROTOCOL: u32 = 1;
/// The oldest protocol that may read.
pub const OLDEST_READER: u32 = 1;
/// Mutations in one request.
pub const MOST_MUTATIONS: usize = 50;
/// Bytes of one request body.
pub const MOST_BYTES: usize = 256 * 1024;

/// One wish on its way: numbered per device without gaps, named once and for all by `id`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Envelope {
    /// 1, 2, 3 … per device.
    pub n: u64,
    /// Unique per person, whatever device delivers it.
    pub id: MutationId,
    /// When the person acted, by the device's clock: shown, never trusted.
    pub at: Time,
    /// Name with version.
    pub name: Box<str>,
    /// Body by name.
    pub body: Box<RawValue>,
}

impl PartialEq for Envelope {
    fn eq(&self, other: &Self) -> bool {
        (self.n, self.id, self.at, &self.name, self.body.get())
            == (other.n, other.id, other.at, &other.name, other.body.get())
    }
}

impl Eq for Envelope {}

/// What a device sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// Protocol of the sender.
    pub protocol: u32,
    /// Build of the sender, for the log.
    #[serde(default)]
    pub build: String,
    /// The sender.
    pub device: DeviceId,
    /// Where the device stands; opaque to it. None before the first load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Wishes, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mutations: Vec<Envelope>,
    /// Audiences wanted beyond the usual ones: long lists that a phone does not carry by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub want: Vec<String>,
    /// Audiences whose rows the device no longer trusts and wants anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reset: Vec<String>,
    /// Asks for the counts and sums of each audience.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub check: bool,
}

/// One row of the feed: kind, id, seq, audience, body. No body: gone from this audience.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RowChange(
    pub Box<str>,
    pub Box<str>,
    pub i64,
    pub Box<str>,
    pub Option<Box<RawValue>>,
);

impl PartialEq for RowChange {
    fn eq(&self, other: &Self) -> bool {
        let body = |it: &Self| it.4.as_ref().map(|it| it.get().to_owned());
        (&self.0, &self.1, self.2, &self.3, body(self))
            == (&other.0, &other.1, other.2, &other.3, body(other))
    }
}

impl Eq for RowChange {}

/// What became of one wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Its number.
    pub n: u64,
    /// Its id.
    pub id: MutationId,
    /// The refusal, if a rule said no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// Audiences a device enters and leaves with this answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudienceChanges {
    /// Their rows follow from the beginning; what the device held of them is dropped first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enter: Vec<Box<str>>,
    /// All their rows are dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leave: Vec<Box<str>>,
}

/// Answer 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncAnswer {
    /// Which life of the database this is.
    pub history: HistoryId,
    /// The server's clock.
    pub now: Time,
    /// Where the device stands now.
    pub cursor: String,
    /// Ask again at once: there is more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// Ask again after this many milliseconds, unless something happens.
    pub next_ms: i64,
    /// The device's last number that was answered.
    pub last: u64,
    /// What became of the wishes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Answered>,
    /// Audiences entered and left.
    #[serde(default)]
    pub audiences: AudienceChanges,
    /// Rows that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowChange>,
    /// Count and sum per audience, when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<BTreeMap<Box<str>, (u64, u64)>>,
}

/// Body of 403, 409, 422 and 426.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case", from = "FlatProblem")]
pub enum Problem {
    /// 403: the device id belongs to somebody else.
    NotYours,
    /// 403: this member has no place here any more.
    Disabled,
    /// 409: the number was used for another wish: the profile was cloned or restored.
    Forked,
    /// 409: numbers are missing after `last`.
    Gap {
        /// The last number the server knows.
        last: u64,
    },
    /// 409: the cursor is of another life of the database.
    History,
    /// 422: the wish with this number cannot be read.
    Malformed {
        /// Its number.
        n: u64,
    },
    /// 426: too old to read; what was sent has been answered.
    Outdated {
        /// What became of the wishes.
        outcomes: Vec<Answered>,
    },
    /// A problem of a newer version.
    Unknown,
}

/// How a problem is read: one flat shape, for the same reason as a refusal's.
#[derive(Deserialize)]
struct FlatProblem {
    problem: Box<str>,
    #[serde(default)]
    last: u64,
    #[serde(default)]
    n: u64,
    #[serde(default)]
    outcomes: Vec<Answered>,
}

impl From<FlatProblem> for Problem {
    fn from(flat: FlatProblem) -> Self {
        let FlatProblem {
            problem,
            last,
            n,
            outcomes,
        } = flat;
        match &*problem {
            "not_yours" => Self::NotYours,
            "disabled" => Self::Disabled,
            "forked" => Self::Forked,
            "gap" => Self::Gap { last },
            "history" => Self::History,
            "malformed" => Self::Malformed { n },
            "outdated" => Self::Outdated { outcomes },
            _ => Self::Unknown,
        }
    }
}

/// What came back, as the transport understood it. The machine matches it without a catch-all arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 200.
    Changes(Box<SyncAnswer>),
    /// 204, with the header `x-next-ms`.
    Nothing {
        /// Ask again after this many milliseconds.
        next_ms: i64,
    },
    /// 401.
    SignedOut,
    /// 403, 409, 422, 426.
    Problem(Problem),
    /// 413.
    TooLarge,
    /// 429 or 503, with `Retry-After`.
    Later {
        /// Milliseconds to wait at least.
        wait_ms: i64,
    },
    /// Any other status, an unreadable body, or no answer in time: nothing is known.
    Unclear,
}

/// The sum by which a device and the server compare what they hold of an audience: an order-free fold of every row.
///
/// FNV-1a, 64 bits, of `kind`, `id` and `seq`; rows are combined by exclusive or.
#[must_use]
pub fn row_sum(kind: &str, id: &str, seq: i64) -> u64 {
    let bytes = kind
        .bytes()
        .chain([0])
        .chain(id.bytes())
        .chain([0])
        .chain(seq.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
