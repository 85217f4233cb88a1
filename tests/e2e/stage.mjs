// The stage: the real server with the demo company on a fresh database, a TCP proxy that can be cut, Chromium.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const SITE = path.join(ROOT, "target/site");

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Passes bytes on until it is cut: an open stream ends too, as in a tunnel. Chromium's own offline switch leaves such streams alive. */
class Proxy {
  #sockets = new Set();
  #isCut = false;
  #held = null;

  constructor(target) {
    this.server = net.createServer((near) => {
      if (this.#isCut) return near.destroy();
      const far = net.connect(target, "127.0.0.1");
      for (const [one, other] of [[near, far], [far, near]]) {
        this.#sockets.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
      far.pipe(near);
      near.on("data", async (bytes) => {
        // A new page is asked for in one piece, and nothing follows it before its answer.
        if (bytes.includes("Sec-Fetch-Mode: navigate")) await this.#held?.released;
        far.write(bytes);
      });
    });
  }

  async listen() {
    this.port = await freePort();
    await new Promise((resolve) => this.server.listen(this.port, "127.0.0.1", resolve));
  }

  cut() {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** From now on no page comes, though everything else does. */
  holdPages() {
    this.#held = {};
    this.#held.released = new Promise((resolve) => (this.#held.release = resolve));
  }

  restore() {
    this.#isCut = false;
    this.#held?.release();
    this.#held = null;
  }

  close() {
    this.cut();
    this.server.close();
  }
}

export class Stage {
  static async open() {
    const stage = new Stage();
    stage.folder = mkdtempSync(path.join(tmpdir(), "kakehashi-journeys-"));
    stage.port = await freePort();
    stage.proxy = new Proxy(stage.port);
    await stage.proxy.listen();
    stage.origin = `http://localhost:${stage.proxy.port}`;
    stage.log = "";
    stage.sessions = new Map();
    await stage.serve();
    stage.camera = path.join(stage.folder, "camera.y4m");
    const camera = ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${stage.camera}`];
    stage.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...ARGUMENTS, ...camera] });
    return stage;
  }

  /** Starts the server, or starts it anew on the same database with other files and settings. */
  async serve({ site = SITE, settings = [] } = {}) {
    await this.stop();
    const binary = process.env.KAKEHASHI_BINARY ?? path.join(ROOT, "target/release/kakehashi");
    const options = ["serve", "--demo", "--listen", `127.0.0.1:${this.port}`, "--origin", this.origin];
    options.push("--database", `sqlite:${path.join(this.folder, "kakehashi.db")}`, "--site", site, ...settings);
    this.server = spawn(binary, options, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.server.stdout, this.server.stderr]) stream.on("data", (text) => (this.log += text));
    this.isPlain = site === SITE && settings.length === 0;
    await this.#ready();
  }

  /** As every journey finds it. */
  async tidy() {
    this.proxy.restore();
    for (const context of this.browser.contexts()) await context.close();
    if (!this.isPlain) await this.serve();
  }

  async #ready() {
    for (let turn = 0; turn < 600; turn += 1) {
      if (this.server.exitCode !== null) break;
      const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the server does not answer:\n${this.log}`);
  }

  /** A phone of nobody yet. */
  async phone(options = {}) {
    return await this.#watched(await this.browser.newContext({ ...this.#shape(), ...options }));
  }

  /** The phone of somebody of the cast whose browser can be killed: what it keeps stands in a folder. */
  async profileOf(key, folder) {
    if (!this.sessions.has(key)) await (await this.phoneOf(key)).close();
    const started = { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS };
    const context = await this.#watched(await chromium.launchPersistentContext(folder, { ...this.#shape(), ...started }));
    // A browser writes new cookies down after a while only; a person's are old.
    await context.addCookies(this.sessions.get(key));
    return context;
  }

  #shape() {
    return { baseURL: this.origin, viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: "ja-JP", timezoneId: "Asia/Tokyo" };
  }

  async #watched(context) {
    context.setDefaultTimeout(15_000);
    context.faults = [];
    // A page says when it has opened the person's database: that one is there tells of an earlier page, too.
    await context.addInitScript(() => {
      const { open } = IDBFactory.prototype;
      IDBFactory.prototype.open = function (name, ...rest) {
        const request = open.call(this, name, ...rest);
        if (name.startsWith("kakehashi-")) request.addEventListener("success", () => (window.storeIsOpen = true));
        return request;
      };
    });
    context.on("weberror", (it) => context.faults.push(String(it.error())));
    context.on("console", (it) => {
      // What the browser itself says of a cut network, of the worker's script too, is no fault of ours.
      if (it.type() === "error" && !/ERR_|Failed to load resource|net::|unknown error occurred when fetching the script/.test(it.text())) context.faults.push(it.text());
    });
    return context;
  }

  /** A phone on which somebody of the cast is signed in. The session is made once and copied: mails have a limit. */
  async phoneOf(key, options = {}) {
    if (!this.sessions.has(key)) {
      const first = await this.phone();
      await this.signIn(await first.newPage(), key);
      this.sessions.set(key, await first.cookies());
      await first.close();
    }
    const context = await this.phone(options);
    await context.addCookies(this.sessions.get(key));
    return context;
  }

  /** Signs in by the code of the mail. */
  async signIn(page, key) {
    await page.goto("/sign-in");
    await page.fill("input[name=email]", `${key}@example.jp`);
    const known = (await this.mailsTo(key)).length;
    await page.click("form:has(input[name=email]) button[type=submit]");
    await page.waitForURL("**/sign-in/code");
    await page.fill("input[name=code]", await this.nextCode(key, known));
    await page.click("form:has(input[name=code]) button[type=submit]");
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  }

  /** Mails to somebody as /dev/mail shows them, newest first. */
  async mailsTo(key) {
    const html = await (await fetch(`http://127.0.0.1:${this.port}/dev/mail`)).text();
    return html.split("<article>").slice(1).filter((it) => it.includes(`<p>${key}@example.jp</p>`)).map((it) => it.replace(/<[^>]*>/g, " "));
  }

  /** The code of a mail that came after the first `known`. Other mails may come at the same time. */
  async nextCode(key, known) {
    for (let turn = 0; turn < 100; turn += 1) {
      const mails = await this.mailsTo(key);
      const codes = mails.slice(0, mails.length - known).map((it) => it.match(/(?<![0-9A-Za-z])[0-9]{6}(?![0-9A-Za-z])/)?.[0]);
      const code = codes.find(Boolean);
      if (code) return code;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no code came to ${key}`);
  }

  async stop() {
    if (!this.server || this.server.exitCode !== null) return;
    const gone = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill("SIGTERM");
    // Open streams have ten seconds; what a journey needs is the same as a fallen machine.
    const late = setTimeout(() => this.server.kill("SIGKILL"), 1_000);
    await gone;
    clearTimeout(late);
  }

  async close() {
    await this.browser?.close();
    this.proxy.close();
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Asks the page until it says yes. A page that is just being loaded says nothing. */
export async function until(page, what, question, given) {
  let last = "";
  for (let turn = 0; turn < 150; turn += 1) {
    if (await page.evaluate(question, given).catch((error) => void (last = String(error)))) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`${what}: not within 15 s on ${page.url()} ${last}`);
}

/** The code of the page has taken over, and what is stored is open. */
export function alive(page) {
  return until(page, "the code of the page runs", () => window.storeIsOpen === true);
}

/** The device could do without a connection: the worker holds the shell, the store the first rows. */
export async function kept(page, shell = "/shell") {
  const isKept = async (shell) => {
    const registration = await navigator.serviceWorker.getRegistration();
    return Boolean(registration?.active) && (await caches.match(shell)) !== undefined;
  };
  await until(page, "the shell is kept", isKept, shell);
  for (let turn = 0; turn < 150; turn += 1) {
    if ((await stored(page, "rows")) > 0) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`no rows are stored on ${page.url()}`);
}

/** How many entries lie in a part of the person's database. */
export const stored = (page, part) =>
  page.evaluate(async (part) => {
    const { name } = (await indexedDB.databases()).find((it) => it.name.startsWith("kakehashi-"));
    const answered = (request) => new Promise((resolve, reject) => ((request.onsuccess = () => resolve(request.result)), (request.onerror = reject)));
    const database = await answered(indexedDB.open(name));
    const count = await answered(database.transaction(part).objectStore(part).count());
    database.close();
    return count;
  }, part);

/** The wish that was just made is saved on the device: its own page says so. The page of times speaks of saving, too. */
export async function saved(page) {
  await page.waitForURL(/\/booking\/[^/]+$/);
  await page.getByText("端末に保存").first().waitFor();
}
