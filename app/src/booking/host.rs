//! `/booking/host/ID`: days as a strip, times as big buttons, one button to ask.
//!
//! Without script all days are in the page and the strip's links open one each (`:target`). With it only the open
//! day is drawn, and up to three times can be ranked.

use domain::{
    booking::{Slot, Wish},
    id::{BookingId, MemberId, SlotId},
    refusal::Refusal,
    sync::machine::Hold,
    time::Day,
};
use leptos::prelude::*;

use super::{
    act::{Asking, ask, ask_move, parse_wish},
    free::free,
    words::{self, Words},
};
use crate::{
    device::{Device, NotSaved, edge},
    format,
    page::Page,
    ui::{self, Any, Look, TextArea},
};

/// What is being chosen on this screen.
#[derive(Clone, Copy)]
pub(super) struct Choosing {
    pub(super) device: Device,
    pub(super) host: MemberId,
    pub(super) moving: Option<BookingId>,
    pub(super) chosen: RwSignal<Vec<SlotId>>,
    pub(super) wants_several: RwSignal<bool>,
    pub(super) day: RwSignal<Option<Day>>,
    pub(super) is_live: RwSignal<bool>,
    pub(super) said: RwSignal<&'static str>,
    pub(super) topic: RwSignal<String>,
    pub(super) talk: RwSignal<String>,
    pub(super) avoid: RwSignal<String>,
    pub(super) trouble: RwSignal<Option<NotSaved>>,
}

pub(super) fn screen(host: MemberId, moving: Option<BookingId>) -> AnyView {
    let it = Choosing {
        device: Device::here(),
        host,
        moving,
        chosen: RwSignal::default(),
        wants_several: RwSignal::new(false),
        day: RwSignal::new(None),
        is_live: RwSignal::new(false),
        said: RwSignal::new(""),
        topic: RwSignal::default(),
        talk: RwSignal::default(),
        avoid: RwSignal::default(),
        trouble: RwSignal::new(None),
    };
    it.come_alive();
    let (action, back) = match moving {
        Some(id) => (format!("/booking/{id}/move"), Page::Booking(id)),
        None => ("/booking/ask".to_owned(), Page::Bookings),
    };
    let form = ui::form(
        action,
        Callback::new(move |()| it.send()),
        vec![
            ui::live(move || it.days()),
            ui::live(move || it.toggle()),
            it.fields(),
            ui::live(move || it.foot()),
            ui::alert(it.said.into()),
            ui::trouble(it.device, it.trouble),
        ],
    );
    ui::screen(vec![
        ui::back(it.device.language, back.path()),
        ui::live(move || it.head()),
        form,
        ui::fetched(it.device),
    ])
}

impl Choosing {
    pub(super) fn words(self) -> &'static Words {
        words::of(self.device.language)
    }

    /// Takes over what was tapped before the code arrived, once the page is its own.
    fn come_alive(self) {
        let tapped = ui::typed("input[name=wish1]:checked");
        Effect::new(move || {
            if let Some((slot, _)) = tapped.as_deref().and_then(parse_wish) {
                self.chosen.set(vec![slot]);
            }
            let hash = window().location().hash().unwrap_or_default();
            let day = hash.strip_prefix("#d").and_then(|it| it.parse().ok());
            self.day.set(day.map(Day::from_number));
            self.is_live.set(true);
        });
    }

    fn is_offline(self) -> bool {
        self.device.status.with(|it| it.hold == Some(Hold::Offline))
    }

    pub(super) fn is_several(self) -> bool {
        self.wants_several.get() || self.is_offline()
    }

    pub(super) fn slots(self) -> Result<Vec<Slot>, Refusal> {
        let now = self.device.now.get();
        self.device
            .seen
            .with(|seen| free(seen, now, self.moving, |slot| slot.host == self.host))
    }

    /// The wishes in order, of slots that are still free.
    fn wishes(self) -> Vec<Wish> {
        let slots = self.slots().unwrap_or_default();
        self.chosen.with(|chosen| {
            let slot = |id: &SlotId| slots.iter().find(|it| it.id == *id);
            chosen.iter().filter_map(slot).map(Wish::from).collect()
        })
    }

    fn head(self) -> Vec<AnyView> {
        let words = self.words();
        self.device.seen.with(|seen| {
            let Some(host) = seen.view.hosts.get(&self.host) else {
                return vec![ui::title(words.choose, "")];
            };
            let who = super::free::who(self.device.language, Some(host));
            let talks = host.talks_about.as_ref().map(|it| ui::note(it.to_string()));
            let now_booked = self
                .moving
                .and_then(|it| seen.view.bookings.get(&it))
                .map(|it| {
                    let when = format::when(self.device.language, it.starts);
                    ui::note((words.now_booked)(&when))
                });
            let heading = if self.moving.is_some() {
                words.choose_move
            } else {
                words.choose
            };
            let parts = [Some(ui::title(who, heading)), talks, now_booked];
            vec![ui::el(
                "header",
                "flow",
                parts.into_iter().flatten().collect(),
            )]
        })
    }

    /// One time or up to three. Offline it is always up to three: the answer comes later.
    fn toggle(self) -> Vec<AnyView> {
        if !self.is_live.get() || self.is_offline() || self.slots().is_ok_and(|it| it.len() < 2) {
            return Vec::new();
        }
        let label = if self.wants_several.get() {
            self.words().one_only
        } else {
            self.words().several
        };
        let turn = Callback::new(move |()| {
            self.wants_several.update(|it| *it = !*it);
            self.chosen.update(|it| it.truncate(1));
        });
        vec![ui::button(Look::Plain, label, turn)]
    }

    fn fields(self) -> AnyView {
        if self.moving.is_some() {
            return ui::nothing();
        }
        let (words, host) = (self.words(), self.host);
        let only = ui::live(move || {
            let name = self.device.seen.with(|seen| {
                let host = seen.view.hosts.get(&host);
                host.map_or_else(String::new, |it| it.name.to_string())
            });
            vec![ui::note((words.only_host)(&name))]
        });
        let fields = view! {
            {only}
            <TextArea name="topic" label=words.topic hint=words.topic_hint most=200 rows=1 text=self.topic draft=format!("ask.{host}.topic")/>
            <TextArea name="talk" label=words.talk hint=words.talk_hint most=600 text=self.talk draft=format!("ask.{host}.talk")/>
            <TextArea name="avoid" label=words.avoid hint=words.avoid_hint most=600 rows=2 text=self.avoid draft=format!("ask.{host}.avoid")/>
        };
        ui::more("", words.write, vec![fields.any()])
    }

    /// What is chosen, what will happen, and the one button.
    fn foot(self) -> Vec<AnyView> {
        let (language, words) = (self.device.language, self.words());
        if !self.slots().is_ok_and(|it| !it.is_empty()) {
            return Vec::new();
        }
        let (wishes, is_several) = (self.wishes(), self.is_several());
        let has_lost = wishes.len() < self.chosen.with(Vec::len);
        let lines: Vec<_> = wishes
            .iter()
            .enumerate()
            .map(|(at, wish)| {
                let rank = is_several.then(|| format!("{} ", (words.wish)(at + 1)));
                let when = ui::text(format::when(language, wish.starts));
                let when = ui::el("strong", "", vec![when]);
                ui::el(
                    "li",
                    "",
                    rank.map(ui::text).into_iter().chain([when]).collect(),
                )
            })
            .collect();
        let note = match (self.is_offline(), is_several) {
            (true, _) => words.foot_offline,
            (false, true) => words.foot_several,
            (false, false) => words.foot_one,
        };
        let label = match (self.moving, is_several) {
            (_, true) => words.send_wishes,
            (Some(_), false) => words.move_here,
            (None, false) => words.book,
        };
        let parts = [
            Some(ui::el("ul", "figures", lines)),
            has_lost.then(|| ui::note(words.chosen_gone)),
            self.moving.map(|_| ui::note(words.foot_move)),
            Some(ui::note(note)),
            Some(ui::submit(Look::Primary, label)),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        let attributes = ui::attributes!["class" = "booking-foot", "aria-live" = "polite"];
        vec![ui::tag("div", attributes, parts)]
    }

    fn send(self) {
        let wishes = untrack(move || self.wishes());
        if wishes.is_empty() {
            self.said.set(self.words().none_chosen);
            return;
        }
        let asking = Asking {
            wishes,
            topic: self.topic.get_untracked(),
            talk: self.talk.get_untracked(),
            avoid: self.avoid.get_untracked(),
        };
        match self.moving {
            Some(booking) => ask_move(booking, asking.wishes, self.trouble, || {}),
            None => ask(asking, self.trouble, move || self.forget()),
        }
    }

    /// What was typed is in the outbox now.
    fn forget(self) {
        let Some(edge) = edge() else { return };
        for field in ["topic", "talk", "avoid"] {
            edge.keep_draft(&format!("ask.{}.{field}", self.host), "");
        }
    }
}
