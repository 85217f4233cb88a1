use domain::{
    id::{MemberId, SessionId},
    member::Role,
};

use super::*;

fn aoi() -> Signed {
    Signed {
        id: MemberId::random(1),
        role: Role::OfferHolder,
        session: SessionId::random(2),
    }
}

#[test]
fn a_cursor_comes_back_and_stays_short() {
    let mut all: Vec<_> = Role::ALL
        .into_iter()
        .flat_map(|role| audiences_of(aoi().id, role))
        .collect();
    all.sort_unstable();
    all.dedup();
    let half = Half {
        until: i64::MAX,
        began: i64::MAX,
    };
    for half in [None, Some((Audience::People, half))] {
        let cursor = Cursor::new(HistoryId::random(u128::MAX), i64::MAX, &all, half);
        let text = cursor.to_string();
        assert!(text.len() <= 120, "{text}");
        assert_eq!(Cursor::read(&text), Some(cursor));
    }
}

#[test]
fn a_mangled_cursor_counts_as_none() {
    let text = Cursor::new(HistoryId::random(3), 7, &audiences(aoi(), &[]), None).to_string();
    for wrong in [
        &text[1..],
        &text[..text.len() - 1],
        "",
        "a.b.c.d",
        &text.replace(".7.", ".9."),
    ] {
        assert_eq!(Cursor::read(wrong), None, "{wrong}");
    }
}

#[test]
fn whoever_changes_role_leaves_the_old_audiences() {
    let hr = Signed {
        role: Role::Hr,
        ..aoi()
    };
    let half = Half { until: 1, began: 2 };
    let cursor = Cursor::new(
        HistoryId::random(3),
        7,
        &audiences(hr, &[]),
        Some((Audience::People, half)),
    );
    assert_eq!(
        cursor.left(&audiences(aoi(), &[]), aoi()),
        ["hr".into(), "people".into()] as [Box<str>; 2]
    );
    assert!(!cursor.holds(Audience::OfferHolders));
}

#[test]
fn nobody_gets_an_audience_by_wanting_it() {
    assert!(!audiences(aoi(), &["people".into(), "hr".into()]).contains(&Audience::People));
}
