/** ONNX files by their fields, honest or not. Reference: onnx.proto. */

import { concat, utf8 } from "./bytes.ts";

/** A varint, of a negative number with ten bytes. */
export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    if (rest <= 0x7fn) return Uint8Array.from(bytes);
  }
}

/** A field with a number, or with bytes or text after their length. */
export function field(number: number, value: number | bigint | string | Uint8Array): Uint8Array {
  if (typeof value === "number" || typeof value === "bigint")
    return concat(varint(number * 8), varint(value));
  const bytes = typeof value === "string" ? utf8(value) : value;
  return concat(varint(number * 8 + 2), varint(bytes.length), bytes);
}

/** A field that announces more or fewer bytes than it has. */
export const lyingField = (number: number, length: number | bigint, bytes: Uint8Array): Uint8Array =>
  concat(varint(number * 8 + 2), varint(length), bytes);

export const FLOAT = 1;
const STRING = 8;

export const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.of(...values).buffer);

/** TensorProto with `raw_data`, unless that is null, and whatever else. */
export const tensor = (
  name: string,
  dims: readonly (number | bigint)[],
  type = FLOAT,
  raw: Uint8Array | null = floats(1),
  ...more: Uint8Array[]
): Uint8Array =>
  concat(
    ...dims.map((extent) => field(1, extent)),
    field(2, type),
    field(8, name),
    ...(raw === null ? [] : [field(9, raw)]),
    ...more,
  );

/** StringStringEntryProto. */
export const entry = (key: string, value: string): Uint8Array => concat(field(1, key), field(2, value));

/** A tensor whose elements are in another file. */
export const external = (name: string, location: string): Uint8Array =>
  tensor(name, [1], FLOAT, null, field(13, entry("location", location)), field(14, 1));

/** ValueInfoProto of a tensor; text is a free extent. */
export function port(name: string, shape: readonly (number | bigint | string)[], type = FLOAT): Uint8Array {
  const dims = shape.map((extent) => field(1, field(typeof extent === "string" ? 2 : 1, extent)));
  const tensorType = concat(field(1, type), field(2, concat(...dims)));
  return concat(field(1, name), field(2, field(1, tensorType)));
}

/** ValueInfoProto of text. */
export const textPort = (name: string): Uint8Array => port(name, [1], STRING);

/** AttributeProto, for whose value the field's number stands. */
export const attribute = (name: string, number: number, value: number | string | Uint8Array): Uint8Array =>
  concat(field(1, name), field(number, value));

/** NodeProto. */
export const node = (
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  { attributes = [], domain = "" }: { attributes?: readonly Uint8Array[]; domain?: string } = {},
): Uint8Array =>
  concat(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, type),
    ...attributes.map((one) => field(5, one)),
    ...(domain === "" ? [] : [field(7, domain)]),
  );

/** What a graph is made of. */
export interface GraphParts {
  readonly nodes?: readonly Uint8Array[];
  readonly tensors?: readonly Uint8Array[];
  readonly inputs?: readonly Uint8Array[];
  readonly outputs?: readonly Uint8Array[];
  readonly more?: readonly Uint8Array[];
}

/** GraphProto. */
export const graph = ({
  nodes = [],
  tensors = [],
  inputs = [],
  outputs = [],
  more = [],
}: GraphParts): Uint8Array =>
  concat(
    ...nodes.map((one) => field(1, one)),
    field(2, "graph"),
    ...tensors.map((one) => field(5, one)),
    ...inputs.map((one) => field(11, one)),
    ...outputs.map((one) => field(12, one)),
    ...more,
  );

/** Around a graph. */
export interface ModelParts {
  readonly ir?: number;
  readonly opset?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly more?: readonly Uint8Array[];
}

/** ModelProto around the bytes of a graph. */
export const model = (
  graphBytes: Uint8Array,
  { ir = 8, opset = 17, metadata = {}, more = [] }: ModelParts = {},
): Uint8Array =>
  concat(
    field(1, ir),
    field(2, "builder"),
    field(7, graphBytes),
    field(8, concat(field(1, ""), field(2, opset))),
    ...Object.entries(metadata).map(([key, value]) => field(14, entry(key, value))),
    ...more,
  );
