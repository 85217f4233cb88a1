//! 約束: what the company owes, by due day; below it, what was kept.

use domain::{member::Language, promise::Promise, sync::replica::Seen};
use leptos::prelude::*;

use super::{
    form::Form,
    lines::{line, lines, mark, more, more_button, name_of, open_promises, page},
    owed,
    words::{self, today},
};
use crate::{
    device::Device,
    format,
    page::Page,
    ui::{self, Blank},
};

/// Kept promises drawn at once.
const STEP: usize = 50;

/// Everything the company owes or owed.
pub(super) fn promises() -> AnyView {
    let device = Device::here();
    let words = today::of(device.language);
    let form = Form::new(device.language);
    let is_some = Memo::new(move |_| {
        device
            .seen
            .with(|seen| !owed::open_promises(&seen.view).is_empty())
    });
    let open = ui::live(move || {
        if is_some.get() {
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
    });
    let drawn = RwSignal::new(STEP);
    let parts = vec![
        form.answer(),
        ui::section(words.open, vec![open]),
        ui::live(move || kept(device, drawn)),
    ];
    page("screen staff-narrow", &Page::Promises, "", parts)
}

fn kept(device: Device, drawn: RwSignal<usize>) -> Vec<AnyView> {
    let seen = device.seen.get();
    let kept = owed::kept_promises(&seen.view);
    if kept.is_empty() {
        return Vec::new();
    }
    let all = kept.iter().take(drawn.get());
    let all = lines(
        all.map(|it| kept_line(device.language, &seen, it))
            .collect(),
    );
    let mut parts = vec![all];
    let rest = kept.len().saturating_sub(drawn.get());
    if rest > 0 {
        let label = (words::of(device.language).show_more)(rest.min(STEP));
        parts.push(more_button(label, drawn, STEP));
    }
    vec![ui::section(today::of(device.language).kept, parts)]
}

fn kept_line(language: Language, seen: &Seen, it: &Promise) -> AnyView {
    let day = it.kept.as_ref().map_or_else(String::new, |it| {
        (today::of(language).kept_on)(&format::day(language, it.at.day()))
    });
    let name = name_of(language, &it.member_name);
    let about = format!("{name}{}{day}", words::of(language).dot);
    let main = vec![ui::text(it.text.to_string()), more(about)];
    line(
        "staff-line",
        main,
        mark(language, seen.standing("promise", it.id)),
    )
}
