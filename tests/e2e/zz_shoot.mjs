import { Stage, alive, kept } from "./stage.mjs";
import { mkdirSync } from "node:fs";
const OUT = "/tmp/shots"; mkdirSync(OUT, { recursive: true });
const stage = await Stage.open();
const shot = async (page, name, full = true) => { await page.waitForTimeout(250); await page.screenshot({ path: `${OUT}/${name}.png`, fullPage: full }); const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth); if (wide > 1) console.log(name, "too wide", wide); };
const open = async (page, url) => { await page.goto(url); await alive(page); };
const events = async (page) => { await open(page, "/event"); return page.$$eval("main a.card, main .links a", (as) => as.map((a) => [a.getAttribute("href"), a.textContent])); };
try {
  const aoi = await stage.phoneOf("aoi");
  const page = await aoi.newPage();
  page.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") console.log("console:", m.text()); });
  const list = await events(page);
  console.log(list);
  const find = (part) => list.find((it) => it[1].includes(part))[0];
  const [dinner, hybrid, small, past] = [find("夕食"), find("座談会"), find("話す会"), find("内定式")];
  await shot(page, "01-list");
  await open(page, "/"); await shot(page, "02-home");
  await open(page, dinner); await shot(page, "03-waiting");
  await open(page, hybrid); await shot(page, "04-hybrid");
  await page.click("button[value=on_site]"); await page.waitForTimeout(1500); await shot(page, "05-going");
  await page.click("label.choice"); await page.waitForTimeout(1500); await shot(page, "06-named");
  await open(page, past); await shot(page, "07-past");
  await open(page, "/"); await shot(page, "08-home-outcomes");
  const ren = await stage.phoneOf("ren"); const his = await ren.newPage();
  await open(his, hybrid); await shot(his, "09-online-going");
  await open(his, dinner); await his.click("button[value=declined]"); await his.waitForTimeout(1500); await shot(his, "10-declined");
  await open(his, "/event"); await his.click("summary >> nth=0"); await shot(his, "11-list-declined");
  await open(page, dinner); await page.waitForTimeout(800); await shot(page, "12-offered");
  await open(page, "/"); await page.waitForTimeout(800); await shot(page, "13-home-offered");
  const dark = await stage.phoneOf("aoi", { colorScheme: "dark" }); const night = await dark.newPage();
  for (const [url, name] of [["/event", "list"], [dinner, "offered"], [hybrid, "going"], ["/", "home"]]) { await open(night, url); await night.waitForTimeout(500); await shot(night, `20-dark-${name}`); }
  await night.evaluate(() => {}); 
  const en = await stage.phoneOf("aoi", { locale: "en-US" }); await en.addCookies([{ name: "language", value: "en", url: stage.origin }]);
  const english = await en.newPage();
  for (const [url, name] of [["/event", "list"], [dinner, "offered"], [hybrid, "going"], [small, "open"], ["/", "home"]]) { await open(english, url); await english.waitForTimeout(500); await shot(english, `30-en-${name}`); }
  for (const [url, name] of [["/event", "list"], [small, "open"], [hybrid, "going"], [dinner, "offered"], ["/", "home"]]) { await open(page, url); await page.evaluate(() => (document.documentElement.style.fontSize = "200%")); await shot(page, `40-large-${name}`); }
  const off = await stage.phoneOf("aoi"); const tunnel = await off.newPage();
  await open(tunnel, "/event"); await kept(tunnel); await tunnel.waitForTimeout(1000);
  stage.proxy.cut();
  await tunnel.click(`a[href='${small}']`); await tunnel.waitForTimeout(1500);
  await shot(tunnel, "50-offline-open");
  await tunnel.click("button[value=online]"); await tunnel.waitForTimeout(1000); await shot(tunnel, "51-offline-saved");
  await tunnel.click("a[href='/event'] >> nth=0"); await tunnel.waitForTimeout(500); await shot(tunnel, "52-offline-list");
  await tunnel.click("nav a[href='/']"); await tunnel.waitForTimeout(500); await shot(tunnel, "53-offline-home");
  await tunnel.click("a.unsent"); await tunnel.waitForTimeout(500); await shot(tunnel, "54-offline-outbox");
  const plain = async () => {};
  stage.proxy.restore();
  const bare = await stage.phoneOf("mei", { javaScriptEnabled: false }); const form = await bare.newPage();
  await form.goto(hybrid); await form.check("input[name=named]"); await form.click("button[value=maybe]"); await form.waitForTimeout(800); console.log("bare", form.url()); await shot(form, "60-bare");
  console.log("faults", aoi.faults, off.faults, en.faults);
} catch (error) { console.log(error.stack, stage.log.split("\n").slice(-15).join("\n")); }
await stage.close();
