use domain::{text::PlaceName, time::Day};
use expect_test::expect;

use super::*;

fn tuesday_at_ten() -> Time {
    "2030-11-05"
        .parse::<Day>()
        .unwrap()
        .at("10:00".parse().unwrap())
}

fn entry<'a>(place: &'a Place, link: Option<&'a str>) -> CalendarEntry<'a> {
    CalendarEntry {
        booking: BookingId::random(7),
        sequence: 1,
        starts: tuesday_at_ten(),
        with: "佐藤, 由美",
        place,
        link,
        is_cancelled: false,
        stamp: tuesday_at_ten().plus(-25 * HOUR + 5_000),
        language: Language::Ja,
    }
}

#[test]
fn a_booking_becomes_a_calendar_entry() {
    let entry = calendar_entry(&entry(&Place::Online, Some("https://meet.example.jp/sato")));
    expect![[r#"
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Kakehashi//Kakehashi//JA
        CALSCALE:GREGORIAN
        METHOD:PUBLISH
        BEGIN:VEVENT
        DESCRIPTION:https://meet.example.jp/sato
        DTEND:20301105T011500Z
        DTSTAMP:20301104T000005Z
        DTSTART:20301105T010000Z
        LOCATION:オンライン
        SEQUENCE:1
        STATUS:CONFIRMED
        SUMMARY:15分面談：佐藤\, 由美さん
        UID:---------------------6@kakehashi
        URL:https://meet.example.jp/sato
        END:VEVENT
        END:VCALENDAR
    "#]]
    .assert_eq(&entry.replace("\r\n", "\n"));
}

#[test]
fn a_cancelled_booking_takes_its_entry_away() {
    let place = Place::At(PlaceName::new("本社 3階").unwrap());
    let cancelled = CalendarEntry {
        is_cancelled: true,
        language: Language::En,
        ..entry(&place, None)
    };
    let text = calendar_entry(&cancelled);
    for line in [
        "METHOD:CANCEL",
        "STATUS:CANCELLED",
        "LOCATION:本社 3階",
        "SUMMARY:15-minute interview with 佐藤\\, 由美",
    ] {
        assert!(
            text.lines().any(|it| it == line),
            "{line} is missing in {text}"
        );
    }
    assert!(!text.contains("URL:"));
}
