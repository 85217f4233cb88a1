use domain::time::Day;

use super::*;

fn at(day: &str, clock: &str) -> Time {
    day.parse::<Day>().unwrap().at(clock.parse().unwrap())
}

fn day_before(starts: Time, now: Time) -> Option<Time> {
    due(Reminder::DayBefore, starts, now, now)
}

#[test]
fn the_first_reminder_comes_on_the_evening_before() {
    let starts = at("2030-11-06", "10:00");
    let evening = Some(at("2030-11-05", "18:00"));
    assert_eq!(day_before(starts, at("2030-11-04", "23:30")), evening);
    assert_eq!(day_before(starts, at("2030-11-05", "07:00")), evening);
    assert_eq!(
        day_before(starts, at("2030-11-05", "20:59")),
        Some(at("2030-11-05", "20:59"))
    );
    assert_eq!(day_before(starts, at("2030-11-05", "21:00")), None);
    assert_eq!(day_before(starts, at("2030-11-06", "08:00")), None);
}

#[test]
fn the_second_comes_an_hour_before_and_never_at_night() {
    let long_ago = at("2030-11-01", "12:00");
    let hour = |starts: Time| {
        due(
            Reminder::HourBefore,
            starts,
            long_ago,
            at("2030-11-05", "12:00"),
        )
    };
    assert_eq!(
        hour(at("2030-11-06", "10:00")),
        Some(at("2030-11-06", "09:00"))
    );
    assert_eq!(
        hour(at("2030-11-06", "08:30")),
        Some(at("2030-11-06", "08:00"))
    );
    assert_eq!(hour(at("2030-11-06", "08:00")), None);
    assert_eq!(hour(at("2030-11-06", "07:30")), None);
    assert_eq!(hour(at("2030-11-06", "22:00")), None);
}

#[test]
fn whoever_books_within_the_hour_is_not_reminded_of_it() {
    let (starts, now) = (at("2030-11-06", "10:00"), at("2030-11-06", "09:10"));
    assert_eq!(due(Reminder::HourBefore, starts, now, now), None);
}
