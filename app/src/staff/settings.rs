//! 設定: how much may be booked. It holds for everybody at once, so it needs a connection.

use domain::{
    booking::Limits,
    refusal::Field,
    sync::{machine::Hold, mutation::Mutation},
};
use leptos::prelude::*;

use super::{
    form::{Draft, Form, about},
    lines::{heading, refusals},
    words::settings,
};
use crate::{device::Device, page::Page, ui};

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
    let lines: Vec<_> = drafts
        .iter()
        .zip(NAMES)
        .zip(words.fields)
        .map(|((draft, name), (label, hint))| {
            form.line(draft, Field::Unknown, "number", &about(name, label, hint))
        })
        .collect();
    let send = move || set(device, form, &drafts);
    let parts = vec![
        view! { <div class="staff-numbers">{lines}</div> }.into_any(),
        end(device, form),
    ];
    view! {
        <div class="screen staff-narrow">
            {heading(device, &Page::Settings, "")}
            {refusals(device, form, |name| name.starts_with("limits."))}
            <section class="section">
                <h2>{words.limits}</h2>
                {ui::note(words.limits_more)}
                {ui::card(None, vec![form.around(send, parts)])}
            </section>
            {ui::fetched(device)}
        </div>
    }
    .into_any()
}

/// The button says why it is off; while a change is on its way, it says that.
fn end(device: Device, form: Form) -> AnyView {
    let words = settings::of(device.language);
    let is_held = Memo::new(move |_| device.status.with(|it| it.hold == Some(Hold::Offline)));
    let is_sending = Memo::new(move |_| {
        device.status.with(|it| {
            let wishes = it.unsent.iter().filter_map(|it| it.mutation.as_ref());
            { wishes }.any(|it| matches!(it, Mutation::SetLimits(_)))
        })
    });
    let note = move || match (is_held.get(), is_sending.get()) {
        (true, _) => words.offline,
        (_, true) => words.on_its_way,
        _ => words.save_more,
    };
    view! {
        <div class="staff-form__end">
            <p id="limits-note" aria-live="polite">{note}</p>
            <button class="button button--primary" type="submit" aria-describedby="limits-note"
                disabled=move || is_held.get() || is_sending.get()>{words.save}</button>
            {form.answer()}
        </div>
    }
    .into_any()
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
