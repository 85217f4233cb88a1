//! 枠: the weekly rules, the forms that open slots, and every slot ahead.

mod close;
mod list;
mod many;
mod one;
mod pattern;
mod place;
mod rules;

use leptos::prelude::*;

use super::{
    form::Form,
    lines::{heading, refusals},
    words::slots,
};
use crate::{device::Device, page::Page, ui};

pub(super) use close::word_form;
pub(super) use list::closing_now;

/// My slots.
pub(super) fn slots() -> AnyView {
    let device = Device::here();
    let words = slots::of(device.language);
    let form = Form::new(device.language);
    let is_new = device
        .seen
        .with_untracked(|it| it.view.host_slots.is_empty());
    view! {
        <div class="screen">
            {heading(device, &Page::Slots, words.lead)}
            {refusals(device, form, |name| name.starts_with("slot.") || name.starts_with("availability."))}
            <div class="staff-split">
                <div class="staff-split__form stack">
                    {opened(is_new, words.pattern, many::many())}
                    {opened(false, words.single, one::one())}
                </div>
                {rules::rules(device, form)}
                {list::list(device, form)}
            </div>
            {ui::fetched(device)}
        </div>
    }
    .into_any()
}

/// A form that opens in place; open from the start where nothing else can be done.
fn opened(is_open: bool, label: &'static str, form: AnyView) -> AnyView {
    view! {
        <details class="more staff-open" open=is_open>
            <summary><h2>{label}</h2></summary>
            <div class="more__body">{form}</div>
        </details>
    }
    .into_any()
}
