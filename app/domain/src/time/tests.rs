use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

proptest! {
    #[test]
    fn dates_come_back(number in -25_000_i32..84_000) {
        let day = Day::from_number(number);
        let (year, month, date) = day.date();
        prop_assert_eq!(Day::from_date(year, month, date), Some(day));
        prop_assert_eq!(day.to_string().parse(), Ok(day));
        prop_assert_eq!(day.start().day(), day);
        prop_assert_eq!(day.start().plus(-1).day(), day.plus(-1));
        prop_assert!(day.monday() <= day && day.monday().plus(7) > day);
    }

    #[test]
    fn extreme_moments_do_not_panic(millis: i64) {
        let time = Time::from_millis(millis);
        let _ = (time.day(), time.clock(), kind_hour(time.plus(1)), time.since(Time::from_millis(i64::MIN)));
    }
}

#[test]
fn midnight_is_the_one_in_tokyo() {
    // 2026-11-24 15:00 UTC is midnight of the 25th in Tokyo.
    let midnight = Time::from_millis(1_795_532_400_000);
    assert_eq!(midnight.day(), day("2026-11-25"));
    assert_eq!(midnight.clock().to_string(), "00:00");
    assert_eq!(midnight.plus(-1).day(), day("2026-11-24"));
    assert_eq!(day("2026-11-25").weekday(), Weekday::Wednesday);
}

#[test]
fn spreadsheets_write_dates_their_own_way() {
    assert_eq!("2027/4/1".parse(), Ok(day("2027-04-01")));
    for wrong in [
        "2027-02-29",
        "2027-13-01",
        "1/2",
        "2027-1-1-1",
        "",
        "令和9年",
    ] {
        assert_eq!(wrong.parse::<Day>(), Err(NotATime), "{wrong}");
    }
    for wrong in ["24:01", "9", "9:60", "99:00", "70000:00"] {
        assert_eq!(wrong.parse::<Clock>(), Err(NotATime), "{wrong}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn holidays_are_those_of_the_cabinet_office_list() {
    // Source: 内閣府「国民の祝日」 lists for these years.
    let listed = |year: i32, days: &[(u32, u32)]| {
        let first = Day::from_date(year, 1, 1).expect("a date");
        let found: Vec<_> = (0..366)
            .map(|it| first.plus(it))
            .filter(|it| it.date().0 == year && it.is_holiday())
            .map(|it| (it.date().1, it.date().2))
            .collect();
        assert_eq!(found, days, "{year}");
    };
    listed(
        2024,
        &[
            (1, 1),
            (1, 8),
            (2, 11),
            (2, 12),
            (2, 23),
            (3, 20),
            (4, 29),
            (5, 3),
            (5, 4),
            (5, 5),
            (5, 6),
            (7, 15),
            (8, 11),
            (8, 12),
            (9, 16),
            (9, 22),
            (9, 23),
            (10, 14),
            (11, 3),
            (11, 4),
            (11, 23),
        ],
    );
    listed(
        2025,
        &[
            (1, 1),
            (1, 13),
            (2, 11),
            (2, 23),
            (2, 24),
            (3, 20),
            (4, 29),
            (5, 3),
            (5, 4),
            (5, 5),
            (5, 6),
            (7, 21),
            (8, 11),
            (9, 15),
            (9, 23),
            (10, 13),
            (11, 3),
            (11, 23),
            (11, 24),
        ],
    );
    // 22 September 2026 lies between Respect-for-the-Aged Day and the equinox: a citizens' holiday.
    listed(
        2026,
        &[
            (1, 1),
            (1, 12),
            (2, 11),
            (2, 23),
            (3, 20),
            (4, 29),
            (5, 3),
            (5, 4),
            (5, 5),
            (5, 6),
            (7, 20),
            (8, 11),
            (9, 21),
            (9, 22),
            (9, 23),
            (10, 12),
            (11, 3),
            (11, 23),
        ],
    );
    listed(
        2027,
        &[
            (1, 1),
            (1, 11),
            (2, 11),
            (2, 23),
            (3, 21),
            (3, 22),
            (4, 29),
            (5, 3),
            (5, 4),
            (5, 5),
            (7, 19),
            (8, 11),
            (9, 20),
            (9, 23),
            (10, 11),
            (11, 3),
            (11, 23),
        ],
    );
    listed(
        2021,
        &[
            (1, 1),
            (1, 11),
            (2, 11),
            (2, 23),
            (3, 20),
            (4, 29),
            (5, 3),
            (5, 4),
            (5, 5),
            (7, 22),
            (7, 23),
            (8, 8),
            (8, 9),
            (9, 20),
            (9, 23),
            (11, 3),
            (11, 23),
        ],
    );
}

#[test]
fn nobody_is_written_to_at_night() {
    let at = |clock: &str| day("2026-11-25").at(clock.parse().expect("a clock"));
    assert_eq!(kind_hour(at("20:59")), at("20:59"));
    assert_eq!(
        kind_hour(at("21:00")),
        day("2026-11-26").at(Clock::new(8, 0).expect("a clock"))
    );
    assert_eq!(kind_hour(at("07:59")), at("08:00"));
    assert_eq!(kind_hour(at("08:00")), at("08:00"));
}
