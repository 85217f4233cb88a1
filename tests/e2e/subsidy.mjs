// 受験料の補助: asked for in a tunnel with a photo that says where it was taken; what reaches HR says nothing of that.

import assert from "node:assert/strict";
import { alive, kept, until } from "./stage.mjs";

/** A photo as a camera makes one: large, and with the place in it. */
async function photo(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 2400, height: 3200 });
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fffef8";
    paper.fillRect(0, 0, 2400, 3200);
    paper.fillStyle = "#111";
    paper.font = "160px sans-serif";
    ["領収書", "¥3,300", "受験料として"].forEach((it, at) => paper.fillText(it, 300, 600 + at * 400));
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
  });
  const [taken, exif] = [Buffer.from(bytes), Buffer.from("Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0GPS 35.6812N 139.7671E", "latin1")];
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([taken.subarray(0, 2), head, exif, taken.subarray(2)]);
}

/** The way a person takes: the plan of 簿記3級, then its form. */
async function toForm(page) {
  await page.goto("/learn");
  await page.locator("main a[href^='/learn/']", { hasText: "日商簿記" }).first().click();
  await page.waitForURL(/\/learn\/[^/]+$/);
  await alive(page);
  await kept(page);
}

const card = (page) => page.locator("main .list .card", { hasText: "3,300円" });

export const subsidy = {
  async "a fee is asked for in a tunnel, with a photo that says where it was taken; HR sees the receipt and nothing else"(stage) {
    const phone = await stage.phoneOf("ren");
    let page = await phone.newPage();
    await toForm(page);
    for (const it of await page.getByRole("button", { name: /端末に保存/ }).all()) {
      if (await it.isVisible()) await it.tap();
    }
    const form = await page.locator("main .links a", { hasText: "受験料の補助" }).getAttribute("href");
    await until(page, "all of it is kept", () => document.querySelectorAll("main .standing--saved").length >= 3 || !document.querySelector("main progress"));
    await page.waitForTimeout(500);
    const taken = await photo(page);
    assert.ok(taken.includes("GPS"));
    stage.proxy.cut();
    await page.goto(form);
    await page.getByText("辞退しても返金は求めません。").waitFor();
    await alive(page);
    const send = page.getByRole("button", { name: "申し込む" });
    await send.tap();
    assert.equal(await card(page).count(), 0, "an amount is missing: nothing was sent");
    await page.getByLabel("金額(円)").fill("3300");
    await page.getByLabel("支払った日").fill(new Date(Date.now() - 864e5).toISOString().slice(0, 10));
    await page.locator("#receipt").setInputFiles({ name: "x.jpg", mimeType: "image/jpeg", buffer: Buffer.from("not a picture") });
    await page.getByText("この写真は読み込めませんでした。").waitFor();
    await page.locator("#receipt").setInputFiles({ name: "receipt.jpg", mimeType: "image/jpeg", buffer: taken });
    await page.locator("[data-preview] canvas").waitFor();
    await send.tap();
    await card(page).locator(".standing--saved").waitFor();
    // Pressed twice, it is still one.
    await send.tap();
    await page.waitForTimeout(300);
    assert.equal(await card(page).count(), 1);
    const waiting = await page.evaluate(async () => {
      const cache = await caches.open("receipts");
      const [key] = await cache.keys();
      const blob = await (await cache.match(key)).blob();
      const image = await createImageBitmap(blob);
      return { side: Math.max(image.width, image.height), bytes: blob.size, text: await blob.text() };
    });
    assert.equal(waiting.side, 1600);
    assert.ok(!waiting.text.includes("GPS") && !waiting.text.includes("Exif"), "the place stays on the phone");
    assert.ok(waiting.bytes < 400_000, `${waiting.bytes} bytes`);
    await page.close();
    stage.proxy.restore();

    page = await phone.newPage();
    await page.goto(form);
    await card(page).locator(".standing--owed").waitFor();
    await page.getByText("領収書の写真が届きました。").waitFor({ timeout: 30_000 });
    await until(page, "nothing waits", async () => (await (await caches.open("receipts")).keys()).length === 0);

    const desk = await stage.phoneOf("sato", { viewport: { width: 1100, height: 800 }, isMobile: false });
    const console_ = await desk.newPage();
    await console_.goto("/staff");
    await alive(console_);
    await console_.getByRole("link", { name: /件が返事を待っています/ }).click();
    const line = console_.locator("main .card", { hasText: "3,300円" });
    const image = line.locator("img");
    await image.scrollIntoViewIfNeeded();
    await until(console_, "the photo is here", () => document.querySelector("main img").naturalWidth === 1200);
    const bytes = await console_.evaluate(async () => (await fetch(document.querySelector("main img").src)).text());
    assert.ok(!bytes.includes("GPS"));
    await line.getByRole("button", { name: "見送る" }).click();
    await console_.getByText("受け取る方へ、ひとこと書いてください").waitFor();
    await line.getByLabel("本人へのひとこと").fill("お疲れさまでした。");
    await line.getByRole("button", { name: "認める" }).click();
    await console_.getByText("待っている申請はありません").waitFor();
    assert.deepEqual(desk.faults.filter((it) => !it.includes("422")), []);
    await desk.close();

    await page.bringToFront();
    await card(page).getByText("会社が支払います").waitFor({ timeout: 30_000 });
    await card(page).getByText("お疲れさまでした。").waitFor();
    assert.deepEqual(phone.faults, []);
    await phone.close();
  },
};
