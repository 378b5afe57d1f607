/**
 * An ONNX file with other metadata; everything else in it stays as it is.
 *
 * Knows: the fields of a ModelProto. Not what metadata means.
 */

import { decodeText } from "../bytes.ts";
import { ENTRY, MODEL } from "./numbers.ts";
import { fieldsOf, newBudget } from "./wire.ts";

/** A number as a varint. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

/** A field with a length, as pieces. */
const field = (number: number, ...content: readonly Uint8Array[]): Uint8Array[] => {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  return [varint(number * 8 + 2), varint(length), ...content];
};

const keyOf = (entry: Uint8Array): string => {
  for (const { number, bytes } of fieldsOf(entry, newBudget()))
    if (number === ENTRY.key) return decodeText(bytes);
  return "";
};

/**
 * Put an entry into a file's metadata, in place of what the file has under its key.
 *
 * @param file  An ONNX file that was read before. Not copied.
 * @returns     The new file's pieces, in order.
 */
export function withMetadata(file: Uint8Array, key: string, value: string): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const { number, bytes } of fieldsOf(file, newBudget())) {
    const end = bytes.byteOffset - file.byteOffset + bytes.length;
    const isReplaced = number === MODEL.metadataProps && keyOf(bytes) === key;
    if (!isReplaced) pieces.push(file.subarray(start, end));
    start = end;
  }
  const encoder = new TextEncoder();
  const entry = [...field(ENTRY.key, encoder.encode(key)), ...field(ENTRY.value, encoder.encode(value))];
  return [...pieces, ...field(MODEL.metadataProps, ...entry)];
}
