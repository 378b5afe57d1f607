/** Products of a value with a row for each gradient and of factors that all rows share. */
import { expect, test } from "vitest";
import { GraphBuilder } from "../../src/graph/core/builder.ts";
import type { Graph, Value } from "../../src/graph/core/graph.ts";
import { onnxBytes } from "../../src/graph/onnx/model.ts";
import { heaviside } from "../../src/graph/ops/heaviside.ts";
import { mul } from "../../src/graph/ops/mul.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { smallFactorsFirst } from "../../src/lowering/small-factors.ts";
import { createSession } from "../../src/node/session.ts";
import { numbers } from "../support/run-graph.ts";

/** y = build(rows, mask, scale), with S rows. */
function graphOf(build: (rows: Value, mask: Value, scale: Value) => Value): Graph {
  const graph = new GraphBuilder("factors");
  const rows = graph.input("rows", ["S", 3, 4, 5]);
  const mask = heaviside(graph.input("features", [1, 3, 4, 5]));
  graph.output("y", build(rows, mask, graph.input("scale", [1, 3, 1, 1])));
  return graph.build();
}

/** The node that makes the output, and what it multiplies. */
function lastProduct({ outputs, nodes }: Graph) {
  const last = nodes.find((node) => node.outputs.includes(outputs.get("y")!))!;
  return last.inputs.map(({ shape }) => shape);
}

async function run(graph: Graph): Promise<Float32Array> {
  const session = await createSession(onnxBytes(graph, new Map()), { threads: 1 });
  const feeds = {
    rows: numbers([7, 3, 4, 5], 1),
    features: numbers([1, 3, 4, 5], 2),
    scale: numbers([1, 3, 1, 1], 3),
  };
  const { y } = await runFloat32(session, feeds);
  await session.release();
  return y!.data;
}

test("a mask and a scale are multiplied first, and the result is the same bits", async () => {
  const graph = graphOf((rows, mask, scale) => mul(mul(rows, mask), scale));
  const quick = smallFactorsFirst(graph);
  expect(lastProduct(graph)).toEqual([
    ["S", 3, 4, 5],
    [1, 3, 1, 1],
  ]);
  expect(lastProduct(quick)).toEqual([
    ["S", 3, 4, 5],
    [1, 3, 4, 5],
  ]);
  const [before, after] = [await run(graph), await run(quick)];
  expect(before.some((value) => value !== 0) && before.some((value) => value === 0)).toBe(true);
  expect(after).toEqual(before);
});

test("products with one factor, and of two values with rows, stay as they are", () => {
  const one = graphOf((rows, mask) => mul(rows, mask));
  expect(lastProduct(smallFactorsFirst(one))).toEqual(lastProduct(one));
  const square = graphOf((rows, mask) => mul(mul(rows, mask), rows));
  expect(lastProduct(smallFactorsFirst(square))).toEqual([
    ["S", 3, 4, 5],
    ["S", 3, 4, 5],
  ]);
});
