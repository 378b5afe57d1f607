/** The check of known images, with the demo model: on a thousand unseen phantoms, and on pictures that are no X-rays. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Model } from "../../src/index.ts";

const ROOT = new URL("../../", import.meta.url);
const library: Promise<typeof import("../../src/index.ts")> = import(new URL("dist/index.js", ROOT).href);

const PYTHON = "/usr/bin/python3";
const SCRIPT = fileURLToPath(new URL("scripts/reference/not_xrays.py", ROOT));
/** Debian's python3-skimage, python3-sklearn and python3-matplotlib. */
const HAS_PYTHON =
  spawnSync(PYTHON, ["-c", "import skimage, sklearn, matplotlib"], { stdio: "ignore" }).status === 0;

let folder: string;
let model: Model;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "medical-x-known-"));
  model = await (await library).loadModel("demo");
});
afterAll(async () => {
  await model.release();
  rmSync(folder, { recursive: true, force: true });
});

/** The share of a folder's pictures that are warned about. */
async function warnedShare(pictures: string, count: number): Promise<number> {
  const paths = readdirSync(pictures).map((name) => join(pictures, name));
  expect(paths).toHaveLength(count);
  const predictions = await model.predict(paths, { force: true });
  const warned = predictions.filter(({ checks }) =>
    checks.some(({ check, outcome }) => check === "known-images" && outcome === "warn"),
  );
  return warned.length / count;
}

test("at most 2 % of a thousand unseen phantoms are beyond the limit", async () => {
  expect(await warnedShare(join(inject("phantoms"), "images"), 1000)).toBeLessThanOrEqual(0.02);
});

test.skipIf(!HAS_PYTHON)(
  "98 % of photographs, documents, noise, gradients and drawings are (needs python3-skimage)",
  async () => {
    const { status, stderr } = spawnSync(PYTHON, [SCRIPT, join(folder, "others")], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    expect(await warnedShare(join(folder, "others"), 300)).toBeGreaterThanOrEqual(0.98);
  },
);
