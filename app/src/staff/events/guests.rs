//! Who comes, may come or waits. Who said no is a number.

use domain::{
    event::{EventPlaces, EventPlan, Guest, RemoveGuest, Reply},
    id::{EventId, MemberId},
    member::Language,
    refusal::{Field, Refusal},
    sync::{mutation::Mutation, replica::Seen},
    time::Time,
};
use leptos::prelude::*;

use super::{plan::MOST, way};
use crate::{
    device::Device,
    format, order,
    page::Page,
    staff::{
        form::{Draft, Form, about, act_button, heard},
        lines::{mark, name_of},
        table::{cell, sheet, table_row},
        words::{self, events},
    },
    ui::{self, Look},
};

/// Everybody with a reply of this event: first who has a place, then who is offered one, the line, the rest; each by name.
pub(super) fn of_event(seen: &Seen, id: EventId) -> Vec<Guest> {
    let guests = seen.view.guests.iter().filter(|it| it.0.0 == id);
    // A declined person is nobody's row; should one be on its way out, it is not shown either.
    let guests = guests.filter(|it| it.1.reply != Reply::Declined);
    order::sorted(guests.map(|it| it.1.clone()), |it| {
        let rank = match it.reply {
            Reply::Going(_) => 0,
            Reply::Offered { .. } => 1,
            Reply::Waiting { before, .. } => 2 + i64::from(before),
            Reply::Maybe | Reply::Lapsed | Reply::Declined => i64::MAX,
        };
        order::by_name(rank, it.name.to_string(), it.member.bits())
    })
}

/// What somebody said, and what came of it.
pub(super) fn reply(language: Language, reply: Reply, now: Time) -> String {
    let words = events::of(language);
    let of_way = |text: String, it| format!("{text} ({})", way(language, it));
    match reply {
        Reply::Going(it) => of_way(words.going.into(), it),
        Reply::Maybe => words.maybe.into(),
        Reply::Declined => words.declined.into(),
        Reply::Waiting { way: it, before } => of_way((words.in_line_at)(before + 1), it),
        Reply::Offered { way: it, until } => {
            let until = format::moment(language, until, now);
            of_way((words.offered_until)(&until), it)
        }
        Reply::Lapsed => words.lapsed.into(),
    }
}

/// The list of guests, or in its place the form that takes one off.
pub(super) fn guests(device: Device, it: &EventPlan) -> AnyView {
    let words = events::of(device.language);
    let id = it.id;
    // Whom to take off; empty for nobody.
    let asking = RwSignal::new(String::new());
    let can_remove = it.cancelled.is_none() && it.plan.starts > device.now.get_untracked();
    let body = ui::live(move || match asking.read().parse::<MemberId>() {
        Ok(member) => vec![remove(device, id, member, asking)],
        Err(_) => vec![table(device, id, can_remove.then_some(asking))],
    });
    let path = format!("{}/names.csv", Page::Plan(id).path());
    let parts = vec![
        ui::live(move || device.seen.with(|seen| counts(device.language, seen, id))),
        ui::note(words.guests_more),
        body,
        ui::row(vec![ui::link_button(Look::Second, words.csv, path)]),
        ui::note(words.print),
    ];
    ui::section(words.guests, parts)
}

/// How many said what.
fn counts(language: Language, seen: &Seen, id: EventId) -> Vec<AnyView> {
    let words = events::of(language);
    let guests = of_event(seen, id);
    let n = |is_it: fn(&Guest) -> bool| guests.iter().filter(|it| is_it(it)).count();
    let none = EventPlaces::default();
    let declined = seen.view.event_places.get(&id).unwrap_or(&none).declined;
    let counts = [
        (words.going, n(|it| matches!(it.reply, Reply::Going(_)))),
        (words.attended, n(|it| it.attended.is_some())),
        (
            words.offered,
            n(|it| matches!(it.reply, Reply::Offered { .. })),
        ),
        (
            words.in_line,
            n(|it| matches!(it.reply, Reply::Waiting { .. })),
        ),
        (words.maybe, n(|it| it.reply == Reply::Maybe)),
        (words.declined, declined.unwrap_or(0).into()),
    ];
    let count = |(name, n)| (name, ui::text((words.people)(n)));
    // What there is none of is not said, except for what everybody asks first.
    let said = counts.into_iter().enumerate();
    let said = said
        .filter(|(at, it)| *at == 0 || it.1 > 0)
        .map(|it| count(it.1));
    vec![ui::el(
        "div",
        "staff-counts",
        vec![ui::facts(said.collect())],
    )]
}

fn table(device: Device, id: EventId, asking: Option<RwSignal<String>>) -> AnyView {
    let words = events::of(device.language);
    ui::live(move || {
        let (seen, now) = (device.seen.get(), device.now.get());
        let guests = of_event(&seen, id);
        if guests.is_empty() {
            return vec![ui::note(words.guests_none)];
        }
        let heads = [words.name, words.reply, words.attended, ""];
        let row = |it: &Guest| row(device.language, &seen, (id, it), now, asking);
        vec![sheet(
            words.guests,
            &heads,
            guests.iter().map(row).collect(),
        )]
    })
}

fn row(
    language: Language,
    seen: &Seen,
    (id, it): (EventId, &Guest),
    now: Time,
    asking: Option<RwSignal<String>>,
) -> AnyView {
    let words = events::of(language);
    let came: Vec<_> = attended(language, seen, (id, it)).into_iter().collect();
    let act = asking.map(|asking| {
        let member = it.member.to_string();
        let name = (words.remove_of)(&name_of(language, &it.name));
        let press = Callback::new(move |()| asking.set(member.clone()));
        act_button("button button--plain", words.remove, name, press)
    });
    let cells = vec![
        cell("", vec![ui::text(it.name.to_string())]),
        cell(words.reply, vec![ui::text(reply(language, it.reply, now))]),
        cell(words.attended, came),
        cell("", act.into_iter().collect()),
    ];
    // Two may have one name.
    ui::kept(it.member.to_string(), table_row(cells))
}

/// When somebody came in, and how certain that is.
pub(super) fn attended(
    language: Language,
    seen: &Seen,
    (id, it): (EventId, &Guest),
) -> Option<AnyView> {
    let at = it.attended?.clock().to_string();
    let id = domain::event::GuestId(id, it.member);
    let mut parts = vec![ui::el(
        "span",
        "event-in",
        vec![ui::icon(ui::Icon::Check), ui::text(at)],
    )];
    parts.extend(mark(language, seen.standing("guest", id)));
    Some(ui::row(parts))
}

fn remove(device: Device, event: EventId, member: MemberId, asking: RwSignal<String>) -> AnyView {
    let words = events::of(device.language);
    let form = Form::new(device.language);
    let name = device.seen.with_untracked(|seen| {
        let guest = seen.view.guests.get(&domain::event::GuestId(event, member));
        guest.map_or_else(String::new, |it| name_of(device.language, &it.name))
    });
    let draft = Draft::new(format!("event.remove.{event}.{member}"), "");
    let sent = draft.clone();
    let send = Callback::new(move |()| {
        let word = sent.now();
        if word.trim().is_empty() {
            let field = Field::Word;
            return form.refuse(&Refusal::FieldEmpty { field });
        }
        let sent = sent.clone();
        let wish = RemoveGuest {
            event,
            member,
            word,
        };
        form.send(Mutation::RemoveGuest(wish), move || {
            sent.forget("");
            asking.set(String::new());
        });
    });
    let leave = Callback::new(move |()| asking.set(String::new()));
    let buttons = vec![
        ui::submit(Look::Second, words.remove),
        ui::button(Look::Plain, words::of(device.language).never_mind, leave),
    ];
    let field = about("remove-word", words.word, words.word_hint);
    let parts = vec![
        heard(ui::p("", (words.removes)(&name))),
        form.area(&draft, Field::Word, MOST, &field),
        ui::row(buttons),
        form.answer(),
    ];
    ui::card(
        None,
        vec![
            ui::heading((words.remove_of)(&name)),
            Form::around(send, parts),
        ],
    )
}
