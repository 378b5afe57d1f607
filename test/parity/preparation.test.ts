import { expect, test } from "vitest";
import type { Preparation } from "../../src/image/preparation.ts";
import { viewsOf } from "../../src/image/preparation.ts";
import { compileModel } from "../../src/models/compile.ts";
import { maxDifference } from "../support/difference.ts";
import { describeParity, load, prepare, REFERENCE, readArray, runImages, withSession } from "./reference.ts";

const normalised = (...steps: Preparation): Preparation => [
  { step: "rgb" },
  ...steps,
  { step: "normalise", scheme: "imagenet" },
];

const PREPARATIONS: Readonly<Record<string, Preparation>> = {
  "center-224": normalised({ step: "resize-shorter", size: 224 }, { step: "center-crop", size: 224 }),
  "center-256": normalised({ step: "resize-shorter", size: 256 }, { step: "center-crop", size: 224 }),
  "ten-crop": normalised({ step: "resize-shorter", size: 256 }, { step: "ten-crop", size: 224 }),
};

/** Mean over the views of each image. */
function meanOverViews(values: Float32Array, views: number, labels: number): Float64Array {
  const means = new Float64Array(values.length / views);
  for (const [i, value] of values.entries()) {
    means[Math.floor(i / (views * labels)) * labels + (i % labels)]! += value / views;
  }
  return means;
}

describeParity.each(Object.entries(PREPARATIONS))("%s", (name, preparation) => {
  test("every input value is that of torchvision's transforms, to the bit", async () => {
    const expected = readArray(`input-${name}`);
    const size = viewsOf(preparation) * 3 * 224 * 224;
    expect(expected).toHaveLength(size * REFERENCE.cropped.length);
    for (const [i, image] of REFERENCE.cropped.entries()) {
      const { input } = await prepare(image, preparation);
      expect(maxDifference(input, expected.subarray(i * size, (i + 1) * size)), image).toBe(0);
    }
  });

  test("probabilities, averaged over the crops, are PyTorch's to 1e-5", async () => {
    const { probabilities } = await withSession(compileModel(load("main.pth")), (session) =>
      runImages(session, REFERENCE.cropped, preparation),
    );
    const ours = meanOverViews(probabilities!, viewsOf(preparation), 14);
    expect(maxDifference(ours, readArray(`probabilities-${name}`))).toBeLessThan(1e-5);
  });
});
