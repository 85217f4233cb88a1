use super::*;

#[test]
fn addresses_are_told_apart_without_case() {
    assert_eq!(
        email_key(" Aoi@Example.JP ").as_deref(),
        Some("aoi@example.jp")
    );
    for wrong in [
        "aoi",
        "aoi@",
        "@example.jp",
        "aoi@example",
        "aoi@ex ample.jp",
        "a@b@example.jp",
        "aoi@.jp",
        "<aoi@example.jp>",
        "aoi@example..jp",
    ] {
        assert_eq!(email_key(wrong), None, "{wrong}");
    }
}

#[test]
fn every_role_has_a_code_of_its_own() {
    for role in Role::ALL {
        assert_eq!(Role::from_code(role.code()), Some(role));
        assert_eq!(
            serde_json::to_string(&role).ok(),
            Some(format!("\"{}\"", role.code()))
        );
    }
    assert_eq!(Role::from_words("人事"), Some(Role::Hr));
    assert_eq!(Role::from_words(""), Some(Role::OfferHolder));
    assert_eq!(Role::from_words("社長"), None);
}
