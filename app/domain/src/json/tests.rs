use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::read;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Inside {
    number: i64,
    #[serde(default)]
    word: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Either {
    Nothing,
    One(Inside),
    Two(u8, bool),
    Named { inside: Inside },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct All {
    list: Vec<Either>,
    pair: (f64, String),
    maybe: Option<Inside>,
}

#[test]
fn everything_reads_as_it_did() {
    let inside = || Inside {
        number: -3,
        word: Some("こんにちは\n".into()),
    };
    let all = All {
        list: vec![
            Either::Nothing,
            Either::One(inside()),
            Either::Two(7, true),
            Either::Named { inside: inside() },
        ],
        pair: (0.5, "\"".into()),
        maybe: Some(inside()),
    };
    let text = serde_json::to_string(&all).unwrap();
    assert_eq!(read::<All>(&text).unwrap(), all);
    let raw: Vec<Box<RawValue>> = read("[{\"a\": 1 }, null]").unwrap();
    assert_eq!(raw[0].get(), "{\"a\": 1 }");
}

#[test]
fn a_struct_is_an_object() {
    assert!(read::<Inside>("{\"number\":1}").is_ok());
    for bad in [
        "[1,null]",
        "{\"number\":1} x",
        "{\"number\":1",
        "{\"word\":\"\"}",
        "1",
    ] {
        assert!(read::<Inside>(bad).is_err(), "{bad}");
    }
    assert!(read::<Either>("{\"Named\":[{\"number\":1}]}").is_err());
}
