//! Every slot that lies ahead, by day: mine; and for HR those of all others, which somebody must be able to close when
//! their host cannot.

use domain::{
    booking::{HostSlot, HostSlotState, ends},
    id::{BookingId, SlotId},
    member::Language,
    sync::{
        mutation::Mutation,
        replica::{Seen, Standing},
    },
    time::Day,
};
use leptos::prelude::*;

use super::close::{close_button, word_form};
use crate::{
    device::{Device, Status},
    format, order,
    page::Page,
    staff::{
        form::Form,
        lines::{line, lines, mark, more, more_button, name_of, place, time},
        words::{self, slots},
    },
    ui::{self, Blank},
};

/// Days drawn at once.
const STEP: usize = 6;

/// One slot, as it stands.
#[derive(Clone, PartialEq)]
struct Line {
    slot: HostSlot,
    standing: Standing,
    is_closing: bool,
    /// Who booked it, with the booking.
    taken: Option<(BookingId, String)>,
    /// Whose it is, where that is not said already.
    host: Option<String>,
}

/// Whose slots are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Mine,
    Others,
}

/// The slots of one day.
type DayOfSlots = (Day, Vec<Line>);

/// My slots.
pub(super) fn list(device: Device, form: Form) -> AnyView {
    let words = slots::of(device.language);
    ui::section(words.list, days(device, form, Whose::Mine))
}

/// Everybody else's, for HR only. Who booked one is between them and their host; the word reaches them all the same.
pub(super) fn others(device: Device) -> AnyView {
    // Answers stand where the button was.
    let form = Form::new(device.language);
    ui::el("div", "stack", days(device, form, Whose::Others))
}

fn days(device: Device, form: Form, whose: Whose) -> Vec<AnyView> {
    let me = device.who.with_value(|it| it.map(|it| it.id));
    let days = Memo::new(move |_| {
        let closing = device.status.with(closing_now);
        let now = device.now.get();
        let is_listed = |it: &&HostSlot| {
            (Some(it.host) == me) == (whose == Whose::Mine) && ends(it.starts) > now
        };
        device.seen.with(|seen| {
            let listed = seen.view.host_slots.values().filter(is_listed);
            by_day(listed.map(|it| stood(seen, &closing, it, (whose, device.language))))
        })
    });
    let drawn = RwSignal::new(STEP);
    let count = Memo::new(move |_| days.with(Vec::len).min(drawn.get()));
    let asking = RwSignal::new(None);
    // A day is drawn anew only when something in it changes, so that a half-written word keeps its field.
    let of_day = move |nth: usize| {
        let day = Memo::new(move |_| days.with(|days| days.get(nth).cloned()));
        let draw = move |it| draw_day(device, form, asking, it);
        ui::live(move || day.get().into_iter().map(draw).collect())
    };
    let all = ui::live(move || (0..count.get()).map(of_day).collect());
    vec![
        ui::live(move || vec![days.with(|days| head(device, whose, days))]),
        form.answer(),
        all,
        ui::live(move || {
            let rest = days.with(Vec::len).saturating_sub(drawn.get());
            if rest == 0 {
                return Vec::new();
            }
            let label = (words::of(device.language).more_days)(rest.min(STEP));
            vec![more_button(label, drawn, STEP)]
        }),
    ]
}

fn stood(
    seen: &Seen,
    closing: &[SlotId],
    slot: &HostSlot,
    (whose, language): (Whose, Language),
) -> Line {
    let host = (whose == Whose::Others).then(|| {
        let host = seen.view.people.get(&slot.host);
        host.map_or_else(
            || slots::of(language).a_host.to_owned(),
            |it| it.name.to_string(),
        )
    });
    let taken = match slot.state {
        HostSlotState::Open => None,
        HostSlotState::Taken(booking) => {
            let who = seen.view.host_bookings.get(&booking);
            let name = who.map_or_else(
                || slots::of(language).somebody.to_owned(),
                |it| name_of(language, &it.member_name),
            );
            Some((booking, name))
        }
    };
    Line {
        slot: slot.clone(),
        standing: seen.standing("host_slot", slot.id),
        is_closing: closing.contains(&slot.id),
        taken,
        host,
    }
}

/// Slots whose closing has not been answered.
pub(in crate::staff) fn closing_now(status: &Status) -> Vec<SlotId> {
    let wishes = status.unsent.iter().filter_map(|it| it.mutation.as_ref());
    wishes
        .filter_map(|it| match it {
            Mutation::CloseSlot(it) => Some(it.slot),
            _ => None,
        })
        .collect()
}

fn by_day(lines: impl Iterator<Item = Line>) -> Vec<DayOfSlots> {
    let lines = order::sorted(lines, |it| {
        order::by(it.slot.starts.millis(), it.slot.id.bits())
    });
    let mut days: Vec<DayOfSlots> = Vec::new();
    for line in lines {
        let day = line.slot.starts.day();
        match days.last_mut() {
            Some((last, of_day)) if *last == day => of_day.push(line),
            _ => days.push((day, vec![line])),
        }
    }
    days
}

/// How many there are; or that there are none.
fn head(device: Device, whose: Whose, days: &[DayOfSlots]) -> AnyView {
    let words = slots::of(device.language);
    let all = days.iter().map(|it| it.1.len()).sum::<usize>();
    let is_taken = |it: &&Line| it.taken.is_some();
    let taken = days.iter().flat_map(|it| &it.1).filter(is_taken).count();
    if all > 0 {
        return ui::note((words.list_count)(all - taken, taken));
    }
    if whose == Whose::Others {
        return ui::note(words.others_none);
    }
    let blank = device
        .status
        .with(|it| Blank::of(it, words.none, words.none_more));
    ui::empty(device.language, blank)
}

fn draw_day(
    device: Device,
    form: Form,
    asking: RwSignal<Option<SlotId>>,
    (day, of_day): DayOfSlots,
) -> AnyView {
    let draw = |it| draw(device, form, asking, it);
    let parts = vec![
        ui::heading(format::day(device.language, day)),
        lines(of_day.into_iter().map(draw).collect()),
    ];
    ui::el("div", "staff-day", parts)
}

fn draw(device: Device, form: Form, asking: RwSignal<Option<SlotId>>, it: Line) -> AnyView {
    let words = slots::of(device.language);
    let (id, starts) = (it.slot.id, it.slot.starts);
    let mut main = vec![time(format::span(starts))];
    main.extend(
        it.host
            .clone()
            .map(|it| ui::el("span", "", vec![ui::text(it)])),
    );
    main.push(more(place(device.language, &it.slot.place)));
    let mut acts = mark(device.language, it.standing);
    acts.push(match &it.taken {
        None => ui::chip(words.free),
        // The interview is its host's to open.
        Some(_) if it.host.is_some() => ui::chip(words.taken),
        Some((booking, name)) => {
            let name = vec![ui::text((words.taken_by)(name))];
            ui::link("staff-taken", Page::Interview(*booking).path(), name)
        }
    });
    if it.is_closing {
        acts.push(ui::chip(words.closing));
        return line("staff-line", main, acts);
    }
    let is_taken = it.taken.is_some();
    acts.push(close_button(
        device.language,
        form,
        &it.slot,
        is_taken,
        asking,
    ));
    let row = line("staff-line", main, acts);
    let Some((booking, name)) = it.taken else {
        return row;
    };
    let word = ui::live(move || {
        if asking.get() == Some(id) {
            vec![word_form(device, (id, booking), &name, starts)]
        } else {
            Vec::new()
        }
    });
    ui::el("div", "", vec![row, word])
}
