//! What can go wrong before somebody is signed in. The words stand in [`words`](super::words).

/// Why asking for a mail did not lead on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskProblem {
    /// What was typed is no mail address.
    NotAnAddress,
    /// Asked too often; minutes to wait.
    TooOften {
        /// Minutes, rounded up.
        minutes: i64,
    },
    /// A code was to be entered, but this browser asked for none, or too long ago.
    NotAsked,
}

/// Why a code was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeProblem {
    /// Not six digits; no try is lost.
    NotSixDigits,
    /// Not the code of the mail.
    Wrong {
        /// Tries that are left.
        left: i64,
    },
    /// No tries are left.
    NoTries,
    /// The ten minutes are over.
    Expired,
    /// The code or its link was used before.
    Used,
}

impl CodeProblem {
    /// Another attempt with the same code makes sense.
    #[must_use]
    pub fn can_try_again(self) -> bool {
        matches!(self, Self::NotSixDigits | Self::Wrong { .. })
    }
}

/// Why a link does not lead on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkProblem {
    /// No such link: cut off, or made up.
    Unknown,
    /// Its time is over.
    Expired,
    /// It was used: the link of a code works once.
    Used,
    /// An invitation was used more often than one person has devices.
    UsedOften,
}
