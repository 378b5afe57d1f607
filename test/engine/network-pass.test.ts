import { expect, test } from "vitest";
import { openModel } from "../../src/engine/open-model.ts";
import { PORTS } from "../../src/models/compile.ts";
import { chooseMaps } from "../../src/models/map-choice.ts";
import { createSession } from "../../src/node/session.ts";
import { maxDifference } from "../support/difference.ts";
import { networkBatch, networkBytes, networkCase, networkOf } from "../support/networks.ts";

const OPTIONS = { threads: 1 };
const OCCLUSION = chooseMaps({ method: "occlusion" });

test.each(["sigmoid", "softmax", "none", "batch-3", "several"])(
  "%s gives PyTorch's logits and probabilities for five images at once and one by one",
  async (name) => {
    const expected = networkCase(name);
    const model = await networkOf(`${name}.onnx`, networkBytes(name));
    expect(model.card.activation).toBe(expected.activation);
    const { forward } = await openModel(model, createSession, OPTIONS);
    const images = expected.results.map(({ image }) => image);
    const together = await forward.run(networkBatch(expected, images));
    const numbers = (key: "logits" | "probabilities") => expected.results.flatMap((result) => result[key]);
    expect(together[PORTS.logits]!.shape).toEqual([5, model.numLabels]);
    expect(maxDifference(together[PORTS.logits]!.data, numbers("logits"))).toBeLessThan(1e-5);
    expect(maxDifference(together[PORTS.probabilities]!.data, numbers("probabilities"))).toBeLessThan(1e-6);
    for (const { image, logits } of expected.results) {
      const alone = await forward.run(networkBatch(expected, [image]));
      expect(maxDifference(alone[PORTS.logits]!.data, logits)).toBeLessThan(1e-5);
    }
    await forward.release();
  },
);

test("float16 at both ends gives PyTorch's logits as far as float16 holds them", async () => {
  const expected = networkCase("float16");
  const model = await networkOf("float16.onnx", networkBytes("float16"));
  expect(model.network).toMatchObject({ input: { dtype: "float16" }, output: { dtype: "float16" } });
  const { forward } = await openModel(model, createSession, OPTIONS);
  const results = await forward.run(networkBatch(expected, [1, 2, 3, 4, 5]));
  const logits = expected.results.flatMap((result) => result.logits);
  // The seeded images are whole 64ths, which float16 holds exactly; its numbers near 1 are 2⁻¹⁰ apart.
  expect(maxDifference(results[PORTS.logits]!.data, logits)).toBeLessThan(
    2 ** -10 * Math.max(1, ...logits.map(Math.abs)),
  );
  await forward.release();
});

test.each(["sigmoid", "softmax", "none"])("%s gives PyTorch's maps by occlusion", async (name) => {
  const expected = networkCase(name);
  const model = await networkOf(`${name}.onnx`, networkBytes(name));
  const opened = await openModel(model, createSession, { ...OPTIONS, maps: OCCLUSION });
  const { image, shape, values } = expected.maps!;
  const batch = networkBatch(expected, [2, image]);
  const results = { ...(await opened.forward.run(batch)), [PORTS.image]: batch };
  const { data, height, width } = await opened.maps!.of(results, 1);
  expect([model.numLabels, height, width]).toEqual(shape);
  expect(Math.max(...values)).toBeGreaterThan(1e-2);
  expect(maxDifference(data, values)).toBeLessThan(1e-5);
  const last = model.numLabels - 1;
  const [own] = await opened.maps!.ownMaps(results, 1, [last]);
  expect(own).toMatchObject({ finding: last, height, width, cells: { height, width } });
  expect([...(own!.data as Float32Array)]).toEqual([...data.subarray(last * height * width)]);
  await opened.release();
});

test("a network that is only run has no other maps, and says what there is", async () => {
  const model = await networkOf("softmax.onnx", networkBytes("softmax"));
  await expect(openModel(model, createSession, { maps: chooseMaps({}) })).rejects.toMatchObject({
    code: "model/only-run",
    message:
      "softmax.onnx: its network is run and not understood, so there are no maps of its layers; choose the heatmap method occlusion",
  });
});
