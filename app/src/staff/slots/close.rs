//! Closing a slot. Somebody who booked it reads a word, exactly as it was written.

use domain::{
    booking::{CloseSlot, HostSlot, close},
    id::{BookingId, SlotId},
    member::Language,
    refusal::Field,
    sync::mutation::Mutation,
    time::Time,
};
use leptos::prelude::*;

use crate::ui::Any;

use crate::{
    device::Device,
    format,
    staff::{
        form::{Draft, Form, about},
        words::slots,
    },
    ui,
};

/// Characters of a word to the person.
const MOST: usize = 600;

/// Closes a free slot at once; for a taken one it opens the field for the word.
pub(super) fn close_button(
    language: Language,
    form: Form,
    slot: &HostSlot,
    is_taken: bool,
    asking: RwSignal<Option<SlotId>>,
) -> AnyView {
    let words = slots::of(language);
    let id = slot.id;
    let name = (words.close_at)(&format::when(language, slot.starts));
    let press = Callback::new(move |()| {
        if is_taken {
            asking.update(|it| *it = if *it == Some(id) { None } else { Some(id) });
        } else {
            let wish = CloseSlot {
                slot: id,
                word: String::new(),
            };
            form.send(Mutation::CloseSlot(wish), || ());
        }
    });
    let expanded = Signal::derive(move || is_taken.then(|| (asking.get() == Some(id)).to_string()));
    view! {
        <button class="button button--plain" type="button" aria-label=name aria-expanded=expanded on:click=move |_| press.run(())>
            {words.close}
        </button>
    }
    .anew()
}

/// The form that closes a taken slot with a word to the person.
pub(in crate::staff) fn word_form(
    device: Device,
    (slot, booking): (SlotId, BookingId),
    name: &str,
    starts: Time,
) -> AnyView {
    let words = slots::of(device.language);
    let form = Form::new(device.language);
    let draft = Draft::new(format!("slots.close.{slot}"), "");
    let sent = draft.clone();
    let send = Callback::new(move |()| {
        let Some(edge) = form.edge() else { return };
        let word = sent.now();
        if let Err(no) = close(&word, Some(booking), starts, edge.now()) {
            return form.refuse(&no);
        }
        let sent = sent.clone();
        let wish = CloseSlot { slot, word };
        form.send(Mutation::CloseSlot(wish), move || sent.forget(""));
    });
    let parts = vec![
        ui::note((words.word_to)(name)),
        form.area(
            &draft,
            Field::Word,
            MOST,
            &about("close-word", words.word, words.word_hint),
        ),
        ui::submit(ui::Look::Second, words.close_with_word),
        form.answer(),
    ];
    ui::el("div", "staff-line__form", vec![Form::around(send, parts)])
}
