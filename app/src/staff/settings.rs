//! 設定: how much may be booked. It holds for everybody at once, so it needs a connection.

use domain::{
    booking::Limits,
    refusal::Field,
    sync::{machine::Hold, mutation::Mutation},
};
use leptos::prelude::*;

use crate::ui::Any;

use super::{
    form::{Draft, Form, about, end},
    lines::{page, refusals},
    words::settings,
};
use crate::{
    device::{Device, Unsent},
    page::Page,
    ui,
};

/// Names of the four fields; each limit has its place.
const NAMES: [&str; 4] = [
    "lead-minutes",
    "member-per-day",
    "member-ahead",
    "host-per-day",
];

fn numbers(limits: Limits) -> [u16; 4] {
    let Limits {
        lead_minutes,
        member_per_day,
        member_ahead,
        host_per_day,
    } = limits;
    [lead_minutes, member_per_day, member_ahead, host_per_day]
}

/// How much may be booked.
pub(super) fn settings() -> AnyView {
    let device = Device::here();
    let words = settings::of(device.language);
    let form = Form::new(device.language);
    let limits = device.read(|seen| seen.view.limits());
    let refused = refusals(device, form, |name| name.starts_with("limits."));
    let drafts = numbers(limits.get_untracked()).map(|it| Draft::new("", it.to_string()));
    // Fields follow the numbers in force when somebody else, or the first load, changes them.
    let followed = drafts.clone();
    Effect::new(move |before: Option<Limits>| {
        let now = limits.get();
        if before.is_some_and(|it| it != now) {
            for (draft, number) in followed.iter().zip(numbers(now)) {
                draft.text.set(number.to_string());
            }
        }
        now
    });
    let fields = drafts.iter().zip(NAMES).zip(words.fields);
    let line = |((draft, name), (label, hint)): ((&Draft, _), _)| {
        form.line(draft, Field::Unknown, "number", &about(name, label, hint))
    };
    let fields = ui::el("div", "staff-numbers", fields.map(line).collect());
    let end = consequence(device, form);
    let send = Callback::new(move |()| set(device, form, &drafts));
    let form = ui::card(None, vec![Form::around(send, vec![fields, end])]);
    let parts = vec![
        refused,
        ui::section(words.limits, vec![ui::note(words.limits_more), form]),
    ];
    page("screen staff-narrow", &Page::Settings, "", parts)
}

/// The button says why it is off; while a change is on its way, it says that.
fn consequence(device: Device, form: Form) -> AnyView {
    let words = settings::of(device.language);
    let (is_held, is_sending) = (
        Memo::new(move |_| device.status.with(|it| it.hold == Some(Hold::Offline))),
        Memo::new(move |_| {
            let is_it = |it: &Unsent| matches!(it.mutation, Some(Mutation::SetLimits(_)));
            device.status.with(|it| it.unsent.iter().any(is_it))
        }),
    );
    let note = ui::live(move || {
        let note = match (is_held.get(), is_sending.get()) {
            (true, _) => words.offline,
            (_, true) => words.on_its_way,
            _ => words.save_more,
        };
        vec![ui::p("", note)]
    });
    let is_off = Signal::derive(move || is_held.get() || is_sending.get());
    let button = view! {
        <button class="button button--primary" type="submit" disabled=is_off>{words.save}</button>
    };
    end(note, vec![button.any(), form.answer()])
}

fn set(device: Device, form: Form, drafts: &[Draft; 4]) {
    let words = settings::of(device.language);
    let typed: Option<Vec<u16>> = drafts
        .iter()
        .map(|it| it.now().trim().parse().ok())
        .collect();
    let Some(&[lead_minutes, member_per_day, member_ahead, host_per_day]) = typed.as_deref() else {
        return form.fail(words.wrong);
    };
    let limits = Limits {
        lead_minutes,
        member_per_day,
        member_ahead,
        host_per_day,
    };
    form.send(Mutation::SetLimits(limits), move || {
        form.say(words.on_its_way.to_owned())
    });
}
