//! What only the server knows, for pages that it draws alone: they carry no code, and their forms post by themselves. So
//! nothing of them weighs on a phone.

use domain::{
    id::{ImportId, SessionId},
    text::{Name, Said, Short},
    time::Time,
};
use serde::{Deserialize, Serialize};

/// What only the server knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Online {
    /// For `/me/devices`.
    Devices(Vec<DeviceLine>),
    /// For `/me/calendar`.
    Calendar(CalendarFeed),
    /// For `/staff/people/import`.
    Import(ImportState),
    /// For `/learn/ID/ID/play`.
    Play(Play),
    /// For `/staff/courses`.
    #[cfg(feature = "staff")]
    Courses(crate::staff::courses::Courses),
    /// For `/staff/subsidies`.
    #[cfg(feature = "staff")]
    Subsidies(crate::staff::subsidies::Subsidies),
    /// For `/staff/courses/ID`.
    #[cfg(feature = "staff")]
    Course(crate::staff::course_edit::Editing),
}

/// A lesson of a package that others made, about to be played.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Play {
    /// The lesson's name.
    pub title: Said<Short>,
    /// Where it plays: good for this person and half a day, so it stands nowhere but on this page.
    pub address: String,
}

/// One signed-in device.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeviceLine {
    /// The session.
    pub id: SessionId,
    /// Browser and system, in words, as far as the browser told them.
    pub label: String,
    /// Signed in at.
    pub created: Time,
    /// Last seen, to the hour.
    pub last_seen: Time,
    /// It is this one.
    pub is_this: bool,
}

/// The secret calendar feed of a member.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CalendarFeed {
    /// Made at; none when there is no feed.
    pub created: Option<Time>,
    /// The address, shown once, right after it was made.
    pub address: Option<String>,
}

/// The state of an import.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ImportState {
    /// The latest import that can be undone.
    pub latest: Option<ImportLine>,
    /// What the dry run found, or the import did.
    pub report: Option<ImportReport>,
}

/// One import that was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportLine {
    /// Which.
    pub id: ImportId,
    /// When.
    pub at: Time,
    /// Who made it.
    pub by: Name,
    /// People it created.
    pub created: usize,
    /// People it changed.
    pub changed: usize,
}

/// What a file of people holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// UTF-8 or Windows-31J, as it was read.
    pub encoding: String,
    /// Rows with a person.
    pub rows: usize,
    /// People who are new.
    pub created: usize,
    /// People who change.
    pub changed: usize,
    /// People who stay as they are.
    pub unchanged: usize,
    /// Headers that nobody knows; their columns are not read.
    pub unknown_columns: Vec<String>,
    /// Everything that is wrong, by row and column.
    pub problems: Vec<ImportProblem>,
    /// It was carried out, not only tried.
    pub is_done: bool,
}

/// Something wrong in a file of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProblem {
    /// Row as a spreadsheet counts, the header being 1.
    pub row: usize,
    /// Header of the column.
    pub column: String,
    /// What is wrong.
    pub fault: ImportFault,
    /// What stands there.
    pub found: String,
}

/// What can be wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the names say it; the words stand with the page"
)]
pub enum ImportFault {
    Missing,
    TooLong,
    NotAnAddress,
    AddressTwice,
    UnknownRole,
    NotADate,
    NotAYear,
    NotReadable,
    NoSuchColumn,
    TooManyRows,
    NotRead,
    LastOwner,
    OwnersAlone,
}
