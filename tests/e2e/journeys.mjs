// The journeys: what a person does, from the first tap to what they read at the end.

import assert from "node:assert/strict";
import { alive, kept, saved } from "./stage.mjs";

const names = { aoi: "青井 葵", ren: "蓮見 蓮", mio: "森 美緒" };

/** The pages of a host with times, from the list of people. */
async function toTimesOf(page, name) {
  await page.goto("/booking");
  await page.locator("main a[href^='/booking/host/']", { hasText: name }).first().click();
  await page.waitForURL("**/booking/host/**");
  await page.locator("input[name=wish1]").first().waitFor({ state: "attached" });
}

const bookings = (page) => page.locator("main");

export const journeys = {
  async "sign in by the code of a mail"(stage) {
    const phone = await stage.phone();
    const page = await phone.newPage();
    await stage.signIn(page, "aoi");
    assert.equal(new URL(page.url()).pathname, "/");
    await page.getByText("青井").first().waitFor();
    stage.sessions.set("aoi", await phone.cookies());
    await phone.close();
  },

  async "book in three taps, and read 確定"(stage) {
    const phone = await stage.phoneOf("aoi");
    const page = await phone.newPage();
    await page.goto("/");
    await alive(page);
    let taps = 0;
    const tap = async (locator) => {
      taps += 1;
      await locator.tap();
    };
    const quick = page.locator("form[action='/booking/ask'] label:has(input[name=wish1])");
    if ((await quick.count()) > 0) {
      await tap(quick.first());
    } else {
      await tap(page.getByRole("link", { name: "予約" }).first());
      await tap(page.locator("main a[href^='/booking/host/']").first());
      await tap(page.locator("label:has(input[name=wish1])").first());
    }
    await tap(page.locator("form[action='/booking/ask'] button[type=submit]").first());
    await page.waitForURL(/\/booking\/[^/]+$/);
    await page.locator(".standing--confirmed").first().waitFor();
    assert.ok(taps <= 3, `${taps} taps`);
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "three wishes, then one only: the first stays marked"(stage) {
    const phone = await stage.phoneOf("ren");
    const page = await phone.newPage();
    await toTimesOf(page, names.mio);
    await alive(page);
    await page.getByRole("button", { name: "第3希望まで選ぶ" }).tap();
    const times = page.locator("main .choice:visible");
    for (const at of [0, 1]) await times.nth(at).tap();
    assert.equal(await times.locator("input:checked").count(), 2);
    const first = await times.nth(0).locator("input").inputValue();
    await page.getByRole("button", { name: "ひとつだけ選ぶ" }).tap();
    await page.getByRole("button", { name: "第3希望まで選ぶ" }).waitFor();
    assert.deepEqual(await times.locator("input:checked").evaluateAll((all) => all.map((it) => it.value)), [first]);
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "aeroplane: asked in a tunnel, closed, opened again, confirmed at the exit"(stage) {
    const phone = await stage.phoneOf("ren");
    let page = await phone.newPage();
    await page.goto("/booking");
    await alive(page);
    await kept(page);
    stage.proxy.cut();
    await page.locator("main a[href^='/booking/host/']").first().click();
    await page.waitForURL("**/booking/host/**");
    await page.locator("label:has(input[name=wish1])").first().click();
    await page.locator("form[action='/booking/ask'] button[type=submit]").first().click();
    await saved(page);
    assert.equal(await page.locator("main .standing--confirmed").count(), 0, "nothing is confirmed that nobody confirmed");
    const address = new URL(page.url()).pathname;
    await page.close();
    page = await phone.newPage();
    await page.goto(address);
    await page.getByText("端末に保存").first().waitFor();
    await page.goto("/me/sync");
    await page.locator("main li, main article, main .card").first().waitFor();
    stage.proxy.restore();
    await page.goto(address);
    await page.locator("main .standing--confirmed").first().waitFor({ timeout: 70_000 });
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "two phones, one slot: the second is told and offered others"(stage) {
    const [first, second] = [await stage.phoneOf("aoi"), await stage.phoneOf("mei")];
    const [one, two] = [await first.newPage(), await second.newPage()];
    for (const page of [one, two]) {
      await toTimesOf(page, names.mio);
      await alive(page);
    }
    // The second phone does not hear that the slot is gone.
    await two.route("**/api/**", (route) => route.abort());
    const value = await one.locator("input[name=wish1]").nth(1).getAttribute("value");
    for (const page of [one, two]) await page.locator(`label:has(input[value='${value}'])`).click();
    await one.locator("form[action='/booking/ask'] button[type=submit]").first().click();
    await one.locator(".standing--confirmed").first().waitFor();
    await two.locator("form[action='/booking/ask'] button[type=submit]").first().click();
    await two.getByText(/端末に保存|送信中/).first().waitFor();
    await two.unroute("**/api/**");
    await two.goto("/");
    const card = two.locator(".card, article, li").filter({ hasText: "ご希望の時間は取れませんでした" }).first();
    await card.waitFor({ timeout: 70_000 });
    const offers = card.locator("form[action='/booking/ask']");
    assert.ok((await offers.count()) >= 1 && (await offers.count()) <= 3, `${await offers.count()} offers`);
    await offers.first().locator("button").click();
    await two.locator(".standing--confirmed").first().waitFor();
    assert.deepEqual([...first.faults, ...second.faults], []);
    await first.close();
    await second.close();
  },

  async "a host opens a slot, closes a booked one with a word, writes a record with a promise"(stage) {
    const wide = { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false, deviceScaleFactor: 1 };
    const [laptop, phone] = [await stage.phoneOf("mio", wide), await stage.phoneOf("ren")];
    const [page, holder] = [await laptop.newPage(), await phone.newPage()];
    await page.goto("/staff/slots");
    await alive(page);
    await page.locator("summary", { hasText: "枠を1つ開く" }).click();
    const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    await page.fill("#one-day", day);
    await page.fill("#one-start", "19:00");
    await page.fill("#one-place", "本社3階 会議室B");
    await page.getByRole("button", { name: "この枠を開く" }).click();
    await page.getByText("一覧に並べました").first().waitFor();

    await toTimesOf(holder, names.mio);
    await alive(holder);
    await holder.locator(`.booking-strip__day[href='#d${Date.parse(day) / 86_400_000}']`).click();
    await holder.locator("label:has(input[name=wish1])", { hasText: "会議室B" }).first().click();
    await holder.locator("form[action='/booking/ask'] button[type=submit]").first().click();
    await holder.waitForURL(/\/booking\/[^/]+$/);
    await holder.locator(".standing--confirmed").first().waitFor();

    await page.goto("/staff/slots");
    await alive(page);
    const row = page.locator(".staff-line", { hasText: "会議室B" }).first();
    for (let turn = 0; turn < 20 && !(await row.isVisible()); turn += 1) {
      await page.getByRole("button", { name: /日/ }).last().click().catch(() => {});
    }
    await row.getByText("予約済み").first().waitFor();
    await row.locator("button[aria-label$='枠を閉じる']").click();
    await page.locator("textarea").last().fill("急な出張が入りました。ごめんなさい。");
    await page.getByRole("button", { name: "ひとことを届けて閉じる" }).click();
    await holder.getByText("急な出張が入りました").first().waitFor({ timeout: 30_000 });
    await holder.getByText("取り消されました").first().waitFor();

    await page.goto("/staff/interviews");
    await alive(page);
    const link = page.locator("main a[href^='/staff/interviews/']", { hasText: "メモを共有しました" }).first();
    await link.click();
    await page.waitForURL("**/staff/interviews/*");
    await page.getByRole("button", { name: "書き直す" }).click();
    await page.locator("textarea").first().fill("東京で働きたいと聞きました。");
    const promise = page.locator("fieldset.staff-promise").first();
    if (!(await promise.isVisible())) await page.getByRole("button", { name: "約束をもう1つ書く" }).click();
    await promise.locator("input[type=text]").fill("配属の希望を人事に伝える");
    await promise.locator("input[type=date]").fill(day);
    await page.getByRole("button", { name: "メモを共有する" }).click();
    await page.getByText("東京で働きたいと聞きました。").first().waitFor();
    const aoi = await stage.phoneOf("aoi");
    const home = await aoi.newPage();
    await home.goto("/");
    await home.getByText("配属の希望を人事に伝える").first().waitFor();
    assert.deepEqual([...laptop.faults, ...phone.faults, ...aoi.faults], []);
    for (const context of [laptop, phone, aoi]) await context.close();
  },

  async "without code: sign in, book, cancel, all by forms"(stage) {
    const phone = await stage.phoneOf("mei", { javaScriptEnabled: false });
    const page = await phone.newPage();
    await toTimesOf(page, "佐藤 健");
    const input = page.locator("input[name=wish1]").last();
    const panel = await input.evaluate((it) => it.closest("[id^=d]")?.id ?? "").catch(() => "");
    if (panel) await page.goto(`${page.url().split("#")[0]}#${panel}`);
    await input.check({ force: true });
    await page.locator("form[action='/booking/ask'] button[type=submit]").first().click();
    await page.waitForURL(/\/booking\/[^/]+(\?.*)?$/);
    await page.locator(".standing--confirmed").first().waitFor();
    const cancel = page.locator("form[action$='/cancel']");
    await page.locator("details:has(form[action$='/cancel']) summary").first().click().catch(() => {});
    await cancel.locator("button[type=submit]").click();
    await bookings(page).getByText("取り消されました").first().waitFor();
    await phone.close();
  },

  async "signing out leaves nothing of the person on the device"(stage) {
    const phone = await stage.phone();
    const page = await phone.newPage();
    await stage.signIn(page, "doi");
    await page.goto("/me");
    await alive(page);
    await page.locator("form[action='/sign-out'] button, button:has-text('ログアウト')").first().click();
    const sure = page.locator("dialog[open] button, [role=dialog] button").first();
    if (await sure.isVisible().catch(() => false)) await sure.click();
    await page.waitForURL("**/sign-in");
    const left = await page.evaluate(async () => {
      const databases = (await indexedDB.databases()).map((it) => it.name);
      const words = JSON.stringify({ ...localStorage, ...sessionStorage });
      const pages = [];
      for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) {
          const text = await (await caches.match(request)).clone().text();
          if (text.includes("土井")) pages.push(request.url);
        }
      }
      return { databases, words, pages };
    });
    assert.deepEqual({ databases: left.databases, pages: left.pages }, { databases: [], pages: [] });
    assert.ok(!left.words.includes("土井") && !/p:[\w-]{22}/.test(left.words), left.words);
    assert.equal((await phone.cookies()).filter((it) => it.name === "__Host-session").length, 0);
    await phone.close();
  },
};
