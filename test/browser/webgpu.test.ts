/** One image on WebGPU, which Chromium can emulate on the CPU. Where it does, the network runs on WebGPU by default. */

import { describe, expect, test } from "vitest";
import { maxDifference } from "../support/difference.ts";
import { NO_BROWSER, startBrowser } from "./chromium.ts";
import { EXAMPLES, loadHere, MODEL, pathOf } from "./node-reference.ts";
import type { PageLibrary } from "./page-scope.ts";

declare const tested: PageLibrary;

const SOFTWARE = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"];

/** Another device adds in another order. */
const PROBABILITY = 1e-4;

describe.skipIf(NO_BROWSER !== undefined)(`WebGPU in Chromium (${NO_BROWSER ?? "there is one"})`, () => {
  test("the same probabilities, where there is an adapter", async ({ skip }) => {
    const watched = await startBrowser(SOFTWARE);
    try {
      const page = await watched.open("page");
      const hasAdapter = await page.evaluate(
        "(async () => ((await navigator.gpu?.requestAdapter()) ?? null) !== null)()",
      );
      if (hasAdapter !== true) skip("this Chromium has no adapter for WebGPU, not even in software");
      const start = performance.now();
      const { device, probabilities } = await page.evaluate(
        async ([file, image]) => {
          const model = await tested.loadModel(file!);
          const [prediction] = await model.predict([image!]);
          return { device: model.device, probabilities: Object.values(prediction!.probabilities) };
        },
        [`/${MODEL}`, `/${EXAMPLES[4]}`],
      );
      process.stdout.write(
        `WebGPU in software: ${((performance.now() - start) / 1000).toFixed(1)} s from nothing to the first result\n`,
      );
      expect(device).toBe("webgpu");
      const here = await loadHere();
      const [expected] = await here.predict([pathOf(EXAMPLES[4]!)]);
      await here.release();
      expect(maxDifference(probabilities, Object.values(expected!.probabilities))).toBeLessThan(PROBABILITY);
    } finally {
      await watched.close();
    }
  });
});
