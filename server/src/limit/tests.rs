use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue};
use domain::time::DAY;

use super::{ASK_OF_ADDRESS, ASK_OF_NETWORK, TRY_CODE, network_of};

fn from(peer: &str, forwarded: &[&'static str], hops: u8) -> String {
    let mut headers = HeaderMap::new();
    for value in forwarded {
        headers.append("x-forwarded-for", HeaderValue::from_static(value));
    }
    network_of(peer.parse::<IpAddr>().ok(), &headers, hops)
}

#[test]
fn neighbours_share_a_network() {
    assert_eq!(from("203.0.113.7", &[], 0), "203.0.113.0/24");
    assert_eq!(from("2001:db8:1:2:aaaa::1", &[], 0), "2001:db8:1:2::/64");
    assert_eq!(from("::ffff:203.0.113.9", &[], 0), "203.0.113.0/24");
    assert_eq!(from("", &[], 0), "unknown");
}

#[test]
fn a_visitor_cannot_write_their_own_address() {
    // Without a proxy of ours the header is the visitor's own invention.
    assert_eq!(from("203.0.113.7", &["198.51.100.1"], 0), "203.0.113.0/24");
    // One proxy: only the entry it added counts.
    assert_eq!(
        from("127.0.0.1", &["192.0.2.1, 198.51.100.9"], 1),
        "198.51.100.0/24"
    );
    assert_eq!(
        from("127.0.0.1", &["192.0.2.1", "198.51.100.9"], 1),
        "198.51.100.0/24"
    );
    // Two: the second from the right.
    assert_eq!(
        from("127.0.0.1", &["6.6.6.6, 192.0.2.1, 10.0.0.1"], 2),
        "192.0.2.0/24"
    );
}

#[test]
fn a_header_that_says_nothing_leaves_the_peer() {
    assert_eq!(from("127.0.0.1", &[], 1), "127.0.0.0/24");
    assert_eq!(from("127.0.0.1", &["192.0.2.1"], 2), "127.0.0.0/24");
    assert_eq!(
        from("127.0.0.1", &["192.0.2.1, nonsense"], 1),
        "127.0.0.0/24"
    );
}

#[test]
fn ports_and_brackets_are_read() {
    assert_eq!(from("127.0.0.1", &["192.0.2.1:4711"], 1), "192.0.2.0/24");
    assert_eq!(
        from("127.0.0.1", &["[2001:db8::1]:4711"], 1),
        "2001:db8::/64"
    );
    assert_eq!(from("127.0.0.1", &["[2001:db8::1]"], 1), "2001:db8::/64");
}

#[test]
fn nothing_is_forgotten_while_it_counts() {
    for limit in [ASK_OF_ADDRESS, ASK_OF_NETWORK, TRY_CODE] {
        assert!(
            limit.windows.iter().all(|it| it.within <= DAY),
            "{}",
            limit.name
        );
    }
}
