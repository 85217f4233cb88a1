// The service worker: keeps the app's own files on the device, so that it opens without a signal.
//
// What it must not do: keep a page that the server made for somebody, answer for the server, or change the app while it is in use.
// The builder replaces the names in capitals between underscores and writes this file to /sw.js.

const BUILD = "__BUILD__";
const OFFLINE = "__OFFLINE__";

/** Two apps on one site: the neutral document of each (no person's data; it mounts itself from the device's store) and its files. */
const SHELLS = [
  { prefix: "/staff", document: "/staff/shell", files: "__CONSOLE__" },
  { prefix: "", document: "/shell", files: "__PORTAL__" },
];

const SHELL = `shell-${BUILD}`;
const MEDIA = "media";

/** Lessons that are to be read without a signal: the page fills it, and nothing of it goes by itself. */
const LESSONS = "lessons";

/** Lesson pictures and sounds: the least recently used go first. */
const MEDIA_MAX = 60;

/** A page from the network is newer, but nobody should look at nothing for longer than this. */
const NETWORK_MS = 2500;

const NEVER_TOUCHED = ["/api/", "/dev/", "/ics/"];

// ── Life ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

self.addEventListener("install", (event) => {
  // No skipWaiting: the new build waits until the app asks for it, or until nothing of the old one is open.
  event.waitUntil(shellsInUse().then((shells) => Promise.all(shells.map(keep))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("shell-") && name !== SHELL) await caches.delete(name);
      }
      // The request for a page starts while this worker is still waking up.
      await self.registration.navigationPreload?.enable();
      // The page of a first visit is of this build: pictures and films that it keeps come from here from now on.
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data?.kind === "skip-waiting") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (NEVER_TOUCHED.some((prefix) => `${url.pathname}/`.startsWith(prefix))) return;
  if (request.mode === "navigate") event.respondWith(page(event, shellOf(url.pathname)));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (url.pathname.startsWith("/media/") && !request.headers.has("x-kakehashi")) event.respondWith(media(event));
});

// ── Keeping a shell ────────────────────────────────────────────────────────────────────────────────────────────────────────

function shellOf(path) {
  return SHELLS.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
}

/** The shells of the pages that are open and those that an older build had kept; the portal's, if there is neither. */
async function shellsInUse() {
  const clients = await self.clients.matchAll({ includeUncontrolled: true, type: "window" });
  const open = clients.map((client) => shellOf(new URL(client.url).pathname));
  const kept = await Promise.all(SHELLS.map(async (shell) => ((await caches.match(shell.document)) ? shell : null)));
  const shells = new Set([...open, ...kept].filter(Boolean));
  return shells.size > 0 ? [...shells] : [shellOf("/")];
}

/** All or nothing: the document goes in last, and without it a shell does not count. */
async function keep(shell) {
  const cache = await caches.open(SHELL);
  if (await cache.match(shell.document)) return;
  await Promise.all(
    shell.files.map(async (address) => {
      if (!(await cache.match(address))) await cache.put(address, await fetchChecked(address));
    }),
  );
  const document = await fetch(shell.document, { cache: "no-store", credentials: "omit", redirect: "error" });
  const text = await document.clone().text();
  // Between two builds the server may already be another one: its document would name files that are not here.
  if (!document.ok || !shell.files.every((address) => !address.endsWith(".js") || text.includes(address))) {
    throw new Error(`${shell.document} is not of build ${BUILD}`);
  }
  await cache.put(shell.document, document);
}

/** Fetches a file and compares it with the hash in its name; what an intermediary spoiled is asked for once more, past all caches. */
async function fetchChecked(address) {
  const wanted = address.split(".").at(-2);
  for (const cache of ["default", "reload"]) {
    const response = await fetch(address, { cache, credentials: "omit", redirect: "error" });
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (hex.startsWith(wanted)) return response;
  }
  throw new Error(`${address}: damaged on the way`);
}

// ── Answering ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A page: from the network if it answers in time, else the neutral shell. Never stored: it may hold somebody's data. */
async function page(event, shell) {
  const network = fromNetwork(event);
  // A staff member's first page is the moment to keep the console too.
  event.waitUntil(network.then((response) => (response?.ok ? keep(shell) : null)).catch(() => null));
  const late = new Promise((resolve) => setTimeout(resolve, NETWORK_MS, null));
  const answer = await Promise.race([network, late]);
  if (answer) return answer;
  const kept = (await caches.match(shell.document, { cacheName: SHELL })) ?? null;
  return kept ?? (await network) ?? (await caches.match(OFFLINE)) ?? Response.error();
}

/** The server's answer, or null when there is none: no network, or a proxy that finds nobody behind it. */
async function fromNetwork(event) {
  try {
    const response = (await event.preloadResponse) ?? (await fetch(event.request));
    return [502, 503, 504].includes(response.status) ? null : response;
  } catch {
    return null;
  }
}

/** A hashed file never changes: whoever has it may give it. One that nobody has is the server's 404, never a page. */
async function asset(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function media(event) {
  const { request } = event;
  const lesson = await caches.match(new URL(request.url).pathname, { cacheName: LESSONS });
  if (lesson) return partOf(lesson, request.headers.get("range"));
  if (request.headers.has("range")) return fetch(request);
  const cache = await caches.open(MEDIA);
  const kept = await cache.match(request);
  const response = kept ?? (await fetch(request));
  if (response.status === 200) {
    const copy = response.clone();
    // Taken out and put back, the entry is the youngest: the order of the keys is the order of use.
    event.waitUntil(
      (async () => {
        await cache.delete(request);
        await cache.put(request, copy);
        const keys = await cache.keys();
        for (const key of keys.slice(0, Math.max(0, keys.length - MEDIA_MAX))) await cache.delete(key);
      })().catch(() => null),
    );
  }
  return response;
}

/** The part of a kept file for which a player asks. */
async function partOf(response, range) {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  if (!asked) return response;
  const file = await response.blob();
  const from = Number(asked[1]);
  const until = asked[2] ? Math.min(Number(asked[2]) + 1, file.size) : file.size;
  if (from >= file.size) return new Response(null, { status: 416, headers: { "content-range": `bytes */${file.size}` } });
  const headers = { "content-type": file.type, "content-range": `bytes ${from}-${until - 1}/${file.size}`, "content-length": String(until - from) };
  return new Response(file.slice(from, until), { status: 206, headers });
}
