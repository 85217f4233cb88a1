// What stands before the camera: a film of one picture, grey, in the format the browser's own test camera plays (YUV4MPEG2).

import { writeFileSync } from "node:fs";

const [WIDTH, HEIGHT, MODULE] = [640, 480, 12];
const [DARK, LIGHT] = [40, 210];

/** Films the QR code that a page shows. */
export async function film(page, file) {
  const path = await page.locator("main .event-qr path").first().getAttribute("d");
  const grey = Buffer.alloc(WIDTH * HEIGHT, LIGHT);
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    const [left, top] = [150 + x * MODULE, 100 + y * MODULE];
    for (let row = top; row < top + MODULE; row += 1) grey.fill(DARK, row * WIDTH + left, row * WIDTH + left + run * MODULE);
  }
  const colour = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const frame = [Buffer.from("FRAME\n"), grey, colour];
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([head, ...Array(10).fill(frame).flat()]));
}
