//! Japanese public holidays, computed.
//!
//! Source: 国民の祝日に関する法律 (Act on National Holidays, as amended to 2018) and the special measures for
//! 2019, 2020 and 2021. The equinoxes follow the usual approximation, good from 1980 to 2099; the government
//! fixes each in February of the year before.

use super::{Day, Weekday};

/// True for national holidays (第2条), substitute holidays (第3条2項) and citizens' holidays (第3条3項).
pub(super) fn is_holiday(day: Day) -> bool {
    is_national(day) || is_substitute(day) || is_citizens(day)
}

/// The day after a Sunday holiday, moved on past further holidays.
fn is_substitute(day: Day) -> bool {
    let mut before = day.plus(-1);
    while is_national(before) {
        if before.weekday() == Weekday::Sunday {
            return true;
        }
        before = before.plus(-1);
    }
    false
}

/// A weekday between two national holidays.
fn is_citizens(day: Day) -> bool {
    day.weekday() != Weekday::Sunday && is_national(day.plus(-1)) && is_national(day.plus(1))
}

fn is_national(day: Day) -> bool {
    let (year, month, date) = day.date();
    let monday = |nth: u32| day.weekday() == Weekday::Monday && (date - 1) / 7 + 1 == nth;
    match (month, date) {
        (1, 1) | (2, 11) | (4, 29) | (5, 3..=5) | (11, 3 | 23) => true,
        (2, 23) => year >= 2020,
        (12, 23) => (1989..=2018).contains(&year),
        (1, _) => monday(2),
        (3, _) => date == spring_equinox(year),
        (5, 1) => year == 2019,
        (7 | 8 | 10, _) => moved_for_the_games(year, month, date).unwrap_or_else(|| match month {
            7 => monday(3),
            8 => date == 11 && year >= 2016,
            _ => monday(2) || (year == 2019 && date == 22),
        }),
        (9, _) => monday(3) || date == autumn_equinox(year),
        _ => false,
    }
}

/// In 2020 and 2021 Marine, Mountain and Sports Day were moved to the opening and closing of the Games.
fn moved_for_the_games(year: i32, month: u32, date: u32) -> Option<bool> {
    match year {
        2020 => Some(matches!((month, date), (7, 23 | 24) | (8, 10))),
        2021 => Some(matches!((month, date), (7, 22 | 23) | (8, 8))),
        _ => None,
    }
}

fn spring_equinox(year: i32) -> u32 {
    equinox(year, 208_431)
}

fn autumn_equinox(year: i32) -> u32 {
    equinox(year, 232_488)
}

/// Day of the month: base day of 1980 (in ten-thousandths) plus 0.242194 days a year less the leap days.
fn equinox(year: i32, base: i64) -> u32 {
    let years = i64::from(year) - 1980;
    let day = (base * 100 + years * 242_194) / 1_000_000 - years.div_euclid(4);
    u32::try_from(day).unwrap_or(0)
}
