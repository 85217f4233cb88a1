use super::*;

#[test]
fn every_kind_of_row_has_one_line() {
    let mut listed: Vec<_> = SIGHTS.iter().map(|it| it.kind).collect();
    let mut known = crate::sync::row::KINDS.to_vec();
    listed.sort_unstable();
    known.sort_unstable();
    assert_eq!(listed, known);
}

#[test]
fn an_offer_holder_is_in_no_company_audience() {
    let aoi = MemberId::random(1);
    assert_eq!(
        audiences_of(aoi, Role::OfferHolder),
        [
            Audience::One(aoi),
            Audience::Everyone,
            Audience::OfferHolders
        ]
    );
    assert_eq!(
        audiences_of(aoi, Role::Mentor),
        [Audience::One(aoi), Audience::Everyone]
    );
    assert!(
        !may_see("host_booking", Audience::Hr),
        "what a person wants to talk about is for their host only"
    );
    assert!(!may_see("record", Audience::Hr));
    assert!(!may_see("nobody_wrote_this_down", Audience::Everyone));
}
