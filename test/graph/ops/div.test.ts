import { expect, test } from "vitest";
import { div } from "../../../src/graph/ops/div.ts";
import { float32 } from "../../../src/tensor.ts";
import { testBroadcastGradients, testBroadcasts } from "../../support/broadcasts.ts";
import { runGraph } from "../../support/run-graph.ts";

testBroadcasts("Div", div, (a, b) => a / b, 0.5);
testBroadcastGradients(div, (a, b) => a / b, 0.5);

test("division by 0 follows IEEE 754", async () => {
  const a = float32([3], Float32Array.of(1, -1, 0));
  const { data } = await runGraph([a, float32([], Float32Array.of(0))], (x, y) => div(x!, y!));
  expect([...data]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
});
