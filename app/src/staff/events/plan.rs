//! One event: what was written, what can be done with it, who comes.

use domain::{
    event::{CancelEvent, EventPlan, Instead, Invited, PublishEvent},
    id::EventId,
    refusal::{Field, Refusal},
    sync::mutation::Mutation,
};
use leptos::prelude::*;

use super::{both, groups, guests, is_planner, kind, memo, questions, screen, seats, state, when};
use crate::{
    device::{Device, edge},
    format,
    page::Page,
    staff::{
        form::{Draft, Form, about, end},
        lines::mark,
        words::events,
    },
    ui::{self, Look},
};

/// Characters of a word to those who replied.
pub(super) const MOST: usize = 600;

/// One event.
pub(in crate::staff) fn plan(id: EventId) -> AnyView {
    let device = Device::here();
    if is_planner(device) {
        // Hosts are named by the list of people, which loads only when somebody looks.
        Effect::new(|_| edge().into_iter().for_each(|it| it.want("people")));
    }
    screen(device, id, &Page::Plans, move |it| here(device, it))
}

fn here(device: Device, it: &EventPlan) -> Vec<AnyView> {
    let (language, id) = (device.language, it.id);
    let words = events::of(language);
    let mut about = vec![card(device, it)];
    if let Some(text) = &it.plan.text {
        about.push(ui::section(
            words.text,
            vec![ui::p("prose", both(text, "\n\n"))],
        ));
    }
    let mark = ui::live(move || {
        let standing = device.seen.with(|seen| seen.standing("event_plan", id));
        mark(language, standing)
    });
    let title = it.plan.title.in_language(language).to_string();
    let head = vec![
        ui::title(title, kind(language, it.plan.kind)),
        ui::row(vec![state(language, it), mark]),
        acts(device, it),
    ];
    let body = if it.published.is_none() {
        about.extend(ending(device, it));
        ui::el("div", "screen staff-narrow", about)
    } else {
        let mut split = vec![ui::el("div", "staff-split__form screen", about)];
        if it.cancelled.is_none() && it.plan.starts <= device.now.get_untracked() {
            split.push(memo::memo(device, it));
        }
        split.push(guests::guests(device, it));
        split.push(groups::groups(device, it));
        split.push(questions::questions(device, id));
        split.extend(ending(device, it));
        ui::el("div", "staff-split", split)
    };
    vec![ui::stack(head), body]
}

/// The facts, on paper.
fn card(device: Device, it: &EventPlan) -> AnyView {
    let (language, plan) = (device.language, &it.plan);
    let words = events::of(language);
    let (id, event) = (it.id, it.clone());
    let is_waiting = words.waitlist[usize::from(plan.has_waitlist)];
    let seats = ui::live(move || {
        let places = device
            .seen
            .with(|seen| seen.view.event_places.get(&id).cloned());
        let seats = seats(language, &event, places.as_ref());
        vec![ui::text(format!("{seats}\n{is_waiting}"))]
    });
    let day = when(language, plan.starts, plan.ends);
    let closes = format!(
        "{} {}",
        format::day(language, plan.closes.day()),
        plan.closes.clock()
    );
    let mut pairs = vec![
        (words.when, ui::el("span", "when", vec![ui::text(day)])),
        (words.closes, ui::text(closes)),
    ];
    if let Some(site) = &plan.on_site {
        let mut place = vec![ui::text(site.place.to_string())];
        place.extend(site.map.as_ref().map(|it| ui::away(it, words.map)));
        pairs.push((words.on_site, ui::row(place)));
    }
    if let Some(online) = &plan.online {
        pairs.push((words.link, ui::away(&online.link, online.link.to_string())));
    }
    pairs.push((words.places, seats));
    let said = [
        (words.minutes, Some((words.of_minutes)(plan.minutes))),
        (words.bring, plan.bring.as_ref().map(|it| both(it, "\n"))),
        (
            words.contact,
            plan.contact.as_ref().map(ToString::to_string),
        ),
        (words.invited, Some(invited(device, it))),
        (
            words.instead,
            plan.instead.as_ref().map(|it| match it {
                Instead::Recording => words.recorded.to_owned(),
                Instead::Again(when) => when.to_string(),
            }),
        ),
    ];
    for (name, said) in said {
        pairs.extend(said.map(|it| (name, ui::text(it))));
    }
    if !plan.hosts.is_empty() {
        pairs.push((words.hosts, hosts(device, it)));
    }
    if let Some(word) = it.cancelled.as_ref().and_then(|it| it.word.as_ref()) {
        pairs.push((words.word_left, ui::text(word.to_string())));
    }
    ui::card(None, vec![ui::facts(pairs)])
}

pub(super) fn invited(device: Device, it: &EventPlan) -> String {
    let words = events::of(device.language);
    match &it.plan.invited {
        Invited::Everyone => words.everyone.to_owned(),
        Invited::Cohort(year) => (words.cohort)(*year),
        Invited::Chosen(people) => (words.chosen)(people.len()),
    }
}

/// Their names, where they are known; else how many there are.
fn hosts(device: Device, it: &EventPlan) -> AnyView {
    let hosts = it.plan.hosts.clone();
    ui::live(move || {
        let names = device.seen.with(|seen| {
            let myself = seen.view.myself().map(|me| (me.id, &me.name));
            let name = |id| {
                let person = seen.view.people.get(id).map(|it| &it.name);
                person.or_else(|| myself.filter(|me| me.0 == *id).map(|me| me.1))
            };
            let names: Option<Vec<_>> =
                hosts.iter().map(|id| Some(name(id)?.to_string())).collect();
            names
        });
        let names = names.map_or_else(
            || (events::of(device.language).people)(hosts.len()),
            |it| it.join("\n"),
        );
        vec![ui::text(names)]
    })
}

/// Where one can go from here.
fn acts(device: Device, it: &EventPlan) -> AnyView {
    let words = events::of(device.language);
    let (now, is_off) = (device.now.get_untracked(), it.cancelled.is_some());
    let is_draft = it.published.is_none();
    let mut ways = Vec::new();
    if !is_draft && !is_off && it.plan.ends > now {
        ways.push((words.door, Page::Door(it.id)));
    }
    if is_planner(device) {
        // A draft whose day has passed can still be dated anew.
        if !is_off && (is_draft || it.plan.starts > now) {
            ways.push((words.edit, Page::EditPlan(it.id)));
        }
        ways.push((words.copy, Page::NewPlan(Some(it.id))));
    }
    let way =
        |(label, page): (&'static str, Page)| ui::link_button(Look::Second, label, page.path());
    ui::row(ways.into_iter().map(way).collect())
}

/// Publishing, and the end of it: each with what it does beside the button.
fn ending(device: Device, it: &EventPlan) -> Vec<AnyView> {
    let has_begun = it.plan.starts <= device.now.get_untracked();
    // A draft whose day has passed can still be taken away.
    let is_over = has_begun && it.published.is_some();
    if !is_planner(device) || it.cancelled.is_some() || is_over {
        return Vec::new();
    }
    let words = events::of(device.language);
    let id = it.id;
    let is_leaving = Memo::new(move |_| {
        device.status.with(|it| {
            let mut wishes = it.unsent.iter().filter_map(|it| it.mutation.as_ref());
            wishes.any(|it| matches!(it, Mutation::CancelEvent(it) if it.event == id))
        })
    });
    let event = it.clone();
    vec![ui::live(move || {
        if is_leaving.get() {
            return vec![ui::chip(words.cancelling)];
        }
        let mut parts = Vec::new();
        if event.published.is_none() && !has_begun {
            parts.push(publish(device, &event));
        }
        parts.push(cancel(device, &event));
        vec![ui::el("div", "screen", parts)]
    })]
}

fn publish(device: Device, it: &EventPlan) -> AnyView {
    let words = events::of(device.language);
    let form = Form::new(device.language);
    let (event, starts) = (it.id, it.plan.starts);
    let press = Callback::new(move |()| {
        let Some(edge) = form.edge() else { return };
        if starts <= edge.now() {
            return form.refuse(&Refusal::EventPassed);
        }
        form.send(Mutation::PublishEvent(PublishEvent { event }), || ());
    });
    let more = (words.publishes)(&invited(device, it), it.plan.minutes);
    let more = ui::stack(vec![ui::p("", more), ui::note(words.kind_hours)]);
    let button = ui::button(Look::Primary, words.publish, press);
    end(more, vec![button, form.answer()])
}

fn cancel(device: Device, it: &EventPlan) -> AnyView {
    let words = events::of(device.language);
    let form = Form::new(device.language);
    let event = it.id;
    let draft = Draft::new(format!("event.cancel.{event}"), "");
    let is_draft = it.published.is_none();
    let sent = draft.clone();
    let send = Callback::new(move |()| {
        let word = sent.now();
        if !is_draft && word.trim().is_empty() {
            let field = Field::Word;
            return form.refuse(&Refusal::FieldEmpty { field });
        }
        let sent = sent.clone();
        let wish = CancelEvent { event, word };
        form.send(Mutation::CancelEvent(wish), move || sent.forget(""));
    });
    let (label, mut parts) = if is_draft {
        (words.drop, vec![ui::note(words.drops)])
    } else {
        let word = about("cancel-word", words.word, words.word_hint);
        let word = form.area(&draft, Field::Word, MOST, &word);
        (words.cancel, vec![ui::note(words.cancels), word])
    };
    parts.push(ui::submit(Look::Second, label));
    parts.push(form.answer());
    ui::more("", label, vec![Form::around(send, parts)])
}
