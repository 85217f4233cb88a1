use serde_json::value::RawValue;

use super::*;

fn commit(after: i64, rows: &[(Audience, &str, Option<&str>)]) -> Published {
    let row = |(at, (audience, id, body)): (i64, &(Audience, &str, Option<&str>))| FeedRow {
        audience: *audience,
        kind: "slot",
        id: (*id).into(),
        seq: at,
        body: body.map(|it| RawValue::from_string(it.into()).expect("JSON")),
    };
    Published {
        after,
        rows: (after + 1..).zip(rows).map(row).collect(),
    }
}

fn ids(recent: &Recent, audiences: &[Audience], since: i64) -> Option<Vec<String>> {
    let (_, rows) = recent.since(audiences, since)?;
    Some(rows.iter().map(|it| format!("{}@{}", it.1, it.2)).collect())
}

const EVERYONE: Audience = Audience::Everyone;
const HR: Audience = Audience::Hr;

#[test]
fn who_is_a_little_behind_gets_the_newest_of_each_row_of_their_audiences() {
    let mut recent = Recent::from(10);
    recent.add(commit(
        10,
        &[(EVERYONE, "a", Some("1")), (HR, "b", Some("2"))],
    ));
    recent.add(commit(
        12,
        &[(EVERYONE, "a", None), (EVERYONE, "c", Some("3"))],
    ));
    assert_eq!(
        ids(&recent, &[EVERYONE], 10).expect("known"),
        ["a@13", "c@14"]
    );
    assert_eq!(
        ids(&recent, &[EVERYONE, HR], 11).expect("known"),
        ["b@12", "a@13", "c@14"]
    );
    assert_eq!(ids(&recent, &[HR], 14), Some(Vec::new()));
}

#[test]
fn what_memory_does_not_hold_whole_is_left_to_the_database() {
    let mut recent = Recent::from(10);
    recent.add(commit(10, &[(EVERYONE, "a", Some("1"))]));
    assert_eq!(ids(&recent, &[EVERYONE], 9), None, "from before the start");
    assert_eq!(ids(&recent, &[EVERYONE], 12), None, "from another process");
    // Another process took 12 and 13.
    recent.add(commit(13, &[(EVERYONE, "b", Some("2"))]));
    assert_eq!(ids(&recent, &[EVERYONE], 11), None);
    assert_eq!(ids(&recent, &[EVERYONE], 13).expect("known"), ["b@14"]);
    recent.skip_to(20);
    assert_eq!(ids(&recent, &[EVERYONE], 14), None);
}

#[test]
fn memory_is_bounded() {
    let mut recent = Recent::from(0);
    let body = format!("\"{}\"", "x".repeat(1_000));
    for after in 0..5_000 {
        recent.add(commit(after, &[(EVERYONE, "a", Some(&body))]));
    }
    assert!(recent.bytes <= MOST_BYTES && recent.rows.len() <= MOST_ROWS);
    assert_eq!(ids(&recent, &[EVERYONE], 1_000), None);
    assert_eq!(ids(&recent, &[EVERYONE], 4_990).expect("known"), ["a@5000"]);
}
