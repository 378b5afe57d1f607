import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { decodeImage } from "../../src/node/decode.ts";
import type { ImagePool } from "../../src/node/image-pool.ts";
import { drawOverlay } from "../../src/report/overlay/draw.ts";
import type { OverlayPlan } from "../../src/report/overlay/plan.ts";

/** The built module, since threads run built files. */
const POOL = new URL("../../dist/node/image-pool.js", import.meta.url).href;
const XRAY = fileURLToPath(new URL("../../examples/images/00000004_000.png", import.meta.url));

const PLAN: OverlayPlan = {
  panels: [
    { map: Float32Array.from({ length: 49 }, (_, i) => i), title: "Nodule 7.00%", remarks: [], boxes: [] },
  ],
  height: 7,
  width: 7,
  region: { x: 0, y: 0, width: 1024, height: 1024 },
  colormap: "inferno",
  maxSize: 300,
};

async function poolOf(): Promise<ImagePool> {
  const { ImagePool: Pool } = (await import(POOL)) as typeof import("../../src/node/image-pool.ts");
  const pool = new Pool(1);
  onTestFinished(() => pool.close());
  return pool;
}

test("a thread draws the pixels that are drawn without one, of a file and of bytes, again and again", async () => {
  const pool = await poolOf();
  const bytes = new Uint8Array(readFileSync(XRAY));
  const expected = drawOverlay(await decodeImage(bytes, {}), PLAN);
  expect(expected).toMatchObject({ width: 300, height: 300 });
  for (const source of [XRAY, XRAY, bytes]) {
    const { width, height, data } = await pool.drawPixels({ source, plan: PLAN });
    expect([width, height]).toEqual([300, 300]);
    expect(Buffer.compare(data, expected.data)).toBe(0);
  }
});

test("an image that cannot be decoded is refused with its code", async () => {
  const pool = await poolOf();
  const drawing = { source: new Uint8Array([1, 2, 3]), plan: PLAN };
  await expect(pool.drawPixels(drawing)).rejects.toMatchObject({ code: "raster/not-an-image" });
});
