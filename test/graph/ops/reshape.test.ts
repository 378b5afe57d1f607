import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Shape } from "../../../src/graph/core/graph.ts";
import { reshape } from "../../../src/graph/ops/reshape.ts";
import { expectGradient } from "../../support/gradients.ts";
import { numbers, runGraph } from "../../support/run-graph.ts";

test.each<[number[], Shape, boolean]>([
  [[2, 3, 4], [2, 12], false],
  [[2, 3, 4], [24], false],
  [[2, 3, 4], [4, 3, 2], false],
  [[3, 8, 1, 1], ["N", 8], true],
  [[3, 8, 2, 2], ["N", 8, 4], true],
  [[3, 8], ["N", 1, 8, 1], true],
  [[1], [], false],
  [[], [1, 1], false],
])("%j as %j keeps all elements in C order", async (from, to, batch) => {
  const x = numbers(from, 9);
  const { shape, data } = await runGraph([x], (value) => reshape(value!, to), batch);
  expect(shape).toEqual(to.map((extent) => (extent === "N" ? from[0] : extent)));
  expect(data).toEqual(x.data);
});

test.each<[Shape, Shape]>([
  [[2, 3], [7]],
  [
    [2, 3],
    [2, 2],
  ],
  [
    ["N", 6],
    ["N", 5],
  ],
  [
    ["N", 6],
    ["M", 6],
  ],
  [["N", 6], [6]],
  [
    [2, 6],
    ["N", 6],
  ],
  [
    ["N", "K"],
    ["N", "K"],
  ],
  [[6], [-2, -3]],
])("%j as %j is refused", (from, to) => {
  const graph = new GraphBuilder("refusal");
  const x = graph.input("x", from);
  expect(() => reshape(x, to)).toThrow(
    expect.objectContaining({
      code: "graph/shape-mismatch",
      message: `Reshape: cannot become [${to.join(",")}] (inputs float32[${from.join(",")}])`,
    }),
  );
});

test.each<[number[], Shape, boolean]>([
  [[2, 3, 4], [2, 12], false],
  [[2, 3, 4], [24], false],
  [[2, 3, 4], [4, 3, 2], false],
  [[3, 8, 1, 1], ["N", 8], true],
  [[3, 8], ["N", 1, 8, 1], true],
  [[1, 6], [6], false],
  [[6], [1, 6, 1], false],
  [[], [1, 1], false],
])("%j as %j: the gradient in the first shape", async (from, to, batch) => {
  await expectGradient(
    [numbers(from, 9)],
    (x) => reshape(x!, to),
    (x) => ({ shape: to.map((extent) => (extent === "N" ? from[0]! : Number(extent))), data: x!.data }),
    { batch },
  );
});

test("[1] as []: the gradient of a scalar", async () => {
  await expectGradient(
    [numbers([1], 9)],
    (x) => reshape(x!, []),
    (x) => ({ shape: [], data: x!.data }),
  );
});
