//! What of lessons is on this device: files in a cache of their own, each compared with its name before it counts. Large
//! ones come in parts, so a download that was cut goes on where it was.

use app::device::{Device, Stop};
use domain::learning::File;
use js_sys::Array;
use leptos::prelude::{Update, WithUntracked};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{browser, learning};

/// Looks what is here, and goes on by itself when the connection returns.
pub(crate) fn begin(device: Device) {
    spawn_local(async move {
        if learning::used().await.is_ok_and(|it| it.is_truthy()) {
            look(device);
            learning::receipts();
        }
    });
    let again = move |_| {
        if device
            .shelf
            .with_untracked(|it| it.stop == Some(Stop::Offline))
        {
            go_on(device);
        }
    };
    browser::listen(&browser::window(), "online", Box::new(again));
}

/// Looks what is here.
pub(crate) fn look(device: Device) {
    spawn_local(async move {
        let names = learning::kept().await.ok();
        let names = names.and_then(|it| it.dyn_into::<Array>().ok());
        let names = names.iter().flat_map(|it| it.iter());
        let names: Vec<Box<str>> = names
            .filter_map(|it| it.as_string().map(Into::into))
            .collect();
        device.shelf.update(|it| it.kept = names);
    });
}

/// Keeps these files, after those that are wanted already.
pub(crate) fn want(device: Device, files: Vec<File>) {
    device.shelf.update(|it| {
        for file in files {
            if !it.wanted.contains(&file) {
                it.wanted.push(file);
            }
        }
    });
    go_on(device);
}

/// Stops for now.
pub(crate) fn pause(device: Device) {
    device.shelf.update(|it| it.stop = Some(Stop::Paused));
}

/// Takes files off the device.
pub(crate) fn forget(device: Device, files: Vec<File>) {
    device.shelf.update(|it| {
        it.wanted.retain(|it| !files.contains(it));
        it.kept
            .retain(|name| files.iter().all(|it| it.name != *name));
    });
    spawn_local(async move {
        for file in files {
            // What cannot be deleted is found again at the next start.
            let _ = learning::remove(&file.name).await;
        }
    });
}

/// Fetches what is wanted and not here, one file after the other; only one at a time does so.
fn go_on(device: Device) {
    let is_busy = device.shelf.with_untracked(|it| it.is_busy);
    device.shelf.update(|it| it.stop = None);
    if !is_busy {
        spawn_local(fetch_all(device));
    }
}

async fn fetch_all(device: Device) {
    device.shelf.update(|it| it.is_busy = true);
    loop {
        let next = device.shelf.with_untracked(|it| {
            let mut missing = it.wanted.iter().filter(|file| !it.has(file));
            missing.next().filter(|_| it.stop.is_none()).cloned()
        });
        let Some(file) = next else { break };
        let told = Closure::new(move |bytes: f64| {
            device.shelf.update(|it| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a count of bytes"
                )]
                let bytes = bytes as u64;
                it.partly = bytes;
            });
            device.shelf.with_untracked(|it| it.stop.is_none())
        });
        #[expect(clippy::cast_precision_loss, reason = "files are megabytes")]
        let bytes = file.bytes as f64;
        let came = learning::keep(&file.name, bytes, &told).await.ok();
        let said = came.and_then(|it| it.as_string());
        device.shelf.update(|it| {
            it.partly = 0;
            match said.as_deref() {
                Some("") => it.kept.push(file.name.clone()),
                Some("paused") => {}
                Some("full") => it.stop = Some(Stop::Full),
                Some("damaged") => it.stop = Some(Stop::Damaged),
                _ => it.stop = Some(Stop::Offline),
            }
        });
    }
    device.shelf.update(|it| {
        it.is_busy = false;
        if it.stop.is_none() {
            it.wanted.clear();
        }
    });
}
