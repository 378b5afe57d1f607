/**
 * NumPy's arrays and scalars in a pickle, as far as they hold names or whole numbers.
 *
 * Knows:      how NumPy pickles them, up to protocol 5. Not what they stand for.
 * Reference:  numpy/core/multiarray (`_reconstruct`, `scalar`), numpy/core/numeric (`_frombuffer`), `dtype.__reduce__`.
 */

import { PickleObject, type PickleValue } from "../formats/pickle/values.ts";

interface NumpyDType {
  /** NumPy's letter: `U`, `S`, `i`, `u`, … */
  readonly kind: string;
  /** Bytes per element. */
  readonly size: number;
  readonly isLittleEndian: boolean;
}

/** Parse a pickled dtype such as `U5`, `S3` or `i8`, in either byte order. */
function dtypeOf(value: PickleValue | undefined): NumpyDType | undefined {
  if (!(value instanceof PickleObject) || value.className !== "numpy.dtype" || !Array.isArray(value.args))
    return undefined;
  const match = /^([a-zA-Z])(\d*)$/.exec(String(value.args[0]));
  if (match === null || !Array.isArray(value.state)) return undefined;
  const [, kind, digits] = match as unknown as [string, string, string];
  return {
    kind,
    size: Number(digits || "0") * (kind === "U" ? 4 : 1),
    isLittleEndian: value.state[1] !== ">",
  };
}

/** Read fixed-width text padded with zeros: UTF-32 for kind `U`, bytes for kind `S`. */
function textAt(bytes: Uint8Array, from: number, { kind, size, isLittleEndian }: NumpyDType): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = kind === "U" ? 4 : 1;
  let text = "";
  for (let at = from; at + width <= from + size; at += width) {
    const code = width === 4 ? view.getUint32(at, isLittleEndian) : bytes[at]!;
    text += code === 0 || code > 0x10ffff ? "" : String.fromCodePoint(code);
  }
  return text;
}

const isText = ({ kind }: NumpyDType): boolean => kind === "U" || kind === "S";

/** An array's shape, dtype, order and data. BUILD fills it up to protocol 4; protocol 5 makes it from a buffer. */
function arrayParts({ className = "", args, state }: PickleObject): PickleValue[] {
  // The state is (version, shape, dtype, whether it is in Fortran order, bytes or objects).
  if (/^numpy\._?core\.multiarray\._reconstruct$/.test(className) && Array.isArray(state))
    return state.slice(1);
  if (!/^numpy\._?core\.numeric\._frombuffer$/.test(className) || !Array.isArray(args)) return [];
  const [bytes = null, dtype = null, shape = null] = args;
  return [shape, dtype, false, bytes];
}

/** The elements of an array of text or objects that has one axis, apart from axes of size 1; undefined for others. */
export function arrayItems(object: PickleObject): PickleValue[] | undefined {
  const [shape, dtypeValue, , data] = arrayParts(object);
  if (!Array.isArray(shape) || shape.filter((extent) => extent !== 1).length > 1) return undefined;
  if (Array.isArray(data)) return data;
  const dtype = dtypeOf(dtypeValue);
  if (dtype === undefined || !(data instanceof Uint8Array) || !isText(dtype) || dtype.size === 0)
    return undefined;
  const count = Math.floor(data.length / dtype.size);
  return Array.from({ length: Math.min(count, 100_000) }, (_, i) => textAt(data, i * dtype.size, dtype));
}

/** The value of a scalar such as `np.str_("Mass")` or `np.int64(3)`; undefined for anything else. */
export function scalarOf({ className = "", args }: PickleObject): string | number | undefined {
  if (!/^numpy\._?core\.multiarray\.scalar$/.test(className) || !Array.isArray(args)) return undefined;
  const [dtypeValue, bytes] = args;
  const dtype = dtypeOf(dtypeValue);
  if (dtype === undefined || !(bytes instanceof Uint8Array) || bytes.length !== dtype.size) return undefined;
  if (isText(dtype)) return textAt(bytes, 0, dtype);
  if (dtype.kind !== "i" && dtype.kind !== "u") return undefined;
  const ordered = dtype.isLittleEndian ? bytes.toReversed() : bytes;
  const value = ordered.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return Number(dtype.kind === "i" ? BigInt.asIntN(8 * dtype.size, value) : value);
}
