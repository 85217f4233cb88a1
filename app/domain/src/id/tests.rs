use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn text_form_returns_the_same_id_and_keeps_the_order(a: u128, b: u128) {
        let (one, other) = (BookingId::random(a), BookingId::random(b));
        prop_assert_eq!(one.to_string().parse::<BookingId>(), Ok(one));
        prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
    }

    #[test]
    fn bad_text_is_refused_without_panic(text in "\\PC{0,30}") {
        if let Ok(id) = text.parse::<MemberId>() {
            prop_assert_eq!(id.to_string(), text);
        }
    }
}

#[test]
fn later_births_sort_later() {
    let early = SlotId::born(Time::from_millis(1_000), u128::MAX);
    let late = SlotId::born(Time::from_millis(1_001), 0);
    assert!(early < late);
}

#[test]
fn one_availability_yields_one_id_per_time() {
    let availability = AvailabilityId::born(Time::from_millis(5), 77);
    let ten = Time::from_millis(36_000_000);
    let quarter_past = Time::from_millis(36_900_000);
    assert_eq!(
        SlotId::yielded(availability, ten),
        SlotId::yielded(availability, ten)
    );
    assert_ne!(
        SlotId::yielded(availability, ten),
        SlotId::yielded(availability, quarter_past)
    );
    assert_ne!(
        SlotId::yielded(availability, ten),
        SlotId::yielded(AvailabilityId::random(78), ten)
    );
}
