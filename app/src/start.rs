//! What a page starts from: embedded by the server as JSON, read by the bundle, so that the first render in the
//! browser equals the server's.

use domain::{
    id::MemberId,
    member::{Language, Role},
    refusal::Refusal,
    sync::wire::RowChange,
    time::Time,
};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::online::Online;

/// What a page starts from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Start {
    /// The build of server and bundle.
    pub build: String,
    /// The server's clock when the page was made.
    pub now: Time,
    /// The language of the page.
    pub language: Language,
    /// Who is signed in. Absent in the neutral shell: the device knows from its store.
    pub who: Option<Who>,
    /// Rows the page shows.
    #[serde(default)]
    pub rows: Vec<RowChange>,
    /// A lesson's page, which is not in the replica.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<String>,
    /// What only the server knows, for pages that it draws alone.
    #[cfg(feature = "ssr")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<Online>,
    /// What a form without script came back with.
    #[serde(default)]
    pub answer: Option<FormAnswer>,
}

/// Who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The member.
    pub id: MemberId,
    /// The role.
    pub role: Role,
}

/// What a form that was sent without script came back with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormAnswer {
    /// It is done.
    Done,
    /// A rule said no. What was typed is in the outcome row.
    Refused(Refusal),
}
