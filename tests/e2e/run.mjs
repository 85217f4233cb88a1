// Runs the journeys against the real server and a real browser. `node run.mjs [PART OF A NAME]`.

import { builds } from "./builds.mjs";
import { device } from "./device.mjs";
import { events } from "./events.mjs";
import { journeys } from "./journeys.mjs";
import { learning } from "./learning.mjs";
import { packages } from "./packages.mjs";
import { subsidy } from "./subsidy.mjs";
import { everyPage } from "./pages.mjs";
import { Stage } from "./stage.mjs";

/** Each on a stage of its own, because a person can book only so much. */
const THEMES = [{ ...journeys, "every page: axe, width, a picture of each": everyPage }, events, learning, subsidy, packages, device, builds];
const wanted = process.argv[2] ?? "";

let [passed, failed] = [0, 0];
for (const theme of THEMES) {
  const chosen = Object.entries(theme).filter(([name]) => name.includes(wanted));
  if (chosen.length === 0) continue;
  const stage = await Stage.open();
  const failedBefore = failed;
  for (const [name, journey] of chosen) {
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
  if (failed > failedBefore) console.log(`── the server's log ──\n${stage.log.split("\n").slice(-40).join("\n")}`);
  await stage.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
