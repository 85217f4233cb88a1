//! The rules of cmi5 for what an assignable unit says: in which order, of whom, and what of it counts.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{launch::Launch, report::Report};
use crate::learning::package::{Au, MoveOn, Unit};

const VERBS: &str = "http://adlnet.gov/expapi/verbs/";
const SESSION: &str = "https://w3id.org/xapi/cmi5/context/extensions/sessionid";
const CATEGORY: &str = "https://w3id.org/xapi/cmi5/context/categories/cmi5";
const MOVE_ON: &str = "https://w3id.org/xapi/cmi5/context/categories/moveon";

/// How far somebody's registration is with a unit, over all its sessions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Standing {
    #[serde(default)]
    pub(super) completed: bool,
    #[serde(default)]
    pub(super) passed: bool,
}

/// Why a statement is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum No {
    /// It is not made as statements are.
    Malformed(&'static str),
    /// It is not for this unit to say now.
    Forbidden(&'static str),
}

/// Who may say what.
pub(super) struct Agreed<'a> {
    pub(super) unit: &'a Unit,
    /// What the unit is called here.
    pub(super) activity: &'a str,
    /// Whose account it is.
    pub(super) home: &'a str,
}

impl Agreed<'_> {
    /// Takes a statement into what is known, or says why not. What it reports comes back.
    pub(super) fn take(
        &self,
        it: &Value,
        launch: &mut Launch,
        standing: &mut Standing,
    ) -> Result<Report, No> {
        let text = |path: &str| it.pointer(path).and_then(Value::as_str);
        if text("/id").is_some_and(|it| !is_uuid(it)) {
            return Err(No::Malformed("an id is a UUID"));
        }
        let verb = text("/verb/id").ok_or(No::Malformed("a statement has a verb"))?;
        let object = text("/object/id").ok_or(No::Malformed("a statement has an object"))?;
        if text("/actor/account/name") != Some(&launch.actor)
            || text("/actor/account/homePage") != Some(self.home)
        {
            return Err(No::Forbidden("the actor is another"));
        }
        if text("/context/registration") != Some(&launch.registration) {
            return Err(No::Forbidden("the registration is another"));
        }
        let session = it
            .pointer("/context/extensions")
            .and_then(|it| it.get(SESSION));
        if session.and_then(Value::as_str) != Some(&launch.session) {
            return Err(No::Forbidden("the session is another"));
        }
        if launch.is_over {
            return Err(No::Forbidden("the session has ended"));
        }
        let categories = it.pointer("/context/contextActivities/category");
        let is_in = |name: &str| match categories {
            Some(Value::Array(all)) => all.iter().any(|it| it["id"] == name),
            Some(one) => one["id"] == name,
            None => false,
        };
        if !is_in(CATEGORY) {
            // Whatever else it has to say, between the two ends.
            return if launch.is_begun {
                Ok(Report::default())
            } else {
                Err(No::Forbidden("the first word is initialized"))
            };
        }
        if object != self.activity {
            return Err(No::Forbidden("the activity is another"));
        }
        let verb = verb.strip_prefix(VERBS).unwrap_or("");
        if matches!(verb, "completed" | "passed" | "failed") != is_in(MOVE_ON) {
            return Err(No::Forbidden(
                "moveon is said of completed, passed and failed",
            ));
        }
        self.heard(verb, it.get("result"), launch, standing)
    }

    fn heard(
        &self,
        verb: &str,
        result: Option<&Value>,
        launch: &mut Launch,
        standing: &mut Standing,
    ) -> Result<Report, No> {
        let is = |name: &str| result.and_then(|it| it.get(name)?.as_bool());
        let scaled = result.and_then(|it| it.pointer("/score/scaled")?.as_f64());
        if scaled.is_some_and(|it| !(-1.0..=1.0).contains(&it)) {
            return Err(No::Malformed("a scaled score is from -1 to 1"));
        }
        if (verb == "initialized") == launch.is_begun {
            return Err(No::Forbidden("initialized comes first, and once"));
        }
        let mastery = self.unit.mastery;
        let is_below = mastery.zip(scaled).is_some_and(|(most, it)| it < most);
        let passed = match verb {
            "initialized" => {
                launch.is_begun = true;
                return Ok(Report::default());
            }
            "terminated" => {
                launch.is_over = true;
                None
            }
            "completed" if standing.completed || is("completion") != Some(true) => {
                return Err(No::Forbidden("completed is said once, and is true"));
            }
            "passed" if standing.passed || is("success") != Some(true) || is_below => {
                return Err(No::Forbidden(
                    "passed is said once, is true, and reaches the mastery score",
                ));
            }
            "failed" if is("success") != Some(false) => {
                return Err(No::Forbidden("failed is no success"));
            }
            "completed" => {
                standing.completed = true;
                None
            }
            "passed" => {
                standing.passed = true;
                Some(true)
            }
            "failed" => Some(false),
            _ => return Err(No::Forbidden("this verb is not one of cmi5")),
        };
        Ok(Report {
            is_finished: self.is_satisfied(*standing, launch.is_over),
            passed,
            score: scaled.filter(|_| passed.is_some()).map(|it| it * 100.0),
            is_settled: true,
        })
    }

    /// Is somebody done with the unit? One that asks for nothing is done when something was said, or it was closed.
    fn is_satisfied(&self, it: Standing, is_over: bool) -> bool {
        let move_on = self.unit.au.as_ref().map(|it: &Au| it.move_on);
        match move_on.unwrap_or_default() {
            MoveOn::Passed => it.passed,
            MoveOn::Completed => it.completed,
            MoveOn::CompletedAndPassed => it.completed && it.passed,
            MoveOn::CompletedOrPassed => it.completed || it.passed,
            MoveOn::NotApplicable => it.completed || it.passed || is_over,
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<_> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|it| it == '-' || it.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests;
