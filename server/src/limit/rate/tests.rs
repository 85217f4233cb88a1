use super::*;

const RATE: Rate = Rate {
    at_once: 10,
    a_second: 2,
};

fn at(millis: i64) -> Time {
    Time::from_millis(1_900_000_000_000 + millis)
}

fn taken(meter: &Meter<u8>, whose: u8, now: Time) -> usize {
    (0..100)
        .take_while(|_| meter.take(RATE, whose, 1, now).is_ok())
        .count()
}

#[test]
fn a_bucket_empties_and_fills_again() {
    let meter = Meter::default();
    assert_eq!(taken(&meter, 1, at(0)), 10);
    assert_eq!(taken(&meter, 1, at(400)), 0);
    assert_eq!(taken(&meter, 1, at(1_600)), 3);
    assert_eq!(taken(&meter, 1, at(60_000)), 10, "never more than it holds");
    assert_eq!(taken(&meter, 2, at(0)), 10, "another one's is another");
}

#[test]
fn it_says_how_long_to_wait() {
    let meter = Meter::default();
    assert!(meter.take(RATE, 1, 9, at(0)).is_ok());
    let waits = |weight| match meter.take(RATE, 1, weight, at(0)) {
        Err(ApiError::TooMany(seconds)) => seconds,
        other => panic!("{other:?}"),
    };
    assert_eq!((waits(2), waits(5), waits(1_000)), (1, 2, 5));
    assert!(
        meter.take(RATE, 1, 1, at(0)).is_ok(),
        "what was refused took nothing"
    );
}

#[test]
fn a_clock_set_back_locks_nobody_out() {
    let meter = Meter::default();
    assert_eq!(taken(&meter, 1, at(3_600_000)), 10);
    assert_eq!(taken(&meter, 1, at(0)), 10);
}

/// Sixty cards at once, then one every two and a half seconds; other pages still come meanwhile.
#[test]
fn a_card_weighs_more_than_a_page() {
    let used = Used::against(Some(Rates::USUAL));
    let me = MemberId::random(1);
    let card = "/learn/0000000000000000000001/card.pdf";
    let ask = |path, now| used.person(me, path, now).is_ok();
    assert_eq!((0..100).take_while(|_| ask(card, at(0))).count(), 60);
    assert!(!ask(card, at(1_000)) && ask("/learn", at(1_000)));
    assert!(ask(card, at(4_000)));
}

/// A photo that is drawn anew weighs more than a question to an event, by either way; HR still looks at a page of them.
#[test]
fn a_photo_weighs_more_than_a_page() {
    let photos = ["/receipts/1", "/learn/1/2/ask"];
    assert!(photos.iter().all(|it| weight(it) == 20));
    assert!(weight("/event/1/ask") < 20 && weight("/learn/1/2") < 20);
    let used = Used::against(Some(Rates::USUAL));
    let looks = |_: &usize| used.person(MemberId::random(1), photos[0], at(0)).is_ok();
    assert_eq!((0..1_000).take_while(looks).count(), 150);
}

#[test]
fn memory_has_an_end() {
    let meter = Meter::default();
    for whose in 0..200_000_u32 {
        assert!(meter.take(RATE, whose, 1, at(0)).is_ok());
    }
    assert!(meter.0.lock().unwrap().len() <= ROOM);
}

#[test]
fn letting_go_makes_room_for_many() {
    let meter = Meter::default();
    // All but a few have something in use, so that letting go of the full ones alone would make room for these few only.
    for whose in 0..u32::try_from(ROOM).unwrap() {
        let then = if whose % 100 == 0 { at(0) } else { at(10_000) };
        assert!(meter.take(RATE, whose, 1, then).is_ok());
    }
    assert!(meter.take(RATE, u32::MAX, 1, at(10_100)).is_ok());
    assert!(meter.0.lock().unwrap().len() <= ROOM / 2 + 1);
}
