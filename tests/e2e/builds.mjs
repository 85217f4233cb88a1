// Builds that meet: whatever the server, the page, its files and the worker are of, nobody looks at nothing.

import assert from "node:assert/strict";
import { nextBuild } from "./next_build.mjs";
import { alive, kept, saved, until } from "./stage.mjs";

/** A page of times, which has a heading and one button that matters. */
async function timesOf(page) {
  await page.goto("/booking");
  return page.locator("main a[href^='/booking/host/']").first().getAttribute("href");
}

/** The heading and the button are there for whoever looks. */
async function stands(page) {
  await page.locator("main h1").first().waitFor();
  await page.locator("form[action='/booking/ask'] button[type=submit]").first().waitFor();
}

/** Changes the server's pages on their way, and counts them. */
async function pagesThrough(page, change) {
  const seen = { count: 0 };
  await page.route("**/booking/host/*", async (route) => {
    seen.count += 1;
    const answer = await route.fetch();
    return route.fulfill({ response: answer, body: change(await answer.text()) });
  });
  return seen;
}

/** What another build would have drawn: the heading stands in another place. */
const drawnOtherwise = (html) => html.replace(/<h1/, "<section><h1").replace(/<\/h1>/, "</h1></section>");
const ofAnotherBuild = (html) => html.replace(/data-views="[0-9a-f]+"/, 'data-views="0000000000000000"');

/** Such a page may load itself anew before it is whole. */
const SOON = { waitUntil: "commit" };

const buildOf = (page) => page.evaluate(() => JSON.parse(document.getElementById("start").textContent).build);
const isShell = (page) => page.evaluate(() => document.body.dataset.start === "mount");

export const builds = {
  async "a new build arrives: the old shell, the new page, the offer, one reload"(stage) {
    const next = nextBuild(stage);
    const phone = await stage.phoneOf("ren");
    const page = await phone.newPage();
    const address = await timesOf(page);
    await alive(page);
    await kept(page);
    await stage.serve({ site: next.site });

    // The page of the new build under the worker of the old one.
    let loads = 0;
    page.on("load", () => (loads += 1));
    await page.goto(address);
    await stands(page);
    await alive(page);
    assert.equal(await buildOf(page), next.build);
    const old = await fetch(stage.origin + next.old.portal.wasm);
    assert.equal(old.status, 200, "pages of the old build find their files");

    // Nothing is taken under anybody's hands: it is offered.
    const offer = page.getByText("新しい版があります").first();
    await offer.waitFor();
    assert.equal(loads, 1);
    await page.locator(".notice", { has: offer }).getByRole("button").click();
    await until(page, "the new worker holds the new shell alone", async () => {
      const shells = (await caches.keys()).filter((it) => it.startsWith("shell-"));
      return shells.length === 1 && !(await navigator.serviceWorker.getRegistration()).waiting;
    });
    await stands(page);
    await alive(page);
    assert.equal(loads, 2, "once");
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "the shell of an old build meets the new server, and what was wished is confirmed"(stage) {
    const next = nextBuild(stage);
    const phone = await stage.phoneOf("mei");
    const page = await phone.newPage();
    const address = await timesOf(page);
    await alive(page);
    await kept(page);
    stage.proxy.cut();
    await stage.serve({ site: next.site });
    await page.goto(address);
    await stands(page);
    assert.equal(await isShell(page), true);
    assert.equal(await buildOf(page), next.old.build);
    await page.locator("label:has(input[name=wish1])").first().click();
    await page.locator("form[action='/booking/ask'] button[type=submit]").first().click();
    await saved(page);
    stage.proxy.restore();
    await page.locator("main .standing--confirmed").first().waitFor({ timeout: 70_000 });
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "a page of another build is drawn anew, not taken over"(stage) {
    const phone = await stage.phoneOf("ren", { serviceWorkers: "block" });
    const page = await phone.newPage();
    const address = await timesOf(page);
    const pages = await pagesThrough(page, (html) => ofAnotherBuild(drawnOtherwise(html)));
    await page.goto(address);
    await stands(page);
    await alive(page);
    // The new drawing takes the old one's place when it is whole.
    await until(page, "drawn by the code that is there", () => document.querySelector("section > h1") === null);
    assert.equal(pages.count, 1);
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "code that stops while it takes over is started once more, and draws anew"(stage) {
    const phone = await stage.phoneOf("ren", { serviceWorkers: "block" });
    const page = await phone.newPage();
    const address = await timesOf(page);
    const pages = await pagesThrough(page, drawnOtherwise);
    const unhandled = [];
    page.on("pageerror", (error) => unhandled.push(String(error)));
    await page.goto(address, SOON);
    await until(page, "the page is drawn anew", () => document.querySelector("section > h1") === null);
    await stands(page);
    await alive(page);
    assert.equal(pages.count, 2);
    assert.deepEqual(unhandled, []);
    await phone.close();
  },

  async "files that are gone: once more, then the page stands without code"(stage) {
    const phone = await stage.phoneOf("ren", { serviceWorkers: "block" });
    const page = await phone.newPage();
    const address = await timesOf(page);
    // Names that the server does not know, as after many builds.
    let gone = [/data-wasm="[^"]+"/, 'data-wasm="/assets/portal.0.wasm"'];
    const pages = await pagesThrough(page, (html) => html.replace(...gone));
    page.on("framenavigated", () => pages.count === 1 && (gone = ["", ""]));
    await page.goto(address, SOON);
    await until(page, "the second load finds the files", () => performance.getEntriesByType("navigation")[0].type === "reload");
    await stands(page);
    await alive(page);
    assert.equal(pages.count, 2);

    gone = [/data-js="[^"]+"/, 'data-js="/assets/portal.0.js"'];
    await page.goto(address, SOON);
    await page.locator("#fault").waitFor();
    await stands(page);
    assert.equal(pages.count, 4);
    await page.locator("label:has(input[name=wish1])").first().click();
    await page.locator("form[action='/booking/ask'] button[type=submit]").first().click();
    await page.waitForURL(/\/booking\/[^/]+(\?.*)?$/);
    await page.locator(".standing--confirmed").first().waitFor();
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "a shell without its files says so, and with a signal gives way to the network"(stage) {
    const next = nextBuild(stage, { keepsOld: false });
    const phone = await stage.phoneOf("ren");
    const page = await phone.newPage();
    const address = await timesOf(page);
    await alive(page);
    await kept(page);
    await page.evaluate(async (wasm) => {
      for (const name of await caches.keys()) await (await caches.open(name)).put(wasm, new Response("", { status: 404 }));
    }, next.old.portal.wasm);

    stage.proxy.cut();
    await stage.serve({ site: next.site });
    await page.goto(address);
    await page.getByRole("heading", { name: "開けませんでした" }).waitFor();

    stage.proxy.restore();
    const other = await phone.newPage();
    await other.goto("/version");
    stage.proxy.holdPages();
    const opened = page.getByRole("link", { name: "開き直す" }).click({ noWaitAfter: true });
    await until(other, "the old shell is given up", async () => (await caches.keys()).every((it) => !it.startsWith("shell-")));
    stage.proxy.restore();
    await opened;
    await stands(page);
    await alive(page);
    assert.equal(await isShell(page), false);
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "a worker at fault is switched off: gone at the next visit, with every file it kept"(stage) {
    const phone = await stage.phoneOf("ren");
    let page = await phone.newPage();
    const address = await timesOf(page);
    await alive(page);
    await kept(page);
    stage.proxy.cut();
    await page.goto(address);
    await page.locator("label:has(input[name=wish1])").first().click();
    await page.locator("form[action='/booking/ask'] button[type=submit]").first().click();
    await saved(page);
    const wish = new URL(page.url()).pathname;
    await page.close();

    await stage.serve({ settings: ["--worker-off"] });
    stage.proxy.restore();
    page = await phone.newPage();
    let loads = 0;
    page.on("load", () => (loads += 1));
    await page.goto(wish);
    await until(page, "the worker and its files are gone", async () => {
      const workers = await navigator.serviceWorker.getRegistrations();
      return workers.length === 0 && (await caches.keys()).length === 0 && navigator.serviceWorker.controller === null;
    });
    await page.locator("main .standing--confirmed").first().waitFor({ timeout: 70_000 });
    assert.ok(loads <= 2, `${loads} loads`);

    await stage.serve();
    await page.goto(address);
    await stands(page);
    await kept(page);
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "a new build is taken after half an hour out of sight, and not while something waits"(stage) {
    const next = nextBuild(stage);
    const phone = await stage.phoneOf("mei");
    const page = await phone.newPage();
    await page.clock.install();
    const address = await timesOf(page);
    await alive(page);
    await kept(page);
    await page.goto(address);
    await alive(page);
    let loads = 0;
    page.on("load", () => (loads += 1));
    const isSeen = (seen) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
        document.dispatchEvent(new Event("visibilitychange"));
      }, !seen);

    // An open page asks once an hour.
    await stage.serve({ site: next.site });
    await page.clock.fastForward("01:00:01");
    await page.getByText("新しい版があります").first().waitFor();

    stage.proxy.cut();
    await page.locator("label:has(input[name=wish1])").first().click();
    await page.locator("form[action='/booking/ask'] button[type=submit]").first().click();
    await saved(page);
    await isSeen(false);
    await page.clock.fastForward("31:00");
    assert.equal(loads, 0, "a wish waits");
    await isSeen(true);
    stage.proxy.restore();
    await page.clock.fastForward("02:00");
    await page.locator("main .standing--confirmed").first().waitFor();

    await isSeen(false);
    await page.clock.fastForward("20:00");
    assert.equal(loads, 0, "somebody may come back");
    const taken = page.waitForEvent("load");
    await page.clock.fastForward("11:00");
    await taken;
    await alive(page);
    await page.locator("main .standing--confirmed").first().waitFor();
    assert.equal(await buildOf(page), next.build);
    assert.equal(loads, 1, "once");
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },
};
