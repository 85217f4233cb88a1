//! What is typed into the form of an event, kept as drafts until it was sent.

use std::sync::Arc;

use domain::{
    event::{Instead, Invited, Kind, Plan, WriteEvent},
    id::{EventId, MemberId},
    refusal::{Field, Refusal},
    time::{Clock, DAY, Day, MINUTE, Time},
};
use leptos::prelude::*;

use crate::staff::form::Draft;

/// A field of the form.
#[derive(Clone, Copy)]
pub(super) enum It {
    Kind,
    Title,
    TitleEn,
    Text,
    TextEn,
    Day,
    From,
    Last,
    To,
    Closes,
    ClosesAt,
    Minutes,
    Place,
    Map,
    OnSite,
    Link,
    Online,
    Waitlist,
    Bring,
    BringEn,
    Contact,
    Hosts,
    Invited,
    Year,
    Chosen,
    Recorded,
    Again,
}

const COUNT: usize = It::Again as usize + 1;
/// A ticked box. One that is not has other words, because a draft without any is none.
pub(super) const YES: &str = "yes";
pub(super) const NO: &str = "no";
/// Who is invited.
pub(super) const EVERYONE: &str = "everyone";
pub(super) const COHORT: &str = "cohort";
pub(super) const CHOSEN: &str = "chosen";

/// The fields, with their drafts and what they said at first.
#[derive(Clone)]
pub(super) struct Fields(Arc<Vec<(Draft, String)>>);

impl Fields {
    /// The fields of a form, filled with a plan. `form` tells its drafts from those of others.
    pub(super) fn new(form: &str, plan: Option<&Plan>, now: Time) -> Self {
        let first = values(plan, now).into_iter().enumerate();
        let draft = |(at, value): (usize, String)| {
            let draft = Draft::new(format!("event.{form}.{at}"), value.clone());
            // A field reads its draft by itself, a box does not.
            let is_box = [
                It::Kind,
                It::Waitlist,
                It::Hosts,
                It::Invited,
                It::Year,
                It::Chosen,
                It::Recorded,
            ]
            .into_iter()
            .any(|it| it as usize == at);
            (if is_box { draft.recalled() } else { draft }, value)
        };
        Self(Arc::new(first.map(draft).collect()))
    }

    /// The draft of a field.
    pub(super) fn of(&self, it: It) -> &Draft {
        &self.0[it as usize].0
    }

    /// What a field says, followed as it changes.
    pub(super) fn get(&self, it: It) -> String {
        self.of(it).text.get()
    }

    fn is(&self, it: It, wanted: &str) -> bool {
        self.of(it).text.with(|text| text == wanted)
    }

    /// Follows whether a field says this.
    pub(super) fn says(&self, it: It, wanted: &'static str) -> Signal<bool> {
        let text = self.of(it).text;
        Signal::derive(move || text.with(|text| text == wanted))
    }

    /// Everything as it was at first.
    pub(super) fn forget(&self) {
        for (draft, first) in self.0.iter() {
            draft.forget(first);
        }
    }

    /// Start, end and deadline as typed.
    pub(super) fn times(&self) -> Result<[Time; 3], Refusal> {
        let wrong = |field| Refusal::FieldWrong { field };
        let day = |it, field| self.get(it).parse::<Day>().map_err(|_| wrong(field));
        let clock = |it, field| self.get(it).parse::<Clock>().map_err(|_| wrong(field));
        let first = day(It::Day, Field::First)?;
        let starts = first.at(clock(It::From, Field::From)?);
        let last = if self.is(It::Last, "") {
            first
        } else {
            day(It::Last, Field::Last)?
        };
        let ends = last.at(clock(It::To, Field::To)?);
        let closes = if self.is(It::Closes, "") {
            starts
        } else {
            day(It::Closes, Field::Closes)?.at(clock(It::ClosesAt, Field::Closes)?)
        };
        Ok([starts, ends, closes])
    }

    /// The minutes as typed, else from start to end.
    pub(super) fn minutes(&self, starts: Time, ends: Time) -> Result<u16, Refusal> {
        let span = ends.since(starts) / MINUTE;
        let typed = self.number(It::Minutes, Field::Minutes)?;
        Ok(typed.unwrap_or_else(|| u16::try_from(span).unwrap_or(0)))
    }

    fn number(&self, it: It, field: Field) -> Result<Option<u16>, Refusal> {
        match self.get(it).trim() {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| Refusal::FieldWrong { field }),
        }
    }

    /// The wish, as it is typed.
    pub(super) fn typed(&self, event: EventId) -> Result<WriteEvent, Refusal> {
        let [starts, ends, closes] = self.times()?;
        let kind = self.get(It::Kind);
        let invited = match &*self.get(It::Invited) {
            COHORT => Invited::Cohort(self.get(It::Year).parse().unwrap_or(0)),
            CHOSEN => Invited::Chosen(ids(&self.get(It::Chosen))),
            _ => Invited::Everyone,
        };
        Ok(WriteEvent {
            event,
            kind: Kind::ALL
                .into_iter()
                .find(|it| it.code() == kind)
                .unwrap_or(Kind::Other),
            title: self.get(It::Title),
            title_en: self.get(It::TitleEn),
            text: self.get(It::Text),
            text_en: self.get(It::TextEn),
            starts,
            ends,
            closes,
            place: self.get(It::Place),
            map: self.get(It::Map),
            on_site: self.number(It::OnSite, Field::OnSite)?,
            link: self.get(It::Link),
            online: self.number(It::Online, Field::Online)?,
            has_waitlist: self.is(It::Waitlist, YES),
            minutes: self.minutes(starts, ends)?,
            bring: self.get(It::Bring),
            bring_en: self.get(It::BringEn),
            contact: self.get(It::Contact),
            hosts: ids(&self.get(It::Hosts)),
            invited,
            is_recorded: self.is(It::Recorded, YES),
            again: self.get(It::Again),
        })
    }
}

/// Ids with spaces between.
fn ids(text: &str) -> Vec<MemberId> {
    text.split_whitespace()
        .filter_map(|it| it.parse().ok())
        .collect()
}

fn joined(ids: &[MemberId]) -> String {
    let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    ids.join(" ")
}

/// The business year of a day: it begins in April.
pub(super) fn year_of(day: Day) -> i32 {
    let (year, month, _) = day.date();
    if month < 4 { year - 1 } else { year }
}

/// What the fields say at first.
fn values(plan: Option<&Plan>, now: Time) -> [String; COUNT] {
    let mut all: [String; COUNT] = Default::default();
    let mut set = |it: It, text: &str| text.clone_into(&mut all[it as usize]);
    let yes = |is_it: bool| if is_it { YES } else { NO };
    set(It::Year, &(year_of(now.day()) + 1).to_string());
    let Some(it) = plan else {
        set(It::Kind, Kind::Social.code());
        set(It::From, "18:00");
        set(It::To, "19:30");
        set(It::ClosesAt, "18:00");
        set(It::Waitlist, YES);
        set(It::Invited, EVERYONE);
        return all;
    };
    set(It::Kind, it.kind.code());
    set(It::Title, &it.title.ja);
    set(It::TitleEn, it.title.en.as_deref().unwrap_or(""));
    if let Some(text) = &it.text {
        set(It::Text, &text.ja);
        set(It::TextEn, text.en.as_deref().unwrap_or(""));
    }
    set(It::Day, &it.starts.day().to_string());
    set(It::From, &it.starts.clock().to_string());
    if it.ends.day() != it.starts.day() {
        set(It::Last, &it.ends.day().to_string());
    }
    set(It::To, &it.ends.clock().to_string());
    if it.closes != it.starts {
        set(It::Closes, &it.closes.day().to_string());
    }
    set(It::ClosesAt, &it.closes.clock().to_string());
    set(It::Minutes, &it.minutes.to_string());
    if let Some(site) = &it.on_site {
        set(It::Place, &site.place);
        set(It::Map, site.map.as_deref().unwrap_or(""));
        set(It::OnSite, &number(site.capacity));
    }
    if let Some(online) = &it.online {
        set(It::Link, &online.link);
        set(It::Online, &number(online.capacity));
    }
    set(It::Waitlist, yes(it.has_waitlist));
    if let Some(bring) = &it.bring {
        set(It::Bring, &bring.ja);
        set(It::BringEn, bring.en.as_deref().unwrap_or(""));
    }
    set(It::Contact, it.contact.as_deref().unwrap_or(""));
    set(It::Hosts, &joined(&it.hosts));
    match &it.invited {
        Invited::Everyone => set(It::Invited, EVERYONE),
        Invited::Cohort(year) => {
            set(It::Invited, COHORT);
            set(It::Year, &year.to_string());
        }
        Invited::Chosen(people) => {
            set(It::Invited, CHOSEN);
            set(It::Chosen, &joined(people));
        }
    }
    set(It::Recorded, yes(it.instead == Some(Instead::Recording)));
    if let Some(Instead::Again(when)) = &it.instead {
        set(It::Again, when);
    }
    all
}

fn number(capacity: Option<u16>) -> String {
    capacity.map_or_else(String::new, |it| it.to_string())
}

/// A copy of an event, as many weeks later as it takes to lie ahead. Another date needs other words for "held again".
pub(super) fn copied(plan: &Plan, now: Time) -> Plan {
    let weeks = now.since(plan.starts).max(0) / (7 * DAY) + 1;
    let later = |it: Time| it + weeks * 7 * DAY;
    Plan {
        starts: later(plan.starts),
        ends: later(plan.ends),
        closes: later(plan.closes),
        instead: plan.instead.clone().filter(|it| *it == Instead::Recording),
        ..plan.clone()
    }
}
