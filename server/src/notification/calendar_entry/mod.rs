//! Interviews and events as calendar software reads them (RFC 5545).
//!
//! Times are UTC: a zone by name needs a definition beside it, and the definitions are what other software stumbles
//! over. The UID never changes and SEQUENCE counts up, so a later entry replaces an earlier one.

use domain::{
    booking::{Place, ends},
    id::BookingId,
    member::Language,
    time::{HOUR, Time},
};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

/// One interview, as one of its two sides sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CalendarEntry<'a> {
    /// The booking; stays the same when it is moved.
    pub(crate) booking: BookingId,
    /// How often time or place changed.
    pub(crate) sequence: i64,
    /// Start.
    pub(crate) starts: Time,
    /// Name of the other side.
    pub(crate) with: &'a str,
    /// Where.
    pub(crate) place: &'a Place,
    /// The meeting link.
    pub(crate) link: Option<&'a str>,
    /// It was called off.
    pub(crate) is_cancelled: bool,
    /// When this was written.
    pub(crate) stamp: Time,
    /// Language of the reader.
    pub(crate) language: Language,
}

/// Anything that stands in a calendar.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// What it is about; the same for as long as it is the same thing.
    pub(crate) uid: String,
    /// How often time or place changed.
    pub(crate) sequence: i64,
    /// Start.
    pub(crate) starts: Time,
    /// End.
    pub(crate) ends: Time,
    /// What it is called.
    pub(crate) summary: String,
    /// Where; nothing for online.
    pub(crate) place: Option<String>,
    /// The meeting link.
    pub(crate) link: Option<String>,
    /// It was called off.
    pub(crate) is_cancelled: bool,
    /// When this was written.
    pub(crate) stamp: Time,
    /// Language of the reader.
    pub(crate) language: Language,
}

impl From<&CalendarEntry<'_>> for Entry {
    fn from(it: &CalendarEntry<'_>) -> Self {
        Self {
            uid: it.booking.to_string(),
            sequence: it.sequence,
            starts: it.starts,
            ends: ends(it.starts),
            summary: match it.language {
                Language::Ja => format!("15分面談：{}さん", it.with),
                Language::En => format!("15-minute interview with {}", it.with),
            },
            place: match it.place {
                Place::At(place) => Some(place.to_string()),
                Place::Online => None,
            },
            link: it.link.map(str::to_owned),
            is_cancelled: it.is_cancelled,
            stamp: it.stamp,
            language: it.language,
        }
    }
}

/// A file with one interview: to be taken over, or taken away when it was cancelled.
#[must_use]
pub(crate) fn calendar_entry(entry: &CalendarEntry<'_>) -> String {
    file_of(&entry.into())
}

/// A file with one entry.
#[must_use]
pub(crate) fn file_of(entry: &Entry) -> String {
    let mut file = calendar(if entry.is_cancelled {
        "CANCEL"
    } else {
        "PUBLISH"
    });
    file.push(event(entry));
    file.to_string()
}

/// An empty calendar of ours.
#[must_use]
pub(crate) fn calendar(method: &str) -> Calendar {
    let mut file = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Kakehashi//Kakehashi//JA"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", method),
    ] {
        file.append_property(Property::new(key, value));
    }
    file
}

/// One entry of a calendar.
#[must_use]
pub(crate) fn event(entry: &Entry) -> Event {
    let online = match entry.language {
        Language::Ja => "オンライン",
        Language::En => "Online",
    };
    let mut event = Event::new();
    event
        .uid(&format!("{}@kakehashi", entry.uid))
        .sequence(u32::try_from(entry.sequence).unwrap_or(0))
        .append_property(Property::new("DTSTAMP", utc(entry.stamp)))
        .append_property(Property::new("DTSTART", utc(entry.starts)))
        .append_property(Property::new("DTEND", utc(entry.ends)))
        .status(if entry.is_cancelled {
            EventStatus::Cancelled
        } else {
            EventStatus::Confirmed
        })
        .summary(&entry.summary)
        .location(entry.place.as_deref().unwrap_or(online));
    if let Some(link) = &entry.link {
        // Some calendars show only the one, some only the other.
        event.url(link).description(link);
    }
    event
}

/// `20301105T010000Z`.
fn utc(at: Time) -> String {
    // Days and clocks of the domain are Tokyo's; nine hours earlier they show what UTC does.
    let shifted = at.plus(-9 * HOUR);
    let ((year, month, day), minutes) = (shifted.day().date(), shifted.clock().minutes());
    let seconds = at.millis().div_euclid(1_000).rem_euclid(60);
    format!(
        "{year:04}{month:02}{day:02}T{:02}{:02}{seconds:02}Z",
        minutes / 60,
        minutes % 60
    )
}

#[cfg(test)]
mod tests;
