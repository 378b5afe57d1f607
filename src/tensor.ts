/**
 * Tensors: a shape, a dtype, and the elements in C order.
 *
 * Knows: typed arrays. Not files, graphs or models.
 */

import { XrayError } from "./errors.ts";
import { count, counted } from "./text.ts";

/** ONNX's element types and the typed arrays that hold them. The 16-bit floats are kept as their raw bits. */
export interface ElementArrays {
  float32: Float32Array;
  float64: Float64Array;
  float16: Uint16Array;
  bfloat16: Uint16Array;
  int64: BigInt64Array;
  int32: Int32Array;
  int16: Int16Array;
  int8: Int8Array;
  uint64: BigUint64Array;
  uint32: Uint32Array;
  uint16: Uint16Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

export type DType = keyof ElementArrays;

/** Bytes per element. */
export const ITEM_SIZE: { readonly [D in DType]: number } = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/** A dense tensor. `data.length` is the product of `shape`; a scalar has shape `[]`. */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: ElementArrays[D];
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** A shape as messages print it: `[64,3,7,7]`. */
export function showShape(shape: readonly (number | string)[]): string {
  return `[${shape.join(",")}]`;
}

/** A tensor over `data`, which is not copied. Throws `tensor/size-mismatch`. */
export function tensorOf<D extends DType>(
  dtype: D,
  shape: readonly number[],
  data: ElementArrays[D],
): Tensor<D> {
  if (data.length !== sizeOf(shape)) {
    throw new XrayError(
      "tensor/size-mismatch",
      `a ${dtype} tensor of shape ${showShape(shape)} needs ${counted(sizeOf(shape), "element")}, and was given ${count(data.length)}`,
      { shape, length: data.length },
    );
  }
  return { dtype, shape, data };
}

/** A float32 tensor over `data`, which is not copied. Throws `tensor/size-mismatch`. */
export function float32(shape: readonly number[], data: Float32Array): Tensor<"float32"> {
  return tensorOf("float32", shape, data);
}

/**
 * Assert that a tensor has a dtype, and return the same tensor typed accordingly.
 *
 * @param what  What the tensor is, as the start of the error message: `the output "logits"`.
 * @throws      XrayError `tensor/wrong-dtype`.
 */
export function ofDType<D extends DType>(tensor: Tensor, dtype: D, what: string): Tensor<D> {
  if (tensor.dtype === dtype) return tensor as Tensor<D>;
  const message = `${what} is ${tensor.dtype}${showShape(tensor.shape)}, but ${dtype} is needed here`;
  throw new XrayError("tensor/wrong-dtype", message, { actual: tensor.dtype, expected: dtype });
}

/**
 * View bytes as elements of a dtype, without copying them where their alignment allows it.
 *
 * @param bytes  A whole number of little-endian elements.
 */
export function elementsFromBytes<D extends DType>(dtype: D, bytes: Uint8Array): ElementArrays[D] {
  const size = ITEM_SIZE[dtype];
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = aligned;
  const length = Math.floor(bytes.byteLength / size);
  const make: { [K in DType]: () => ElementArrays[K] } = {
    float32: () => new Float32Array(buffer, byteOffset, length),
    float64: () => new Float64Array(buffer, byteOffset, length),
    float16: () => new Uint16Array(buffer, byteOffset, length),
    bfloat16: () => new Uint16Array(buffer, byteOffset, length),
    int64: () => new BigInt64Array(buffer, byteOffset, length),
    int32: () => new Int32Array(buffer, byteOffset, length),
    int16: () => new Int16Array(buffer, byteOffset, length),
    int8: () => new Int8Array(buffer, byteOffset, length),
    uint64: () => new BigUint64Array(buffer, byteOffset, length),
    uint32: () => new Uint32Array(buffer, byteOffset, length),
    uint16: () => new Uint16Array(buffer, byteOffset, length),
    uint8: () => new Uint8Array(buffer, byteOffset, length),
    bool: () => new Uint8Array(buffer, byteOffset, length),
  };
  return make[dtype]();
}

/** The elements' bytes, little-endian, not copied. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);
const scratchDouble = new Float64Array(1);
const scratchWords = new Uint32Array(scratchDouble.buffer);

/**
 * Decode one IEEE 754 half-precision number.
 *
 * @param bits  16 bits: sign, 5 exponent bits, 10 mantissa bits.
 */
export function float16ToNumber(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  const sign = bits & 0x8000;
  // Subnormal numbers are too rare for speed to matter.
  if (exponent === 0) return (sign ? -1 : 1) * mantissa * 2 ** -24;
  // The same number in float32's layout: 8 exponent bits with a bias that is larger by 112, and 13 more mantissa bits.
  scratchBits[0] = (sign << 16) | ((exponent === 31 ? 255 : exponent + 112) << 23) | (mantissa << 13);
  return scratchFloat[0]!;
}

/** Decode one bfloat16 number: the upper 16 bits of a float32. */
export function bfloat16ToNumber(bits: number): number {
  scratchBits[0] = bits << 16;
  return scratchFloat[0]!;
}

/** The nearest whole number; halves go to the even one. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest > 0.5 ? floor + 1 : floor;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The exponent e with 2ᵉ ≤ value < 2ᵉ⁺¹ of a normal positive number, read from its bits. */
function binaryExponent(value: number): number {
  scratchDouble[0] = value;
  return ((scratchWords[1]! >>> 20) & 0x7ff) - 1023;
}

/**
 * The bits of the nearest half-precision number, ties to even (IEEE 754-2019, 4.3.1); overflow gives infinity.
 */
export function numberToFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  // Halfway between the largest number, 65504, and the one that would follow it.
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundHalfEven(size * 2 ** 24);
  const exponent = binaryExponent(size);
  // A mantissa that rounds up to 2048 carries into the exponent, as it should.
  return sign | (((exponent + 14) << 10) + roundHalfEven(size * 2 ** (10 - exponent)));
}

/** The value of each of the 65,536 half-precision numbers, by its bits; made when it is first needed. */
let float16Values: Float32Array | undefined;

/** Half-precision numbers as float32, which holds each of them exactly. */
function float16sToFloat32(halves: Uint16Array): Float32Array {
  if (float16Values === undefined) {
    float16Values = new Float32Array(2 ** 16);
    for (let bits = 0; bits < float16Values.length; bits++) float16Values[bits] = float16ToNumber(bits);
  }
  const out = new Float32Array(halves.length);
  for (let i = 0; i < out.length; i++) out[i] = float16Values[halves[i]!]!;
  return out;
}

/** A float32 tensor in half precision, rounded to nearest, ties to even; values that are too large become infinite. */
export function toFloat16({ shape, data }: Tensor<"float32">): Tensor<"float16"> {
  const halves = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) halves[i] = numberToFloat16(data[i]!);
  return { dtype: "float16", shape, data: halves };
}

/**
 * Convert any numeric tensor to float32, rounding to nearest.
 *
 * @returns  The same tensor if it is float32 already, otherwise a new one. The input is not modified.
 */
export function toFloat32(tensor: Tensor): Tensor<"float32"> {
  if (tensor.dtype === "float32") return tensor as Tensor<"float32">;
  const { shape, data, dtype } = tensor;
  if (dtype === "float16") return { dtype: "float32", shape, data: float16sToFloat32(data as Uint16Array) };
  const out = new Float32Array(data.length);
  const decode = dtype === "bfloat16" ? bfloat16ToNumber : Number;
  for (let i = 0; i < out.length; i++) out[i] = decode(Number(data[i]));
  return { dtype: "float32", shape, data: out };
}

/** Index of the first element that is NaN or infinite, or −1. */
export function firstNonFinite(data: Float32Array): number {
  const bits = new Int32Array(data.buffer, data.byteOffset, data.length);
  // Adding 1 to the exponent carries into the sign bit only where the exponent is all ones. Integers are used because
  // a sum of floats must wait for each addition, and a checkpoint has seven million elements.
  let carried = 0;
  for (let i = 0; i < bits.length; i++) carried |= (bits[i]! & 0x7fffffff) + 0x00800000;
  return (carried | 0) >= 0 ? -1 : data.findIndex((value) => !Number.isFinite(value));
}
