// What happens to a device: it is full, a tab of it sleeps, its browser tidies up, its person leaves.

import assert from "node:assert/strict";
import { alive, kept, saved, stored, until } from "./stage.mjs";

/** The page of times of the host with this name. */
async function timesOf(page, name) {
  await page.goto("/booking");
  const link = page.locator("main a[href^='/booking/host/']", { hasText: name }).first();
  await page.goto(await link.getAttribute("href"));
  await alive(page);
}

/** Somebody signs out where the server does not hear it. */
async function signedOutInATunnel(stage, who) {
  const phone = await stage.phone();
  const page = await phone.newPage();
  await stage.signIn(page, who);
  await page.goto("/me");
  await alive(page);
  const cookies = await phone.cookies();
  stage.proxy.cut();
  await page.locator("form[action='/sign-out'] button").first().click();
  await page.getByRole("heading", { name: "この端末からはログアウトしました" }).waitFor();
  return { phone, page, cookies };
}

async function ask(page) {
  await page.locator("label:has(input[name=wish1])").first().click();
  await page.locator("form[action='/booking/ask'] button[type=submit]").first().click();
}

/**
 * From now on the device is full `until` media or rows were deleted, or until it is told otherwise (`null`). A write ends as it does
 * on a full disk: with the abort of its transaction. The browser's own quota is no stage for a story: it counts late and by chance.
 */
const full = (page, until) =>
  page.evaluate((until) => {
    const { prototype } = IDBObjectStore;
    if (globalThis.fullUntil === undefined) {
      for (const name of ["put", "add"]) {
        const write = prototype[name];
        prototype[name] = function (...values) {
          const { transaction } = this;
          if (globalThis.fullUntil && !transaction.isRefused) {
            transaction.isRefused = true;
            Object.defineProperty(transaction, "error", { value: new DOMException("full", "QuotaExceededError") });
            queueMicrotask(() => transaction.abort());
          }
          return write.apply(this, values);
        };
      }
      const frees = (kind, owner, name) => {
        const free = owner[name];
        owner[name] = function (...values) {
          if (globalThis.fullUntil === kind) globalThis.fullUntil = null;
          return free.apply(this, values);
        };
      };
      frees("media", Cache.prototype, "delete");
      frees("rows", prototype, "clear");
    }
    globalThis.fullUntil = until;
  }, until);

/** What is left of somebody on this device. */
const left = (page, name) =>
  page.evaluate(async (name) => {
    const pages = [];
    for (const cache of await caches.keys()) {
      for (const request of await (await caches.open(cache)).keys()) {
        if ((await (await caches.match(request)).text()).includes(name)) pages.push(request.url);
      }
    }
    const words = Object.entries({ ...localStorage, ...sessionStorage }).filter(([key, value]) => key !== "sign-out" && `${key}${value}`.length > 0);
    return { databases: (await indexedDB.databases()).map((it) => it.name), pages, words, isShown: document.body.textContent.includes(name) };
  }, name);

const NOTHING = { databases: [], pages: [], words: [], isShown: false };

/** Does the server still know the session? */
async function isSignedIn(stage, cookies) {
  const cookie = cookies.map((it) => `${it.name}=${it.value}`).join("; ");
  const answer = await fetch(`${stage.origin}/me`, { headers: { cookie }, redirect: "manual" });
  return answer.status === 200;
}

export const device = {
  async "on a full device media make room for a wish"(stage) {
    const phone = await stage.phoneOf("ren");
    const page = await phone.newPage();
    await timesOf(page, "佐藤 健");
    await kept(page);
    stage.proxy.cut();
    await page.evaluate(async () => (await caches.open("media")).put("/media/lesson.mp4", new Response(new Uint8Array(1_000_000))));
    await full(page, "media");
    await ask(page);
    await saved(page);
    assert.equal(await page.evaluate(() => caches.has("media")), false);
    assert.equal(await stored(page, "outbox"), 1);
    assert.ok((await stored(page, "rows")) > 0, "rows stay while media are enough");
    stage.proxy.restore();
    await page.locator("main .standing--confirmed").first().waitFor({ timeout: 70_000 });
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "then rows make room; then the device says so, keeps the words, and drops nothing that waits"(stage) {
    const phone = await stage.phoneOf("mei");
    const page = await phone.newPage();
    await timesOf(page, "佐藤 健");
    await kept(page);
    stage.proxy.cut();
    await full(page, "rows");
    await ask(page);
    await saved(page);
    assert.deepEqual([await stored(page, "outbox"), await stored(page, "rows")], [1, 0]);

    await page.getByRole("link", { name: "予約" }).first().click();
    await page.locator("main a[href^='/booking/host/']", { hasText: "森 美緒" }).first().click();
    await page.locator("details:has(#talk) summary").click();
    await page.fill("#talk", "海外からの引っ越しのこと");
    await full(page, "ever");
    await ask(page);
    await page.getByText("この端末に保存できませんでした").waitFor();
    assert.equal(await page.inputValue("#talk"), "海外からの引っ越しのこと");
    assert.equal(await stored(page, "outbox"), 1, "what waited, waits");

    await full(page, null);
    await page.locator("form[action='/booking/ask'] button[type=submit]").first().click();
    await saved(page);
    assert.equal(await stored(page, "outbox"), 2);
    stage.proxy.restore();
    await page.goto("/booking");
    await until(page, "both are answered", () => document.querySelector(".standing--confirmed") !== null && document.querySelector(".unsent") === null);
    for (let turn = 0; turn < 100 && (await stored(page, "rows")) === 0; turn += 1) await page.waitForTimeout(100);
    assert.ok((await stored(page, "rows")) > 0, "rows are fetched again");
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "the tab that talks to the server says nothing any more: the other takes over, and its wish is confirmed"(stage) {
    const phone = await stage.phoneOf("aoi");
    const [first, second] = [await phone.newPage(), await phone.newPage()];
    // Chromium freezes no tab that is seen, and one that is not seen gives up the lead by itself: this one neither hears nor speaks.
    await second.addInitScript(() => {
      globalThis.BroadcastChannel = class extends EventTarget {
        postMessage() {}
        close() {}
      };
    });
    await first.clock.install();
    await timesOf(first, "佐藤 健");
    await timesOf(second, "佐藤 健");
    const own = await second.evaluate(() =>
      navigator.locks.request("who", async () => (await navigator.locks.query()).held.find((it) => it.name === "who").clientId),
    );
    const leader = () => first.evaluate(async () => (await navigator.locks.query()).held[0]?.clientId);
    for (let turn = 0; turn < 100 && (await leader()) !== own; turn += 1) await first.waitForTimeout(50);
    assert.equal(await leader(), own, "the tab that was opened last leads");
    await ask(first);
    await saved(first);
    await first.clock.fastForward("00:06");
    assert.equal(await first.locator("main .standing--confirmed").count(), 0, "a silent tab keeps its lead for a while");
    const delivered = first.waitForRequest((it) => it.url().endsWith("/api/v1/sync") && it.postData()?.includes("booking.ask"));
    // Three beats more without a word.
    await first.clock.fastForward("00:14");
    await first.locator("main .standing--confirmed").first().waitFor();
    await delivered;
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "the browser deleted what was stored: the next visit loads it again"(stage) {
    const phone = await stage.phoneOf("ren");
    const page = await phone.newPage();
    await timesOf(page, "佐藤 健");
    await kept(page);
    await until(page, "the first load is stored", async () => (await indexedDB.databases()).length > 0);
    const wire = await phone.newCDPSession(page);
    const storageTypes = "indexeddb,local_storage,cache_storage,service_workers";
    await wire.send("Storage.clearDataForOrigin", { origin: stage.origin, storageTypes });

    // The open page goes on, and what is wished on it arrives.
    await ask(page);
    await page.locator("main .standing--confirmed").first().waitFor({ timeout: 70_000 });

    await wire.send("Storage.clearDataForOrigin", { origin: stage.origin, storageTypes });
    await page.goto("/booking");
    await alive(page);
    await kept(page);
    stage.proxy.cut();
    await page.reload();
    await page.locator("main a[href^='/booking/host/']").first().waitFor();
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "signed out in a tunnel: nothing is left, the page says what is so and tells the server at the exit"(stage) {
    const { phone, page, cookies } = await signedOutInATunnel(stage, "kawai");
    await page.getByText("サーバーにはまだ伝わっていません").waitFor();
    assert.deepEqual(await left(page, "河合"), NOTHING);
    stage.proxy.restore();
    assert.equal(await isSignedIn(stage, cookies), true);
    await page.waitForURL("**/sign-in");
    assert.equal(await isSignedIn(stage, cookies), false);
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "signed out in a tunnel and closed: the next visit tells the server"(stage) {
    let { phone, page, cookies } = await signedOutInATunnel(stage, "doi");
    await page.close();
    stage.proxy.restore();
    page = await phone.newPage();
    await page.goto("/");
    await page.waitForURL("**/sign-in");
    assert.equal(await isSignedIn(stage, cookies), false);
    assert.deepEqual({ ...(await left(page, "土井")), words: [] }, NOTHING);
    await phone.close();
  },
};
