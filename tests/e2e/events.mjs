// Events: one tap, with or without a signal; a line that is fair; a door without a connection.

import assert from "node:assert/strict";
import { film } from "./camera.mjs";
import { alive, kept, until } from "./stage.mjs";

const titles = { dinner: "社長との夕食会", table: "仕事を知る座談会", small: "入社2年目に聞く会" };

/** The page of an event, from the list. */
async function toEvent(page, title) {
  await page.goto("/event");
  await page.locator("main a[href^='/event/']", { hasText: title }).first().click();
  await page.waitForURL(/\/event\/[^/?]+/);
  await alive(page);
}

/** An event as those who plan it see it, from the console's list. */
async function toPlan(page, title) {
  await page.goto("/staff/events");
  await page.locator("main a[href^='/staff/events/']", { hasText: title }).first().click();
  await page.waitForURL(/\/staff\/events\/[^/]+$/);
  await alive(page);
}

/** Its door. */
async function toDoor(page, title) {
  await toPlan(page, title);
  await page.locator("main a[href$='/door']").first().click();
  await page.waitForURL("**/door");
}

/** The guest's own page, loaded anew, says that they were let in. */
async function readsOfBeingIn(page) {
  await page.goto(page.url());
  await until(page, "the guest reads that they are in", () => document.querySelector("main")?.innerText.includes("参加しました") ?? false);
}

const answer = (page, value) => page.locator(`main button[name=answer][value=${value}]`).first();
const confirmed = (page) => page.locator("main .standing--confirmed").first();

export const events = {
  async "an event: one tap, a place, a code for the door"(stage) {
    const phone = await stage.phoneOf("mei");
    const page = await phone.newPage();
    await toEvent(page, titles.table);
    await answer(page, "on_site").tap();
    await confirmed(page).waitFor();
    const text = await page.locator("main").innerText();
    assert.match(text, /[2-9A-HJKMNP-Z]{6}/, "a code to show");
    assert.ok(text.includes("学生証") && text.includes("本社 3階"), text);
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "an event in a tunnel: answered, closed, opened again, decided at the exit"(stage) {
    const phone = await stage.phoneOf("aoi");
    let page = await phone.newPage();
    await toEvent(page, titles.table);
    await kept(page);
    stage.proxy.cut();
    await answer(page, "online").tap();
    await page.getByText("端末に保存").first().waitFor();
    assert.equal(await page.locator("main .standing--confirmed").count(), 0, "nothing is confirmed that nobody confirmed");
    const address = new URL(page.url()).pathname;
    await page.close();
    page = await phone.newPage();
    await page.goto(address);
    await page.getByText("端末に保存").first().waitFor();
    // What one needs on the way there reads without a signal.
    const text = await page.locator("main").innerText();
    assert.ok(text.includes("学生証") && text.includes("03-0000-0000"), text);
    stage.proxy.restore();
    await confirmed(page).waitFor({ timeout: 70_000 });
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },

  async "a freed place: offered to who waits, taken in one tap on the home screen"(stage) {
    const [first, waiting] = [await stage.phoneOf("ren"), await stage.phoneOf("aoi")];
    const [one, two] = [await first.newPage(), await waiting.newPage()];
    await two.goto("/");
    await alive(two);
    await toEvent(one, titles.dinner);
    await answer(one, "declined").tap();
    const card = two.locator("main .card", { hasText: titles.dinner }).filter({ has: two.locator("button[name=answer][value=on_site]") }).first();
    await card.waitFor({ timeout: 30_000 });
    await card.locator("button[name=answer][value=on_site]").tap();
    await two.locator("main .card", { hasText: titles.dinner }).locator(".standing--confirmed").waitFor();
    await toEvent(two, titles.dinner);
    await confirmed(two).waitFor();
    assert.deepEqual([...first.faults, ...waiting.faults], []);
    await first.close();
    await waiting.close();
  },

  async "a question: asked in a tunnel without a name, answered, read by another"(stage) {
    const [phone, other, desk] = [await stage.phoneOf("aoi"), await stage.phoneOf("mei"), await stage.phoneOf("sato")];
    const [page, reader, console_] = [await phone.newPage(), await other.newPage(), await desk.newPage()];
    await toEvent(page, titles.table);
    await kept(page);
    stage.proxy.cut();
    await page.getByText("質問を書く").tap();
    await page.fill("textarea[name=question]", "当日、遅れて入っても大丈夫ですか。");
    await page.getByRole("button", { name: "質問を送る" }).tap();
    await page.locator("main .card", { hasText: "遅れて入っても" }).getByText("端末に保存").waitFor();
    assert.equal(await page.inputValue("textarea[name=question]"), "", "what was sent does not stay in the field");
    stage.proxy.restore();
    await page.locator("main .card", { hasText: "遅れて入っても" }).getByText("あなたの質問").waitFor({ timeout: 70_000 });
    await toPlan(console_, titles.table);
    const card = console_.locator("main .card", { hasText: "遅れて入っても" });
    assert.ok((await card.innerText()).includes("名前なし"));
    await card.getByRole("button", { name: /答える/ }).tap();
    await console_.fill("textarea[name=question-answer]", "はい。受付の者がご案内します。");
    await console_.fill("input[name=question-faq]", "遅れて参加できますか。");
    await console_.getByRole("button", { name: "この答えを出す" }).tap();
    await card.getByText("受付の者がご案内します").waitFor();
    await toEvent(reader, titles.table);
    const read = reader.locator("main .card", { hasText: "遅れて入っても" });
    await read.getByText("受付の者がご案内します").waitFor({ timeout: 30_000 });
    assert.ok(!(await reader.locator("main").innerText()).includes("青井"), "nobody reads whose it is");
    await kept(reader);
    stage.proxy.cut();
    await reader.goto("/faq");
    await reader.getByText("遅れて参加できますか。").tap();
    await reader.getByText("受付の者がご案内します").waitFor();
    assert.deepEqual([...phone.faults, ...other.faults, ...desk.faults], []);
    for (const it of [phone, other, desk]) await it.close();
  },

  async "without code: an answer by a form"(stage) {
    const phone = await stage.phoneOf("mei", { javaScriptEnabled: false });
    const page = await phone.newPage();
    await page.goto("/event");
    await page.locator("main a[href^='/event/']", { hasText: titles.small }).first().click();
    await answer(page, "online").click();
    await page.waitForURL(/\/event\/[^/]+/);
    await confirmed(page).waitFor();
    await phone.close();
  },

  async "the door in a tunnel: a code is read, and believed at the exit"(stage) {
    const [phone, host] = [await stage.phoneOf("mei"), await stage.phoneOf("sato")];
    const [page, door] = [await phone.newPage(), await host.newPage()];
    await toEvent(page, titles.table);
    await confirmed(page).waitFor();
    const code = (await page.locator("main").innerText()).match(/\b[2-9A-HJKMNP-Z]{6}\b/)[0];
    await toDoor(door, titles.table);
    await door.getByText("王 芽衣").first().waitFor();
    const typed = async (code) => {
      await door.locator("main input[type=text]").first().fill(code);
      await door.locator("main button[type=submit]").first().click();
    };
    // What is said twice is drawn twice: only so is it read out twice.
    const no = door.locator("main [role=status] .field__error");
    await typed("222222");
    await no.evaluate((it) => (it.isFirst = true));
    await typed("222222");
    await until(door, "it is said again", () => document.querySelector("main [role=status] .field__error")?.isFirst === undefined);
    await no.waitFor();
    stage.proxy.cut();
    await typed(code.toLowerCase());
    await door.getByText(/端末に保存|送信中/).first().waitFor();
    stage.proxy.restore();
    await readsOfBeingIn(page);
    assert.deepEqual([...phone.faults, ...host.faults], []);
    await phone.close();
    await host.close();
  },

  async "the door by camera in a tunnel: not allowed, allowed, a code is read"(stage) {
    const [phone, host] = [await stage.phoneOf("ren"), await stage.phoneOf("sato")];
    const [page, door] = [await phone.newPage(), await host.newPage()];
    await toEvent(page, titles.table);
    await answer(page, "on_site").tap();
    await page.locator("main .event-qr").waitFor();
    await film(page, stage.camera);
    await toDoor(door, titles.table);
    await door.getByText("蓮見 蓮").first().waitFor();
    await kept(door, "/staff/shell");
    stage.proxy.cut();
    await door.reload();
    await door.getByRole("button", { name: "カメラで読み取る" }).tap();
    await door.getByText("カメラを使えません").waitFor();
    await host.grantPermissions(["camera"], { origin: stage.origin });
    await door.getByRole("button", { name: "カメラで読み取る" }).tap();
    await door.locator(".event-door__in", { hasText: "蓮見 蓮" }).waitFor();
    await door.getByRole("button", { name: "カメラを閉じる" }).tap();
    assert.equal(await door.locator("video").count(), 0);
    stage.proxy.restore();
    await readsOfBeingIn(page);
    assert.deepEqual([...phone.faults, ...host.faults], []);
    await phone.close();
    await host.close();
  },

  async "small groups: made at the desk, read in a tunnel"(stage) {
    const [phone, desk] = [await stage.phoneOf("aoi"), await stage.phoneOf("sato")];
    const [page, console_] = [await phone.newPage(), await desk.newPage()];
    await toEvent(page, titles.table);
    await answer(page, "on_site").tap();
    await page.locator("main .event-qr").waitFor();
    await toPlan(console_, titles.table);
    await console_.getByRole("button", { name: "グループを作る" }).tap();
    await console_.locator(".event-groups .card", { hasText: "青井 葵" }).waitFor();
    const group = page.locator("main section", { has: page.getByRole("heading", { name: "グループ", exact: true }) });
    await group.getByText("グループ1").waitFor({ timeout: 30_000 });
    await kept(page);
    stage.proxy.cut();
    await page.reload();
    await group.getByText("グループ1").waitFor();
    await group.getByText("話のきっかけ").waitFor();
    assert.ok((await group.locator("li").count()) > 2, "something to talk about");
    stage.proxy.restore();
    assert.deepEqual([...phone.faults, ...desk.faults], []);
    await phone.close();
    await desk.close();
  },

  async "a memo: written after the event, read by who was not there"(stage) {
    const [phone, desk] = [await stage.phoneOf("mei"), await stage.phoneOf("sato")];
    const [page, console_] = [await phone.newPage(), await desk.newPage()];
    await console_.goto("/staff/events");
    await alive(console_);
    await console_.getByText("終わったイベント").tap();
    await console_.locator("main details a[href^='/staff/events/']").first().click();
    await console_.waitForURL(/\/staff\/events\/[^/]+$/);
    await alive(console_);
    await console_.fill("input[name=recording]", "http://meet.example.jp/r");
    await console_.getByRole("button", { name: "メモを出す" }).tap();
    await console_.getByText(/https/).last().waitFor();
    await console_.fill("input[name=recording]", "https://meet.example.jp/second");
    await console_.fill("textarea[name=memo]", "集合は**4階**に変わりました。");
    await console_.getByRole("button", { name: "メモを出す" }).tap();
    await page.goto("/event");
    await alive(page);
    await page.getByText("これまでの催し").tap();
    await page.locator("main details a[href^='/event/']").first().click();
    await page.getByRole("heading", { name: "当日のメモ" }).waitFor();
    await page.locator("main strong", { hasText: "4階" }).waitFor({ timeout: 30_000 });
    assert.equal(await page.getByRole("link", { name: "録画を見る" }).getAttribute("href"), "https://meet.example.jp/second");
    assert.deepEqual([...phone.faults, ...desk.faults], []);
    await phone.close();
    await desk.close();
  },
};
