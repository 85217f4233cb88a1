use axum::http::{HeaderMap, HeaderValue, header};
use domain::{
    id::{InvitationId, MemberId, SessionId},
    member::{Language, Role},
    time::{DAY, MINUTE, Time},
};

use super::{
    browser::{Pending, label_of, language_of},
    secret,
    sessions::{Known, Sessions},
    sign_in::onward,
};
use crate::actor::Signed;

fn language(cookie: &'static str, accept: &'static str) -> Language {
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
    headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
    language_of(&headers)
}

#[test]
fn the_browser_chooses_the_language_until_somebody_does() {
    assert_eq!(language_of(&HeaderMap::new()), Language::Ja);
    assert_eq!(language("", "en-GB,en;q=0.9,ja;q=0.8"), Language::En);
    assert_eq!(language("", "fr-FR,ja;q=0.3,en;q=0.7"), Language::En);
    assert_eq!(language("", "ja,en-US;q=0.9"), Language::Ja);
    assert_eq!(language("", "en;q=0, de"), Language::Ja);
    assert_eq!(language("", "fr"), Language::Ja);
    assert_eq!(language("a=b; language=ja", "en"), Language::Ja);
    assert_eq!(language("language=en", "ja"), Language::En);
    assert_eq!(language("language=tlh", "en"), Language::En);
}

#[test]
fn a_browser_is_named_in_words() {
    for (agent, label) in [
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
            "Chrome · Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari · iPhone",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/15.9.0",
            "LINE · iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox · Mac",
        ),
        ("curl/8.0", "Web"),
        ("", "Web"),
    ] {
        assert_eq!(label_of(agent), label, "{agent}");
    }
}

#[test]
fn the_way_back_never_leaves_the_table_of_pages() {
    for (back, role, path) in [
        ("", Role::OfferHolder, "/"),
        ("", Role::Hr, "/staff"),
        ("/booking", Role::OfferHolder, "/booking"),
        ("/me/devices", Role::Hr, "/me/devices"),
        // Not theirs.
        ("/staff/people", Role::OfferHolder, "/"),
        ("/booking", Role::Mentor, "/staff"),
        // Not ours.
        ("//evil.example/booking", Role::OfferHolder, "/"),
        ("//booking", Role::OfferHolder, "/booking"),
        ("/\\evil.example", Role::OfferHolder, "/"),
        ("https://evil.example/booking", Role::OfferHolder, "/"),
        ("javascript:alert(1)", Role::OfferHolder, "/"),
        ("/booking\r\nset-cookie: a=b", Role::OfferHolder, "/"),
    ] {
        assert_eq!(onward(back, role), path, "{back}");
    }
}

#[test]
fn a_hash_is_of_its_parts() {
    assert_eq!(
        secret::hash(&["a", "bc"]).to_string(),
        secret::hash(&["a", "bc"]).to_string()
    );
    assert_ne!(
        secret::hash(&["a", "bc"]).to_string(),
        secret::hash(&["ab", "c"]).to_string()
    );
    let id = InvitationId::born(Time::from_millis(1), 7);
    let written = secret::hash_of_code(id, "012345").to_string();
    assert!(secret::hash_of_code(id, "012345").is(&written));
    assert!(!secret::hash_of_code(id, "012346").is(&written));
    assert!(
        !secret::hash_of_code(InvitationId::born(Time::from_millis(2), 7), "012345").is(&written)
    );
    assert!(!secret::hash_of_code(id, "012345").is(""));
    assert_eq!(format!("{:?}", secret::hash(&["a"])), "Hash(…)");
}

#[test]
fn secrets_look_as_they_should() {
    let (one, other) = (secret::token(), secret::token());
    assert_eq!(one.len(), 64);
    assert_ne!(one, other);
    let code = secret::code();
    assert!(code.len() == 6 && code.bytes().all(|it| it.is_ascii_digit()));
}

#[test]
fn what_a_browser_asked_for_survives_its_cookie() {
    let pending = Pending {
        id: InvitationId::born(Time::from_millis(1_900_000_000_000), 99),
        address: "青い空; path=/, \"x\"@example.jp".into(),
        back: "/booking/host/x?move=y".into(),
    };
    let mut response = axum::response::Response::default();
    super::browser::give(
        &mut response,
        super::browser::PENDING,
        &serde_json::to_string(&pending).unwrap(),
        600,
    );
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(
        attributes,
        "Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax"
    );
    let read = axum_extra::extract::cookie::Cookie::parse_encoded(pair).unwrap();
    assert_eq!(
        serde_json::from_str::<Pending>(read.value()).unwrap(),
        pending
    );
}

fn known(session: u128, now: Time) -> Known {
    let signed = Signed {
        id: MemberId::random(1),
        role: Role::OfferHolder,
        session: SessionId::random(session),
    };
    Known {
        signed,
        checked: now,
        given: now,
    }
}

#[test]
fn a_session_is_remembered_for_a_minute_and_forgotten_at_once() {
    let (sessions, hash, now) = (
        Sessions::default(),
        secret::hash(&["a"]),
        Time::from_millis(1_000_000),
    );
    let asked_at = sessions.known(hash, now).unwrap_err();
    sessions.learn(asked_at, hash, known(5, now));
    assert!(sessions.known(hash, now.plus(MINUTE - 1)).is_ok());
    assert!(sessions.known(hash, now.plus(MINUTE)).is_err());
    sessions.forget(SessionId::random(5));
    assert!(sessions.known(hash, now).is_err());
}

#[test]
fn an_answer_from_before_the_end_is_not_remembered_after_it() {
    let (sessions, hash, now) = (
        Sessions::default(),
        secret::hash(&["a"]),
        Time::from_millis(0),
    );
    let asked_at = sessions.known(hash, now).unwrap_err();
    sessions.forget_member(MemberId::random(1));
    sessions.learn(asked_at, hash, known(5, now));
    assert!(sessions.known(hash, now).is_err());
}

#[test]
fn the_cookie_is_given_again_once_a_day() {
    let (sessions, hash, now) = (
        Sessions::default(),
        secret::hash(&["a"]),
        Time::from_millis(0),
    );
    assert!(!sessions.is_cookie_due(hash, now));
    let asked_at = sessions.known(hash, now).unwrap_err();
    sessions.learn(asked_at, hash, known(5, now));
    assert!(!sessions.is_cookie_due(hash, now.plus(DAY - 1)));
    assert!(sessions.is_cookie_due(hash, now.plus(DAY)));
    assert!(!sessions.is_cookie_due(hash, now.plus(DAY)));
    // Asking the database again does not begin a new day.
    sessions.learn(asked_at, hash, known(5, now));
    assert!(!sessions.is_cookie_due(hash, now.plus(2 * DAY - 1)));
}
