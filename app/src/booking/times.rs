//! Days as a strip, times as big buttons.

use domain::{
    booking::{MOST_WISHES, Slot},
    id::SlotId,
    member::Language,
    time::Day,
};
use leptos::prelude::*;

use super::{act::wish_value, host::Choosing, line::place};
use crate::{
    format,
    ui::{self, Blank},
};

impl Choosing {
    /// The strip and the times of the open day.
    pub(super) fn days(self) -> Vec<AnyView> {
        let (language, words) = (self.device.language, self.words());
        let slots = match self.slots() {
            Ok(slots) if !slots.is_empty() => slots,
            Ok(_) => {
                let blank = self
                    .device
                    .status
                    .with(|it| Blank::of(it, words.no_times_title, words.no_times));
                return vec![ui::empty(language, blank)];
            }
            Err(no) => return vec![ui::note(crate::words::refusal(language, &no))],
        };
        let mut days: Vec<Day> = slots.iter().map(|it| it.starts.day()).collect();
        days.dedup();
        let is_live = self.is_live.get();
        let open = self
            .day
            .get()
            .filter(|it| days.contains(it))
            .or(days.first().copied());
        let strip: Vec<_> = days
            .iter()
            .map(|day| {
                let count = slots.iter().filter(|it| it.starts.day() == *day).count();
                self.day_link(*day, count, is_live && open == Some(*day))
            })
            .collect();
        let panels: Vec<_> = days
            .into_iter()
            .filter(|it| !is_live || open == Some(*it))
            .map(|day| self.times(day, slots.iter().filter(|it| it.starts.day() == day)))
            .collect();
        let class = if is_live {
            "booking-days booking-days--live"
        } else {
            "booking-days"
        };
        let strip = ui::el("ul", "", strip);
        let attributes = ui::attributes!["class" = "booking-strip", "aria-label" = words.days];
        let strip = ui::tag("nav", attributes, vec![strip]);
        let parts = std::iter::once(strip).chain(panels);
        vec![ui::el("div", class, parts.collect())]
    }

    fn day_link(self, day: Day, count: usize, is_open: bool) -> AnyView {
        let (_, month, date) = day.date();
        let date = match self.device.language {
            Language::Ja => format!("{month}/{date}"),
            Language::En => {
                let whole = format::day(Language::En, day);
                whole.split_once(' ').map_or("", |it| it.1).to_owned()
            }
        };
        let weekday = format::weekday(self.device.language, day.weekday());
        let open = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            self.day.set(Some(day));
        };
        let count = (self.words().slots)(count);
        let parts = [
            ("caption", weekday.into()),
            ("booking-strip__date", date),
            ("caption", count),
        ]
        .map(|(class, it)| ui::el("span", class, vec![ui::text(it)]));
        let href = format!("#d{}", day.number());
        let current = is_open.then_some("true");
        let key = href.clone();
        let link = view! {
            <a class="booking-strip__day" href=href aria-current=current on:click=open>{Vec::from(parts)}</a>
        };
        ui::el("li", "", vec![ui::kept(key, link)])
    }

    fn times<'a>(self, day: Day, slots: impl Iterator<Item = &'a Slot>) -> AnyView {
        let (chosen, is_several) = (self.chosen.get(), self.is_several());
        let times: Vec<_> = slots
            .map(|slot| {
                let id = slot.id;
                let rank = chosen.iter().position(|it| *it == id);
                let is_off = is_several && rank.is_none() && chosen.len() >= MOST_WISHES;
                let mut text = Vec::new();
                if let Some(rank) = rank.filter(|_| is_several) {
                    let rank = ui::text((self.words().wish)(rank + 1));
                    text.push(ui::el("strong", "booking-time__rank", vec![rank]));
                }
                let span = ui::text(format::span(slot.starts));
                text.push(ui::el("span", "booking-time__span", vec![span]));
                let note = slot.note.as_ref();
                let note = note.map(|it| format!(" · {it}")).unwrap_or_default();
                let place = ui::text(place(self.device, &slot.place) + &note);
                text.push(ui::el("span", "caption", vec![place]));
                let pick = Callback::new(move |()| self.pick(id, is_several));
                let state = (rank.is_some(), is_off);
                ui::choice("wish1", wish_value(slot), is_several, state, text, pick)
            })
            .collect();
        let heading = format::day(self.device.language, day);
        let heading = ui::el("h2", "", vec![ui::text(heading)]);
        let times = ui::el("div", "booking-times__grid", times);
        let id = format!("d{}", day.number());
        let attributes = ui::attributes!["class" = "booking-times", "id" = id];
        ui::tag("div", attributes, vec![heading, times])
    }

    fn pick(self, id: SlotId, is_several: bool) {
        self.said.set("");
        self.chosen.update(|chosen| {
            if !is_several {
                *chosen = vec![id];
            } else if let Some(at) = chosen.iter().position(|it| *it == id) {
                chosen.remove(at);
            } else if chosen.len() < MOST_WISHES {
                chosen.push(id);
            }
        });
    }
}
