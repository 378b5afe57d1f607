/** What the demo model's check of known images says of many pictures: changed phantoms, and real X-rays. */

import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Model } from "../../src/index.ts";
import { CHANGES, EXAMPLES, knownImages, meanDistances } from "./changed-phantoms.ts";

const ROOT = new URL("../../", import.meta.url);
const library: Promise<typeof import("../../src/index.ts")> = import(new URL("dist/index.js", ROOT).href);

let model: Model;
beforeAll(async () => {
  model = await (await library).loadModel("demo");
});
afterAll(() => model.release());

test.each(CHANGES)(
  "the more all twelve phantoms are changed by %s, the further they are",
  async (what, changes) => {
    expect(EXAMPLES).toHaveLength(12);
    const means = await meanDistances(model, what, changes, EXAMPLES);
    expect(means).toEqual([...means].sort((a, b) => a - b));
    expect(new Set(means).size).toBe(4);
  },
);

const XRAYS = new URL("../shared/data/nih-sample/images/", ROOT);

test.skipIf(!existsSync(XRAYS))(
  "at least 95 % of real X-rays are beyond the limit (needs NIH's sample in ../shared/data)",
  async () => {
    const names = readdirSync(XRAYS).filter((name) => name.endsWith(".png"));
    const found = await knownImages(
      model,
      names.map((name) => fileURLToPath(new URL(name, XRAYS))),
    );
    expect(found.length).toBeGreaterThan(100);
    const warned = found.filter(({ outcome }) => outcome === "warn");
    expect(warned.length / found.length).toBeGreaterThanOrEqual(0.95);
  },
);
