//! Who gets a slot, who may end a booking, what may be closed.

use super::{BookingState, Limits, Place, Slot, Wish, Words, ends};
use crate::{
    id::{BookingId, SlotId},
    refusal::{Field, Refusal},
    time::{MINUTE, Time},
};

/// A slot and what has become of it, as far as whoever asks the rule knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotFacts {
    /// Which.
    pub id: SlotId,
    /// Start.
    pub starts: Time,
    /// Where.
    pub place: Place,
    /// Somebody holds it.
    pub is_taken: bool,
    /// The host closed it.
    pub is_closed: bool,
    /// Live bookings of its host on its day, this asker's moving one not counted.
    pub host_day: u16,
    /// Live bookings of its host in its week, Monday to Sunday, likewise.
    pub host_week: u16,
    /// The host's cap for a week.
    pub weekly_cap: Option<u16>,
}

impl From<&Slot> for SlotFacts {
    /// What a free slot's row says of it. How busy the host is, only the server knows.
    fn from(slot: &Slot) -> Self {
        Self {
            id: slot.id,
            starts: slot.starts,
            place: slot.place.clone(),
            is_taken: false,
            is_closed: false,
            host_day: 0,
            host_week: 0,
            weekly_cap: None,
        }
    }
}

/// Who asks: the starts of their live bookings, without the one being moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// Starts of live bookings.
    pub booked: Vec<Time>,
    /// The limits in force.
    pub limits: Limits,
}

/// Turns ranked wishes into one slot: the first that this asker can have.
///
/// `facts` holds what is known of each wished slot; a wish without facts is not there (any more).
///
/// # Errors
/// The refusal of the first wish: it is the one the person cares for most. Alternatives are filled in by the caller,
/// who knows the free slots.
pub fn settle(
    wishes: &[Wish],
    facts: &[SlotFacts],
    asker: &Asker,
    now: Time,
) -> Result<SlotId, Refusal> {
    let mut first_no = None;
    for wish in wishes {
        let slot = facts.iter().find(|it| it.id == wish.slot);
        match slot
            .ok_or(Refusal::NotThere)
            .and_then(|slot| book(wish, slot, asker, now))
        {
            Ok(()) => return Ok(wish.slot),
            Err(no) => first_no = first_no.or(Some(no)),
        }
    }
    Err(first_no.unwrap_or(Refusal::FieldEmpty {
        field: Field::Wishes,
    }))
}

/// May this asker have this slot?
fn book(wish: &Wish, slot: &SlotFacts, asker: &Asker, now: Time) -> Result<(), Refusal> {
    if slot.starts <= now {
        return Err(Refusal::SlotPassed);
    }
    if slot.is_closed {
        return Err(Refusal::SlotClosed {
            nearest: Vec::new(),
        });
    }
    if slot.is_taken {
        return Err(Refusal::SlotTaken {
            nearest: Vec::new(),
        });
    }
    if slot.starts != wish.starts || slot.place != wish.place {
        return Err(Refusal::SlotChanged);
    }
    let Limits {
        lead_minutes,
        member_per_day,
        member_ahead,
        host_per_day,
    } = asker.limits;
    if slot.starts.since(now) < i64::from(lead_minutes) * MINUTE {
        return Err(Refusal::TooSoon { lead_minutes });
    }
    if asker
        .booked
        .iter()
        .any(|it| *it < ends(slot.starts) && ends(*it) > slot.starts)
    {
        return Err(Refusal::AlreadyThen);
    }
    let count = |is: &dyn Fn(&Time) -> bool| {
        u16::try_from(asker.booked.iter().filter(|it| is(it)).count()).unwrap_or(u16::MAX)
    };
    if count(&|it| it.day() == slot.starts.day()) >= member_per_day {
        return Err(Refusal::DayFull {
            most: member_per_day,
        });
    }
    if count(&|it| *it > now) >= member_ahead {
        return Err(Refusal::AheadFull { most: member_ahead });
    }
    if slot.host_day >= host_per_day {
        return Err(Refusal::HostDayFull {
            nearest: Vec::new(),
        });
    }
    if slot.weekly_cap.is_some_and(|cap| slot.host_week >= cap) {
        return Err(Refusal::HostWeekFull {
            nearest: Vec::new(),
        });
    }
    Ok(())
}

/// Up to three free slots closest to a wish: those of the same host first, then by distance in time.
///
/// `free` yields (slot, is the same host, start).
#[must_use]
pub fn nearest(
    wished: Time,
    free: impl IntoIterator<Item = (SlotId, bool, Time)>,
    now: Time,
) -> Vec<SlotId> {
    let mut free: Vec<_> = free
        .into_iter()
        .filter(|(_, _, starts)| *starts > now)
        .collect();
    free.sort_by_key(|(id, is_same_host, starts)| {
        (!is_same_host, starts.since(wished).unsigned_abs(), *id)
    });
    free.into_iter().take(3).map(|(id, _, _)| id).collect()
}

/// May this booking be cancelled, or moved? Until the start, by either side.
///
/// # Errors
/// When it has begun or was ended before.
pub fn cancel(state: &BookingState, starts: Time, now: Time) -> Result<(), Refusal> {
    match state {
        BookingState::Cancelled(_) => Err(Refusal::BookingCancelled),
        BookingState::Booked if starts <= now => Err(Refusal::BookingPassed),
        BookingState::Booked => Ok(()),
    }
}

/// May this slot be closed? A booked one only with a word to the person, and only until it starts.
///
/// Returns the word when there is somebody to read it.
///
/// # Errors
/// When it has begun, or the word is missing or too long.
pub fn close(
    word: &str,
    taken_by: Option<BookingId>,
    starts: Time,
    now: Time,
) -> Result<Option<Words>, Refusal> {
    if starts <= now {
        return Err(Refusal::SlotPassed);
    }
    let word = Words::optional(word).map_err(|it| it.in_field(Field::Word))?;
    match (taken_by, word) {
        (None, _) => Ok(None),
        (Some(_), None) => Err(Refusal::WordNeeded),
        (Some(_), word) => Ok(word),
    }
}
