import { test } from "vitest";
import { convTranspose } from "../../../src/graph/ops/conv-transpose.ts";
import { convTranspose as oracle } from "../../oracle/conv.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  { name: "conv0's, an even size", x: [2, 4, 8, 9], w: [4, 3, 7, 7], stride: 2, padding: 3, size: [16, 18] },
  { name: "conv0's, an odd size", x: [1, 4, 8, 9], w: [4, 3, 7, 7], stride: 2, padding: 3, size: [15, 17] },
  { name: "one row left over", x: [1, 2, 2, 3], w: [2, 3, 3, 3], stride: 3, padding: 0, size: [7, 11] },
  {
    name: "a kernel below its stride",
    x: [3, 2, 3, 3],
    w: [2, 1, 1, 1],
    stride: 2,
    padding: 0,
    size: [5, 6],
  },
  { name: "stride 1", x: [1, 2, 4, 5], w: [2, 3, 3, 3], stride: 1, padding: 1, size: [4, 5] },
] as const)("$name: every element, spread over its window", async ({ x, w, stride, padding, size }) => {
  await expectGraph(
    [numbers(x, 1), numbers(w, 2)],
    (y, weight) => convTranspose(y!, weight!, { kernel: w[2], stride, padding, size }),
    (y, weight) => oracle(y!, weight!, stride, padding, size),
    { batch: true },
  );
});

test.each([
  ["a size of more windows", [1, 2, 4, 4], [2, 3, 3, 3]],
  ["a weight of other channels", [1, 2, 3, 3], [3, 2, 3, 3]],
  ["three axes", [2, 3, 3], [2, 3, 3, 3]],
])("%s is refused", (_, x, w) => {
  const window = { kernel: 3, stride: 2, padding: 1, size: [5, 5] } as const;
  expectRefusal("ConvTranspose", [x, w], (y, weight) => convTranspose(y!, weight!, window));
});
