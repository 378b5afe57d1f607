/** The gradients of `src/graph/ops/conv-gradient.ts`, tested through the op to which they belong. */
import { test } from "vitest";
import { conv } from "../../../src/graph/ops/conv.ts";
import { conv as oracle } from "../../oracle/conv.ts";
import { expectGradient } from "../../support/gradients.ts";
import { numbers } from "../../support/run-graph.ts";

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
