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

#[test]
fn only_the_owner_gives_and_takes_the_roles_of_hr_desk_officer_and_owner() {
    let places: Vec<Option<Role>> = [None].into_iter().chain(Role::ALL.map(Some)).collect();
    let moves = |by: Role| {
        let all = places
            .iter()
            .flat_map(|from| places.iter().map(move |to| (*from, *to)));
        all.filter(|(from, to)| from != to && by.may_move(*from, *to))
            .collect::<Vec<_>>()
    };
    let (holder, mentor) = (Some(Role::OfferHolder), Some(Role::Mentor));
    assert_eq!(
        moves(Role::Hr),
        [
            (None, holder),
            (None, mentor),
            (holder, None),
            (holder, mentor),
            (mentor, None),
            (mentor, holder),
        ]
    );
    assert_eq!(
        moves(Role::Owner).len(),
        6 * 5,
        "the owner may do everything"
    );
    for by in [Role::OfferHolder, Role::Mentor, Role::DeskOfficer] {
        assert_eq!(moves(by), [], "{by:?}");
    }
    assert!(
        Role::Hr.may_move(Some(Role::Owner), Some(Role::Owner)),
        "what stays is no move"
    );
}
