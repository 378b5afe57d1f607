import { expect, test } from "vitest";
import { GraphBuilder } from "../../src/graph/core/builder.ts";
import { onnxBytes, onnxModel } from "../../src/graph/onnx/model.ts";
import { add } from "../../src/graph/ops/add.ts";
import { cast } from "../../src/graph/ops/cast.ts";
import { dequantizeLinear } from "../../src/graph/ops/dequantize-linear.ts";
import { equal } from "../../src/graph/ops/equal.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { createSession } from "../../src/node/session.ts";
import { float32, type Tensor, tensorOf, toFloat16 } from "../../src/tensor.ts";
import { runTensors } from "../support/run-tensors.ts";

/** Numbers at the edges of each dtype that ONNX Runtime's tensors hold. */
const TENSORS: readonly Tensor[] = [
  tensorOf("float32", [3], Float32Array.of(1.5, -3.4e38, Number.POSITIVE_INFINITY)),
  tensorOf("float64", [2], Float64Array.of(1e300, -0.1)),
  toFloat16(float32([4], Float32Array.of(1, -0.5, 65_504, 1e-7))),
  tensorOf("int64", [2], BigInt64Array.of(2n ** 62n + 1n, -(2n ** 63n))),
  tensorOf("int32", [2], Int32Array.of(2 ** 31 - 1, -(2 ** 31))),
  tensorOf("int16", [2], Int16Array.of(32_767, -32_768)),
  tensorOf("int8", [3], Int8Array.of(127, -128, 0)),
  tensorOf("uint64", [1], BigUint64Array.of(2n ** 64n - 1n)),
  tensorOf("uint32", [2], Uint32Array.of(2 ** 32 - 1, 0)),
  tensorOf("uint16", [2, 1], Uint16Array.of(65_535, 1)),
  tensorOf("uint8", [3], Uint8Array.of(255, 128, 0)),
  tensorOf("bool", [2], Uint8Array.of(1, 0)),
];

test.each(TENSORS.map((tensor) => [tensor.dtype, tensor] as const))(
  "%s goes in and comes out, as an input, a parameter and a constant",
  async (dtype, tensor) => {
    const graph = new GraphBuilder("identity");
    graph.output("fed", graph.input("x", tensor.shape, dtype));
    graph.output("kept", graph.parameter("w", tensor.shape, dtype));
    graph.output("written", graph.constant(tensor));
    const { fed, kept, written } = await runTensors(graph, { x: tensor }, { w: tensor });
    for (const result of [fed, kept, written]) expect(result).toEqual(tensor);
  },
);

test("int64 in, bool out: where two lists agree", async () => {
  const graph = new GraphBuilder("agreement");
  const [a, b] = [graph.input("a", ["N"], "int64"), graph.input("b", ["N"], "int64")];
  graph.output("sum", add(a, b));
  graph.output("same", equal(a, b));
  const list = (...values: bigint[]) => tensorOf("int64", [values.length], BigInt64Array.from(values));
  const { sum, same } = await runTensors(graph, { a: list(1n, 2n ** 53n, -7n), b: list(1n, 1n, -7n) });
  expect(sum).toEqual(list(2n, 2n ** 53n + 1n, -14n));
  expect(same).toEqual(tensorOf("bool", [3], Uint8Array.of(1, 0, 1)));
});

test("bfloat16 lives within a graph, but cannot be fed or come out", async () => {
  const within = new GraphBuilder("within");
  within.output("y", cast(cast(within.input("x", [2]), "bfloat16"), "float32"));
  const { y } = await runTensors(within, { x: float32([2], Float32Array.of(1.0001, -3)) });
  expect(y).toEqual(float32([2], Float32Array.of(1, -3)));

  const fed = new GraphBuilder("fed");
  fed.output("y", cast(fed.input("x", [1], "bfloat16"), "float32"));
  const bits = tensorOf("bfloat16", [1], Uint16Array.of(0x3f80));
  await expect(runTensors(fed, { x: bits })).rejects.toMatchObject({ code: "runtime/no-session" });

  const plain = new GraphBuilder("plain");
  plain.output("y", plain.input("x", [1]));
  await expect(runTensors(plain, { x: bits })).rejects.toMatchObject({
    code: "runtime/unsupported-dtype",
    details: { dtype: "bfloat16" },
  });
});

test("outputs are written to the memory that is given for them, of any dtype", async () => {
  const graph = new GraphBuilder("into");
  const x = graph.input("x", [3], "int32");
  graph.output("y", add(x, x));
  const session = await createSession(onnxBytes(graph.build(), new Map()), { threads: 1 });
  const into = tensorOf("int32", [3], new Int32Array(3));
  const { y } = await session.run({ x: tensorOf("int32", [3], Int32Array.of(1, 2, 3)) }, ["y"], { y: into });
  await session.release();
  expect([...into.data]).toEqual([2, 4, 6]);
  expect(y).toEqual(into);
});

test("int8 weights stay in the file's memory, and a session computes with them", async () => {
  const file = new Uint8Array(5000);
  const data = new Int8Array(file.buffer, 333, 4000).map((_, i) => (i % 256) - 128);
  new Int8Array(file.buffer, 333, 4000).set(data);
  const codes = tensorOf("int8", [4000], new Int8Array(file.buffer, 333, 4000));
  const graph = new GraphBuilder("codes");
  const zero = graph.constant(tensorOf("int8", [], Int8Array.of(-3)));
  graph.output("y", dequantizeLinear(graph.parameter("codes", [4000], "int8"), graph.scalar(0.5), zero, 0));
  const model = onnxModel(graph.build(), new Map([["codes", codes]]));
  expect(model.bytes.length).toBeLessThan(1000);
  expect([...model.buffers.values()].map(({ buffer }) => buffer)).toEqual([file.buffer]);
  const session = await createSession(model, { threads: 1 });
  const { y } = await session.run({});
  await session.release();
  expect(y).toEqual(
    float32(
      [4000],
      Float32Array.from(data, (code) => (code + 3) * 0.5),
    ),
  );
});

test("whoever needs float32 gets it, or an error that names the output", async () => {
  const graph = new GraphBuilder("mixed");
  const x = graph.input("x", [2]);
  graph.output("same", x);
  graph.output("whole", cast(x, "int64"));
  const session = await createSession(onnxBytes(graph.build(), new Map()), { threads: 1 });
  const feeds = { x: float32([2], Float32Array.of(1.5, 2)) };
  expect([...(await runFloat32(session, feeds, ["same"]))["same"]!.data]).toEqual([1.5, 2]);
  await expect(runFloat32(session, feeds)).rejects.toMatchObject({
    code: "tensor/wrong-dtype",
    message: 'the output "whole" is int64[2], but float32 is needed here',
  });
  await session.release();
});
