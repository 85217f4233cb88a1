// Packages that others made: they play on a host of their own, what they report arrives, and they reach nothing else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { imported } from "./learning.mjs";
import { findings, overflowing } from "./pages.mjs";
import { ROOT, alive, until } from "./stage.mjs";

const sample = (name) => readFileSync(path.join(ROOT, "tests/packages", name));
const PAGES = { "index.html": sample("sco/index.html"), "shared/probe.js": sample("sco/shared/probe.js") };
const titled = (manifest, title) => String(sample(manifest)).replaceAll("電話の受け方", title);

/** The one lesson of a course, from the list. */
async function toLesson(page, title) {
  await page.goto("/learn");
  await page.locator("main a[href^='/learn/']", { hasText: title }).first().click();
  await page.waitForURL(/\/learn\/[^/]+$/);
  await alive(page);
  assert.equal(await page.getByRole("button", { name: /端末に保存/ }).count(), 0, "it plays with a signal only");
  await page.locator("main .links a").first().click();
  await page.getByRole("link", { name: "教材を開く" }).waitFor();
}

/** Opens the lesson; gives what is in the frame in the frame. */
async function open(page) {
  await page.getByRole("link", { name: "教材を開く" }).click();
  await page.waitForURL(/\/play$/);
  return page.frameLocator("iframe.learning-play");
}

const back = (page) => page.locator("main a[href^='/learn/']").first().click();

async function sent(page, act) {
  const answered = page.waitForResponse((it) => it.url().endsWith("/commit") && it.ok());
  await act();
  await answered;
}

/** From the first page to the score, on two phones. */
async function played(stage, manifest, title) {
  await imported(stage, title, { "imsmanifest.xml": titled(manifest, title), ...PAGES });
  const phone = await stage.phoneOf("aoi");
  const page = await phone.newPage();
  await toLesson(page, title);
  const lesson = (await open(page)).frameLocator("#lesson");
  assert.equal(await lesson.locator("#where").innerText(), "ab-initio");
  assert.deepEqual(await findings(page), []);
  assert.equal(await overflowing(page), "");
  await sent(page, () => lesson.locator("#half").tap());

  const other = await stage.phoneOf("aoi");
  const there = await other.newPage();
  await toLesson(there, title);
  const again = (await open(there)).frameLocator("#lesson");
  await again.getByText("resume page-2 half").waitFor();
  await sent(there, () => again.locator("#end").tap());
  await back(there);
  await there.locator(".lesson-quiz [data-given]").getByText("80", { exact: true }).waitFor();
  await there.getByText("合格しました。").waitFor();

  // The first phone hears of it as of anything else.
  await back(page);
  await page.locator(".lesson-quiz [data-given]").getByText("80", { exact: true }).waitFor();
  await page.goto("/learn");
  await page.locator("main a[href^='/learn/']", { hasText: title }).first().click();
  await page.locator("main .links a").first().getByText("読みました").waitFor();
  for (const it of [phone, other]) {
    assert.deepEqual(it.faults, []);
    await it.close();
  }
}

/** A lesson whose signal goes, twice. */
async function tunnelled(stage) {
  await imported(stage, "tunnel", { "imsmanifest.xml": titled("scorm12/imsmanifest.xml", "駅の話"), ...PAGES });
  const phone = await stage.phoneOf("ren");
  const page = await phone.newPage();
  await toLesson(page, "駅の話");
  let around = await open(page);
  await around.frameLocator("#lesson").locator("#where").waitFor();
  stage.proxy.cut();
  await around.frameLocator("#lesson").locator("#half").tap();
  await around.getByText("まだ送れていません。電波が戻ると自動で送ります。").waitFor();
  stage.proxy.restore();
  await sent(page, () => phone.setOffline(true).then(() => phone.setOffline(false)));
  await around.locator("#said").waitFor({ state: "hidden" });

  // Its end, and the page is closed before there is a signal.
  stage.proxy.cut();
  await around.frameLocator("#lesson").locator("#end").tap();
  await around.getByText("まだ送れていません。").waitFor();
  await page.close();
  stage.proxy.restore();
  const next = await phone.newPage();
  await toLesson(next, "駅の話");
  await sent(next, async () => {
    around = await open(next);
  });
  await around.frameLocator("#lesson").getByText("resume page-2 half").waitFor();
  await back(next);
  await next.locator(".lesson-quiz [data-given]").getByText("80", { exact: true }).waitFor();
  await phone.close();
}

export const packages = {
  async "a package of SCORM 1.2: played, closed, gone on with on another phone, its score in the app"(stage) {
    await played(stage, "scorm12/imsmanifest.xml", "電話の受け方");
  },

  async "a package of SCORM 2004: played, closed, gone on with on another phone, its score in the app"(stage) {
    await played(stage, "scorm2004/imsmanifest.xml", "電話のかけ方");
  },

  async "a package in a tunnel: what it set lies on the phone and is sent when there is a signal, or when it is opened next"(stage) {
    // On one site, as bridge.example.jp and play.bridge.example.jp are: else a browser without a past keeps nothing in the frame.
    const { origin } = stage;
    stage.origin = `http://bridge.localhost:${stage.proxy.port}`;
    stage.sessions.clear();
    await stage.serve({ settings: ["--play-address", `http://play.bridge.localhost:${stage.proxy.port}`] });
    try {
      await tunnelled(stage);
    } finally {
      stage.origin = origin;
      stage.sessions.clear();
    }
  },

  async "a curious package: no cookie, no page of ours, no other site, no window, no worker"(stage) {
    await imported(stage, "curious", { "imsmanifest.xml": titled("scorm12/imsmanifest.xml", "好奇心"), ...PAGES });
    const phone = await stage.phoneOf("mei");
    const page = await phone.newPage();
    const asked = [];
    page.on("request", (it) => asked.push(it));
    await toLesson(page, "好奇心");
    const drawn = page.waitForResponse((it) => /\/play\/[0-9a-f]{64}\/$/.test(it.url()));
    const around = await open(page);
    const policy = (await drawn).headers()["content-security-policy"];
    assert.ok(policy.endsWith(`frame-ancestors 'self' ${stage.origin}`), policy);
    await around.frameLocator("#lesson").locator("#where").waitFor();
    const frame = page.frames().find((it) => it.url().includes("/files/index.html"));
    assert.equal(new URL(frame.url()).hostname, "play.localhost");
    const before = asked.length;
    for (const elsewhere of [stage.origin, `http://127.0.0.1:${stage.proxy.port}`]) {
      const came = await frame.evaluate((elsewhere) => window.probe(elsewhere), elsewhere);
      for (const [what, answer] of Object.entries(came)) {
        // A beacon says no more than that it was taken.
        const isNothing = answer === "nothing" || answer.startsWith("refused") || what === "beacon";
        assert.ok(isNothing, `${what} at ${elsewhere}: ${answer}`);
      }
    }
    // Whatever the browser said to the script: nothing went there.
    await page.waitForTimeout(300);
    const arrived = [];
    for (const it of asked.slice(before)) if ((await it.response().catch(() => null)) && !it.url().includes("play.localhost")) arrived.push(it.url());
    assert.deepEqual(arrived, []);
    assert.equal(await page.evaluate(() => location.pathname.endsWith("/play")), true, "our page is where it was");
    // Forms and its own frame lead nowhere else either.
    await frame.evaluate((elsewhere) => {
      const form = Object.assign(document.createElement("form"), { action: `${elsewhere}/sign-out`, method: "post" });
      document.body.append(form);
      form.submit();
    }, stage.origin);
    await page.waitForTimeout(300);
    await page.goto("/me");
    await page.waitForURL(/\/me$/);
    await phone.close();
  },

  async "a unit of cmi5, with a client that others made: fetched, launched, completed, passed, in the app"(stage) {
    await imported(stage, "mail-unit", {
      "cmi5.xml": sample("cmi5/cmi5.xml"),
      "unit/index.html": sample("cmi5/unit/index.html"),
      "unit/Cmi5.umd.js": readFileSync(path.join(ROOT, "tests/e2e/node_modules/@xapi/cmi5/dist/Cmi5.umd.js")),
    });
    const phone = await stage.phoneOf("aoi");
    const page = await phone.newPage();
    await toLesson(page, "メールの書き方");
    const unit = await open(page);
    await unit.getByText('Normal 0.7 {"level":1}').waitFor();
    await unit.locator("#end").tap();
    await unit.getByText("done", { exact: true }).waitFor();
    await back(page);
    await page.locator(".lesson-quiz [data-given]").getByText("90", { exact: true }).waitFor();
    await until(page, "it is finished", () => document.body.textContent.includes("もう一度読むのも自由です"));
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },
};
