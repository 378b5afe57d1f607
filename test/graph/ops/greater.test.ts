import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { cast } from "../../../src/graph/ops/cast.ts";
import { greater } from "../../../src/graph/ops/greater.ts";
import { float32 } from "../../../src/tensor.ts";
import { testBroadcasts } from "../../support/broadcasts.ts";
import { runGraph } from "../../support/run-graph.ts";

testBroadcasts(
  "Greater",
  (a, b) => cast(greater(a, b), "float32"),
  (a, b) => (a > b ? 1 : 0),
);

test("the result is bool", () => {
  const graph = new GraphBuilder("bool");
  expect(greater(graph.input("a", [2]), graph.scalar(0)).dtype).toBe("bool");
});

test("equal values and NaN are not greater, and the smallest number is greater than 0", async () => {
  const a = float32([6], Float32Array.of(0, -0, 1e-45, -1e-45, Number.NaN, Number.POSITIVE_INFINITY));
  const { data } = await runGraph([a], (x) => cast(greater(x!, x!.graph.scalar(0)), "float32"));
  expect([...data]).toEqual([0, 0, 1, 0, 0, 1]);
});
