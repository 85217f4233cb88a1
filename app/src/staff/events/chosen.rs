//! Choosing people from the list of all, which loads only when somebody looks.

use domain::{
    member::{Person, Role},
    refusal::Field,
};
use leptos::prelude::*;

use crate::{
    device::{Device, edge},
    staff::{
        form::{Draft, Form, about, heard, tick},
        lines::more_button,
        people::{Found, blank, by_name},
        search::folded,
        words::{self, event_form as words_of_form},
    },
    ui,
};

/// People drawn at once.
const STEP: usize = 60;

/// Boxes for everybody of these roles; the ticked ones stand in the draft, as ids with spaces between.
pub(super) fn people(
    device: Device,
    form: Form,
    (name, field): (&'static str, Field),
    picked: &Draft,
    is_one: fn(Role) -> bool,
) -> AnyView {
    let words = words_of_form::of(device.language);
    Effect::new(|_| edge().into_iter().for_each(|it| it.want("people")));
    let everybody = device.read(|seen| by_name(&seen.view));
    let wanted = Draft::new("", "");
    let drawn = RwSignal::new(STEP);
    let (filter, draft) = (wanted.text, picked.clone());
    let boxes = ui::live(move || {
        let wanted = folded(&filter.read());
        everybody.with(|all| {
            if all.is_empty() {
                return vec![blank(device)];
            }
            let found = all
                .iter()
                .filter(|it| is_one(it.0.role) && it.1.contains(&wanted));
            let found: Vec<&Found> = found.collect();
            let boxes = found.iter().take(drawn.get());
            let boxes = boxes.map(|it| person(&draft, name, &it.0)).collect();
            let mut parts = vec![ui::el("div", "event-people", boxes)];
            let rest = found.len().saturating_sub(drawn.get());
            if rest > 0 {
                let label = (words::of(device.language).show_more)(rest.min(STEP));
                parts.push(more_button(label, drawn, STEP));
            }
            parts
        })
    });
    let text = picked.text;
    let count = ui::live(move || {
        let n = text.with(|it| it.split_whitespace().count());
        vec![ui::note((words.picked)(n))]
    });
    let search = about(name, words.find, "");
    ui::stack(vec![
        form.line(&wanted, Field::Unknown, "search", &search),
        ui::el("div", "event-people__all", vec![boxes]),
        heard(count),
        form.trouble_line(field),
    ])
}

fn person(picked: &Draft, name: &'static str, it: &Person) -> AnyView {
    let id = it.id.to_string();
    let mut label = it.name.to_string();
    if let Some(more) = it.team.as_ref().or(it.school.as_ref()) {
        label.push('\u{3000}');
        label.push_str(more);
    }
    let (text, wanted, draft) = (picked.text, id.clone(), picked.clone());
    let is_ticked = Signal::derive(move || text.with(|it| it.contains(&wanted)));
    let turn = Callback::new(move |()| draft.keep(turned(&draft.now(), &id)));
    tick("event-box", ("checkbox", name), label, is_ticked, turn)
}

/// The ids with this one, or without it when it was among them. What is left of the last one is a space, which is kept
/// as a draft of nobody.
fn turned(ids: &str, id: &str) -> String {
    if ids.contains(id) {
        ids.replace(id, "") + " "
    } else {
        format!("{ids} {id}")
    }
}
