use domain::time::HOUR;

use super::*;

#[test]
fn eight_attempts_span_a_night_without_mail() {
    let all: i64 = (1..MOST_ATTEMPTS).map(pause).sum();
    assert!((5..8).contains(&(all / HOUR)), "{all}");
    assert_eq!(pause(1), 20_000);
}

#[test]
fn a_lease_outlasts_a_batch_of_mails_that_all_time_out() {
    let rounds = BATCH / i64::try_from(AT_ONCE).unwrap();
    assert!(LEASE > rounds * 15_000, "{rounds}");
}
