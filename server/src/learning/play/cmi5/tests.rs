use domain::member::Language;
use serde_json::json;

use super::*;
use crate::learning::package::MoveOn::{self, *};

const HOME: &str = "https://bridge.example.jp";
const ACTIVITY: &str = "https://bridge.example.jp/learn/a/b";

/// A session of a unit.
struct Story {
    unit: Unit,
    launch: Launch,
    standing: Standing,
}

fn story(move_on: MoveOn) -> Story {
    let au = Au {
        id: "https://example.com/au".into(),
        move_on,
        launch_method: "AnyWindow".into(),
        entitlement: None,
    };
    let [actor, registration, session] = ["nobody", "registration", "session"].map(str::to_owned);
    Story {
        unit: Unit {
            mastery: Some(0.7),
            au: Some(au),
            ..Unit::default()
        },
        launch: Launch {
            actor,
            registration,
            session,
            language: Language::Ja,
            word: None,
            is_begun: false,
            is_over: false,
        },
        standing: Standing::default(),
    }
}

fn statement(verb: &str, result: &Value) -> Value {
    let verb_id = [VERBS, verb].concat();
    let counts = ["completed", "passed", "failed"].contains(&verb);
    let categories = if counts {
        json!([{ "id": CATEGORY }, { "id": MOVE_ON }])
    } else {
        json!([{ "id": CATEGORY }])
    };
    json!({
        "id": "00000000-0000-4000-8000-000000000000",
        "actor": { "account": { "homePage": HOME, "name": "nobody" } },
        "verb": { "id": verb_id },
        "object": { "id": ACTIVITY },
        "result": result,
        "context": {
            "registration": "registration",
            "contextActivities": { "category": categories },
            "extensions": { SESSION: "session" },
        },
    })
}

impl Story {
    fn hear(&mut self, it: &Value) -> Result<Report, No> {
        let agreed = Agreed {
            unit: &self.unit,
            activity: ACTIVITY,
            home: HOME,
        };
        agreed.take(it, &mut self.launch, &mut self.standing)
    }

    fn say(&mut self, verb: &str, result: impl Into<Value>) -> Result<Report, No> {
        self.hear(&statement(verb, &result.into()))
    }
}

#[test]
fn a_session_from_beginning_to_end() {
    let mut it = story(CompletedAndPassed);
    assert!(it.say("completed", json!({ "completion": true })).is_err());
    assert!(it.say("initialized", Value::Null).is_ok());
    assert!(it.say("initialized", Value::Null).is_err());
    let completed = it.say("completed", json!({ "completion": true })).unwrap();
    assert!(!completed.is_finished);
    assert!(it.say("completed", json!({ "completion": true })).is_err());
    let low = json!({ "success": true, "score": { "scaled": 0.6 } });
    assert!(it.say("passed", low).is_err(), "below the mastery score");
    let failed = json!({ "success": false, "score": { "scaled": 0.6 } });
    let failed = it.say("failed", failed).unwrap();
    assert_eq!((failed.passed, failed.score), (Some(false), Some(60.0)));
    let high = json!({ "success": true, "score": { "scaled": 0.9 } });
    let passed = it.say("passed", high).unwrap();
    assert!(passed.is_finished && passed.passed == Some(true));
    assert!(it.say("terminated", Value::Null).is_ok());
    assert!(it.say("terminated", Value::Null).is_err());
    // The next session of the same registration: said before is said.
    it.launch = story(CompletedAndPassed).launch;
    it.say("initialized", Value::Null).unwrap();
    assert!(it.say("passed", json!({ "success": true })).is_err());
}

#[test]
fn what_it_takes_to_be_done() {
    let cases = [
        (Passed, [false, true, true]),
        (Completed, [true, false, true]),
        (CompletedAndPassed, [false, false, true]),
        (CompletedOrPassed, [true, true, true]),
        (NotApplicable, [true, true, true]),
    ];
    for (move_on, expected) in cases {
        let found = [(true, false), (false, true), (true, true)].map(|(completed, passed)| {
            let mut it = story(move_on);
            it.say("initialized", Value::Null).unwrap();
            let mut done = false;
            if completed {
                done = it
                    .say("completed", json!({ "completion": true }))
                    .unwrap()
                    .is_finished;
            }
            if passed {
                done = it
                    .say("passed", json!({ "success": true }))
                    .unwrap()
                    .is_finished;
            }
            done
        });
        assert_eq!(found, expected, "{move_on:?}");
    }
}

#[test]
fn who_speaks_of_whom_is_agreed() {
    let wrong = [
        ("/actor/account/name", json!("somebody")),
        (
            "/actor/account/homePage",
            json!("https://elsewhere.example"),
        ),
        ("/object/id", json!("https://elsewhere.example")),
        (
            "/verb/id",
            json!("http://adlnet.gov/expapi/verbs/satisfied"),
        ),
        ("/id", json!("no uuid")),
        ("/context/registration", json!("another")),
        ("/context/extensions", json!({ SESSION: "another" })),
        ("/result", json!({ "score": { "scaled": 7 } })),
    ];
    for (path, value) in wrong {
        let mut it = statement("initialized", &Value::Null);
        *it.pointer_mut(path).unwrap() = value;
        assert!(story(Passed).hear(&it).is_err(), "{path}");
    }
    // Anything else it has to say is heard between the two ends.
    let mut other = statement("experienced", &Value::Null);
    other["context"]["contextActivities"] = json!({});
    let mut it = story(Passed);
    assert!(it.hear(&other).is_err());
    it.say("initialized", Value::Null).unwrap();
    assert_eq!(it.hear(&other), Ok(Report::default()));
}
