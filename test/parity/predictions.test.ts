import { expect, inject, test } from "vitest";
import { eigencam } from "../../src/heatmaps/eigencam.ts";
import { LAYER_METHODS } from "../../src/heatmaps/methods.ts";
import { compileModel, mapPort } from "../../src/models/compile.ts";
import { mapDifference, maxDifference, maxMagnitude } from "../support/difference.ts";
import { describeParity, load, REFERENCE, readArray, runImages, withSession } from "./reference.ts";

const POSITIONS = 49;
const LABELS = 14;

describeParity("on X-rays", () => {
  test("every probability is PyTorch's to 1e-5", async () => {
    const expected = readArray("probabilities");
    expect(REFERENCE.images.length).toBeGreaterThanOrEqual(inject("parity").minImages);
    expect(expected.length).toBe(REFERENCE.images.length * LABELS);
    const { probabilities } = await withSession(compileModel(load("main.pth")), (session) =>
      runImages(session, REFERENCE.images),
    );
    expect(maxDifference(probabilities!, expected)).toBeLessThan(1e-5);
  });

  test("the images with an alpha channel are among those whose maps are compared", () => {
    expect(REFERENCE.rgba.length).toBeGreaterThan(0);
    expect(REFERENCE.mapped).toEqual(expect.arrayContaining([...REFERENCE.rgba]));
  });

  test.each(LAYER_METHODS.filter((method) => method !== "eigencam"))(
    "every %s map is autograd's to 1e-4 of its maximum",
    async (method) => {
      const expected = readArray(`maps-${method}`);
      expect(maxMagnitude(expected)).toBeGreaterThan(1e-3);
      // Only Grad-CAM has a step at 0; see predict_reference.py. Maps of most images are nowhere near it.
      const slack = method === "gradcam" ? readArray("slack-gradcam") : undefined;
      if (slack) expect(slack.filter((value) => value === 0).length).toBeGreaterThan(slack.length / 2);
      const map = { method, layer: "norm5" } as const;
      const { [mapPort(map)]: heatmaps } = await withSession(
        compileModel(load("main.pth"), [map]),
        (session) => runImages(session, REFERENCE.mapped),
      );
      expect(heatmaps!.length).toBe(expected.length);
      for (let at = 0; at < expected.length; at += POSITIONS) {
        const [ours, theirs] = [heatmaps!, expected].map((maps) => maps.subarray(at, at + POSITIONS));
        const map = at / POSITIONS;
        const where = `${REFERENCE.mapped[Math.floor(map / LABELS)]}, output ${map % LABELS}`;
        const allowed = 1e-4 * maxMagnitude(theirs!) + (slack?.[map] ?? 0);
        expect(maxDifference(ours!, theirs!), where).toBeLessThanOrEqual(allowed);
      }
    },
  );

  test("every EigenCAM map is NumPy's to 1e-4 of its maximum", async () => {
    const expected = readArray("maps-eigencam");
    const map = { method: "eigencam", layer: "norm5" } as const;
    const { [mapPort(map)]: features } = await withSession(compileModel(load("main.pth"), [map]), (session) =>
      runImages(session, REFERENCE.mapped),
    );
    const size = 1024 * POSITIONS;
    for (const [i, name] of REFERENCE.mapped.entries()) {
      const ours = eigencam(features!.subarray(i * size, (i + 1) * size), 1024, POSITIONS);
      const theirs = expected.subarray(i * POSITIONS, (i + 1) * POSITIONS);
      expect(mapDifference(ours, theirs), name).toBeLessThan(1e-4);
    }
  });
});
