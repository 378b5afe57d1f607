import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Shape } from "../../../src/graph/core/graph.ts";
import { backward } from "../../../src/graph/gradient/backward.ts";
import { onnxBytes } from "../../../src/graph/onnx/model.ts";
import { qlinearConv } from "../../../src/graph/ops/qlinear-conv.ts";
import { createSession } from "../../../src/node/session.ts";
import { type DType, sizeOf, tensorOf } from "../../../src/tensor.ts";
import { qlinearConv as oracle, type QLinearCase } from "../../oracle/qlinear-conv.ts";

/** Whole numbers from `low` to `high` that look random. */
function drawn(length: number, seed: number, low: number, high: number): number[] {
  let state = (seed + 1) * 2654435761;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + Math.floor(((state >>> 8) / 2 ** 24) * (high - low + 1));
  });
}

async function run(row: QLinearCase, x: Uint8Array, w: Int8Array, optimise: "throughput" | "startup") {
  const graph = new GraphBuilder("codes");
  const scalar = (value: number) => graph.scalar(value);
  const kernel = {
    weight: graph.constant(tensorOf("int8", row.w, w)),
    scales: graph.constant(tensorOf("float32", [row.w[0]!], row.scales)),
    bias: graph.constant(tensorOf("int32", [row.w[0]!], row.bias)),
  };
  const image = { codes: graph.input("x", ["N", ...row.x.slice(1)], "uint8"), scale: scalar(row.scale) };
  const { codes } = qlinearConv(image, kernel, scalar(row.outScale), row);
  graph.output("y", codes);
  const session = await createSession(onnxBytes(graph.build(), new Map()), { threads: 1, optimise });
  const { y } = await session.run({ x: tensorOf("uint8", row.x, x) });
  await session.release();
  return y!;
}

const ROWS = [
  { name: "1×1", x: [2, 5, 6, 7], w: [4, 5, 1, 1], stride: 1, padding: 0, groups: 1 },
  {
    name: "3×3 with padding, as in a dense layer",
    x: [1, 128, 7, 7],
    w: [32, 128, 3, 3],
    stride: 1,
    padding: 1,
    groups: 1,
  },
  {
    name: "each channel on its own, as a norm",
    x: [2, 70, 5, 5],
    w: [70, 1, 1, 1],
    stride: 1,
    padding: 0,
    groups: 70,
  },
  {
    name: "means of 2×2 with a row left over",
    x: [1, 64, 7, 8],
    w: [64, 1, 2, 2],
    stride: 2,
    padding: 0,
    groups: 64,
  },
  { name: "two groups", x: [1, 4, 5, 5], w: [6, 2, 3, 3], stride: 1, padding: 1, groups: 2 },
];

test.each(ROWS)(
  "$name: the sum in whole numbers, scaled, rounded and clamped, to the code",
  async (shapes) => {
    const m = shapes.w[0]!;
    const terms = sizeOf(shapes.w.slice(1));
    const row: QLinearCase = {
      ...shapes,
      scale: 0.5,
      scales: Float32Array.from(drawn(m, 3, 30, 170), (k) => k / (10_800 * Math.sqrt(terms))),
      outScale: 0.25,
      bias: Int32Array.from(drawn(m, 4, -500, 4000)),
    };
    const x = Uint8Array.from(drawn(sizeOf(row.x), 1, 0, 255));
    const w = Int8Array.from(drawn(sizeOf(row.w), 2, -64, 64));
    const expected = oracle(row, x, w);
    expect(new Set(expected.data).size).toBeGreaterThan(20);
    for (const optimise of ["throughput", "startup"] as const) {
      const { shape, data, dtype } = await run(row, x, w, optimise);
      expect({ dtype, shape, data }).toEqual({ dtype: "uint8", ...expected });
    }
  },
);

test.each([
  [64, 255],
  [-64, 255],
])("weights of %i and images of %i all over do not overflow in any kernel", async (code, level) => {
  const row: QLinearCase = {
    x: [1, 1024, 7, 7],
    w: [64, 1024, 1, 1],
    stride: 1,
    padding: 0,
    groups: 1,
    scale: 1,
    scales: new Float32Array(64).fill(2 ** -17),
    outScale: 1,
    bias: new Int32Array(64).fill(code < 0 ? 2 ** 25 : 0),
  };
  const x = new Uint8Array(1024 * 49).fill(level);
  const w = new Int8Array(64 * 1024).fill(code);
  const expected = oracle(row, x, w);
  expect([...new Set(expected.data)]).toEqual([128]);
  expect((await run(row, x, w, "throughput")).data).toEqual(expected.data);
});

type Input = readonly [shape: Shape, dtype: DType];
const GOOD: Readonly<Record<string, Input>> = {
  x: [["N", 4, 8, 8], "uint8"],
  scale: [[], "float32"],
  weight: [[6, 4, 3, 3], "int8"],
  scales: [[6], "float32"],
  bias: [[6], "int32"],
  out: [[], "float32"],
};

function build(changes: Readonly<Record<string, Input>>, window = {}) {
  const graph = new GraphBuilder("refused");
  const at = (name: string) => graph.input(name, ...({ ...GOOD, ...changes }[name]! as [Shape, DType]));
  const image = { codes: at("x"), scale: at("scale") };
  return qlinearConv(
    image,
    { weight: at("weight"), scales: at("scales"), bias: at("bias") },
    at("out"),
    window,
  );
}

test.each<[string, Record<string, Input>, object, RegExp]>([
  ["images that are not codes", { x: [["N", 4, 8, 8], "float32"] }, {}, /needs uint8 images/],
  ["weights without a sign", { weight: [[6, 4, 3, 3], "uint8"] }, {}, /int8 weights/],
  ["a bias in float32", { bias: [[6], "float32"] }, {}, /int32 bias/],
  ["other channels than the image", { weight: [[6, 3, 3, 3], "int8"] }, {}, /differ in channels/],
  ["groups that do not divide the outputs", { weight: [[6, 1, 3, 3], "int8"] }, { groups: 4 }, /in 4 groups/],
  ["a kernel that is not square", { weight: [[6, 4, 3, 2], "int8"] }, {}, /must be \[M, C, 3, 3\]/],
  ["a scale for each channel of the image", { scale: [[4], "float32"] }, {}, /must be scalars/],
  ["one scale for all outputs", { scales: [[1], "float32"] }, {}, /each of 6 outputs/],
  ["a kernel larger than the image", { x: [["N", 4, 2, 8], "uint8"] }, {}, /does not fit/],
])("%s: refused", (_, changes, window, message) => {
  expect(() => build(changes, window)).toThrow(
    expect.objectContaining({ code: "graph/shape-mismatch", message: expect.stringMatching(message) }),
  );
});

test("no gradient comes through it", () => {
  const { codes } = build({});
  const seed = (codes.graph as GraphBuilder).input("seed", codes.shape);
  const x = (codes.graph as GraphBuilder).build().inputs.find(({ name }) => name === "x")!;
  expect(() => backward(new Map([[codes, seed]]), [x])).toThrow(/no gradient reaches "x"|dtype|float32/);
});
