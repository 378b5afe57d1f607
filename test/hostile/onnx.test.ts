/** ONNX files that lie. */

import { describe, expect, test } from "vitest";
import { readOnnx } from "../../src/formats/onnx/read.ts";
import { concat } from "./builders/bytes.ts";
import {
  attribute,
  external,
  field,
  floats,
  graph,
  lyingField,
  model,
  node,
  port,
  tensor,
  varint,
} from "./builders/onnx.ts";
import { refuses } from "./refusal.ts";

const MAX = Number.MAX_SAFE_INTEGER;

const withTensor = (bytes: Uint8Array): Uint8Array => model(graph({ tensors: [bytes] }));

function readAll(bytes: Uint8Array): void {
  for (const entry of readOnnx(bytes).graph.initialisers.values()) entry.read();
}

const FLOATS = concat(varint(4 * 8 + 2), varint(4), floats(2));
const HONEST = model(
  graph({
    nodes: [node("Mul", ["x", "w"], ["y"])],
    tensors: [tensor("w", [1]), tensor("l", [1], 1, null, FLOATS), tensor("i", [], 7, null, field(7, -5))],
    inputs: [port("x", ["N", 1])],
    outputs: [port("y", ["N", 1])],
  }),
  { metadata: { key: "value" } },
);

/** Graphs in graphs, `depth` deep. */
function nested(depth: number): Uint8Array {
  let inner = graph({});
  for (let i = 0; i < depth; i++)
    inner = graph({ nodes: [node("If", ["c"], ["y"], { attributes: [attribute("g", 6, inner)] })] });
  return model(inner);
}

test("the honest file that these vary is read", () => {
  const file = readOnnx(HONEST);
  expect(file).toMatchObject({
    irVersion: 8,
    producer: "builder",
    metadata: { key: "value" },
    graph: {
      nodes: [{ type: "Mul", domain: "", inputs: ["x", "w"], outputs: ["y"] }],
      inputs: [{ name: "x", dtype: "float32", shape: ["N", 1] }],
      outputs: [{ name: "y", dtype: "float32", shape: ["N", 1] }],
    },
  });
  expect([...file.opsets]).toEqual([["", 17]]);
  expect([...file.graph.initialisers.values()].map((entry) => entry.read())).toEqual([
    { dtype: "float32", shape: [1], data: Float32Array.of(1) },
    { dtype: "float32", shape: [1], data: Float32Array.of(2) },
    { dtype: "int64", shape: [], data: BigInt64Array.of(-5n) },
  ]);
  expect(() => readOnnx(nested(12))).not.toThrow();
});

describe("an ONNX file that lies is refused", () => {
  const cases: readonly [string, Uint8Array, string][] = [
    ["no graph", concat(field(1, 8), field(2, "x")), "onnx/damaged"],
    ["two graphs", model(graph({}), { more: [field(7, graph({}))] }), "onnx/damaged"],
    ["a field beyond the end", concat(field(1, 8), lyingField(7, 1000, floats(1))), "onnx/damaged"],
    ["a field of 2^53 bytes", concat(field(1, 8), lyingField(7, MAX, floats(1))), "onnx/damaged"],
    ["a field of -1 bytes", concat(field(1, 8), lyingField(7, -1, floats(1))), "onnx/damaged"],
    [
      "a varint of eleven bytes",
      concat(field(1, 8), new Uint8Array(11).fill(0x80), Uint8Array.of(1)),
      "onnx/damaged",
    ],
    ["a field number 0", concat(field(1, 8), Uint8Array.of(2, 0)), "onnx/damaged"],
    ["an old group", concat(field(1, 8), Uint8Array.of(0x3b, 0x3c)), "onnx/damaged"],
    ["fewer bytes than a shape needs", withTensor(tensor("w", [2])), "onnx/damaged"],
    ["more bytes than a shape needs", withTensor(tensor("w", [0])), "onnx/damaged"],
    ["a shape whose product is infinite", withTensor(tensor("w", Array(16).fill(MAX))), "onnx/damaged"],
    ["a negative extent", withTensor(tensor("w", [-1, -1])), "onnx/damaged"],
    ["an extent above 2^53", withTensor(tensor("w", [2n ** 60n])), "onnx/damaged"],
    ["a rank of 17", withTensor(tensor("w", Array(17).fill(1))), "onnx/damaged"],
    [
      "a rank of a million",
      withTensor(tensor("w", [], 1, floats(1), field(1, new Uint8Array(1e6).fill(1)))),
      "onnx/damaged",
    ],
    ["no elements", withTensor(tensor("w", [1], 1, null)), "onnx/damaged"],
    [
      "a list that is too short",
      withTensor(tensor("w", [3], 7, null, field(7, Uint8Array.of(1, 2)))),
      "onnx/damaged",
    ],
    [
      "a list that is too long",
      withTensor(tensor("w", [1], 7, null, field(7, Uint8Array.of(1, 2)))),
      "onnx/damaged",
    ],
    [
      "an unfinished list",
      withTensor(tensor("w", [1], 7, null, field(7, Uint8Array.of(1, 0x80)))),
      "onnx/damaged",
    ],
    [
      "half a float in a list",
      withTensor(tensor("w", [1], 1, null, field(4, new Uint8Array(5)))),
      "onnx/damaged",
    ],
    [
      "2^50 promised elements in a list",
      withTensor(tensor("w", [2 ** 50], 7, null, field(7, 1))),
      "onnx/damaged",
    ],
    ["a boolean of 7", withTensor(tensor("w", [1], 9, Uint8Array.of(7))), "onnx/damaged"],
    ["a name twice", model(graph({ tensors: [tensor("w", [1]), tensor("w", [1])] })), "onnx/damaged"],
    [
      "a name with line feeds, twice",
      model(graph({ tensors: Array(2).fill(tensor("w\n\u001b[2J", [1])) })),
      "onnx/damaged",
    ],
    ["elements in /etc/passwd", withTensor(external("w", "/etc/passwd")), "onnx/external-data"],
    ["elements in ../../secret", withTensor(external("w\n", "../../secret")), "onnx/external-data"],
    ["text", withTensor(tensor("w", [1], 8, null, field(6, "text"))), "tensor/unread-dtype"],
    ["a type that there is not", withTensor(tensor("w", [1], 99)), "tensor/unread-dtype"],
    [
      "a tensor in segments",
      withTensor(tensor("w", [1], 1, floats(1), field(3, field(1, 0)))),
      "onnx/unsupported",
    ],
    ["graphs 13 deep", nested(13), "onnx/too-large"],
    ["graphs 3,000 deep", nested(3000), "onnx/too-large"],
    [
      "five million fields",
      concat(field(1, 8), field(7, new Uint8Array(10_000_000).fill(0x10))),
      "onnx/too-large",
    ],
    [
      "an attribute of five million numbers",
      model(
        graph({ nodes: [node("A", [], [], { attributes: [attribute("a", 8, new Uint8Array(5_000_000))] })] }),
      ),
      "onnx/too-large",
    ],
  ];
  test.for(cases)("%s", ([, file, code]) => refuses(() => readAll(file), code));
});

test("a file that is cut anywhere is refused, or has no graph left to miss", () => {
  for (let length = 1; length < HONEST.length; length++) {
    const cut = HONEST.subarray(0, length);
    try {
      readAll(cut);
    } catch (error) {
      expect(error).toMatchObject({ code: "onnx/damaged" });
    }
  }
});
