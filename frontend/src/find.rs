//! Looks for words on this device. A text is read once and kept as it is compared: without difference between wide and
//! narrow, large and small, katakana and hiragana. Five hundred lessons are a million letters, which are read through in a few
//! milliseconds: an index would be larger than they are.

use leptos::prelude::{Callable, Callback};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

#[wasm_bindgen(inline_js = r#"
const texts = new Map(), MOST = 20, AROUND = 36;
let latest = 0;
const shown = (it) => it.normalize("NFKC").replace(/\s+/g, " ");
const plain = (it) => it.toLowerCase().replace(/[\u30a1-\u30f6]/g, (it) => String.fromCharCode(it.charCodeAt(0) - 96));
const entities = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " " };
const textOf = (html) =>
  html.replace(/<rt>.*?<\/rt>|<button.*?<\/button>/g, "").replace(/<[^>]*>/g, " ").replace(/&(\w+);/g, (all, it) => entities[it] ?? all);
let lines = "", all = [];
function known(entries) {
  if (entries != lines) {
    lines = entries;
    all = entries.split("\n").filter(Boolean).map((line) => {
      const [path, title, file, own] = line.split("\t"), it = shown(own);
      return { path, title, file, head: plain(shown(title)), body: { it, plain: plain(it) } };
    });
  }
  return all;
}
async function read(entries) {
  const cache = await caches.open("lessons").catch(() => null);
  for (const entry of known(entries)) {
    if (!entry.file) continue;
    if (!texts.has(entry.file)) {
      const kept = await cache?.match("/media/" + entry.file);
      if (!kept) continue;
      const it = shown(textOf(await kept.text()));
      texts.set(entry.file, { it, plain: plain(it) });
    }
    entry.body = texts.get(entry.file);
  }
}
export async function find(entries, words) {
  const turn = (latest += 1), wanted = plain(shown(words)).split(" ").filter(Boolean), found = [[], []];
  if (entries != lines) await read(entries);
  if (turn != latest) return null;
  for (const { path, title, head, body } of all) {
    if (!wanted.every((it) => head.includes(it) || body.plain.includes(it))) continue;
    const at = Math.max(0, body.plain.indexOf(wanted.find((it) => body.plain.includes(it)) ?? ""));
    const from = Math.max(0, at - AROUND), until = at + wanted[0].length + AROUND;
    const part = (from > 0 ? "…" : "") + body.it.slice(from, until).trim() + (until < body.it.length ? "…" : "");
    found[wanted.every((it) => head.includes(it)) ? 0 : 1].push([path, title, part].join("\t"));
    if (found[0].length >= MOST) break;
  }
  return found.flat().slice(0, MOST).join("\n");
}
"#)]
extern "C" {
    #[wasm_bindgen(catch, js_name = find)]
    async fn find_js(entries: &str, words: &str) -> Result<JsValue, JsValue>;
}

/// Looks for words in these entries; tells what was found, unless something else is looked for by then.
pub(crate) fn find(entries: &str, words: &str, heard: Callback<String>) {
    let (entries, words) = (entries.to_owned(), words.to_owned());
    spawn_local(async move {
        let found = find_js(&entries, &words).await.ok();
        if let Some(found) = found.and_then(|it| it.as_string()) {
            heard.try_run(found);
        }
    });
}
