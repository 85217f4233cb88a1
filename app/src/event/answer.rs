//! The buttons that answer: each sends the form around it by itself, and saves a wish instead once the code runs.

use domain::{
    event::{Answer, Event, LAST_OFFER, Places, Reply, ReplyTo, Way},
    id::{EventId, MutationId},
    sync::{
        mutation::Mutation,
        replica::{Seen, Standing},
    },
    time::Time,
};
use leptos::{ev::MouseEvent, prelude::*};

use super::{
    line, state,
    words::{self, fill},
};
use crate::{
    booking,
    device::{Device, NotSaved, edge},
    format,
    ui::{self, Look},
};

/// What the buttons of one event need.
#[derive(Clone, Copy)]
pub(super) struct Answering {
    pub(super) device: Device,
    pub(super) event: EventId,
    pub(super) is_named: RwSignal<bool>,
    pub(super) trouble: RwSignal<Option<NotSaved>>,
}

impl Answering {
    /// Saves an answer. One that was on this device only is taken back: nobody needs to hear of both.
    fn send(self, answer: Answer) {
        let reply = Mutation::Reply(ReplyTo {
            event: self.event,
            answer,
            is_named: self.is_named.get_untracked(),
        });
        let earlier = self.saved();
        ui::act(reply, self.trouble, move || give_up(earlier));
    }

    /// An answer that is on this device only.
    fn saved(self) -> Option<MutationId> {
        let id = self.event;
        let is_it = |it: &Mutation| matches!(it, Mutation::Reply(it) if it.event == id);
        booking::saved(self.device, &is_it)
    }

    fn press(self, answer: Answer) -> Callback<()> {
        Callback::new(move |()| self.send(answer))
    }

    fn form(self, parts: Vec<AnyView>) -> AnyView {
        ui::post(
            ["/event/", &self.event.to_string(), "/reply"].concat(),
            parts,
        )
    }

    /// The answers side by side, none of them heavier than the others. `with_name` where there is room to ask whether
    /// the others may read the name.
    pub(super) fn form_of_all(
        self,
        seen: &Seen,
        it: &Event,
        now: Time,
        with_name: bool,
    ) -> AnyView {
        let language = self.device.language;
        let has_both = line::has_both(it);
        let current = state::answer(seen, it.id).filter(|_| !is_apart(seen, it.id, now));
        let mut buttons = Vec::new();
        for (is_there, answer) in [
            (it.place.is_some(), Answer::Going(Way::OnSite)),
            (it.is_online, Answer::Going(Way::Online)),
            (true, Answer::Maybe),
            (true, Answer::Declined),
        ] {
            if !is_there {
                continue;
            }
            let is_current = current == Some(answer);
            let (is_off, hint) = match answer {
                Answer::Going(way) if !is_current => self.chance(seen, it, way, now),
                _ => (false, ""),
            };
            let mut label = vec![ui::text(line::answer(language, answer, has_both))];
            if !hint.is_empty() {
                label.push(ui::el("small", "", vec![ui::text(hint)]));
            }
            let press = self.press(answer);
            buttons.push(button("button", answer, (is_current, is_off), label, press));
        }
        let class = if has_both {
            "event-answers event-answers--both"
        } else {
            "event-answers"
        };
        let mut parts = vec![ui::el("div", class, buttons)];
        if with_name {
            parts.push(self.name());
        }
        self.form(parts)
    }

    /// Whether a place can be asked for, and what comes of it when it is not simply had.
    fn chance(self, seen: &Seen, it: &Event, way: Way, now: Time) -> (bool, &'static str) {
        let words = words::of(self.device.language);
        let reply = state::reply(seen, it.id, now);
        match reply {
            Some(Reply::Offered { way: held, .. }) if held == way => return (false, ""),
            Some(Reply::Waiting { way: awaited, .. }) if awaited == way => {
                return (false, words.waiting);
            }
            _ => {}
        }
        let has_place = matches!(reply, Some(Reply::Going(_) | Reply::Offered { .. }));
        let is_waiting = matches!(reply, Some(Reply::Waiting { .. }));
        let places = seen.view.event_places.get(&it.id);
        if it.closes <= now && !has_place && !is_waiting {
            return (true, words.closed);
        }
        if places.and_then(|it| it.of(way)).is_none_or(Places::is_free) {
            return (false, "");
        }
        // Nothing is offered any more in the last hours, so nobody can be put in line.
        let is_late = it.starts + -LAST_OFFER <= now;
        if !it.has_waitlist || has_place || is_late {
            return (true, words.full);
        }
        (false, words.waiting)
    }

    /// May the others read the name? Off, until somebody turns it on. Who takes part already is named at once.
    fn name(self) -> AnyView {
        let words = words::of(self.device.language);
        let turn = Callback::new(move |()| {
            self.is_named.update(|it| *it = !*it);
            let answer = untrack(move || {
                let seen = self.device.seen;
                seen.with(|seen| state::answer(seen, self.event))
            });
            if let Some(answer @ Answer::Going(_)) = answer {
                self.send(answer);
            }
        });
        let text = vec![
            ui::text(words.named),
            ui::el("span", "note", vec![ui::text(words.named_note)]),
        ];
        let state = (self.is_named.get(), false);
        ui::choice("named", "1".to_owned(), true, state, text, turn)
    }

    /// A freed place is held: yes, or on to the next in line.
    pub(super) fn offered(self, seen: &Seen, it: &Event, way: Way, until: Time) -> Vec<AnyView> {
        let (language, words) = (self.device.language, words::of(self.device.language));
        let mut line = fill(words.offered_line, &format::at(language, until));
        if line::has_both(it) {
            line = [
                line::answer(language, Answer::Going(way), true),
                ": ",
                &line,
            ]
            .concat();
        }
        let yes = Answer::Going(way);
        let take = vec![ui::text(words.take)];
        let pass = vec![ui::text(words.pass)];
        let no = Answer::Declined;
        let first = "button button--primary";
        let buttons = vec![
            button(first, yes, (false, false), take, self.press(yes)),
            button("button", no, (false, false), pass, self.press(no)),
        ];
        let mut parts = vec![ui::el("div", "event-answers event-answers--both", buttons)];
        parts.extend(self.keep_name(seen));
        vec![
            ui::p("event-lead", line),
            self.form(parts),
            ui::note(words.offered_note),
        ]
    }

    /// In line: the place in it, and the way out.
    pub(super) fn waiting(self, before: u16) -> Vec<AnyView> {
        let words = words::of(self.device.language);
        let nth = (u32::from(before) + 1).to_string();
        let no = Answer::Declined;
        let leave = vec![ui::text(words.leave_line)];
        let leave = button("button", no, (false, false), leave, self.press(no));
        vec![
            ui::p("event-lead", fill(words.waiting_line, &nth)),
            self.form(vec![leave]),
        ]
    }

    /// Where the question is not asked, what was said to it goes along.
    fn keep_name(self, seen: &Seen) -> Option<AnyView> {
        state::is_named(seen, self.event).then(|| ui::hidden("named", "1".to_owned()))
    }

    /// What was said and has no answer yet.
    pub(super) fn pending(self, seen: &Seen, standing: Standing) -> Vec<AnyView> {
        let words = words::of(self.device.language);
        let mark = ui::standing(self.device.language, standing.into());
        let mut parts = vec![mark, ui::note(words.pending)];
        if seen.view.rsvps.contains_key(&self.event) {
            parts.push(ui::note(words.pending_keeps));
        }
        if standing == Standing::Saved {
            let press = Callback::new(move |()| give_up(self.saved()));
            parts.push(ui::button(Look::Plain, words.take_back, press));
        }
        parts
    }
}

fn give_up(id: Option<MutationId>) {
    if let (Some(edge), Some(id)) = (edge(), id) {
        edge.give_up(id);
    }
}

/// In line or offered a place, and nothing else said since: that has buttons of its own.
pub(super) fn is_apart(seen: &Seen, id: EventId, now: Time) -> bool {
    let is_apart = matches!(
        state::reply(seen, id, now),
        Some(Reply::Waiting { .. } | Reply::Offered { .. })
    );
    is_apart && state::pending(seen, id).is_none()
}

/// One answer. It names itself in the form, and is heard before the form is sent.
fn button(
    class: &'static str,
    answer: Answer,
    (is_current, is_off): (bool, bool),
    label: Vec<AnyView>,
    press: Callback<()>,
) -> AnyView {
    let value = match answer {
        Answer::Going(way) => way.code(),
        Answer::Maybe => "maybe",
        Answer::Declined => "declined",
    };
    let on_click = move |event: MouseEvent| {
        if edge().is_some() {
            event.prevent_default();
            press.run(());
        }
    };
    let pressed = is_current.then_some("true");
    let button = view! {
        <button class=class type="submit" name="answer" value=value aria-pressed=pressed disabled=is_off on:click=on_click>{label}</button>
    };
    ui::kept(value.to_owned(), button)
}
