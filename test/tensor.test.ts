import { expect, test } from "vitest";
import {
  bfloat16ToNumber,
  bytesOf,
  type DType,
  elementsFromBytes,
  firstNonFinite,
  float16ToNumber,
  float32,
  ITEM_SIZE,
  numberToFloat16,
  ofDType,
  showShape,
  sizeOf,
  tensorOf,
  toFloat16,
  toFloat32,
} from "../src/tensor.ts";
import { fixtureJson, fromBase64, sha256 } from "./fixtures.ts";

test("all 65536 half-precision numbers decode as NumPy decodes them", () => {
  const facts = fixtureJson<{ every_61st: string; nans: number; sha256_with_nan_as_0: string }>(
    "tensor/halves.json",
  );
  const decoded = Float32Array.from({ length: 65_536 }, (_, bits) => float16ToNumber(bits));
  expect(decoded.filter((_, i) => i % 61 === 0)).toEqual(
    elementsFromBytes("float32", fromBase64(facts.every_61st)),
  );
  expect(decoded.filter(Number.isNaN).length).toBe(facts.nans);
  const withoutNaN = decoded.map((value) => (Number.isNaN(value) ? 0 : value));
  expect(sha256(bytesOf(withoutNaN))).toBe(facts.sha256_with_nan_as_0);
  const data = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
  const { data: converted } = toFloat32({ dtype: "float16", shape: [65_536], data });
  expect(sha256(bytesOf(converted))).toBe(sha256(bytesOf(decoded)));
});

test.each([
  ["ties, their neighbours, subnormals and overflow", "round"],
  ["float64 numbers closer to a tie than float32 can tell", "round-from-float64"],
])("numbers round to half precision as NumPy rounds them: %s", (_, name) => {
  const facts = fixtureJson<{ float64: string; float16: string }>(`tensor/${name}.json`);
  const numbers = elementsFromBytes("float64", fromBase64(facts.float64));
  const expected = elementsFromBytes("float16", fromBase64(facts.float16));
  expect(numbers.length).toBe(expected.length);
  const wrong = [...numbers]
    .map((value, i) => ({ value, bits: numberToFloat16(value), expected: expected[i]! }))
    .filter(({ bits, expected }) => bits !== expected);
  expect(wrong.slice(0, 5)).toEqual([]);
});

test("every half-precision number survives being decoded and encoded, and NaN stays NaN", () => {
  const changed: number[] = [];
  for (let bits = 0; bits < 65_536; bits++) {
    const value = float16ToNumber(bits);
    const again = numberToFloat16(value);
    if (Number.isNaN(value) ? !Number.isNaN(float16ToNumber(again)) : again !== bits) changed.push(bits);
  }
  expect(changed).toEqual([]);
});

test("a tensor in half precision keeps its shape, and what is too large for it becomes infinite", () => {
  const half = toFloat16(float32([2, 2], Float32Array.of(1, -0.1, 65_504, 65_520)));
  expect(half).toEqual({
    dtype: "float16",
    shape: [2, 2],
    data: Uint16Array.of(0x3c00, 0xae66, 0x7bff, 0x7c00),
  });
});

test.each(fixtureJson<[number, string | null][]>("tensor/bfloat16.json"))(
  "bfloat16 %i is %s, as PyTorch decodes it",
  (bits, text) => {
    const expected = text === null ? Number.NaN : Number(text.replace("inf", "Infinity"));
    expect(bfloat16ToNumber(bits)).toBe(expected);
  },
);

test("size and text of a shape", () => {
  expect([sizeOf([]), sizeOf([3]), sizeOf([2, 3, 4]), sizeOf([5, 0, 2])]).toEqual([1, 3, 24, 0]);
  expect([showShape([]), showShape([64, 3, 7, 7]), showShape(["n", 3])]).toEqual([
    "[]",
    "[64,3,7,7]",
    "[n,3]",
  ]);
});

test("a float32 tensor keeps its data, and refuses a shape that does not fit with both numbers", () => {
  const data = new Float32Array(6);
  expect(float32([2, 3], data).data).toBe(data);
  expect(() => float32([2, 4], data)).toThrow(
    expect.objectContaining({ code: "tensor/size-mismatch", details: { shape: [2, 4], length: 6 } }),
  );
});

test.each(Object.entries(ITEM_SIZE) as [DType, number][])(
  "%s elements take %i bytes at any alignment",
  (dtype, size) => {
    const bytes = Uint8Array.from({ length: size * 3 + 1 }, (_, i) => i * 37);
    const elements = elementsFromBytes(dtype, bytes.subarray(1));
    expect(elements.length).toBe(3);
    expect([...bytesOf(elements)]).toEqual([...bytes.subarray(1)]);
  },
);

test("aligned bytes are viewed, not copied", () => {
  const bytes = new Uint8Array(16);
  expect(elementsFromBytes("float64", bytes.subarray(8)).buffer).toBe(bytes.buffer);
});

test("every dtype becomes float32 by its value", () => {
  const values = (dtype: DType, data: ArrayLike<number | bigint>) => [
    ...toFloat32({ dtype, shape: [data.length], data } as never).data,
  ];
  expect(values("float64", new Float64Array([0.1, 1e300]))).toEqual([
    Math.fround(0.1),
    Number.POSITIVE_INFINITY,
  ]);
  expect(values("float16", new Uint16Array([0x3c00, 0xc000]))).toEqual([1, -2]);
  expect(values("bfloat16", new Uint16Array([0x3f80, 0xc000]))).toEqual([1, -2]);
  expect(values("int64", new BigInt64Array([-5n, 16_777_217n]))).toEqual([-5, 16_777_216]);
  expect(values("bool", new Uint8Array([0, 1]))).toEqual([0, 1]);
  const same = float32([1], new Float32Array([3]));
  expect(toFloat32(same)).toBe(same);
});

test("the first NaN or infinity is found", () => {
  expect(firstNonFinite(new Float32Array([1, -3e38, 1e-45]))).toBe(-1);
  expect(firstNonFinite(new Float32Array([1, Number.NaN, Number.POSITIVE_INFINITY]))).toBe(1);
  expect(firstNonFinite(new Float32Array([0, 0, Number.NEGATIVE_INFINITY]))).toBe(2);
});

test("a tensor that is of the dtype that is needed comes back as it is; of another, it is refused by its name", () => {
  const counts = tensorOf("uint32", [2], Uint32Array.of(1, 2 ** 32 - 1));
  expect(ofDType(counts, "uint32", "the counter")).toBe(counts);
  expect(() => ofDType(counts, "float32", "the counter")).toThrow(
    expect.objectContaining({
      code: "tensor/wrong-dtype",
      message: "the counter is uint32[2], but float32 is needed here",
    }),
  );
});
