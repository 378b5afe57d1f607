import { expect, test } from "vitest";
import { GraphBuilder } from "../../src/graph/core/builder.ts";
import type { Graph } from "../../src/graph/core/graph.ts";
import { backward } from "../../src/graph/gradient/backward.ts";
import { onnxBytes } from "../../src/graph/onnx/model.ts";
import { concat } from "../../src/graph/ops/concat.ts";
import { linear } from "../../src/graph/ops/gemm.ts";
import { mul } from "../../src/graph/ops/mul.ts";
import { relu } from "../../src/graph/ops/relu.ts";
import { reshape } from "../../src/graph/ops/reshape.ts";
import { sigmoid } from "../../src/graph/ops/sigmoid.ts";
import { split, splitOp } from "../../src/graph/ops/split.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { lowered } from "../../src/lowering/lowered.ts";
import { inMemoryOrder } from "../../src/lowering/memory-order.ts";
import { createSession } from "../../src/node/session.ts";
import { numbers } from "../support/run-graph.ts";

/** Two linear layers, their gradients as one vector, and a node that nothing needs. */
function trainingGraph(): Graph {
  const graph = new GraphBuilder("step");
  const x = graph.input("x", [3, 4]);
  const weights = [graph.input("w1", [5, 4]), graph.input("w2", [2, 5])] as const;
  const biases = [graph.input("b1", [5]), graph.input("b2", [2])] as const;
  const hidden = relu(linear(x, weights[0], biases[0]));
  const y = linear(hidden, weights[1], biases[1]);
  mul(y, y);
  graph.output("y", y);
  const gradients = backward(new Map([[y, graph.input("seed", [3, 2])]]), weights);
  const [first, second] = weights.map((weight) => gradients.get(weight)!);
  graph.output("gradient", concat([reshape(first!, [20]), reshape(second!, [10])], 0));
  return lowered(graph.build());
}

test("the nodes are those that the outputs need, each once, and all else of the graph stays", () => {
  const graph = trainingGraph();
  const { nodes, ...rest } = inMemoryOrder(graph);
  const { nodes: before, ...all } = graph;
  expect(rest).toEqual(all);
  const unneeded = before.filter(({ op, inputs }) => op.type === "Mul" && inputs[0] === inputs[1]);
  expect(unneeded).toHaveLength(1);
  const kept = before.filter((node) => node !== unneeded[0]);
  expect(new Set(nodes)).toEqual(new Set(kept));
  expect(nodes).toHaveLength(kept.length);
});

test("read from its end, the list is a topological order", () => {
  const graph = trainingGraph();
  const listed = inMemoryOrder(graph).nodes.toReversed();
  const waiting = new Set(listed.flatMap(({ outputs }) => outputs));
  for (const { inputs, outputs } of listed) {
    expect(inputs.filter((input) => waiting.has(input))).toEqual([]);
    for (const output of outputs) waiting.delete(output);
  }
});

test("a reshape stands beside the node whose tensor it takes", () => {
  const { nodes } = inMemoryOrder(trainingGraph());
  const reshapes = nodes.flatMap((node, at) => (node.op.type === "Reshape" ? [{ node, at }] : []));
  expect(reshapes.length).toBeGreaterThanOrEqual(2);
  for (const { node, at } of reshapes) expect(nodes[at + 1]!.outputs).toEqual([node.inputs[0]]);
});

test("ONNX Runtime computes the same numbers in both orders", async () => {
  const graph = trainingGraph();
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, shape }, i) => [name, numbers(shape as readonly number[], i)]),
  );
  const run = async (written: Graph) => {
    const session = await createSession(onnxBytes(written, new Map()), { threads: 1 });
    const { y, gradient } = await runFloat32(session, feeds);
    await session.release();
    return [...y!.data, ...gradient!.data];
  };
  const numbersOf = await run(graph);
  expect(numbersOf).toHaveLength(6 + 30);
  expect(await run(inMemoryOrder(graph))).toEqual(numbersOf);
});

test("a node with several outputs stays where any of them is needed, and computes the same", async () => {
  const graph = new GraphBuilder("several");
  const x = graph.input("x", [2, 6]);
  const [first, , last] = split(x, 1, [2, 3, 1]);
  const [, unneeded] = split(x, 0, [1, 1]);
  relu(unneeded!);
  const y = mul(sigmoid(first!), last!);
  graph.output("y", y);
  graph.output("gradient", backward(new Map([[y, graph.input("seed", [2, 2])]]), [x]).get(x)!);
  const plain = lowered(graph.build());
  const ordered = inMemoryOrder(plain);
  expect(plain.nodes.filter(({ op }) => op === splitOp)).toHaveLength(2);
  expect(ordered.nodes.filter(({ op }) => op === splitOp).map(({ outputs }) => outputs.length)).toEqual([3]);
  const feeds = { x: numbers([2, 6], 1), seed: numbers([2, 2], 2) };
  const run = async (written: Graph) => {
    const session = await createSession(onnxBytes(written, new Map()), { threads: 1 });
    const results = await runFloat32(session, feeds);
    await session.release();
    return [...results["y"]!.data, ...results["gradient"]!.data];
  };
  const expected = await run(plain);
  expect(expected.filter((value) => value !== 0).length).toBeGreaterThan(4);
  expect(await run(ordered)).toEqual(expected);
});
