//! Which slots can be offered: the rule's own answer on the rows at hand.

use domain::{
    booking::{Slot, SlotFacts, Wish, settle},
    id::BookingId,
    member::{Host, Language, Role},
    refusal::Refusal,
    sync::replica::Seen,
    time::Time,
};

use super::words;
use crate::order;

/// Slots that can be asked for, by start. Those already asked for are left out.
pub(crate) fn free(
    seen: &Seen,
    now: Time,
    moving: Option<BookingId>,
    is_wanted: impl Fn(&Slot) -> bool,
) -> Result<Vec<Slot>, Refusal> {
    let asker = seen.view.asker(moving);
    let is_asked = |slot: &Slot| {
        let asked = seen.asked.iter().flat_map(|it| &it.ask.wishes);
        let moving = seen.moving.values().flat_map(|it| &it.wishes);
        asked.chain(moving).any(|it| it.slot == slot.id)
    };
    let mut no = None;
    let free: Vec<_> = seen
        .view
        .slots
        .values()
        .filter(|it| is_wanted(it) && !is_asked(it))
        .filter(
            |it| match settle(&[Wish::from(*it)], &[SlotFacts::from(*it)], &asker, now) {
                Ok(_) => true,
                Err(Refusal::SlotPassed) => false,
                Err(why) => {
                    no.get_or_insert(why);
                    false
                }
            },
        )
        .cloned()
        .collect();
    let free = order::sorted(free, |it| order::by(it.starts.millis(), it.id.bits()));
    match (free.is_empty(), no) {
        (true, Some(no)) => Err(no),
        _ => Ok(free),
    }
}

/// The next free slot of each host, the earliest first.
pub(crate) fn first_of_each_host(seen: &Seen, now: Time) -> Vec<Slot> {
    let mut firsts: Vec<Slot> = Vec::new();
    for slot in free(seen, now, None, |_| true).unwrap_or_default() {
        if firsts.iter().all(|it| it.host != slot.host) {
            firsts.push(slot);
        }
    }
    firsts
}

/// 「佐藤 美緒(人事)」: a host by name, with team or role.
pub(crate) fn who(language: Language, host: Option<&Host>) -> String {
    let Some(host) = host else {
        return String::new();
    };
    let words = words::of(language);
    let role = if host.role == Role::Hr {
        words.hr
    } else {
        words.mentor
    };
    let part = host.team.as_deref().unwrap_or(role);
    match language {
        Language::Ja => format!("{}({part})", host.name),
        Language::En => format!("{} ({part})", host.name),
    }
}
