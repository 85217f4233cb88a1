//! 枠: the weekly rules, the forms that open slots, and every slot ahead.

mod close;
mod list;
mod many;
mod one;
mod pattern;
mod place;
mod rules;

use domain::member::Role;
use leptos::prelude::*;

use crate::ui::Any;

use super::{
    form::Form,
    lines::{page, refusals},
    words::slots,
};
use crate::{
    device::{Device, edge},
    page::Page,
    ui,
};

pub(super) use close::word_form;
pub(super) use list::closing_now;

/// My slots, and for HR everybody's.
pub(super) fn slots() -> AnyView {
    let device = Device::here();
    let words = slots::of(device.language);
    let form = Form::new(device.language);
    let is_new = device
        .seen
        .with_untracked(|it| it.view.host_slots.is_empty());
    let is_here = |name: &str| name.starts_with("slot.") || name.starts_with("availability.");
    let forms = vec![
        opened(is_new, words.pattern, many::many(), || ()),
        opened(false, words.single, one::one(), || ()),
    ];
    let mut split = vec![
        ui::el("div", "staff-split__form stack", forms),
        rules::rules(device, form),
        list::list(device, form),
    ];
    if device
        .who
        .with_value(|it| it.is_some_and(|it| it.role == Role::Hr))
    {
        // Whose they are is in the list of people, which loads only when somebody looks.
        let look = || edge().into_iter().for_each(|it| it.want("people"));
        split.push(opened(false, words.others, list::others(device), look));
    }
    let parts = vec![
        refusals(device, form, is_here),
        ui::el("div", "staff-split", split),
    ];
    page("screen", &Page::Slots, words.lead, parts)
}

/// A part that opens in place; open from the start where nothing else can be done.
fn opened(is_open: bool, label: &'static str, form: AnyView, look: fn()) -> AnyView {
    let summary = ui::el("summary", "", vec![ui::el("h2", "", vec![ui::text(label)])]);
    let parts = vec![summary, ui::el("div", "more__body", vec![form])];
    view! { <details class="more staff-open" open=is_open on:toggle=move |_| look()>{parts}</details> }.anew()
}
