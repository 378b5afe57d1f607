/** The gradients of `src/graph/ops/conv-gradient.ts`, tested through the op to which they belong. */
import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { backward } from "../../../src/graph/gradient/backward.ts";
import { averagePool } from "../../../src/graph/ops/average-pool.ts";
import { conv } from "../../../src/graph/ops/conv.ts";
import { convTranspose, conv as oracle } from "../../oracle/conv.ts";
import { averagePool as meanOf } from "../../oracle/pool.ts";
import { maxDifference, maxMagnitude } from "../../support/difference.ts";
import { expectGradient } from "../../support/gradients.ts";
import { exact, numbers, runForms } from "../../support/run-graph.ts";

/** Both ways to multiply over positions, under 128 and over, and both ways to unfold, stand for each shape. */
const VARIANTS = [
  { name: "1×1, M < C", x: [2, 5, 6, 7], w: [4, 5, 1, 1], stride: 1, padding: 0 },
  { name: "1×1, M > C", x: [2, 3, 6, 7], w: [5, 3, 1, 1], stride: 1, padding: 0 },
  { name: "1×1, 130 positions", x: [3, 4, 10, 13], w: [2, 4, 1, 1], stride: 1, padding: 0 },
  { name: "1×1 with stride 2", x: [2, 3, 6, 7], w: [4, 3, 1, 1], stride: 2, padding: 0 },
  { name: "3×3 with padding, M < C", x: [3, 4, 7, 6], w: [2, 4, 3, 3], stride: 1, padding: 1 },
  { name: "3×3 with padding, M = C", x: [1, 3, 7, 6], w: [3, 3, 3, 3], stride: 1, padding: 1 },
  { name: "3×3 with padding, M > C", x: [3, 2, 7, 6], w: [4, 2, 3, 3], stride: 1, padding: 1 },
  { name: "3×3, M < C, 130 positions", x: [3, 2, 13, 10], w: [1, 2, 3, 3], stride: 1, padding: 1 },
  { name: "3×3, M > C, 130 positions", x: [3, 1, 13, 10], w: [2, 1, 3, 3], stride: 1, padding: 1 },
  { name: "3×3, M < C, 128 positions, one image", x: [1, 2, 8, 16], w: [1, 2, 3, 3], stride: 1, padding: 1 },
  { name: "3×3 without padding", x: [2, 3, 6, 5], w: [2, 3, 3, 3], stride: 1, padding: 0 },
  { name: "3×3 with padding 2", x: [2, 2, 5, 4], w: [2, 2, 3, 3], stride: 1, padding: 2 },
  { name: "7×7 with stride 2, as conv0", x: [2, 3, 15, 18], w: [4, 3, 7, 7], stride: 2, padding: 3 },
  { name: "7×7 with stride 2, 132 positions", x: [1, 1, 23, 21], w: [2, 1, 7, 7], stride: 2, padding: 3 },
  { name: "3×3 that leaves rows over", x: [1, 2, 8, 10], w: [3, 2, 3, 3], stride: 3, padding: 0 },
  { name: "3×3 with stride 2, even size", x: [3, 2, 8, 6], w: [3, 2, 3, 3], stride: 2, padding: 1 },
  { name: "2×2 with stride 3", x: [2, 2, 9, 8], w: [2, 2, 2, 2], stride: 3, padding: 0 },
  { name: "5×5 with padding 1", x: [3, 3, 7, 8], w: [2, 3, 5, 5], stride: 1, padding: 1 },
  { name: "a kernel as large as the padded image", x: [1, 1, 3, 3], w: [1, 1, 5, 5], stride: 1, padding: 1 },
];

test.each(VARIANTS)("$name: the gradients of image and weight", async ({ x, w, stride, padding }) => {
  await expectGradient(
    [numbers(x, 1), numbers(w, 2)],
    (image, weight) => conv(image!, weight!, { stride, padding }),
    (image, weight) => oracle(image!, weight!, stride, padding),
    { elements: 12 },
  );
});

test.each(VARIANTS)(
  "$name: the gradients of a batch known at run time",
  async ({ x, w, stride, padding }) => {
    await expectGradient(
      [numbers(x, 1), numbers(w, 2)],
      (image, weight) => conv(image!, weight!, { stride, padding }),
      (image, weight) => oracle(image!, weight!, stride, padding),
      { batch: true, elements: 8 },
    );
  },
);

test.each([
  { name: "1×1 with padding 1", x: [2, 2, 3, 4], w: [3, 2, 1, 1], padding: 1 },
  { name: "3×3 with padding 3", x: [1, 2, 3, 4], w: [1, 2, 3, 3], padding: 3 },
])("$name, beyond the kernel: the gradients of image and weight", async ({ x, w, padding }) => {
  await expectGradient(
    [numbers(x, 1), numbers(w, 2)],
    (image, weight) => conv(image!, weight!, { padding }),
    (image, weight) => oracle(image!, weight!, 1, padding),
  );
});

test.each([
  { x: [1, 5, 6, 4], w: [3, 5, 1, 1], padding: 0 },
  { x: [1, 4, 6, 5], w: [2, 4, 3, 3], padding: 1 },
])("$x by $w: several gradients of one image go back together", async ({ x, w, padding }) => {
  const several = numbers([3, w[0]!, x[2]!, x[3]!], 7);
  const graph = new GraphBuilder("several");
  const [image, weight] = [graph.input("x", x), graph.input("w", w)];
  const y = conv(image, weight, { padding });
  const gradient = backward(new Map([[y, graph.input("g", ["N", ...several.shape.slice(1)])]]), [image]).get(
    image,
  )!;
  const feeds = { g: several, x: numbers(x, 1), w: numbers(w, 2) };
  for (const { out } of await runForms(graph, { out: gradient }, feeds)) {
    const expected = convTranspose(exact(several), exact(feeds.w), 1, padding, [x[2]!, x[3]!]);
    expect(out!.shape).toEqual(expected.shape);
    expect(maxDifference(out!.data, expected.data)).toBeLessThanOrEqual(1e-6 * maxMagnitude(expected.data));
  }
});

test("equal neighbours are computed once: a 1×1 convolution before a mean", async () => {
  const [x, w] = [numbers([2, 4, 6, 8], 1), numbers([3, 4, 1, 1], 2)];
  await expectGradient(
    [x, w],
    (image, weight) => averagePool(conv(image!, weight!), { kernel: 2, stride: 2 }),
    (image, weight) => meanOf(oracle(image!, weight!, 1, 0), 2, 2),
    { elements: 90, batch: true },
  );
  const graph = new GraphBuilder("mean");
  const image = graph.input("x", x.shape);
  const y = averagePool(conv(image, graph.parameter("w", w.shape)), { kernel: 2, stride: 2 });
  backward(new Map([[y, graph.input("g", y.shape)]]), [image]);
  const product = graph.tape.find(({ type }) => type === "MatMul")!;
  expect(product.outputs[0]!.shape, "at the positions of the mean").toEqual([2, 4, 3 * 4]);
});
