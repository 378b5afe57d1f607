import { expect, test } from "vitest";
import { GraphBuilder } from "../../src/graph/core/builder.ts";
import type { Graph } from "../../src/graph/core/graph.ts";
import { backward } from "../../src/graph/gradient/backward.ts";
import { onnxBytes } from "../../src/graph/onnx/model.ts";
import { conv } from "../../src/graph/ops/conv.ts";
import { relu } from "../../src/graph/ops/relu.ts";
import { scaleShift } from "../../src/graph/ops/scale-shift.ts";
import { split } from "../../src/graph/ops/split.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { lowered } from "../../src/lowering/lowered.ts";
import { recomputeNorms } from "../../src/lowering/recompute.ts";
import { createSession } from "../../src/node/session.ts";
import { numbers } from "../support/run-graph.ts";

/** Two rectified norms with a convolution each, and the gradients of all that is trained; lowered. */
function trainingGraph(): { graph: Graph; forward: number } {
  const graph = new GraphBuilder("step");
  const x = graph.input("x", [2, 3, 6, 6]);
  const norms = [graph.input("scale", [3]), graph.input("shift", [3])] as const;
  const kernel = graph.input("kernel", [4, 3, 3, 3]);
  const more = [graph.input("scale2", [4]), graph.input("shift2", [4])] as const;
  const last = graph.input("last", [2, 4, 1, 1]);
  const hidden = conv(relu(scaleShift(x, ...norms)), kernel, { padding: 1 });
  const y = conv(relu(scaleShift(hidden, ...more)), last);
  graph.output("y", y);
  const forward = lowered(graph.build()).nodes.length;
  const trained = [...norms, kernel, ...more, last];
  const gradients = backward(new Map([[y, graph.input("seed", [2, 2, 6, 6])]]), trained);
  for (const value of trained) graph.output(`d_${value.name}`, gradients.get(value)!);
  return { graph: lowered(graph.build()), forward };
}

test("nothing behind the forward pass uses its rectified norms, and all inputs are made before they are used", () => {
  const { graph, forward } = trainingGraph();
  const { nodes, ...rest } = recomputeNorms(graph, forward);
  const { nodes: before, ...all } = graph;
  expect(rest).toEqual(all);
  expect(nodes.slice(0, forward)).toEqual(before.slice(0, forward));
  expect(nodes).toHaveLength(before.length + 4);
  const kept = new Set(
    before.slice(0, forward).flatMap(({ op, outputs }) => (op.type === "Relu" ? outputs : [])),
  );
  expect(kept.size).toBe(2);
  const used = (list: Graph["nodes"]) =>
    list.slice(forward).flatMap(({ inputs }) => inputs.filter((i) => kept.has(i)));
  expect(used(before).length).toBeGreaterThan(0);
  expect(used(nodes)).toEqual([]);
  const made = new Set(graph.inputs);
  for (const { inputs, outputs } of nodes) {
    const isThere = (input: (typeof inputs)[number]) => made.has(input) || graph.constants.has(input.name);
    expect(inputs.filter((input) => !isThere(input))).toEqual([]);
    for (const output of outputs) made.add(output);
  }
});

test("the gradients are the same bits", async () => {
  const { graph, forward } = trainingGraph();
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, shape }, i) => [name, numbers(shape as readonly number[], i)]),
  );
  const run = async (written: Graph) => {
    const session = await createSession(onnxBytes(written, new Map()), { threads: 1 });
    const results = await runFloat32(session, feeds);
    await session.release();
    return [...graph.outputs.keys()].map((name) => [...results[name]!.data]);
  };
  const plain = await run(graph);
  expect(plain.flat().filter((value) => value !== 0).length).toBeGreaterThan(100);
  expect(await run(recomputeNorms(graph, forward))).toEqual(plain);
});

test("a graph without a backward pass stays as it is", () => {
  const { graph } = trainingGraph();
  expect(recomputeNorms(graph, graph.nodes.length)).toEqual(graph);
});

test("a rectified norm of one of several outputs is computed again, and the op of the outputs is not", async () => {
  const graph = new GraphBuilder("several");
  const x = graph.input("x", [2, 5, 4, 4]);
  const [part] = split(x, 1, [3, 2]);
  const kernel = graph.input("kernel", [2, 3, 3, 3]);
  const norm = [graph.input("scale", [3]), graph.input("shift", [3])] as const;
  const y = conv(relu(scaleShift(part!, ...norm)), kernel, { padding: 1 });
  graph.output("y", y);
  const forward = lowered(graph.build()).nodes.length;
  const gradients = backward(new Map([[y, graph.input("seed", [2, 2, 4, 4])]]), [x, kernel]);
  graph.output("d_x", gradients.get(x)!);
  graph.output("d_kernel", gradients.get(kernel)!);
  const plain = lowered(graph.build());
  const again = recomputeNorms(plain, forward);
  const count = (nodes: Graph["nodes"], type: string) => nodes.filter(({ op }) => op.type === type).length;
  expect([count(plain.nodes, "Relu"), count(again.nodes, "Relu")]).toEqual([1, 2]);
  expect([count(plain.nodes, "Split"), count(again.nodes, "Split")]).toEqual([1, 1]);
  const feeds = Object.fromEntries(
    plain.inputs.map(({ name, shape }, i) => [name, numbers(shape as readonly number[], i)]),
  );
  const run = async (written: Graph) => {
    const session = await createSession(onnxBytes(written, new Map()), { threads: 1 });
    const results = await runFloat32(session, feeds);
    await session.release();
    return [...results["d_x"]!.data, ...results["d_kernel"]!.data];
  };
  expect(await run(again)).toEqual(await run(plain));
});
