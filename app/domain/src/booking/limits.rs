//! How much may be booked: set by the owner, counted in Tokyo days.

use serde::{Deserialize, Serialize};

/// Limits per person and per host; separate settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Minutes between booking and start.
    pub lead_minutes: u16,
    /// Interviews of one offer-holder on one day.
    pub member_per_day: u16,
    /// Interviews of one offer-holder that lie ahead.
    pub member_ahead: u16,
    /// Interviews of one host on one day.
    pub host_per_day: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lead_minutes: 60,
            member_per_day: 2,
            member_ahead: 3,
            host_per_day: 8,
        }
    }
}
