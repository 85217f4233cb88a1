use super::*;

#[test]
fn a_mail_server_is_read_from_its_address() {
    let read = |url: &str| SmtpSettings::parse(url).unwrap();
    let full = read("smtps://mail%40example.jp:p%3Ass@smtp.example.jp:4465");
    assert_eq!(full.login, Some(("mail@example.jp".into(), "p:ss".into())));
    assert_eq!(
        (full.host.as_str(), full.port, full.is_implicit_tls),
        ("smtp.example.jp", 4465, true)
    );
    assert_eq!(read("smtp://localhost").port, 587);
    assert_eq!(read("smtps://smtp.example.jp/").port, 465);
    assert!(read("smtp://127.0.0.1:25").is_local());
}

#[test]
fn what_is_no_mail_server_is_said_without_repeating_it() {
    for url in [
        "smtp.example.jp",
        "http://smtp.example.jp",
        "smtp://secret@host",
        "smtp://a:secret@",
        "smtp://a:%zz@host",
        "smtp://host:mail",
    ] {
        let no = SmtpSettings::parse(url).unwrap_err();
        assert!(!no.contains("secret") && !no.is_empty(), "{url}: {no}");
    }
}

#[test]
fn settings_in_a_log_hold_no_password() {
    let settings = SmtpSettings::parse("smtp://me:secret@smtp.example.jp").unwrap();
    assert_eq!(format!("{settings:?}"), "smtp.example.jp:587");
}

#[test]
fn the_host_is_read_from_the_origin() {
    let host = |origin: &str| {
        Config {
            origin: origin.into(),
            ..Config::for_tests()
        }
        .host()
        .to_owned()
    };
    assert_eq!(host("https://bridge.example.jp"), "bridge.example.jp");
    assert_eq!(host("http://localhost:3000"), "localhost");
}
