use domain::{
    booking::Place,
    id::{BookingId, MemberId, SlotId},
    member::Language,
    text::Name,
    time::HOUR,
};

use super::*;

fn now() -> Time {
    Time::from_millis(1_920_000_000_000)
}

fn booking() -> BookingRow {
    BookingRow {
        id: BookingId::random(1),
        slot: SlotId::random(2),
        member: MemberId::random(3),
        member_name: Name::new("青井 葵").unwrap(),
        member_language: Language::Ja,
        host: MemberId::random(4),
        host_name: Name::new("佐藤 健").unwrap(),
        starts: now() + HOUR,
        place: Place::Online,
        link: None,
        topic: None,
        talk: None,
        avoid: None,
        sequence: 2,
        booked_at: now(),
        cancellation: None,
    }
}

#[test]
fn each_side_reads_the_other_sides_name() {
    let read = |id: u128, language| {
        written(
            &Owner {
                id: MemberId::random(id),
                language,
            },
            (&[booking()], &[]),
            now(),
        )
    };
    assert!(read(3, Language::Ja).contains("SUMMARY:15分面談：佐藤 健さん\r\n"));
    assert!(read(4, Language::En).contains("SUMMARY:15-minute interview with 青井 葵\r\n"));
}

#[test]
fn the_feed_says_how_often_to_look_again() {
    let file = written(
        &Owner {
            id: MemberId::random(3),
            language: Language::Ja,
        },
        (&[], &[]),
        now(),
    );
    for line in [
        "METHOD:PUBLISH",
        "X-WR-CALNAME:架け橋",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ] {
        assert!(
            file.lines().any(|it| it == line),
            "{line} is missing in {file}"
        );
    }
}
