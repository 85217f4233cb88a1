//! 約束: what the company owes, by due day; below it, what was kept.

use domain::member::Language;
use leptos::prelude::*;

use super::{
    form::Form,
    lines::{Stood, heading, lines, mark, name_of, open_promises, with_standing},
    owed,
    words::{self, today},
};
use crate::{
    device::Device,
    format,
    page::Page,
    ui::{self, Blank, Look},
};

/// Kept promises drawn at once.
const STEP: usize = 50;

/// Everything the company owes or owed.
pub(super) fn promises() -> AnyView {
    let device = Device::here();
    let words = today::of(device.language);
    let form = Form::new(device.language);
    let count = device.read(|seen| owed::open_promises(&seen.view).len());
    let open = move || {
        if count.get() > 0 {
            return vec![
                ui::note(words.owed_more),
                open_promises(device, form, usize::MAX),
                ui::note(words.keep_more),
            ];
        }
        let blank = device
            .status
            .with(|it| Blank::of(it, words.open_none, words.open_none_more));
        vec![ui::empty(device.language, blank)]
    };
    view! {
        <div class="screen staff-narrow">
            {heading(device, &Page::Promises, "")}
            {form.answer()}
            <section class="section"><h2>{words.open}</h2>{open}</section>
            {kept(device)}
            {ui::fetched(device)}
        </div>
    }
    .into_any()
}

fn kept(device: Device) -> AnyView {
    let words = today::of(device.language);
    let kept = device.read(|seen| with_standing(seen, owed::kept_promises(&seen.view)));
    let drawn = RwSignal::new(STEP);
    let draw = move || {
        kept.with(|kept| {
            let line = |it: &Stood| kept_line(device.language, it);
            let all: Vec<_> = kept.iter().take(drawn.get()).map(line).collect();
            let rest = kept.len().saturating_sub(drawn.get());
            (!all.is_empty()).then(|| {
                let more = (rest > 0).then(|| more_button(device, rest, drawn));
                let parts: Vec<_> = [Some(lines(all)), more].into_iter().flatten().collect();
                ui::section(words.kept, parts)
            })
        })
    };
    draw.into_any()
}

fn more_button(device: Device, rest: usize, drawn: RwSignal<usize>) -> AnyView {
    let label = (words::of(device.language).show_more)(rest.min(STEP));
    let press = Callback::new(move |()| drawn.update(|it| *it += STEP));
    ui::button(Look::Second, label, press)
}

fn kept_line(language: Language, (it, standing): &Stood) -> AnyView {
    let words = today::of(language);
    let day = it
        .kept
        .as_ref()
        .map(|it| (words.kept_on)(&format::day(language, it.at.day())));
    view! {
        <div class="staff-line">
            <div class="staff-line__main">
                <span>{it.text.to_string()}</span>
                <span class="staff-line__more">{name_of(language, &it.member_name)}{words::of(language).dot}{day}</span>
            </div>
            <div class="staff-line__acts">{mark(language, *standing)}</div>
        </div>
    }
    .into_any()
}
