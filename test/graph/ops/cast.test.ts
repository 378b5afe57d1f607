import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { cast } from "../../../src/graph/ops/cast.ts";
import { type DType, float32 } from "../../../src/tensor.ts";
import { map } from "../../oracle/elementwise.ts";
import { roundToBits } from "../../oracle/round.ts";
import { expectGraph, numbers, runGraph } from "../../support/run-graph.ts";

/** What is left of a float32 after a stay in another dtype. */
const AFTER: readonly (readonly [DType, (value: number) => number])[] = [
  ["float32", (value) => value],
  ["float64", (value) => value],
  ["float16", (value) => roundToBits(value, 11)],
  ["bfloat16", (value) => roundToBits(value, 8)],
  ["int64", Math.trunc],
  ["int32", Math.trunc],
  ["int16", Math.trunc],
  ["int8", Math.trunc],
  ["bool", (value) => (value === 0 ? 0 : 1)],
];

test.each(AFTER)("%s and back leaves what that dtype can hold", async (dtype, after) => {
  await expectGraph(
    [numbers([2, 50], 8, -100, 100)],
    (x) => cast(cast(x!, dtype), "float32"),
    (x) => map(x!, after),
    { tolerance: 0, batch: true },
  );
});

test("uint8 holds 0 to 255", async () => {
  const { data } = await runGraph([float32([3], Float32Array.of(0.9, 200.5, 255))], (x) =>
    cast(cast(x!, "uint8"), "float32"),
  );
  expect([...data]).toEqual([0, 200, 255]);
});

test("only the dtype changes", () => {
  const graph = new GraphBuilder("cast");
  expect(cast(graph.input("x", ["N", 3]), "bool")).toMatchObject({ dtype: "bool", shape: ["N", 3] });
});
