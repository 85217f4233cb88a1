// Lighthouse (mobile, simulated throttling) of the signed-in home on a first visit: a table of what is promised and measured.

import lighthouse from "lighthouse";
import { chromium } from "playwright-core";
import { Stage } from "./stage.mjs";

const BARS = [
  ["largest contentful paint, s", (it) => it.audits["largest-contentful-paint"].numericValue / 1000, (it) => it <= 1.8],
  ["total blocking time, ms", (it) => it.audits["total-blocking-time"].numericValue, (it) => it <= 150],
  ["cumulative layout shift", (it) => it.audits["cumulative-layout-shift"].numericValue, (it) => it <= 0.02],
  ["first contentful paint, s", (it) => it.audits["first-contentful-paint"].numericValue / 1000, () => true],
  ["bytes transferred, kB", (it) => it.audits["total-byte-weight"].numericValue / 1000, () => true],
  ["performance", (it) => it.categories.performance.score * 100, () => true],
  ["accessibility", (it) => it.categories.accessibility.score * 100, (it) => it === 100],
  ["best practices", (it) => it.categories["best-practices"].score * 100, (it) => it === 100],
];

const RUNS = Number(process.argv[2] ?? 3);
const stage = await Stage.open();
const phone = await stage.phoneOf("aoi");
const cookies = (await phone.cookies()).map((it) => `${it.name}=${it.value}`).join("; ");
await phone.close();
const port = 9_400 + (process.pid % 500);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [`--remote-debugging-port=${port}`, "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const runs = [];
for (let run = 0; run < RUNS; run += 1) {
  const result = await lighthouse(stage.origin, {
    port,
    output: "json",
    logLevel: "error",
    onlyCategories: ["performance", "accessibility", "best-practices"],
    formFactor: "mobile",
    throttlingMethod: "simulate",
    extraHeaders: { Cookie: cookies },
  });
  runs.push(result.lhr);
}
const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
let isKept = true;
for (const [name, value, bar] of BARS) {
  const measured = median(runs.map(value));
  const holds = bar(measured);
  isKept &&= holds;
  console.log(`${name.padEnd(32)}${measured.toFixed(measured < 10 ? 3 : 0).padStart(10)}  ${holds ? "" : "over the bar"}`);
}
for (const category of ["accessibility", "best-practices"]) {
  for (const { id } of runs[0].categories[category].auditRefs) {
    const audit = runs[0].audits[id];
    if (audit.score === null || audit.score === 1) continue;
    console.log(`  ${category}: ${id}: ${audit.title}`);
    for (const item of audit.details?.items ?? []) if (item.node) console.log(`    ${item.node.snippet}`);
  }
}
await browser.close();
await stage.close();
process.exit(isKept ? 0 : 1);
