//! 「すぐ予約できる時間」: the next free time of up to three people. Two taps from home to a booking.

use domain::{
    booking::{Slot, Wish},
    id::SlotId,
    sync::machine::Hold,
};
use leptos::prelude::*;

use super::words;
use crate::{
    booking::{self, Asking},
    device::{Device, NotSaved},
    format,
    ui::{self, Look},
};

/// Times on the card.
const MOST_TIMES: usize = 3;

/// What is being chosen on the card.
#[derive(Clone, Copy)]
struct Quick {
    device: Device,
    times: Memo<Vec<Slot>>,
    chosen: RwSignal<Option<SlotId>>,
    said: RwSignal<&'static str>,
    trouble: RwSignal<Option<NotSaved>>,
}

pub(super) fn quick(device: Device) -> AnyView {
    let words = words::of(device.language);
    let times = Memo::new(move |_| {
        let now = device.now.get();
        let firsts = device
            .seen
            .with(|seen| booking::first_of_each_host(seen, now));
        firsts.into_iter().take(MOST_TIMES).collect()
    });
    let it = Quick {
        device,
        times,
        chosen: RwSignal::new(None),
        said: RwSignal::new(""),
        trouble: RwSignal::new(None),
    };
    let tapped = ui::typed("input[name=wish1]:checked");
    Effect::new(move || {
        if let Some((slot, _)) = tapped.as_deref().and_then(booking::parse_wish) {
            it.chosen.set(Some(slot));
        }
    });
    let form = ui::form(
        "/booking/ask".to_owned(),
        Callback::new(move |()| it.send()),
        vec![
            ui::stack(vec![ui::live(move || it.choices())]),
            ui::live(move || vec![it.note()]),
            ui::alert(it.said.into()),
            ui::trouble(device, it.trouble),
            ui::submit(Look::Primary, words.book),
        ],
    );
    let card = ui::section(words.quick, vec![form]);
    ui::shown_while(move || times.with(|it| !it.is_empty()), card)
}

impl Quick {
    fn choices(self) -> Vec<AnyView> {
        let language = self.device.language;
        let chosen = self.chosen.get();
        let choice = |slot: &Slot| {
            let id = slot.id;
            let host = self
                .device
                .seen
                .with(|seen| booking::who(language, seen.view.hosts.get(&slot.host)));
            let when = ui::text(format::when(language, slot.starts));
            let text = vec![
                ui::el("strong", "figures", vec![when]),
                ui::el("span", "note", vec![ui::text(host)]),
            ];
            let pick = Callback::new(move |()| {
                self.said.set("");
                self.chosen.set(Some(id));
            });
            let state = (chosen == Some(id), false);
            let value = booking::wish_value(slot);
            ui::choice("wish1", value, false, state, text, pick)
        };
        self.times.with(|it| it.iter().map(choice).collect())
    }

    /// What will happen when the button is pressed.
    fn note(self) -> AnyView {
        let words = words::of(self.device.language);
        let hold = self.device.status.with(|it| it.hold);
        ui::note(if hold == Some(Hold::Offline) {
            words.quick_offline
        } else {
            words.quick_note
        })
    }

    fn send(self) {
        let chosen = self.chosen.get_untracked();
        let times = self.times.get_untracked();
        let Some(slot) = times.iter().find(|it| Some(it.id) == chosen) else {
            self.said.set(words::of(self.device.language).none_chosen);
            return;
        };
        let asking = Asking {
            wishes: vec![Wish::from(slot)],
            ..Asking::default()
        };
        booking::ask(asking, self.trouble, || {});
    }
}
