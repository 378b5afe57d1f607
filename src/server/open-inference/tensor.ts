/**
 * Tensors of the Open Inference Protocol, as JSON and as bytes after it.
 *
 * Knows: the datatypes FP32 and BYTES. Not what tensors mean.
 *
 * Reference: Open Inference Protocol, "Tensor data"; Triton, "Binary tensor data extension".
 */

import { XrayError } from "../../errors.ts";

/** A tensor of float32 numbers, row-major. */
interface NumberTensor {
  readonly datatype: "FP32";
  readonly data: Float32Array;
}

/** A tensor of texts. */
interface TextTensor {
  readonly datatype: "BYTES";
  readonly data: readonly string[];
}

export type Tensor = { readonly name: string; readonly shape: readonly number[] } & (
  | NumberTensor
  | TextTensor
);

/** Bytes of the length before each element of a tensor of BYTES. */
const LENGTH_BYTES = 4;

/** The elements for JSON: numbers with nine digits, which say all that a float32 holds, or texts. */
export const jsonData = ({ datatype, data }: Tensor): readonly (number | string)[] =>
  datatype === "FP32" ? Array.from(data, (value) => Number(value.toPrecision(9))) : data;

/** The elements as bytes: float32 in little-endian order, or each text in UTF-8 after its length. */
export function binaryData({ datatype, data }: Tensor): Buffer {
  if (datatype === "FP32") {
    const bytes = Buffer.alloc(4 * data.length);
    for (const [i, value] of data.entries()) bytes.writeFloatLE(value, 4 * i);
    return bytes;
  }
  return Buffer.concat(
    data.flatMap((text) => {
      const bytes = Buffer.from(text, "utf8");
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

/**
 * The elements of a tensor of BYTES.
 *
 * @returns  Views of `bytes`, one for each element.
 * @throws   XrayError `server/bad-request` if an element reaches beyond the end.
 */
export function elementsOf(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + LENGTH_BYTES;
    const end = start <= bytes.length ? start + view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) {
      const message = `element ${elements.length} of the binary data ends after byte ${bytes.length}, where the data ends; begin each element with its length in 4 bytes`;
      throw new XrayError("server/bad-request", message, { element: elements.length });
    }
    elements.push(bytes.subarray(start, end));
    at = end;
  }
  return elements;
}
