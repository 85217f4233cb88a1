use clap::CommandFactory as _;

use super::*;

fn settings(words: &str) -> Settings {
    Line::parse_from(
        ["kakehashi"]
            .into_iter()
            .chain(words.split_whitespace())
            .chain(["migrate"]),
    )
    .settings
}

#[test]
fn the_command_line_is_sound() {
    Line::command().debug_assert();
}

#[test]
fn all_mistakes_are_told_at_once() {
    let told = settings("--listen here --origin http://bridge.example.jp --database mysql://x --site /nowhere --smtp-url x --trusted-proxy-hops 300 --drain-seconds soon --metrics-listen there --otlp-endpoint ftp://x")
        .for_serving(false)
        .unwrap_err()
        .to_string();
    for name in [
        "--listen",
        "--origin",
        "--database",
        "--site",
        "--smtp-url",
        "--mail-from",
        "--company-name",
        "--trusted-proxy-hops",
        "--drain-seconds",
        "--metrics-listen",
        "--otlp-endpoint",
    ] {
        assert!(
            told.contains(&format!("  - {name}")),
            "{name} is missing in {told}"
        );
    }
}

#[test]
fn packages_play_elsewhere() {
    let play = |words: &str, is_demo| settings(words).play(Some("http://localhost:3000"), is_demo);
    let demo = Some("http://play.localhost:3000".to_owned());
    assert_eq!(play("", true), Ok(demo));
    assert_eq!(play("", false), Ok(None));
    let https = "https://play.bridge.example.jp";
    assert_eq!(
        play(&format!("--play-address {https}/"), false),
        Ok(Some(https.to_owned()))
    );
    for wrong in [
        "play.bridge.example.jp",
        "http://play.bridge.example.jp",
        "https://a/b",
        "https://a;b",
        "http://localhost:4000",
    ] {
        let told = play(&format!("--play-address {wrong}"), false).unwrap_err();
        assert!(told.starts_with("--play-address "), "{wrong}: {told}");
    }
}

#[test]
fn a_secret_can_stand_in_a_file() {
    let file = std::env::temp_dir().join(format!("kakehashi-{}", std::process::id()));
    std::fs::write(&file, "postgres://kake:secret@db/kakehashi\n").unwrap();
    let read = settings(&format!("--database-file {}", file.display())).database();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(read.unwrap(), "postgres://kake:secret@db/kakehashi");
    assert!(settings("--database-file /nowhere").database().is_err());
}

#[test]
fn help_tells_every_setting_and_no_secret() {
    let help = Line::command().render_long_help().to_string();
    for name in [
        "LISTEN",
        "ORIGIN",
        "DATABASE",
        "SITE",
        "SMTP_URL",
        "MAIL_FROM",
        "COMPANY_NAME",
        "PLAY_ADDRESS",
        "TRUSTED_PROXY_HOPS",
        "WORKER_OFF",
        "COMPANIES",
        "COMPANY",
        "DRAIN_SECONDS",
        "METRICS_LISTEN",
        "OTLP_ENDPOINT",
    ] {
        assert!(help.contains(&format!("KAKEHASHI_{name}")), "{name}");
    }
}

#[test]
fn the_file_of_an_address() {
    assert_eq!(
        settings::file_of("sqlite:data/a.db?mode=rwc"),
        Some(std::path::Path::new("data/a.db"))
    );
    assert_eq!(
        settings::file_of("sqlite:///srv/a.db"),
        Some(std::path::Path::new("/srv/a.db"))
    );
    assert_eq!(settings::file_of("sqlite::memory:"), None);
    assert_eq!(settings::file_of("postgres://db/a"), None);
}

#[test]
fn what_is_for_one_company_is_not_for_many() {
    for (words, name) in [
        ("--origin https://bridge.example.jp", "--origin"),
        ("--database sqlite:a.db", "--database"),
        ("--company-name 架け橋商事", "--company-name"),
    ] {
        let told = settings(&format!("--companies . {words}"))
            .for_serving(false)
            .unwrap_err()
            .to_string();
        assert!(
            told.contains(&format!("{name} is for one company")),
            "{told}"
        );
    }
    let told = settings("--companies .").for_serving(true).unwrap_err();
    assert!(told.to_string().contains("--demo is for one company"));
    let told = settings("--companies .")
        .database()
        .unwrap_err()
        .to_string();
    assert!(told.contains("--company is missing"), "{told}");
    let told = settings("--company a.example").database().unwrap_err();
    assert!(told.to_string().contains("--companies is missing"));
}
