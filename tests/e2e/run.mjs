// Runs the journeys against the real server and a real browser. `node run.mjs [PART OF A NAME]`.

import { builds } from "./builds.mjs";
import { device } from "./device.mjs";
import { journeys } from "./journeys.mjs";
import { everyPage } from "./pages.mjs";
import { Stage } from "./stage.mjs";

const all = { ...journeys, ...device, ...builds, "every page: axe, width, a picture of each": everyPage };
const wanted = process.argv[2] ?? "";

const stage = await Stage.open();
let [passed, failed] = [0, 0];
for (const [name, journey] of Object.entries(all)) {
  if (!name.includes(wanted)) continue;
  const began = Date.now();
  try {
    await journey(stage);
    passed += 1;
    console.log(`ok      ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack ?? error}`);
  }
  await stage.tidy();
}
if (failed > 0) console.log(`── the server's log ──\n${stage.log.split("\n").slice(-40).join("\n")}`);
await stage.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
