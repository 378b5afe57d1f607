/** What the lowerings write. The test of each op checks, in all its forms, that they compute the same. */
import { expect, test } from "vitest";
import { GraphBuilder } from "../../src/graph/core/builder.ts";
import type { Graph, Value } from "../../src/graph/core/graph.ts";
import { inOnnxOps } from "../../src/graph/core/rewrite.ts";
import { add } from "../../src/graph/ops/add.ts";
import { channelSums } from "../../src/graph/ops/channel-sums.ts";
import { heaviside } from "../../src/graph/ops/heaviside.ts";
import { relu } from "../../src/graph/ops/relu.ts";
import { scaleShift } from "../../src/graph/ops/scale-shift.ts";
import { unfold } from "../../src/graph/ops/unfold.ts";
import { lowered } from "../../src/lowering/lowered.ts";

function graphOf(build: (x: Value, graph: GraphBuilder) => Value): Graph {
  const graph = new GraphBuilder("lowering");
  graph.output("y", build(graph.input("x", ["N", 3, 6, 7]), graph));
  return graph.build();
}

const typesOf = ({ nodes }: Graph) => nodes.map(({ op }) => op.type);

test.each<[string, (x: Value, graph: GraphBuilder) => Value, string[], string[]]>([
  ["Heaviside", (x) => heaviside(x), ["Greater", "Cast"], ["HardSigmoid"]],
  [
    "ScaleShift",
    (x, graph) => scaleShift(x, graph.input("scale", [3]), graph.input("shift", [3])),
    ["Reshape", "Mul", "Reshape", "Add"],
    ["Reshape", "Conv"],
  ],
  [
    "Unfold",
    (x) => unfold(x, { kernel: 2, stride: 1, padding: 1 }),
    ["Pad", ...Array.from({ length: 4 }, () => ["Slice", "Reshape"]).flat(), "Concat", "Reshape"],
    ["Conv"],
  ],
  ["ChannelSums", (x) => channelSums(x), ["ReduceSum"], ["ReduceSum", "ReduceSum"]],
])("%s has a plain form in ONNX's operators, and one for ONNX Runtime's CPU", (type, build, plain, fast) => {
  const graph = graphOf(build);
  expect(typesOf(graph)).toEqual([type]);
  expect(typesOf(inOnnxOps(graph))).toEqual(plain);
  expect(typesOf(lowered(graph))).toEqual(fast);
});

test("what stands around a lowered op keeps its place, its names and its constants", () => {
  const graph = graphOf((x, builder) => {
    builder.scalar(7);
    return add(relu(heaviside(relu(x))), builder.scalar(0.5));
  });
  const { nodes, inputs, outputs, constants } = lowered(graph);
  expect(nodes.map(({ op }) => op.type)).toEqual(["Relu", "HardSigmoid", "Relu", "Add"]);
  expect(inputs.map(({ name, shape }) => [name, shape])).toEqual([["x", ["N", 3, 6, 7]]]);
  expect(outputs.get("y")).toBe(nodes.at(-1)!.outputs[0]);
  expect([...constants.values()].map(({ data }) => [...data])).toEqual([[0.5]]);
});

test("parameters keep their names, shapes and dtypes", () => {
  const graph = graphOf((x, builder) => {
    builder.parameter("codes", [4], "int8");
    return scaleShift(heaviside(x), builder.parameter("scale", [3]), builder.parameter("shift", [3]));
  });
  const { parameters } = lowered(graph);
  expect([...parameters.values()].map(({ name, shape, dtype }) => [name, shape, dtype])).toEqual([
    ["codes", [4], "int8"],
    ["scale", [3], "float32"],
    ["shift", [3], "float32"],
  ]);
});

test("a graph with nothing to lower is the same graph", () => {
  const graph = graphOf((x) => relu(x));
  expect(lowered(graph)).toBe(graph);
  expect(inOnnxOps(graph)).toBe(graph);
});

test("nodes that are listed in another order can no longer be rewritten", () => {
  const graph = graphOf((x) => heaviside(relu(x)));
  const backwards = { ...graph, nodes: graph.nodes.toReversed() };
  expect(() => lowered(backwards)).toThrow(
    expect.objectContaining({ code: "graph/unordered", details: { name: "Relu_0" } }),
  );
});
