import { expect, test } from "vitest";
import { minimum } from "../../../src/graph/ops/minimum.ts";
import { float32 } from "../../../src/tensor.ts";
import { testBroadcasts } from "../../support/broadcasts.ts";
import { runGraph } from "../../support/run-graph.ts";

testBroadcasts("Min", minimum, Math.min);

test("infinity is never the smaller one, and NaN stays", async () => {
  const a = float32([3], Float32Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN));
  const { data } = await runGraph([a], (x) => minimum(x!, x!.graph.scalar(1)));
  expect([...data]).toEqual([1, Number.NEGATIVE_INFINITY, Number.NaN]);
});
