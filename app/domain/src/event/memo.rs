//! 当日のメモ: what is kept of an event that has begun: what was said, and the recording for those who had classes.

use serde::{Deserialize, Serialize};

use super::plan::{https, said};
use crate::{
    id::EventId,
    refusal::{Field, Refusal},
    text::{HttpsLink, Long, Said},
    time::Time,
};

/// What is kept of an event: its text as it was written, in Markdown ([`Long`]), or as HTML that the server made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memo<T> {
    /// When it was written last.
    pub at: Time,
    /// What was said.
    #[serde(
        default = "crate::text::nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub text: Option<Said<T>>,
    /// Where the recording can be watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<HttpsLink>,
}

/// Mutation `event.memo.v1`: those who plan an event write down what was said, or write it anew. Where nothing is written,
/// there is no memo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteMemo {
    /// Of which event.
    pub event: EventId,
    /// What was said, in Markdown; may be empty.
    #[serde(default)]
    pub text: String,
    /// The same in English; may be empty.
    #[serde(default)]
    pub text_en: String,
    /// The recording's address; may be empty.
    #[serde(default)]
    pub recording: String,
}

impl WriteMemo {
    /// Everything that was typed, in the order of the form.
    #[must_use]
    pub fn texts(&self) -> [&str; 3] {
        [&self.text, &self.text_en, &self.recording]
    }

    /// The memo of an event that starts then; nothing where nothing was written.
    ///
    /// # Errors
    /// Before the event has begun; otherwise names the field that is wrong.
    pub fn checked(&self, starts: Time, now: Time) -> Result<Option<Memo<Long>>, Refusal> {
        if starts > now {
            return Err(Refusal::EventAhead);
        }
        let text = said(&self.text, &self.text_en, Long::optional, Field::Text)?;
        let recording = https(&self.recording, Field::Link)?;
        let is_empty = text.is_none() && recording.is_none();
        Ok((!is_empty).then_some(Memo {
            at: now,
            text,
            recording,
        }))
    }
}
