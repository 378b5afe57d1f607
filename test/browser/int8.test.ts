/** The demo model in int8 gives the same probabilities for the examples in Chromium and in Node. */

import { mkdirSync, rmSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxDifference } from "../support/difference.ts";
import { NO_BROWSER, startBrowser, type Watched } from "./chromium.ts";
import { EXAMPLES, pathOf } from "./node-reference.ts";
import type { PageLibrary, PageModel } from "./page-scope.ts";

declare const tested: PageLibrary;
declare let model: PageModel;

const FILE = "build/browser/demo.int8.onnx";

/**
 * How far probabilities may differ. From the stem's features on, both add up whole numbers; the stem itself is float32, whose
 * last bit may move a code by one.
 */
const PROBABILITY = 0.01;

const library: typeof import("../../src/index.ts") = await import(
  new URL("../../dist/index.js", import.meta.url).href
);

describe.skipIf(NO_BROWSER !== undefined)(`int8 in Chromium (${NO_BROWSER ?? "there is one"})`, () => {
  let watched: Watched;
  let page: Page;

  beforeAll(async () => {
    mkdirSync(pathOf("build/browser"), { recursive: true });
    await library.convertModel("demo", pathOf(FILE), {
      dtype: "int8",
      calibrate: pathOf("examples/images"),
      limit: 4,
    });
    watched = await startBrowser();
    page = await watched.open("page");
  }, 240_000);
  afterAll(async () => {
    await watched?.close();
    rmSync(pathOf(FILE), { force: true });
  });

  test("probabilities and maps are Node's, with codes that float32 moves by one at most", async () => {
    const here = await library.loadModel(pathOf(FILE), { threads: 1 });
    await page.evaluate(async (url) => {
      Object.assign(globalThis, { model: await tested.loadModel(url, { threads: 1, device: "wasm" }) });
    }, `/${FILE}`);
    let largest = 0;
    for (const image of EXAMPLES) {
      const expected = await here.explain(pathOf(image), { method: "gradcam" });
      const found = await page.evaluate(async (url) => {
        const { heatmaps, probabilities } = await model.explain(url, { method: "gradcam" });
        return { probabilities, heatmaps: [...heatmaps] };
      }, `/${image}`);
      const [ours, theirs] = [found, expected].map(({ probabilities }) => Object.values(probabilities));
      largest = Math.max(largest, maxDifference(ours!, theirs!));
      expect(found.heatmaps).toHaveLength(expected.heatmaps.length);
      expect(maxDifference(found.heatmaps, expected.heatmaps)).toBeLessThan(
        0.1 * Math.max(...expected.heatmaps),
      );
    }
    process.stdout.write(
      `int8 in Chromium: probabilities differ from Node's by ${largest.toExponential(1)} at most\n`,
    );
    expect(largest).toBeLessThan(PROBABILITY);
    await here.release();
  }, 240_000);
});
