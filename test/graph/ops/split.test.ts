import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Value } from "../../../src/graph/core/graph.ts";
import { backward } from "../../../src/graph/gradient/backward.ts";
import { concat } from "../../../src/graph/ops/concat.ts";
import { mul } from "../../../src/graph/ops/mul.ts";
import { relu } from "../../../src/graph/ops/relu.ts";
import { sigmoid } from "../../../src/graph/ops/sigmoid.ts";
import { split } from "../../../src/graph/ops/split.ts";
import { slice } from "../../oracle/arrange.ts";
import { concat as concatOracle } from "../../oracle/concat.ts";
import { broadcast, sigmoid as sigmoidOracle } from "../../oracle/elementwise.ts";
import { expectGradient } from "../../support/gradients.ts";
import { exact, expectRefusal, graphInputs, numbers, runValues } from "../../support/run-graph.ts";

test.each([
  { shape: [2, 7, 3], axis: 1, extents: [1, 4, 2] },
  { shape: [2, 6], axis: 1, extents: [3, 3] },
  { shape: [5], axis: 0, extents: [2, 3] },
  { shape: [2, 3, 4, 5], axis: 3, extents: [5] },
])("$shape along axis $axis: parts of $extents", async ({ shape, axis, extents }) => {
  const x = numbers(shape, 1);
  const graph = new GraphBuilder("split");
  const { inputs, feeds } = graphInputs(graph, [x]);
  const parts = split(inputs[0]!, axis, extents);
  expect(parts.map((part) => part.shape[axis])).toEqual(extents);
  const results = await runValues(
    graph,
    Object.fromEntries(parts.map((part, i) => [`part${i}`, part])),
    feeds,
  );
  let start = 0;
  for (const [i, extent] of extents.entries()) {
    expect([...results[`part${i}`]!.data]).toEqual([...slice(exact(x), axis, start, extent).data]);
    start += extent;
  }
});

test.each([0, 1, 2])(
  "its gradient, where parts are used along axis %i, in another order and twice",
  async (axis) => {
    const x = numbers([3, 3, 3], 1);
    await expectGradient(
      [x],
      (value) => {
        const [a, b, c] = split(value!, axis, [1, 1, 1]) as [Value, Value, Value];
        return concat([mul(c, a), sigmoid(b), a], axis);
      },
      (value) => {
        const part = (at: number) => slice(value!, axis, at, 1);
        const product = broadcast(part(2), part(0), (left, right) => left * right);
        return concatOracle([product, sigmoidOracle(part(1)), part(0)], axis);
      },
    );
  },
);

test("a part that is not used has a gradient of 0", async () => {
  const shape = [2, 6];
  await expectGradient(
    [numbers(shape, 1)],
    (x) => sigmoid(split(x!, 1, [1, 3, 2])[1]!),
    (x) => sigmoidOracle(slice(x!, 1, 1, 3)),
    { batch: true },
  );
});

test("gradients stop where only what is frozen lies below", () => {
  const graph = new GraphBuilder("frozen");
  const [x, w] = [graph.input("x", [4]), graph.input("w", [2])];
  const [a] = split(x, 0, [2, 2]);
  const y = mul(relu(a!), w);
  const before = graph.build().nodes.length;
  backward(new Map([[y, graph.input("seed", [2])]]), [w]);
  expect(
    graph
      .build()
      .nodes.slice(before)
      .map(({ op }) => op.type),
  ).toEqual(["Mul"]);
});

test.each([
  ["parts that do not make up the axis", [2, 6], 1, [2, 3]],
  ["an empty part", [2, 6], 1, [0, 6]],
  ["no parts", [2, 6], 1, []],
  ["an axis of unknown extent", ["N", 6], 0, [1, 1]],
])("%s: refused", (_, shape, axis, extents) => {
  expectRefusal("Split", [shape], (x) => split(x!, axis, extents)[0]!);
});
