//! A lesson that is read, and the form by which the company is asked to pay for an exam: a photo is made smaller and bare
//! here, and waits on the device until its request has arrived. The server drew all of it, so this only notes what is pressed and shows what was hidden; what is
//! right says [`domain::learning::quiz`].

use domain::learning::File;
use leptos::prelude::{Callable, Callback};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

#[wasm_bindgen(inline_js = r#"
export async function open(name) {
  const path = "/media/" + name;
  const kept = await caches.open("lessons").then((it) => it.match(path)).catch(() => null);
  const answer = kept ?? (await fetch(path, { signal: AbortSignal.timeout(20000) }));
  if (!answer.ok) throw 0;
  return answer.text();
}
function question(section, last, answered) {
  const { quiz, kind, accepts } = section.dataset;
  const [form, result, box] = ["form", "result", "given"].map((it) => section.querySelector(`[data-${it}]`));
  const options = [...section.querySelectorAll(".lesson-option")], word = form.querySelector("input");
  let chosen = [];
  const draw = () => {
    for (const it of options) {
      const place = chosen.indexOf(it.dataset.at);
      it.setAttribute("aria-pressed", place >= 0);
      it.dataset.place = kind == "order" && place >= 0 ? place + 1 : "";
    }
  };
  const step = (at) => form.querySelectorAll("[data-step]").forEach((it) => (it.hidden = it.dataset.step != at));
  const again = () => { chosen = []; draw(); step(0); form.hidden = false; result.hidden = true; };
  const show = (given, right) => {
    const said = kind == "short" ? [given] : kind == "scenario"
      ? [form.querySelector(`[data-step="${given}"] .prose`)?.textContent]
      : [...given].filter((it) => it.trim()).flatMap((at) => {
          const it = options.find((it) => it.dataset.at == at);
          return it ? [it.textContent, it.parentElement.querySelector("[data-why]")?.textContent] : [];
        });
    box.replaceChildren(...said.filter(Boolean).map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    section.querySelector("[data-right]").hidden = !right;
    section.querySelector("[data-wrong]").hidden = right;
    form.hidden = true;
    result.hidden = false;
  };
  const answer = (given) => { if (given.trim()) show(given, answered(quiz, accepts, given)); };
  const check = () => answer(word ? word.value : (kind == "multiple" ? chosen.slice().sort() : chosen).join(" "));
  for (const it of options) it.onclick = () => {
    const { at, to } = it.dataset;
    if (to) {
      step(to);
      if (!form.querySelector(`[data-step="${to}"] button`)) answer(to);
      return;
    }
    chosen = chosen.includes(at) ? chosen.filter((it) => it != at) : kind == "single" ? [at] : [...chosen, at];
    draw();
  };
  const press = form.querySelector("[data-check]");
  if (press) press.onclick = check;
  if (word) word.onkeydown = (event) => { if (event.key == "Enter" && !event.isComposing) check(); };
  section.querySelector("[data-again]").onclick = again;
  if (last) show(last[1], last[2] == "1");
}
const RECEIPTS = "receipts", MONTH = 3e10;
async function smaller(file) {
  const image = await createImageBitmap(file);
  const canvas = document.createElement("canvas"), scale = Math.min(1, 1600 / Math.max(image.width, image.height));
  canvas.width = image.width * scale;
  canvas.height = image.height * scale;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
// As `domain::id` writes one.
const DIGITS = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(22)), (it, at) => DIGITS[it & (at ? 63 : 3)]).join("");
function subsidy(form, known, answered) {
  const part = (name) => form.querySelector(`[data-${name}]`), { purpose, yen, paid, receipt } = form.elements;
  let photo = null, id = null;
  const say = (name, is) => (part(name).hidden = !is);
  paid.max = new Date(Date.now() + 324e5).toISOString().slice(0, 10);
  form.oninput = () => (id = null);
  receipt.onchange = async () => {
    const file = receipt.files[0];
    const canvas = file ? await smaller(file).catch(() => null) : null;
    photo = canvas && (await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8)));
    say("bad", file && !photo);
    say("preview", photo);
    if (photo) part("preview").replaceChildren(canvas);
    else receipt.value = "";
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    id ??= known ?? fresh();
    const kept = !photo || (await keep(id, photo).catch(() => false));
    say("full", !kept);
    const right = kept && answered("", id, [yen.value, paid.value, purpose.value].join(" "));
    say("wrong", kept && !right);
    if (right) setTimeout(() => form.closest("article")?.nextElementSibling?.scrollIntoView({ behavior: "smooth" }), 500);
    receipts();
  };
}
async function keep(id, photo) {
  const cache = await caches.open(RECEIPTS);
  await cache.put("/receipts/" + id, new Response(photo, { headers: { date: new Date().toUTCString() } }));
  return true;
}
let again = 0, wait = 2000;
export async function receipts() {
  clearTimeout(again);
  const cache = await caches.open(RECEIPTS).catch(() => null);
  let left = 0;
  for (const it of (await cache?.keys()) ?? []) {
    const kept = await cache.match(it);
    const answer = await fetch(it.url, { method: "PUT", headers: { "content-type": "image/jpeg" }, body: await kept.blob() }).catch(() => null);
    // Its request may not have arrived yet.
    const waits = !answer || [401, 404, 429].includes(answer.status) || answer.status >= 500;
    if (waits && Date.now() - Date.parse(kept.headers.get("date")) < MONTH) left += 1;
    else await cache.delete(it);
  }
  wait = left ? Math.min(wait * 2, 3e5) : 2000;
  if (left) again = setTimeout(receipts, wait);
}
let watched = null;
export function attend(last, answered, seen) {
  const lines = last.split("\n").map((it) => it.split("\t"));
  requestAnimationFrame(() => {
    document.querySelectorAll("[data-quiz]").forEach((it) => question(it, lines.find((line) => line[0] == it.dataset.quiz), answered));
    const form = document.querySelector("[data-subsidy]");
    if (form) subsidy(form, lines.find((line) => !line[0] && line[1])?.[1], answered);
    watched?.disconnect();
    let most = 0, timer = 0;
    watched = new IntersectionObserver((entries) => {
      for (const it of entries) if (it.isIntersecting) most = Math.max(most, 1 + Number(it.target.dataset.part));
      clearTimeout(timer);
      timer = setTimeout(() => { if (document.querySelector("[data-part]")) seen(most); }, 1500);
    });
    document.querySelectorAll("[data-part]").forEach((it) => watched.observe(it));
  });
}
"#)]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn open(name: &str) -> Result<JsValue, JsValue>;
    async fn receipts();
    #[wasm_bindgen(js_name = attend)]
    fn attend_js(last: &str, answered: JsValue, seen: JsValue);
}

/// Sends photos of receipts that wait on this device, and goes on trying.
pub(crate) fn send_receipts() {
    spawn_local(receipts());
}

/// Opens a lesson's page, from the device or from the network.
pub(crate) fn open_page(page: &File, heard: Callback<Option<String>>) {
    let name = page.name.clone();
    spawn_local(async move {
        let page = open(&name).await.ok().and_then(|it| it.as_string());
        heard.try_run(page);
    });
}

/// Lets the questions on this page be answered, and tells how many of its parts have been in sight.
pub(crate) fn attend(last: &str, answered: Callback<[String; 3], bool>, seen: Callback<u16>) {
    let answered = Closure::<dyn Fn(String, String, String) -> bool>::new(
        move |quiz: String, accepts: String, given: String| {
            answered.try_run([quiz, accepts, given]) == Some(true)
        },
    );
    let seen = Closure::<dyn Fn(u16)>::new(move |parts: u16| {
        seen.try_run(parts);
    });
    // They live as long as what stands on the page can call them; the callbacks inside end with the screen.
    attend_js(last, answered.into_js_value(), seen.into_js_value());
}
