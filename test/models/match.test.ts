import { expect, test } from "vitest";
import type { TensorEntry } from "../../src/formats/tensor-entry.ts";
import { expectedShapes, matchDenseNet, readDimensions } from "../../src/models/match.ts";
import type { DType, Tensor } from "../../src/tensor.ts";
import { differing, entriesOf } from "../support/checkpoints.ts";
import { seededWeights } from "../support/seeded-weights.ts";

const WEIGHTS = seededWeights(11);
const BIAS = "classifier.bias";
const VARIANCE = "features.norm5.running_var";
const COUNTER = "features.norm0.num_batches_tracked";

const entryOf = (tensor: Tensor): TensorEntry => ({ ...tensor, read: () => tensor });

/** The seeded weights with some tensors replaced, or removed where undefined is given. */
function matchWith(changes: Readonly<Record<string, Tensor | undefined>>) {
  const entries = entriesOf(WEIGHTS.tensors);
  for (const [name, tensor] of Object.entries(changes)) {
    if (tensor === undefined) entries.delete(name);
    else entries.set(name, entryOf(tensor));
  }
  return matchDenseNet(entries);
}

const float32 = (...values: number[]): Tensor => ({
  dtype: "float32",
  shape: [values.length],
  data: Float32Array.from(values),
});
const biasWith = (value: number): Tensor => float32(...Array(13).fill(0.5), value);

function error(code: string, message: RegExp, details: Record<string, unknown> = {}) {
  return expect.objectContaining({
    code,
    message: expect.stringMatching(message),
    details: expect.objectContaining(details),
  });
}

test("a complete state dict is taken over tensor by tensor, in torchvision's order", () => {
  const reversed = new Map([...entriesOf(WEIGHTS.tensors)].reverse());
  const matched = matchDenseNet(reversed);
  expect(matched).toMatchObject({ inChannels: 3, numLabels: 14 });
  expect([...matched.tensors.keys()]).toEqual([...expectedShapes(3, 14).keys()]);
  expect(differing(matched.tensors, WEIGHTS.tensors)).toEqual([]);
});

test("what is missing and what is left over is listed by name", () => {
  expect(() => matchWith({ [BIAS]: undefined, [VARIANCE]: undefined, "fc.bias": float32(1) })).toThrow(
    error(
      "checkpoint/mismatch",
      /2 missing \(features\.norm5\.running_var, classifier\.bias\); 1 left over \(fc\.bias\)/,
      {
        missing: [VARIANCE, BIAS],
        leftOver: ["fc.bias"],
        otherShape: [],
      },
    ),
  );
});

test("a message names the first four tensors and counts the others; the details have all", () => {
  const few = new Map([...entriesOf(WEIGHTS.tensors)].slice(0, 6));
  const missing = [...expectedShapes(3, 14).keys()].filter((n) => !few.has(n) && !n.endsWith("_tracked"));
  expect(() => matchDenseNet(few)).toThrow(
    error("checkpoint/mismatch", new RegExp(`${missing.length} missing .* and ${missing.length - 4} more`), {
      missing,
    }),
  );
});

test("a tensor of another shape is named with both shapes", () => {
  expect(() => matchWith({ [VARIANCE]: float32(1, 2, 3) })).toThrow(
    error("checkpoint/shape-mismatch", /features\.norm5\.running_var is \[3\], expected \[1024\]/, {
      otherShape: [{ name: VARIANCE, actual: [3], expected: [1024] }],
    }),
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%d is refused", (value) => {
  expect(() => matchWith({ [BIAS]: biasWith(value) })).toThrow(
    error("checkpoint/not-finite", new RegExp(`"classifier\\.bias" holds ${value} at element 13`), {
      name: BIAS,
      at: 13,
    }),
  );
});

test("a float64 beyond float32's range is refused, for it would become infinite", () => {
  const data = new Float64Array(14).with(2, 1e39);
  expect(() => matchWith({ [BIAS]: { dtype: "float64", shape: [14], data } })).toThrow(
    error("checkpoint/not-finite", /at element 2/),
  );
});

const HALF = Uint16Array.from([0x3c00, 0x3555, 0xc000, 0x0001, 0x7bff, 0, 0, 0, 0, 0, 0, 0, 0, 0x8400]);
const BRAIN = Uint16Array.from([0x3f80, 0xbeab, 0x4049, 0x0080, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc000]);
const DOUBLE = Float64Array.from([0.1, 1 / 3, -1e-30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16777217]);

test.each<[DType, Tensor["data"], number, number[]]>([
  ["float16", HALF, 5, [1, 0.333251953125, -2, 2 ** -24, 65504, -(2 ** -14)]],
  ["bfloat16", BRAIN, 4, [1, -0.333984375, 3.140625, 2 ** -126, -2]],
  ["float64", DOUBLE, 3, [0.10000000149011612, 0.3333333432674408, Math.fround(-1e-30), 16777216]],
])("%s weights become float32", (dtype, data, count, expected) => {
  const { tensors } = matchWith({ [BIAS]: { dtype, shape: [14], data } as Tensor });
  const bias = tensors.get(BIAS)!;
  expect(bias.dtype).toBe("float32");
  expect([...(bias.data as Float32Array)].filter((_, i) => i < count || i === 13)).toEqual(expected);
});

test.each<DType>(["int8", "uint8", "int64"])("%s weights are refused as quantised", (dtype) => {
  const data = dtype === "int64" ? new BigInt64Array(14) : new Uint8Array(14);
  expect(() => matchWith({ [BIAS]: { dtype, shape: [14], data } as Tensor })).toThrow(
    error("checkpoint/bad-dtype", new RegExp(`"classifier\\.bias" is ${dtype}`)),
  );
});

test("a negative variance is refused", () => {
  const data = new Float32Array(1024).fill(1).with(7, -1e-6);
  expect(() => matchWith({ [VARIANCE]: { dtype: "float32", shape: [1024], data } })).toThrow(
    error("checkpoint/bad-variance", /features\.norm5\.running_var/),
  );
});

test("counters keep their value, and are 0 where a file from before PyTorch 0.4.1 has none", () => {
  const count: Tensor = { dtype: "int64", shape: [], data: BigInt64Array.of(12345n) };
  expect(matchWith({ [COUNTER]: count }).tensors.get(COUNTER)).toEqual(count);
  expect(matchWith({ [COUNTER]: undefined }).tensors.get(COUNTER)!.data).toEqual(BigInt64Array.of(0n));
});

test("torchxrayvision's operating points beside the network are left aside", () => {
  const matched = matchWith({ op_threshs: float32(0.1, Number.NaN) });
  expect(matched.tensors.has("op_threshs")).toBe(false);
});

test("channels and labels are read off the first and the last layer", () => {
  expect(readDimensions(entriesOf(seededWeights(1, 5, 1).tensors))).toEqual({ inChannels: 1, numLabels: 5 });
  expect(matchDenseNet(entriesOf(seededWeights(1, 5, 1).tensors))).toMatchObject({
    inChannels: 1,
    numLabels: 5,
  });
});
