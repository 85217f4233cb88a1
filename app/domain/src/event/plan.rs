//! What HR writes of an event, and what must hold of it.

use serde::{Deserialize, Serialize};

use super::{Edit, Kind, Seats, Way};
use crate::{
    id::{EventId, MemberId},
    refusal::{Field, Refusal},
    text::{HttpsLink, Long, PlaceName, Said, Short},
    time::{Clock, Day, HOUR, MINUTE, Time, Weekday},
};

/// People that one event may be for when they are chosen one by one: each carries the event's rows for themselves.
pub const MOST_CHOSEN: usize = 300;
/// People of the company that one event may name.
const MOST_HOSTS: usize = 20;
/// Places of one way to take part.
const MOST_PLACES: u16 = 5_000;
/// The longest event: two days.
const LONGEST: i64 = 48 * HOUR;
/// Days ahead that an event may lie.
const FARTHEST_DAYS: i32 = 2 * 366;

/// Where one comes in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The place.
    pub place: PlaceName,
    /// A map of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<HttpsLink>,
    /// Places; nothing means as many as come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u16>,
}

/// Where one takes part from afar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Online {
    /// The meeting link.
    pub link: HttpsLink,
    /// Places; nothing means as many as come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u16>,
}

/// Who is invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Invited {
    /// Every offer-holder.
    Everyone,
    /// 同期: those who join in this business year, which begins in April.
    Cohort(i32),
    /// These people.
    Chosen(Vec<MemberId>),
}

/// What there is for those who have classes at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instead {
    /// It will be recorded, and the recording sent.
    Recording,
    /// It is held again: when, in words.
    Again(Short),
}

/// An event as it was written, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What kind.
    pub kind: Kind,
    /// What it is called.
    pub title: Said<Short>,
    /// What it is about, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Said<Long>>,
    /// When it begins.
    pub starts: Time,
    /// When it ends.
    pub ends: Time,
    /// Until when somebody may still ask for a place.
    pub closes: Time,
    /// In person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_site: Option<Site>,
    /// From afar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<Online>,
    /// Who asks for a place when there is none waits for one.
    pub has_waitlist: bool,
    /// Minutes that it asks of a person, the way there included.
    pub minutes: u16,
    /// What to bring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bring: Option<Said<Short>>,
    /// Whom to reach on the day, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Short>,
    /// Who is there for the company; they see who comes and check people in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<MemberId>,
    /// Who is invited.
    pub invited: Invited,
    /// What there is for those who have classes then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Instead>,
}

/// Mutation `event.write.v1`: HR writes an event, or writes it anew. The fields are those of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteEvent {
    /// Its id, made on the device.
    pub event: EventId,
    /// What kind.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// The same in English; may be empty.
    #[serde(default)]
    pub title_en: String,
    /// What it is about, in Markdown; may be empty.
    #[serde(default)]
    pub text: String,
    /// The same in English; may be empty.
    #[serde(default)]
    pub text_en: String,
    /// When it begins.
    pub starts: Time,
    /// When it ends.
    pub ends: Time,
    /// Until when somebody may still ask for a place.
    pub closes: Time,
    /// A place's name; empty when nobody comes in person.
    #[serde(default)]
    pub place: String,
    /// A map of it; may be empty.
    #[serde(default)]
    pub map: String,
    /// Places there; nothing means as many as come.
    #[serde(default)]
    pub on_site: Option<u16>,
    /// The meeting link; empty when nobody takes part from afar.
    #[serde(default)]
    pub link: String,
    /// Places there; nothing means as many as come.
    #[serde(default)]
    pub online: Option<u16>,
    /// Who asks for a place when there is none waits for one.
    #[serde(default)]
    pub has_waitlist: bool,
    /// Minutes that it asks of a person.
    pub minutes: u16,
    /// What to bring; may be empty.
    #[serde(default)]
    pub bring: String,
    /// The same in English; may be empty.
    #[serde(default)]
    pub bring_en: String,
    /// Whom to reach on the day; may be empty.
    #[serde(default)]
    pub contact: String,
    /// Who is there for the company.
    #[serde(default)]
    pub hosts: Vec<MemberId>,
    /// Who is invited.
    pub invited: Invited,
    /// It will be recorded.
    #[serde(default)]
    pub is_recorded: bool,
    /// When it is held again, in words; may be empty.
    #[serde(default)]
    pub again: String,
}

/// Does a span of time fall into hours in which students have classes: a working day, 9 to 17, in term? Terms at Japanese
/// universities run from April to July and from October to January, give or take a week.
#[must_use]
pub fn is_in_term_time(starts: Time, ends: Time) -> bool {
    let is_class_day = |day: Day| {
        let (_, month, _) = day.date();
        let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        matches!(month, 4..=7 | 10..=12 | 1) && !is_weekend && !day.is_holiday()
    };
    let hours = |day: Day| {
        let at = |hour| Clock::new(hour, 0).map_or(day.start(), |it| day.at(it));
        (at(9), at(17))
    };
    let mut day = starts.day();
    while day.start() < ends {
        let (from, to) = hours(day);
        if is_class_day(day) && starts < to && ends > from {
            return true;
        }
        day = day.plus(1);
    }
    false
}

impl WriteEvent {
    /// Everything that was typed, in the order of the form.
    #[must_use]
    pub fn texts(&self) -> [&str; 11] {
        [
            &self.title,
            &self.title_en,
            &self.text,
            &self.text_en,
            &self.place,
            &self.map,
            &self.link,
            &self.bring,
            &self.bring_en,
            &self.contact,
            &self.again,
        ]
    }

    /// Checks the fields, each by itself and against each other.
    ///
    /// # Errors
    /// Names the field that is missing or wrong; [`Refusal::TermTime`] when it keeps people from classes without a way out.
    pub fn checked(&self, now: Time) -> Result<Plan, Refusal> {
        let wrong = |field| Refusal::FieldWrong { field };
        self.check_time(now)?;
        let plan = Plan {
            kind: self.kind,
            title: said(&self.title, &self.title_en, Short::optional, Field::Title)?.ok_or(
                Refusal::FieldEmpty {
                    field: Field::Title,
                },
            )?,
            text: said(&self.text, &self.text_en, Long::optional, Field::Text)?,
            starts: self.starts,
            ends: self.ends,
            closes: self.closes,
            on_site: self.site()?,
            online: self.afar()?,
            has_waitlist: self.has_waitlist,
            minutes: self.minutes,
            bring: said(&self.bring, &self.bring_en, Short::optional, Field::Bring)?,
            contact: Short::optional(&self.contact).map_err(|it| it.in_field(Field::Contact))?,
            hosts: self.hosts.clone(),
            invited: self.invited.clone(),
            instead: self.instead()?,
        };
        if plan.on_site.is_none() && plan.online.is_none() {
            return Err(Refusal::FieldEmpty {
                field: Field::Place,
            });
        }
        if !(1..=2_880).contains(&self.minutes) {
            return Err(wrong(Field::Minutes));
        }
        if self.hosts.len() > MOST_HOSTS {
            return Err(wrong(Field::Hosts));
        }
        match &self.invited {
            Invited::Chosen(people) if people.is_empty() => Err(Refusal::FieldEmpty {
                field: Field::Invited,
            }),
            Invited::Chosen(people) if people.len() > MOST_CHOSEN => Err(wrong(Field::Invited)),
            _ if is_in_term_time(self.starts, self.ends) && plan.instead.is_none() => {
                Err(Refusal::TermTime)
            }
            _ => Ok(plan),
        }
    }

    fn check_time(&self, now: Time) -> Result<(), Refusal> {
        let wrong = |field| Err(Refusal::FieldWrong { field });
        if self.starts <= now {
            return Err(Refusal::EventPassed);
        }
        if self.starts.day() > now.day().plus(FARTHEST_DAYS) {
            return wrong(Field::From);
        }
        let length = self.ends.since(self.starts);
        if !(5 * MINUTE..=LONGEST).contains(&length) {
            return wrong(Field::To);
        }
        if self.closes > self.starts {
            return wrong(Field::Closes);
        }
        Ok(())
    }

    fn site(&self) -> Result<Option<Site>, Refusal> {
        let place = PlaceName::optional(&self.place).map_err(|it| it.in_field(Field::Place))?;
        let map = https(&self.map, Field::Map)?;
        let capacity = places(self.on_site, Field::OnSite)?;
        Ok(place.map(|place| Site {
            place,
            map,
            capacity,
        }))
    }

    fn afar(&self) -> Result<Option<Online>, Refusal> {
        let link = https(&self.link, Field::Link)?;
        let capacity = places(self.online, Field::Online)?;
        Ok(link.map(|link| Online { link, capacity }))
    }

    fn instead(&self) -> Result<Option<Instead>, Refusal> {
        let again = Short::optional(&self.again).map_err(|it| it.in_field(Field::Again))?;
        Ok(again
            .map(Instead::Again)
            .or(self.is_recorded.then_some(Instead::Recording)))
    }
}

pub(super) fn said<T>(
    ja: &str,
    en: &str,
    optional: impl Fn(&str) -> Result<Option<T>, crate::text::TextFault>,
    field: Field,
) -> Result<Option<Said<T>>, Refusal> {
    let ja = optional(ja).map_err(|it| it.in_field(field))?;
    let en = optional(en).map_err(|it| it.in_field(field))?;
    match (ja, en) {
        // English alone would leave most readers without a word.
        (None, Some(_)) => Err(Refusal::FieldEmpty { field }),
        (None, None) => Ok(None),
        (Some(ja), en) => Ok(Some(Said { ja, en })),
    }
}

pub(super) fn https(link: &str, field: Field) -> Result<Option<HttpsLink>, Refusal> {
    match link.trim() {
        "" => Ok(None),
        link => HttpsLink::new(link)
            .map(Some)
            .map_err(|it| it.in_field(field)),
    }
}

fn places(capacity: Option<u16>, field: Field) -> Result<Option<u16>, Refusal> {
    match capacity {
        Some(0) | Some(MOST_PLACES..) => Err(Refusal::FieldWrong { field }),
        capacity => Ok(capacity),
    }
}

impl Plan {
    /// The places there are.
    #[must_use]
    pub fn seats(&self) -> Seats {
        Seats {
            on_site: self.on_site.as_ref().map(|it| it.capacity),
            online: self.online.as_ref().map(|it| it.capacity),
        }
    }

    /// The ways to take part.
    pub fn ways(&self) -> impl Iterator<Item = Way> {
        let seats = self.seats();
        Way::ALL
            .into_iter()
            .filter(move |way| seats.of(*way).is_some())
    }

    /// What is not as it was, for those who replied. Nothing when they would not notice.
    #[must_use]
    pub fn edit(&self, before: &Self, at: Time) -> Option<Edit> {
        let place = |plan: &Self| {
            let name = plan.on_site.as_ref().map(|it| it.place.to_string());
            name.unwrap_or_default()
        };
        let bring = |plan: &Self| {
            let said = plan.bring.as_ref().map(|it| it.ja.to_string());
            said.unwrap_or_default()
        };
        let edit = Edit {
            at,
            time: ((self.starts, self.ends) != (before.starts, before.ends))
                .then_some((before.starts, before.ends)),
            place: (place(self) != place(before)).then(|| place(before)),
            bring: (bring(self) != bring(before)).then(|| bring(before)),
            text: self.text != before.text || self.title != before.title,
        };
        let is_noticed =
            edit.time.is_some() || edit.place.is_some() || edit.bring.is_some() || edit.text;
        is_noticed.then_some(edit)
    }
}
