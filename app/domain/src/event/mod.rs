//! Events (催し): a gathering that offer-holders answer with 参加, 未定 or 不参加.
//!
//! In reading order: this file (what members see), [`Plan`] (what HR writes), [`Roll`] (who has a place, who waits, who is
//! offered what was freed), [`Memo`] (what is kept of it). [`Roll`] is the one judge of places: it sees all replies of an event, decides, and saves nothing.
//! Taking part is always free: nothing here can be required, and no reply asks for a reason.

mod memo;
mod plan;
mod roll;

pub use memo::{Memo, WriteMemo};
pub use plan::{Instead, Invited, MOST_CHOSEN, Online, Plan, Site, WriteEvent, is_in_term_time};
pub use roll::{Answer, Change, Entry, HOLD, LAST_OFFER, MOST_PEOPLE, Roll, Seats};

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    booking::{Cancellation, Words},
    id::{EventId, MemberId, NotAnId},
    text::{HttpsLink, Long, Name, PlaceName, Said, Short},
    time::Time,
};

/// What kind of gathering it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 懇親会.
    Social,
    /// 内定式.
    Ceremony,
    /// 座談会.
    RoundTable,
    /// 先輩と話す会.
    MeetSeniors,
    /// Something else, or a kind of a newer version.
    #[serde(other)]
    Other,
}

impl Kind {
    /// All kinds, as a form lists them.
    pub const ALL: [Self; 5] = [
        Self::Social,
        Self::Ceremony,
        Self::RoundTable,
        Self::MeetSeniors,
        Self::Other,
    ];

    /// The stable word for forms and files.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Social => "social",
            Self::Ceremony => "ceremony",
            Self::RoundTable => "round_table",
            Self::MeetSeniors => "meet_seniors",
            Self::Other => "other",
        }
    }
}

/// How somebody takes part. A hybrid event has both, each with places of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// 会場で.
    OnSite,
    /// オンラインで.
    Online,
}

impl Way {
    /// Both.
    pub const ALL: [Self; 2] = [Self::OnSite, Self::Online];

    /// The stable word for tables and forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OnSite => "on_site",
            Self::Online => "online",
        }
    }

    /// The way of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// Something about a published event that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// When it was changed.
    pub at: Time,
    /// Start and end before, when they are others now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<(Time, Time)>,
    /// The place before, when it is another now; an empty one was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What to bring before, in Japanese, when it is something else now; empty for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bring: Option<String>,
    /// The text is another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text: bool,
}

/// Row `event`: a published event, as those who are invited see it. The meeting link goes only to who takes part online.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Which.
    pub id: EventId,
    /// What kind.
    pub kind: Kind,
    /// What it is called.
    pub title: Said<Short>,
    /// What it is about, as HTML that the server made of Markdown and cleaned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<Said<String>>,
    /// When it begins.
    pub starts: Time,
    /// When it ends.
    pub ends: Time,
    /// Until when somebody may still ask for a place.
    pub closes: Time,
    /// Where, when one can come in person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceName>,
    /// A map of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<HttpsLink>,
    /// One can take part by a meeting link.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_online: bool,
    /// Minutes that it asks of a person.
    pub minutes: u16,
    /// What to bring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bring: Option<Said<Short>>,
    /// Whom to reach on the day, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Short>,
    /// Who is there for the company.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<Name>,
    /// What there is for those who have classes then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Instead>,
    /// Who asks for a place when there is none waits for one.
    pub has_waitlist: bool,
    /// What changed since it was published, the latest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// It does not take place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<Cancellation>,
    /// What was said there, as HTML that the server made of Markdown and cleaned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memo: Option<Memo<String>>,
}

/// Places of one way to take part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// How many there are; nothing means as many as come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u16>,
    /// Taken, or held for somebody.
    pub taken: u16,
    /// People in line.
    pub waiting: u16,
}

impl Places {
    /// A place can be had at once.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.most.is_none_or(|most| self.taken < most)
    }
}

/// Row `event_places`: how full an event is, and who said that they may be named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPlaces {
    /// In person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_site: Option<Places>,
    /// By the meeting link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<Places>,
    /// Those who come and let the others know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Name>,
    /// How many said 未定; for those who plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maybe: Option<u16>,
    /// How many said 不参加, and no more than the count; for those who plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<u16>,
}

impl EventPlaces {
    /// The places of one way.
    #[must_use]
    pub fn of(&self, way: Way) -> Option<&Places> {
        match way {
            Way::OnSite => self.on_site.as_ref(),
            Way::Online => self.online.as_ref(),
        }
    }
}

/// What somebody said to an event, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// Has a place.
    Going(Way),
    /// May come; holds no place.
    Maybe,
    /// Does not come.
    Declined,
    /// In line for a place.
    Waiting {
        /// For which way.
        way: Way,
        /// How many are before this one.
        before: u16,
    },
    /// A place became free and is held until then.
    Offered {
        /// Which way.
        way: Way,
        /// The last moment to say yes.
        until: Time,
    },
    /// A place was held and not taken in time; it went on to the next in line.
    Lapsed,
}

/// Row `rsvp`: an offer-holder's own reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rsvp {
    /// To which event.
    pub event: EventId,
    /// What was said, and what came of it.
    pub reply: Reply,
    /// The others may read the name.
    pub is_named: bool,
    /// When it became so.
    pub at: Time,
    /// What is shown at the door: six characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The same as a QR code, for who comes on site: a number for each row, its dark modules as bits, the leftmost the lowest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qr: Vec<u32>,
    /// The meeting link, for who takes part online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<HttpsLink>,
    /// When they came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attended: Option<Time>,
    /// A word from those who plan, when they took the place back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Words>,
    /// The calendar entry (text/calendar).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ics: String,
}

/// Row `event_plan`: an event as those who plan it see it, published or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPlan {
    /// Which.
    pub id: EventId,
    /// What was written.
    pub plan: Plan,
    /// When it was shown to those who are invited; nothing for a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Time>,
    /// It does not take place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<Cancellation>,
    /// What was said there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memo: Option<Memo<Long>>,
}

/// A reply's name among all replies: event and member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GuestId(pub EventId, pub MemberId);

impl fmt::Display for GuestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl FromStr for GuestId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (event, member) = text.split_once('.').ok_or(NotAnId)?;
        Ok(Self(event.parse()?, member.parse()?))
    }
}

/// Row `guest`: somebody who comes, may come or waits, for those who plan the event. Who said no is nobody's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// Who.
    pub member: MemberId,
    /// 氏名.
    pub name: Name,
    /// What was said.
    pub reply: Reply,
    /// The code that is shown at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// When they came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attended: Option<Time>,
}

/// Mutation `event.reply.v1`: an offer-holder answers. A yes also takes an offered place; anything else gives it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    /// To which event.
    pub event: EventId,
    /// The answer.
    pub answer: Answer,
    /// The others may read the name.
    #[serde(default)]
    pub is_named: bool,
}

/// Mutation `event.publish.v1`: those who are invited see it from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishEvent {
    /// Which.
    pub event: EventId,
}

/// Mutation `event.cancel.v1`: it does not take place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelEvent {
    /// Which.
    pub event: EventId,
    /// A word to those who replied; needed once it is published.
    #[serde(default)]
    pub word: String,
}

/// Mutation `event.remove.v1`: those who plan take a place back, or somebody out of the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveGuest {
    /// From which event.
    pub event: EventId,
    /// Whom.
    pub member: MemberId,
    /// A word to them; needed.
    pub word: String,
}

/// Mutation `event.check_in.v1`: somebody is here. Twice is as good as once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckIn {
    /// Where.
    pub event: EventId,
    /// What they showed.
    pub code: String,
    /// When they showed it, by the host's device: the door may have no signal.
    pub at: Time,
}

/// The code that somebody shows at the door: six characters that look like no other, of `chance`. There are 887 million.
#[must_use]
pub fn door_code(chance: u64) -> String {
    const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    let letter = |at: u32| LETTERS[usize::try_from(chance / 31_u64.pow(at) % 31).unwrap_or(0)];
    (0..6).map(|at| char::from(letter(at))).collect()
}

/// A code as somebody may have typed it: any case, with spaces, in full-width letters.
#[must_use]
pub fn typed_code(text: &str) -> String {
    text.chars()
        .filter_map(|it| match it {
            '\u{FF10}'..='\u{FF5A}' => char::from_u32(u32::from(it) - 0xFEE0),
            _ => Some(it),
        })
        .filter(char::is_ascii_alphanumeric)
        .map(|it| it.to_ascii_uppercase())
        .collect()
}

#[cfg(test)]
mod tests;
