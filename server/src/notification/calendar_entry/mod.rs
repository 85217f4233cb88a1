//! Interviews as calendar software reads them (RFC 5545).
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

/// A file with one interview: to be taken over, or taken away when it was cancelled.
#[must_use]
pub(crate) fn calendar_entry(entry: &CalendarEntry<'_>) -> String {
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

/// One interview.
#[must_use]
pub(crate) fn event(entry: &CalendarEntry<'_>) -> Event {
    let mut event = Event::new();
    event
        .uid(&format!("{}@kakehashi", entry.booking))
        .sequence(u32::try_from(entry.sequence).unwrap_or(0))
        .append_property(Property::new("DTSTAMP", utc(entry.stamp)))
        .append_property(Property::new("DTSTART", utc(entry.starts)))
        .append_property(Property::new("DTEND", utc(ends(entry.starts))))
        .status(if entry.is_cancelled {
            EventStatus::Cancelled
        } else {
            EventStatus::Confirmed
        })
        .summary(&match entry.language {
            Language::Ja => format!("15分面談：{}さん", entry.with),
            Language::En => format!("15-minute interview with {}", entry.with),
        })
        .location(match (entry.place, entry.language) {
            (Place::At(place), _) => place,
            (Place::Online, Language::Ja) => "オンライン",
            (Place::Online, Language::En) => "Online",
        });
    if let Some(link) = entry.link {
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
