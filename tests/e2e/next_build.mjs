// A newer build, made from the last one in no time: other bytes, other names, the same behaviour.

import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { SITE } from "./stage.mjs";

/** Bytes that change a file's hash and nothing else: a comment; a section of WASM that nobody reads. */
const MORE = { js: Buffer.from("\n// next\n"), wasm: Buffer.from([0, 5, 4, ...Buffer.from("next")]) };

/** Makes it in a folder of the stage. The files of the older build stay beside the new ones, as the builder leaves them. */
export function nextBuild(stage, { keepsOld = true } = {}) {
  const site = mkdtempSync(path.join(stage.folder, "site-"));
  cpSync(SITE, site, { recursive: true });
  const manifest = JSON.parse(readFileSync(path.join(site, "manifest.json"), "utf8"));
  const old = structuredClone(manifest);
  let worker = readFileSync(path.join(site, "sw.js"), "utf8");
  for (const files of [manifest.portal, manifest.console]) {
    for (const [extension, more] of Object.entries(MORE)) {
      const name = files[extension];
      const bytes = Buffer.concat([readFileSync(path.join(site, name)), more]);
      const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
      files[extension] = name.replace(/\.[0-9a-f]+\./, `.${hash}.`);
      writeFileSync(path.join(site, files[extension]), bytes);
      worker = worker.replaceAll(name, files[extension]);
      for (const twin of keepsOld ? [] : ["", ".br"]) rmSync(path.join(site, name + twin));
    }
  }
  const build = createHash("sha256").update(worker).digest("hex").slice(0, 16);
  worker = worker.replaceAll(old.build, build);
  rmSync(path.join(site, "sw.js.br"));
  writeFileSync(path.join(site, "sw.js"), worker);
  writeFileSync(path.join(site, "manifest.json"), JSON.stringify({ ...manifest, build }));
  return { site, build, old };
}
