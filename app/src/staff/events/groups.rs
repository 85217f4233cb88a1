//! 少人数グループ of an event: the groups as they are, what could not be had, and the button that deals them.

use domain::{
    breakout::{EventBreakouts, Group, GroupEvent, Pair},
    event::{EventPlan, Guest, Reply},
    id::{EventId, MemberId},
    refusal::{Field, Refusal},
    sync::mutation::Mutation,
};
use leptos::prelude::*;

use super::{guests::of_event, way};
use crate::{
    device::Device,
    staff::{
        form::{Draft, Form, act_button, end, select},
        lines::{line, lines, name_of},
        words::groups,
    },
    ui::{self, Look},
};

/// What is known here: the groups, and who comes, by name.
type Known = (Option<EventBreakouts>, Vec<Guest>);

/// The part of an event's page.
pub(super) fn groups(device: Device, it: &EventPlan) -> AnyView {
    let words = groups::of(device.language);
    let id = it.id;
    let known: Memo<Known> = device.read(move |seen| {
        let comes = |it: &Guest| matches!(it.reply, Reply::Going(_));
        let guests = of_event(seen, id).into_iter().filter(comes);
        (
            seen.view.event_breakouts.get(&id).cloned(),
            guests.collect(),
        )
    });
    let is_hybrid = it.plan.ways().count() > 1;
    let is_over = it.cancelled.is_some() || it.plan.ends <= device.now.get_untracked();
    let mut parts = vec![ui::live(move || {
        known.with(|known| standing(device, known, is_hybrid))
    })];
    if !is_over {
        parts.push(dealing(device, id, known));
    }
    ui::section(words.title, parts)
}

/// The groups, and what is to be looked at before anybody relies on them.
fn standing(device: Device, (dealt, guests): &Known, is_hybrid: bool) -> Vec<AnyView> {
    let language = device.language;
    let words = groups::of(language);
    let Some(dealt) = dealt else {
        let none = if guests.is_empty() {
            words.nobody
        } else {
            words.lead
        };
        return vec![ui::note(none)];
    };
    let name = |id: &MemberId| name_in(device, guests, *id);
    let together = dealt.together.iter();
    let together = together.map(|it| Some((words.together)(&name(&it.0)?, &name(&it.1)?)));
    let alone = dealt.alone.iter().map(|it| Some((words.alone)(&name(it)?)));
    let is_placed = |it: &&Guest| dealt.groups.iter().any(|all| is_in(all, it));
    let late: Vec<String> = guests
        .iter()
        .filter(|it| !is_placed(it))
        .map(|it| name_of(language, &it.name))
        .collect();
    let late = (!late.is_empty()).then(|| (words.late)(&late.join(words.separator)));
    let hints = together.chain(alone).flatten().chain(late);
    let mut parts: Vec<_> = hints.map(|it| ui::p("event-hint", it)).collect();
    let mut cards = Vec::new();
    for it in &dealt.groups {
        let names = guests.iter().filter(|guest| is_in(it, guest));
        let names: Vec<_> = names
            .map(|it| ui::el("li", "", vec![ui::text(it.name.to_string())]))
            .collect();
        // A group that everybody left is none, and its number is not given on before the next dealing.
        if !names.is_empty() {
            cards.push(card(device, it, is_hybrid, names));
        }
    }
    parts.push(ui::el("div", "event-groups", cards));
    parts.push(ui::note(words.print));
    parts
}

fn card(device: Device, it: &Group, is_hybrid: bool, names: Vec<AnyView>) -> AnyView {
    let words = groups::of(device.language);
    let mut about = (words.members)(names.len());
    if is_hybrid {
        about = format!("{} {about}", way(device.language, it.way));
    }
    let parts = vec![
        ui::heading((words.number)(it.number)),
        ui::p("caption", about),
        ui::el("ul", "", names),
    ];
    ui::card(None, parts)
}

fn is_in(group: &Group, guest: &Guest) -> bool {
    guest.reply == Reply::Going(group.way) && group.members.contains(&guest.member)
}

/// The name of somebody who comes.
fn name_in(device: Device, guests: &[Guest], id: MemberId) -> Option<String> {
    let guest = guests.iter().find(|it| it.member == id)?;
    Some(name_of(device.language, &guest.name))
}

/// The button, what pressing it does, and who is to be kept apart.
fn dealing(device: Device, event: EventId, known: Memo<Known>) -> AnyView {
    let words = groups::of(device.language);
    let form = Form::new(device.language);
    let draft = Draft::new(format!("event.apart.{event}"), "").recalled();
    let is_leaving = Memo::new(move |_| {
        device.status.with(|it| {
            let mut wishes = it.unsent.iter().filter_map(|it| it.mutation.as_ref());
            wishes.any(|it| matches!(it, Mutation::GroupEvent(it) if it.event == event))
        })
    });
    let has_guests = Memo::new(move |_| known.with(|it| !it.1.is_empty()));
    let is_again = Memo::new(move |_| known.with(|it| it.0.is_some()));
    ui::live(move || {
        if is_leaving.get() {
            return vec![ui::chip(words.leaving)];
        }
        if !has_guests.get() {
            return Vec::new();
        }
        let (draft, sent) = (draft.clone(), draft.clone());
        let press = Callback::new(move |()| {
            let apart = known.with_untracked(|it| apart(&sent.now(), it));
            let sent = sent.clone();
            let wish = GroupEvent { event, apart };
            form.send(Mutation::GroupEvent(wish), move || sent.forget(""));
        });
        let (label, more) = if is_again.get() {
            (words.again, words.keeps)
        } else {
            (words.make, words.makes)
        };
        let button = ui::button(Look::Second, label, press);
        vec![
            ui::more(
                "",
                words.apart,
                vec![keeping_apart(device, form, known, &draft)],
            ),
            end(ui::p("", more), vec![button, form.answer()]),
        ]
    })
}

/// The pairs as they are wished here; as they were dealt, where nothing is wished yet.
fn apart(text: &str, (dealt, _): &Known) -> Vec<Pair> {
    if text.is_empty() {
        return dealt
            .as_ref()
            .map(|it| it.apart.clone())
            .unwrap_or_default();
    }
    let pair = |it: &str| {
        let (one, other) = it.split_once('.')?;
        Some((one.parse().ok()?, other.parse().ok()?))
    };
    text.split_whitespace().filter_map(pair).collect()
}

/// As the draft keeps it. A space says that there is a draft, though it may be of nobody.
fn written(pairs: &[Pair]) -> String {
    let pair = |it: &Pair| format!("{}.{} ", it.0, it.1);
    let written: String = pairs.iter().map(pair).collect();
    written + " "
}

/// The pairs, each with a way out, and two lists of names to add one.
fn keeping_apart(device: Device, form: Form, known: Memo<Known>, draft: &Draft) -> AnyView {
    let words = groups::of(device.language);
    let picked = [RwSignal::new(String::new()), RwSignal::new(String::new())];
    let (shown, kept) = (draft.clone(), draft.clone());
    let pairs = ui::live(move || {
        known.with(|known| {
            let all = shown.text.with(|text| apart(text, known));
            // Whoever does not come is kept apart all the same, should they come again; nobody reads their name.
            let named = |it: &Pair| pair_line(device, &known.1, (&shown, &all), *it);
            let named: Vec<_> = all.iter().filter_map(named).collect();
            if named.is_empty() {
                Vec::new()
            } else {
                vec![lines(named)]
            }
        })
    });
    let fields = ui::live(move || {
        let names = known.with(|it| options(device, &it.1));
        let field = |name, label, at: usize| {
            let pick = Callback::new(move |it| picked[at].set(it));
            select(name, label, names.clone(), picked[at].into(), pick)
        };
        vec![
            field("apart-one", words.one, 0),
            field("apart-other", words.other, 1),
        ]
    });
    let add = Callback::new(move |()| {
        let [one, other] = picked.map(|it| it.get_untracked().parse().ok());
        let pair = one.zip(other).filter(|(one, other)| one != other);
        let Some(pair) = pair else {
            let field = Field::Apart;
            return form.refuse(&Refusal::FieldWrong { field });
        };
        let mut pairs = known.with_untracked(|it| apart(&kept.now(), it));
        pairs.push(pair);
        kept.keep(written(&pairs));
        picked.iter().for_each(|it| it.set(String::new()));
    });
    let parts = vec![
        ui::note(words.apart_more),
        pairs,
        fields,
        form.trouble_line(Field::Apart),
        ui::submit(Look::Second, words.add),
    ];
    Form::around(add, parts)
}

fn pair_line(
    device: Device,
    guests: &[Guest],
    (draft, all): (&Draft, &[Pair]),
    pair: Pair,
) -> Option<AnyView> {
    let words = groups::of(device.language);
    let [one, other] = [pair.0, pair.1].map(|it| name_in(device, guests, it));
    let said = (words.pair)(&one?, &other?);
    let others: Vec<Pair> = all.iter().copied().filter(|it| *it != pair).collect();
    let draft = draft.clone();
    let press = Callback::new(move |()| draft.keep(written(&others)));
    let name = (words.remove_of)(&said);
    let act = act_button("button button--plain", words.remove, name, press);
    Some(line("staff-line", vec![ui::text(said)], vec![act]))
}

/// Everybody who comes, to choose from.
fn options(device: Device, guests: &[Guest]) -> Vec<(String, String)> {
    let nobody = (String::new(), groups::of(device.language).choose.to_owned());
    let somebody = |it: &Guest| (it.member.to_string(), it.name.to_string());
    std::iter::once(nobody)
        .chain(guests.iter().map(somebody))
        .collect()
}
