//! What a host says of themselves.

use domain::{member::SetProfile, sync::mutation::Mutation};
use leptos::prelude::*;

use super::words;
use crate::{
    device::Device,
    ui::{self, Any, Look, Mark, TextArea},
};

/// A host's 「話せること」. Hidden for everybody else.
pub(super) fn profile(device: Device) -> AnyView {
    let words = words::of(device.language);
    if !device.who.get_value().is_none_or(|it| it.role.is_host()) {
        return ui::nothing();
    }
    let known = device.read(|seen| {
        let me = seen.view.myself()?;
        Some(me.talks_about.as_ref()?.to_string())
    });
    let text = RwSignal::new(known.get_untracked().unwrap_or_default());
    // The rows may come after the screen: then the field is filled once, unless somebody writes in it already.
    Effect::new(move |was: Option<Option<String>>| {
        let known = known.get();
        if let (None, Some(known)) = (was.flatten(), &known)
            && text.with_untracked(String::is_empty)
        {
            text.set(known.clone());
        }
        known
    });
    let trouble = RwSignal::new(None);
    let is_host = device.read(|seen| seen.view.myself().is_some_and(|it| it.role.is_host()));
    let mark = ui::live(move || {
        let standing = device.seen.with(|seen| {
            let me = seen.view.myself()?;
            Some(seen.standing("me", me.id))
        });
        let mark = standing.map(Mark::from).filter(|it| *it != Mark::Confirmed);
        let mark = mark.map(|it| ui::standing(device.language, it));
        mark.into_iter().collect()
    });
    let save = Callback::new(move |()| {
        let it = SetProfile {
            talks_about: Some(text.get_untracked()),
        };
        if it.checked().is_ok() {
            ui::act(Mutation::SetProfile(it), trouble, || {});
        }
    });
    let form = ui::form(
        "/me/profile".to_owned(),
        save,
        vec![
            view! { <TextArea name="talks_about" label=words.talks hint=words.talks_hint most=200 rows=2 text/> }.any(),
            mark,
            ui::trouble(device, trouble),
            ui::submit(Look::Second, words.save),
        ],
    );
    ui::shown_while(move || is_host.get(), form)
}
