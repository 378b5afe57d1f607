import { describe, expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Graph } from "../../../src/graph/core/graph.ts";
import { onnxBytes, onnxModel } from "../../../src/graph/onnx/model.ts";
import { add } from "../../../src/graph/ops/add.ts";
import { matmul } from "../../../src/graph/ops/matmul.ts";
import { reshape } from "../../../src/graph/ops/reshape.ts";
import { runFloat32 } from "../../../src/graph/session.ts";
import { createSession } from "../../../src/node/session.ts";
import { bytesOf, float32, type Tensor } from "../../../src/tensor.ts";
import { integers, parseMessage, submessages, text } from "../../support/protobuf.ts";
import { numbers } from "../../support/run-graph.ts";

/** x · big + small, reshaped: one large weight, one small, one constant. */
function sample(): { graph: Graph; weights: Map<string, Tensor> } {
  const builder = new GraphBuilder("sample");
  const x = builder.input("x", ["N", 20]);
  const product = matmul(x, builder.parameter("layer.big", [20, 30]));
  builder.output("y", reshape(add(product, builder.parameter("layer.small", [30])), ["N", 5, 6]));
  const weights = new Map([
    ["layer.small", numbers([30], 2)],
    ["layer.big", numbers([20, 30], 1)],
  ]);
  return { graph: builder.build(), weights };
}

/** The initializers of a model by name. */
function initializers(model: Uint8Array) {
  const [graph] = submessages(parseMessage(model), 7);
  return new Map(submessages(graph!, 5).map((tensor) => [text(tensor, 8), tensor]));
}

const thrown = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe("weights that do not fit the graph are refused", () => {
  const { graph, weights } = sample();
  const changed = (tensor: Tensor) => new Map(weights).set("layer.small", tensor);
  const without = new Map(weights);
  without.delete("layer.small");

  test.each([
    ["missing", without, "graph/missing-weight", /"layer\.small"/],
    [
      "of another shape",
      changed(numbers([31], 1)),
      "graph/weight-mismatch",
      /"layer\.small".*\[31\].*\[30\]/,
    ],
    ["of the same size in another shape", changed(numbers([30, 1], 1)), "graph/weight-mismatch", /\[30,1\]/],
    [
      "of another dtype",
      changed({ dtype: "float64", shape: [30], data: new Float64Array(30) }),
      "graph/weight-mismatch",
      /float64\[30\].*float32\[30\]/,
    ],
  ] as const)("%s", (_, given, code, message) => {
    expect(() => onnxBytes(graph, given)).toThrow(thrown(code, message));
    expect(() => onnxModel(graph, given)).toThrow(thrown(code, message));
  });
});

describe("a self-contained model", () => {
  const { graph, weights } = sample();
  const bytes = onnxBytes(graph, weights, { labels: '["Ödem"]', empty: "" });
  const model = parseMessage(bytes);

  test("is IR version 8 with opset 17", () => {
    expect(integers(model, 1)).toEqual([8]);
    const [opset] = submessages(model, 8);
    expect([text(opset!, 1), integers(opset!, 2)]).toEqual(["", [17]]);
  });

  test("carries its metadata", () => {
    const entries = submessages(model, 14).map((entry) => [text(entry, 1), text(entry, 2)]);
    expect(entries).toEqual([
      ["labels", '["Ödem"]'],
      ["empty", ""],
    ]);
  });

  test("has each weight once, as raw data to the bit", () => {
    const tensors = initializers(bytes);
    for (const [name, { shape, data }] of weights) {
      const tensor = tensors.get(name)!;
      expect(integers(tensor, 1)).toEqual(shape);
      expect(integers(tensor, 2)).toEqual([1]);
      expect(Buffer.compare(tensor.get(9)![0] as Uint8Array, bytesOf(data))).toBe(0);
    }
    expect(tensors.size).toBe(weights.size + graph.constants.size);
  });

  test("ignores weights that the graph does not ask for", () => {
    const more = new Map([...weights, ["other", numbers([5], 1)]]);
    expect(onnxBytes(graph, more, { labels: '["Ödem"]', empty: "" })).toEqual(bytes);
  });
});

describe("a model with its weights elsewhere", () => {
  const { graph, weights } = sample();

  test("refers to the memory that they are in, without a copy", () => {
    const file = new Float32Array(1000);
    const big = float32([20, 30], file.subarray(100, 700));
    big.data.set(weights.get("layer.big")!.data as Float32Array);
    const model = onnxModel(graph, new Map(weights).set("layer.big", big));
    const tensor = initializers(model.bytes).get("layer.big")!;
    const where = new Map(submessages(tensor, 13).map((entry) => [text(entry, 1), text(entry, 2)]));
    expect(integers(tensor, 14)).toEqual([1]);
    expect(where.get("offset")).toBe("400");
    expect(where.get("length")).toBe("2400");
    expect(model.buffers.get(where.get("location")!)!.buffer).toBe(file.buffer);
    expect(tensor.has(9)).toBe(false);
  });

  test("computes the same bits as the self-contained one", async () => {
    const x = numbers([3, 20], 5);
    const results: Float32Array[] = [];
    for (const model of [onnxBytes(graph, weights), onnxModel(graph, weights)]) {
      const session = await createSession(model, { threads: 1 });
      const { y } = await runFloat32(session, { x });
      expect(y!.shape).toEqual([3, 5, 6]);
      results.push(y!.data);
      await session.release();
    }
    expect(results[1]).toEqual(results[0]);
    expect(Math.max(...results[0]!)).toBeGreaterThan(0);
  });
});
