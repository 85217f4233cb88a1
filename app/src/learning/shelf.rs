//! What of a module is on this device: its true state, and how to change it.

use domain::{
    learning::{File, Module},
    member::Language,
};
use leptos::prelude::*;

use super::words;
use crate::{
    device::{Device, Shelf, Stop, edge},
    ui::{self, Icon, Look},
};

/// The line under a module.
pub(super) fn module(device: Device, module: &Module) -> AnyView {
    let files: Vec<File> = module.files().cloned().collect();
    ui::live(move || device.shelf.with(|shelf| line(device, shelf, &files)))
}

fn line(device: Device, shelf: &Shelf, files: &[File]) -> Vec<AnyView> {
    let words = words::of(device.language);
    let total: u64 = files.iter().map(|it| it.bytes).sum();
    let size = bytes(total);
    let all = files.to_vec();
    let keep = move || {
        let all = all.clone();
        Callback::new(move |()| {
            if let Some(edge) = edge() {
                edge.keep_files(all.clone());
            }
        })
    };
    if files.iter().all(|it| shelf.has(it)) {
        let all = files.to_vec();
        let drop = Callback::new(move |()| {
            if let Some(edge) = edge() {
                edge.drop_files(all.clone());
            }
        });
        return vec![ui::row(vec![
            ui::standing_in("standing", Icon::Phone, words.kept),
            ui::button(Look::Plain, (words.drop)(&size), drop),
        ])];
    }
    let is_wanted = files.iter().any(|it| shelf.wanted.contains(it));
    if !is_wanted {
        return vec![ui::row(vec![ui::button(
            Look::Second,
            (words.keep)(&size),
            keep(),
        )])];
    }
    let here = shelf.bytes_of(files);
    let mut parts = vec![progress(device.language, here, total)];
    match shelf.stop {
        None => {
            let pause = Callback::new(|()| {
                if let Some(edge) = edge() {
                    edge.pause_files();
                }
            });
            parts.push(ui::button(Look::Plain, words.pause, pause));
        }
        Some(stop) => {
            parts.push(ui::note(match stop {
                Stop::Paused => words.paused,
                Stop::Offline => words.stopped,
                Stop::Full => words.full,
                Stop::Damaged => words.damaged,
            }));
            parts.push(ui::button(Look::Second, words.go_on_loading, keep()));
        }
    }
    vec![ui::stack(parts)]
}

fn progress(language: Language, here: u64, total: u64) -> AnyView {
    let words = words::of(language);
    let said = (words.loaded)(&bytes(here), &bytes(total));
    let bar = ui::tag(
        "progress",
        ui::attributes![
            "class" = "learning-bar",
            "max" = total.to_string(),
            "value" = here.to_string(),
            "aria-label" = said.clone()
        ],
        Vec::new(),
    );
    ui::stack(vec![bar, ui::p("caption", said)])
}

/// 「24 KB」, 「1.8 MB」.
fn bytes(count: u64) -> String {
    if count < 1_000_000 {
        return [&count.div_ceil(1_000).to_string(), " KB"].concat();
    }
    let tenths = count / 100_000;
    let (whole, tenth) = ((tenths / 10).to_string(), (tenths % 10).to_string());
    [&whole, ".", &tenth, " MB"].concat()
}
