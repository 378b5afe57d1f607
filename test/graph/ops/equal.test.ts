import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { cast } from "../../../src/graph/ops/cast.ts";
import { equal } from "../../../src/graph/ops/equal.ts";
import { float32 } from "../../../src/tensor.ts";
import { testBroadcasts } from "../../support/broadcasts.ts";
import { runGraph } from "../../support/run-graph.ts";

const number = (a: Parameters<typeof equal>[0], b: Parameters<typeof equal>[1]) =>
  cast(equal(a, b), "float32");

testBroadcasts("Equal", number, (a, b) => (a === b ? 1 : 0));

test("the result is bool", () => {
  const graph = new GraphBuilder("bool");
  expect(equal(graph.input("a", [2]), graph.scalar(0)).dtype).toBe("bool");
});

test("neighbouring numbers differ, 0 equals −0, and NaN equals nothing", async () => {
  const above = 1 + 2 ** -23;
  const a = float32([6], Float32Array.of(1, above, 0, 1e-45, Number.NaN, -3.4e38));
  const b = float32([6], Float32Array.of(1, 1, -0, 0, Number.NaN, -3.4e38));
  const { data } = await runGraph([a, b], (x, y) => number(x!, y!));
  expect([...data]).toEqual([1, 0, 1, 0, 0, 1]);
});
