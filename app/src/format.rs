//! Dates, times and numbers in words. Times are shown in Tokyo, days with their weekday.

use domain::{
    booking,
    member::Language,
    time::{Day, HOUR, MINUTE, Time, Weekday},
};

/// 「11月25日(水)」 or “Wed 25 Nov”.
#[must_use]
pub fn day(language: Language, day: Day) -> String {
    let (_, month, date) = day.date();
    match language {
        Language::Ja => format!("{month}月{date}日({})", weekday(language, day.weekday())),
        Language::En => format!(
            "{} {date} {}",
            weekday(language, day.weekday()),
            month_en(month)
        ),
    }
}

/// 「水」 or “Wed”.
#[must_use]
pub fn weekday(language: Language, weekday: Weekday) -> &'static str {
    let at = weekday as usize;
    match language {
        Language::Ja => ["月", "火", "水", "木", "金", "土", "日"][at],
        Language::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][at],
    }
}

fn month_en(month: u32) -> &'static str {
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    months
        .get(usize::try_from(month).unwrap_or(1).saturating_sub(1))
        .copied()
        .unwrap_or("")
}

/// “14:00–14:15”: start and end of an interview.
#[must_use]
pub fn span(starts: Time) -> String {
    format!("{}–{}", starts.clock(), booking::ends(starts).clock())
}

/// 「11月25日(水) 14:00–14:15」.
#[must_use]
pub fn when(language: Language, starts: Time) -> String {
    match language {
        Language::Ja => format!("{} {}", day(language, starts.day()), span(starts)),
        Language::En => format!("{}, {} JST", day(language, starts.day()), span(starts)),
    }
}

/// 「11月24日(火) 10:32」.
#[must_use]
pub fn at(language: Language, at: Time) -> String {
    format!("{} {}", day(language, at.day()), at.clock())
}

/// 「10:32」 today, 「11月24日(火) 10:32」 on another day.
#[must_use]
pub fn moment(language: Language, it: Time, now: Time) -> String {
    if it.day() == now.day() {
        it.clock().to_string()
    } else {
        at(language, it)
    }
}

/// “14:00–16:00”, or with the day of the end when it is another one.
#[must_use]
pub fn range(language: Language, starts: Time, ends: Time) -> String {
    format!("{}–{}", starts.clock(), moment(language, ends, starts))
}

/// 「45分」, or hours where it is many minutes.
#[must_use]
pub fn time(minutes: u16, hours: &str, of_an_hour: &str) -> String {
    if minutes < 120 {
        [&minutes.to_string(), of_an_hour].concat()
    } else {
        [&(minutes / 60).to_string(), hours].concat()
    }
}

/// 「3分前」: how long ago, in one unit.
#[must_use]
pub fn ago(language: Language, at: Time, now: Time) -> String {
    let passed = now.since(at).max(0);
    let (count, ja, en) = match passed {
        _ if passed < MINUTE => {
            return if language == Language::Ja {
                "たった今".into()
            } else {
                "just now".into()
            };
        }
        _ if passed < HOUR => (passed / MINUTE, "分前", "min ago"),
        _ if passed < 24 * HOUR => (passed / HOUR, "時間前", "h ago"),
        _ => (passed / (24 * HOUR), "日前", "days ago"),
    };
    if language == Language::Ja {
        format!("{count}{ja}")
    } else {
        format!("{count} {en}")
    }
}

/// 「あと3日」: days from today.
#[must_use]
pub fn days_until(day: Day, now: Time) -> i32 {
    day.number() - now.day().number()
}
/// “12,000”.
#[must_use]
pub fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
