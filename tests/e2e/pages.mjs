// Every page in every dress: axe finds nothing serious, and a picture of each is kept.

import { AxeBuilder } from "@axe-core/playwright";
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { alive } from "./stage.mjs";

const SHOTS = path.join(path.dirname(fileURLToPath(import.meta.url)), "shots");

const PAGES = {
  nobody: ["/sign-in"],
  aoi: ["/", "/booking", "HOST", "BOOKING", "/event", "EVENT", "FULL", "OVER", "/faq", "/learn", "COURSE", "LESSON", "FORM", "/me", "/me/sync", "/me/devices", "/me/calendar", "/me/sights", "/nowhere"],
  mio: ["/staff", "/staff/slots", "/staff/interviews", "INTERVIEW", "/staff/promises", "/staff/events", "PLAN", "DOOR", "/me"],
  sato: ["/staff", "/staff/slots", "/staff/courses", "WRITTEN", "/staff/subsidies", "/staff/people", "/staff/people/import", "/staff/promises", "/staff/events", "/staff/events/new", "PLAN", "ASKED", "HELD", "EDIT", "/staff/settings"],
  doi: ["/staff", "/me"],
};

async function filled(page, address) {
  const first = async (from, selector) => {
    await page.goto(from);
    const link = page.locator(selector).first();
    // What is over stands in a drawer.
    await link.waitFor({ state: "attached" });
    return link.getAttribute("href");
  };
  switch (address) {
    case "HOST":
      return first("/booking", "main a[href^='/booking/host/']");
    case "BOOKING":
      return first("/booking", "main a[href^='/booking/']:not([href^='/booking/host/'])");
    case "INTERVIEW":
      return first("/staff/interviews", "main a[href^='/staff/interviews/']");
    case "EVENT":
      return first("/event", "main a[href^='/event/']:has-text('座談会'), main a[href^='/event/']:has-text('What the work')");
    case "FULL":
      return first("/event", "main a[href^='/event/']:has-text('夕食'), main a[href^='/event/']:has-text('Dinner')");
    case "ASKED":
      return first("/staff/events", "main a[href^='/staff/events/']:has-text('座談会'), main a[href^='/staff/events/']:has-text('What the work')");
    case "OVER":
      return first("/event", "main details a[href^='/event/']");
    case "HELD":
      return first("/staff/events", "main details a[href^='/staff/events/']");
    case "WRITTEN":
      return first("/staff/courses", "main a[href^='/staff/courses/']");
    case "COURSE":
      return first("/learn", "main .list a[href^='/learn/']");
    case "LESSON":
      return first(await first("/learn", "main .list a[href^='/learn/']"), "main .links a[href^='/learn/']");
    case "FORM":
      return first(await first("/learn", "main .list a[href^='/learn/']:has-text('簿記'), main .list a[href^='/learn/']:has-text('Bookkeeping')"), "main .links a[href^='/learn/']:has-text('補助'), main .links a[href^='/learn/']:has-text('Ask for')");
    case "PLAN":
    case "DOOR":
    case "EDIT": {
      const plan = await first("/staff/events", "main a[href^='/staff/events/']:not([href$='/new'])");
      return plan + { PLAN: "", DOOR: "/door", EDIT: "/edit" }[address];
    }
    default:
      return address;
  }
}

/** Serious and critical findings of a page, in one line each; what others made in a frame is theirs. */
export async function findings(page) {
  const { violations } = await new AxeBuilder({ page }).exclude("iframe").withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  return violations
    .filter((it) => ["serious", "critical"].includes(it.impact))
    .map((it) => `${it.id}: ${it.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
}

/** What is wider than the screen. */
export function overflowing(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    return wide > 1 ? `${location.pathname} is ${wide} px too wide` : "";
  });
}

/** Opens whatever is folded: it is part of the page. Some of it is fetched only then. */
async function unfold(page) {
  const folded = page.locator("main details:not([open]) > summary:visible");
  if ((await folded.count()) === 0) return false;
  const fetched = page.waitForResponse((it) => it.url().includes("/api/v1/sync"), { timeout: 1_500 }).catch(() => {});
  while ((await folded.count()) > 0) await folded.first().click();
  await fetched;
  return true;
}

export async function everyPage(stage) {
  mkdirSync(SHOTS, { recursive: true });
  const found = [];
  for (const scheme of ["light", "dark"]) {
    for (const language of ["ja", "en"]) {
      for (const [key, pages] of Object.entries(PAGES)) {
        const dress = { colorScheme: scheme, locale: language === "ja" ? "ja-JP" : "en-GB", reducedMotion: "reduce" };
        const phone = key === "nobody" ? await stage.phone(dress) : await stage.phoneOf(key, dress);
        const page = await phone.newPage();
        for (const address of pages) {
          const at = await filled(page, address);
          await page.goto(at);
          // Some pages are the server's alone, and load no code.
          if ((await page.locator("script[type=module]").count()) > 0) await alive(page);
          const label = `${key}${address.toLowerCase().replaceAll("/", "-")}-${language}-${scheme}`;
          await page.screenshot({ path: path.join(SHOTS, `${label}.png`), fullPage: true });
          if (await unfold(page)) await page.screenshot({ path: path.join(SHOTS, `${label}-open.png`), fullPage: true });
          // As high as the page, so that the fixed menu covers nothing that axe would then take for too small.
          const height = await page.evaluate(() => document.documentElement.scrollHeight + 120);
          await page.setViewportSize({ width: 360, height });
          for (const it of await findings(page)) found.push(`${label}: ${it}`);
          for (const width of [320, 1280]) {
            await page.setViewportSize({ width, height: 740 });
            const wide = await overflowing(page);
            if (wide) found.push(`${label} at ${width}: ${wide}`);
          }
          await page.setViewportSize({ width: 360, height: 740 });
        }
        for (const fault of phone.faults) found.push(`${key} ${language} ${scheme}: ${fault}`);
        await phone.close();
      }
    }
  }
  assert.deepEqual(found, []);
}
