import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { scaleShift } from "../../../src/graph/ops/scale-shift.ts";
import { scaleShift as oracle } from "../../oracle/batch-normalization.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([[[2, 3, 4, 5]], [[1, 1, 1, 1]], [[3, 7, 1, 2]]])(
  "%j: a factor and a summand per channel, and all three gradients",
  async (shape) => {
    const tensors = [numbers(shape, 1), numbers([shape[1]!], 2), numbers([shape[1]!], 3)];
    await expectGraph(
      tensors,
      (x, scale, shift) => scaleShift(x!, scale!, shift!),
      (x, scale, shift) => oracle(x!, scale!, shift!),
      { batch: true },
    );
    for (const batch of [false, true]) {
      await expectGradient(
        tensors,
        (x, scale, shift) => scaleShift(x!, scale!, shift!),
        (x, scale, shift) => oracle(x!, scale!, shift!),
        { batch },
      );
    }
  },
);

test.each([
  ["another number of factors", [[1, 3, 2, 2], [2], [3]]],
  ["factors of two axes", [[1, 3, 2, 2], [3, 1], [3]]],
  ["an image of three axes", [[3, 2, 2], [3], [3]]],
])("%s: refused", (_, shapes) => {
  expectRefusal("ScaleShift", shapes, (x, scale, shift) => scaleShift(x!, scale!, shift!));
});

test("another number of summands: refused", () => {
  const graph = new GraphBuilder("summands");
  const [x, scale, shift] = [graph.input("x", [1, 3, 2, 2]), graph.input("a", [3]), graph.input("b", [2])];
  expect(() => scaleShift(x, scale, shift)).toThrow(
    /^ScaleShift: needs 3 factors and summands .*float32\[2\]/,
  );
});
