import { test } from "vitest";
import { neg } from "../../../src/graph/ops/neg.ts";
import { map } from "../../oracle/elementwise.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, numbers } from "../../support/run-graph.ts";

const oracle = (x: Parameters<typeof map>[0]) => map(x, (value) => -value);

test.each([[[2, 3, 4]], [[1]], [[]]])("%j: every number with its other sign", async (shape) => {
  const build = (x: Parameters<typeof neg>[0] | undefined) => neg(x!);
  await expectGraph([numbers(shape, 3)], build, (x) => oracle(x!), { tolerance: 0, batch: shape.length > 1 });
  await expectGradient([numbers(shape, 3)], build, (x) => oracle(x!));
});
