//! What of lessons is on this device: files in a cache of their own, each compared with its name before it counts. Large
//! ones come in parts, so a download that was cut goes on where it was.

use app::device::{Device, Stop};
use domain::learning::File;
use js_sys::Array;
use leptos::prelude::{Update, WithUntracked};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{browser, lesson};

#[wasm_bindgen(inline_js = r#"
const CACHE = "lessons", PART = 1 << 19, WAIT = 20000;
const path = (name) => "/media/" + name;
const fetched = (name, headers) =>
  fetch(path(name), { headers: { "x-kakehashi": "shelf", ...headers }, cache: "no-store", signal: AbortSignal.timeout(WAIT) });
export async function kept() {
  const keys = await (await caches.open(CACHE)).keys();
  return keys.map((it) => new URL(it.url)).filter((it) => !it.search).map((it) => it.pathname.slice(7));
}
export async function remove(name) {
  const cache = await caches.open(CACHE);
  await cache.delete(path(name), { ignoreSearch: true });
}
export async function keep(name, bytes, told) {
  const cache = await caches.open(CACHE), parts = [];
  let kind = "application/octet-stream";
  for (let from = 0; from < bytes; from += PART) {
    const at = path(name) + "?from=" + from, until = Math.min(from + PART, bytes);
    let part = await cache.match(at);
    if (!part) {
      const answer = await fetched(name, bytes > PART ? { range: `bytes=${from}-${until - 1}` } : {}).catch(() => null);
      if (!answer) return "offline";
      if (!answer.ok) return answer.status < 500 ? "damaged" : "offline";
      const body = await answer.blob().catch(() => null);
      if (!body) return "offline";
      part = new Response(body, { headers: { "content-type": answer.headers.get("content-type") ?? kind } });
      if (bytes > PART) try { await cache.put(at, part.clone()) } catch { return "full" }
    }
    kind = part.headers.get("content-type") ?? kind;
    parts.push(await part.blob());
    if (!told(until)) return "paused";
  }
  const whole = new Blob(parts, { type: kind });
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await whole.arrayBuffer()));
  const hex = Array.from(digest, (it) => it.toString(16).padStart(2, "0")).join("");
  await cache.delete(path(name), { ignoreSearch: true });
  if (!name.startsWith(hex)) return "damaged";
  try { await cache.put(path(name), new Response(whole, { headers: { "content-type": kind, "content-length": String(whole.size) } })) } catch { return "full" }
  return "";
}
"#)]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn kept() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn remove(name: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch)]
    async fn keep(
        name: &str,
        bytes: f64,
        told: &Closure<dyn Fn(f64) -> bool>,
    ) -> Result<JsValue, JsValue>;
}

/// Looks what is here, and goes on by itself when the connection returns.
pub(crate) fn begin(device: Device) {
    look(device);
    lesson::send_receipts();
    let again = move |_| {
        lesson::send_receipts();
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
        let names = kept().await.ok().and_then(|it| it.dyn_into::<Array>().ok());
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
            let _ = remove(&file.name).await;
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
        let came = keep(&file.name, file.bytes as f64, &told).await;
        let said = came.ok().and_then(|it| it.as_string());
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
