import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { convMirrored } from "../../../src/graph/ops/conv-mirrored.ts";
import { convTranspose } from "../../oracle/conv.ts";
import { expectGraph, numbers } from "../../support/run-graph.ts";

test.each([
  { gradient: [2, 4, 5, 6], weight: [4, 3, 1, 1], padding: 0 },
  { gradient: [3, 2, 7, 6], weight: [2, 4, 3, 3], padding: 1 },
  { gradient: [1, 3, 4, 5], weight: [3, 2, 3, 3], padding: 0 },
  { gradient: [2, 2, 6, 7], weight: [2, 1, 5, 5], padding: 3 },
] as const)("$gradient by $weight, padding $padding: the gradient of the image", async (variant) => {
  const { gradient, weight, padding } = variant;
  const kernel = weight[2];
  const size = [gradient[2] + kernel - 1 - 2 * padding, gradient[3] + kernel - 1 - 2 * padding] as const;
  await expectGraph(
    [numbers(gradient, 1), numbers(weight, 2)],
    (g, w) => convMirrored(g!, w!, { kernel, stride: 1, padding }),
    (g, w) => convTranspose(g!, w!, 1, padding, size),
    { batch: true },
  );
});

test("a gradient with other channels than the weight is refused", () => {
  const graph = new GraphBuilder("refusal");
  const [gradient, weight] = [graph.input("g", [1, 3, 4, 4]), graph.input("w", [4, 2, 3, 3])];
  expect(() => convMirrored(gradient, weight, { kernel: 3, stride: 1, padding: 1 })).toThrow(
    expect.objectContaining({
      code: "graph/shape-mismatch",
      details: expect.objectContaining({ op: "Conv" }),
    }),
  );
});
