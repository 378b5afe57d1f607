import { expect, test } from "vitest";
import { conv } from "../../../src/graph/ops/conv.ts";
import { conv as oracle } from "../../oracle/conv.ts";
import { expectGraph, expectRefusal, numbers, runGraph } from "../../support/run-graph.ts";

test.each([
  { name: "1×1", x: [2, 5, 6, 7], w: [4, 5, 1, 1], stride: 1, padding: 0 },
  { name: "3×3 with padding, as in a dense layer", x: [1, 3, 7, 7], w: [2, 3, 3, 3], stride: 1, padding: 1 },
  { name: "7×7 with stride 2, as conv0", x: [2, 3, 15, 18], w: [4, 3, 7, 7], stride: 2, padding: 3 },
  {
    name: "3×3 whose stride leaves a row and a column over",
    x: [1, 2, 8, 9],
    w: [3, 2, 3, 3],
    stride: 3,
    padding: 0,
  },
  { name: "a kernel as large as the padded image", x: [1, 1, 3, 3], w: [1, 1, 5, 5], stride: 1, padding: 1 },
  { name: "one channel, one pixel", x: [3, 1, 1, 1], w: [1, 1, 1, 1], stride: 1, padding: 0 },
])("$name is the sum over channels and window", async ({ x, w, stride, padding }) => {
  await expectGraph(
    [numbers(x, 1), numbers(w, 2)],
    (image, weight) => conv(image!, weight!, { stride, padding }),
    (image, weight) => oracle(image!, weight!, stride, padding),
    { batch: true },
  );
});

test("stride is 1 and padding 0 unless given", async () => {
  const { shape } = await runGraph([numbers([1, 1, 5, 6], 1), numbers([1, 1, 3, 3], 2)], (x, w) =>
    conv(x!, w!),
  );
  expect(shape).toEqual([1, 1, 3, 4]);
});

test.each([
  ["other channels than the image", [1, 3, 8, 8], [4, 2, 3, 3]],
  ["a weight of three axes", [1, 3, 8, 8], [4, 3, 3]],
  ["a kernel that is not square", [1, 3, 8, 8], [4, 3, 3, 5]],
  ["an image of three axes", [3, 8, 8], [4, 3, 3, 3]],
  ["a kernel larger than the image", [1, 3, 2, 8], [4, 3, 3, 3]],
  ["an image of unknown height", ["N", 3, "H", 8], [4, 3, 3, 3]],
])("%s is refused", (_, x, w) => {
  expectRefusal("Conv", [x, w], (image, weight) => conv(image!, weight!));
});
