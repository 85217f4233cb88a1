// 学ぶ on the device: loaded when somebody opens it, and kept with the app's own files.
//
// In this order: the shelf (files that are kept), a lesson that is read, the form by which the company is asked to pay for an
// exam, words that are looked for. What is right and what may be asked says the domain; this only notes and shows.

// ── The shelf ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

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

// ── A lesson ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export async function open(name) {
  const path = "/media/" + name;
  const kept = await caches.open(CACHE).then((it) => it.match(path)).catch(() => null);
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

// ── Asking the company to pay ───────────────────────────────────────────────────────────────────────────────────────────────

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
    const kept = !photo || (await keepPhoto(id, photo).catch(() => false));
    say("full", !kept);
    const right = kept && answered("", id, [yen.value, paid.value, purpose.value].join(" "));
    say("wrong", kept && !right);
    if (right) setTimeout(() => form.closest("article")?.nextElementSibling?.scrollIntoView({ behavior: "smooth" }), 500);
    receipts();
  };
}

async function keepPhoto(id, photo) {
  const cache = await caches.open(RECEIPTS);
  await cache.put("/receipts/" + id, new Response(photo, { headers: { date: new Date().toUTCString() } }));
  return true;
}

let again = 0, wait = 2000;
addEventListener("online", receipts);
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

// ── Looking for words ───────────────────────────────────────────────────────────────────────────────────────────────────────

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
  const cache = await caches.open(CACHE).catch(() => null);
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
