import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { onnxBytes } from "../../../src/graph/onnx/model.ts";
import { add } from "../../../src/graph/ops/add.ts";
import { concat } from "../../../src/graph/ops/concat.ts";
import { conv } from "../../../src/graph/ops/conv.ts";
import { relu } from "../../../src/graph/ops/relu.ts";
import { split } from "../../../src/graph/ops/split.ts";
import { runFloat32 } from "../../../src/graph/session.ts";
import { createSession } from "../../../src/node/session.ts";
import { float32 } from "../../../src/tensor.ts";

const thrown = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test.each<[string, (graph: GraphBuilder) => void]>([
  ["two inputs", (graph) => graph.input("x", [2])],
  ["an input and a parameter", (graph) => graph.parameter("x", [2])],
  ["an input and an output", (graph) => graph.output("x", relu(graph.input("y", [2])))],
])("%s of the same name are refused", (_, repeat) => {
  const graph = new GraphBuilder("names");
  graph.input("x", [2]);
  expect(() => repeat(graph)).toThrow(thrown("graph/duplicate-name", /"x"/));
});

test("two outputs of the same name are refused", () => {
  const graph = new GraphBuilder("names");
  const x = graph.input("x", [2]);
  graph.output("y", x);
  expect(() => graph.output("y", relu(x))).toThrow(thrown("graph/duplicate-name", /"y"/));
});

test("a parameter that takes the name of a later node is not silently shared", () => {
  const graph = new GraphBuilder("names");
  const x = graph.parameter("Relu_0", [2]);
  expect(() => relu(x)).toThrow(thrown("graph/duplicate-name", /"Relu_0"/));
});

test("values of another graph are refused, whichever operand they are", () => {
  const [here, there] = [new GraphBuilder("here"), new GraphBuilder("there")];
  const [x, y] = [here.input("x", [1, 1, 2, 2]), there.input("y", [1, 1, 2, 2])];
  const foreign = thrown("graph/foreign-value", /"[xy]" belongs to another graph/);
  expect(() => add(x, y)).toThrow(foreign);
  expect(() => add(y, x)).toThrow(foreign);
  expect(() => concat([x, x, y], 1)).toThrow(foreign);
  expect(() => conv(x, there.parameter("w", [1, 1, 1, 1]))).toThrow(
    thrown("graph/foreign-value", /^Conv: .*"w"/),
  );
});

test("a value of another graph is refused as an output", () => {
  const [here, there] = [new GraphBuilder("here"), new GraphBuilder("there")];
  const y = there.input("y", [2]);
  expect(() => here.output("out", y)).toThrow(thrown("graph/foreign-value", /"y"/));
});

test("a constant with another number of elements than its shape is refused", () => {
  const graph = new GraphBuilder("constants");
  const data = new Float32Array(5);
  expect(() => graph.constant({ dtype: "float32", shape: [2, 3], data })).toThrow(
    thrown("graph/bad-constant", /\[2,3\].*5 elements/),
  );
});

test("constants are part of the graph, each under its own name", async () => {
  const graph = new GraphBuilder("constants");
  const x = graph.input("x", [2]);
  const pair = graph.constant(float32([2], Float32Array.of(10, 20)));
  graph.output("y", add(add(x, pair), graph.scalar(0.5)));
  const session = await createSession(onnxBytes(graph.build(), new Map()));
  const { y } = await runFloat32(session, { x: float32([2], Float32Array.of(1, 2)) });
  await session.release();
  expect([...y!.data]).toEqual([11.5, 22.5]);
});

test("one value can be published under several names, and an input as an output", async () => {
  const graph = new GraphBuilder("names");
  const x = graph.input("x", ["N"]);
  const y = relu(x);
  for (const name of ["a", "b"]) graph.output(name, y);
  graph.output("same", x);
  const session = await createSession(onnxBytes(graph.build(), new Map()));
  const { a, b, same } = await runFloat32(session, { x: float32([3], Float32Array.of(-1, 0, 2)) });
  await session.release();
  expect([...a!.data]).toEqual([0, 0, 2]);
  expect(b!.data).toEqual(a!.data);
  expect([...same!.data]).toEqual([-1, 0, 2]);
});

test("a built graph does not change with its builder", () => {
  const builder = new GraphBuilder("building");
  const x = builder.input("x", [2]);
  const built = builder.build();
  builder.output("y", relu(x));
  builder.parameter("w", [1]);
  expect([built.inputs.length, built.nodes.length, built.outputs.size, built.parameters.size]).toEqual([
    1, 0, 0, 0,
  ]);
  expect(builder.build().nodes).toHaveLength(1);
});

test("each output of an op has a name, and one may be published beside the others' use", async () => {
  const graph = new GraphBuilder("several");
  const parts = split(graph.input("x", [4]), 0, [1, 3]);
  expect(parts.map(({ name, shape }) => [name, shape])).toEqual([
    ["Split_0_0", [1]],
    ["Split_0_1", [3]],
  ]);
  expect(parts.map((part) => graph.makerOf(part)?.outputs)).toEqual([parts, parts]);
  graph.output("first", parts[0]!);
  graph.output("sum", add(parts[0]!, parts[1]!));
  const session = await createSession(onnxBytes(graph.build(), new Map()));
  const { first, sum } = await runFloat32(session, { x: float32([4], Float32Array.of(1, 2, 3, 4)) });
  await session.release();
  expect([...first!.data, ...sum!.data]).toEqual([1, 3, 4, 5]);
});

test("a parameter has the dtype that it is given, and weights of another are refused", () => {
  const graph = new GraphBuilder("codes");
  const codes = graph.parameter("codes", [2], "int8");
  expect(codes).toMatchObject({ dtype: "int8", shape: [2] });
  graph.output("y", codes);
  const weights = new Map([["codes", float32([2], new Float32Array(2))]]);
  expect(() => onnxBytes(graph.build(), weights)).toThrow(
    thrown("graph/weight-mismatch", /"codes" are float32\[2\], but the graph has int8\[2\]/),
  );
});
