/**
 * Protobuf messages, field by field, without ever running past their end.
 *
 * Pipeline:   file bytes → **fields** → messages
 * Knows:      the wire format. Not ONNX's messages.
 * Reference:  protobuf.dev, "Encoding".
 */

import { XrayError } from "../../errors.ts";

/** Fields of one file. A DenseNet121 has some thousands; a file of nothing but fields could have 250 million. */
const MAX_FIELDS = 4_000_000;

/** The error for a file that is cut short or lies about its lengths. */
export const damaged = (problem: string, details: Record<string, unknown> = {}): XrayError =>
  new XrayError(
    "onnx/damaged",
    `this is not a readable ONNX file: ${problem}; it is cut short or damaged, so fetch or export it again`,
    details,
  );

/** Counts the fields that were read of one file. */
export interface Budget {
  fields: number;
}

export const newBudget = (): Budget => ({ fields: MAX_FIELDS });

/** Count fields, or numbers in a list, as read. Throws XrayError `onnx/too-large`. */
function spend(budget: Budget, fields: number): void {
  budget.fields -= fields;
  if (budget.fields >= 0) return;
  throw new XrayError(
    "onnx/too-large",
    `it has more than ${MAX_FIELDS} fields, which no classifier needs; check where it comes from`,
    { limit: MAX_FIELDS },
  );
}

/** A field of a message. */
export interface Field {
  readonly number: number;
  /** 0: a varint; 1: eight bytes; 2: a length and as many bytes; 5: four bytes. */
  readonly wire: number;
  /** The varint as a signed 64-bit number, rounded if it is above 2⁵³; 0 of other fields. */
  readonly value: number;
  /** The bytes of the value, as a view; of a varint those that encode it. */
  readonly bytes: Uint8Array;
}

/** The position after a varint, or −1 if there is no end of one within its ten bytes. */
function endOfVarint(bytes: Uint8Array, at: number): number {
  const last = Math.min(at + 10, bytes.length);
  for (let i = at; i < last; i++) if (bytes[i]! < 0x80) return i + 1;
  return -1;
}

/** A varint as a signed 64-bit integer. */
function wideVarint(bytes: Uint8Array, at: number, end: number): bigint {
  let value = 0n;
  for (let i = end - 1; i >= at; i--) value = (value << 7n) | BigInt(bytes[i]! & 0x7f);
  return BigInt.asIntN(64, value);
}

function varint(bytes: Uint8Array, at: number, end: number): number {
  if (end - at > 7) return Number(wideVarint(bytes, at, end));
  let value = 0;
  for (let i = end - 1; i >= at; i--) value = value * 128 + (bytes[i]! & 0x7f);
  return value;
}

/**
 * The fields of a message, in order.
 *
 * @throws  XrayError `onnx/damaged`, and `onnx/too-large` once the file's budget is used up.
 */
export function* fieldsOf(message: Uint8Array, budget: Budget): Generator<Field, void> {
  let at = 0;
  const readVarint = (): number => {
    const end = endOfVarint(message, at);
    if (end < 0) throw damaged("a number in it does not end");
    const value = varint(message, at, end);
    at = end;
    return value;
  };
  const take = (length: number): Uint8Array => {
    if (!(length >= 0 && length <= message.length - at)) {
      throw damaged(`a field of ${length} bytes is announced where ${message.length - at} are left`, {
        length,
        left: message.length - at,
      });
    }
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    spend(budget, 1);
    const tag = readVarint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (number < 1) throw damaged(`it has a field with the number ${number}`);
    if (wire === 0) {
      const start = at;
      const value = readVarint();
      yield { number, wire, value, bytes: message.subarray(start, at) };
    } else if (wire === 1) yield { number, wire, value: 0, bytes: take(8) };
    else if (wire === 2) yield { number, wire, value: 0, bytes: take(readVarint()) };
    else if (wire === 5) yield { number, wire, value: 0, bytes: take(4) };
    else throw damaged(`it has a field of the wire type ${wire}`);
  }
}

/** The number of varints in packed bytes. */
export function countVarints(packed: Uint8Array): number {
  let count = 0;
  for (const byte of packed) if (byte < 0x80) count += 1;
  return count;
}

/** The varints of packed bytes, as signed 64-bit integers. Throws XrayError `onnx/damaged`. */
export function* packedVarints(packed: Uint8Array): Generator<bigint, void> {
  for (let at = 0; at < packed.length; ) {
    const end = endOfVarint(packed, at);
    if (end < 0) throw damaged("a number in a list does not end");
    yield wideVarint(packed, at, end);
    at = end;
  }
}

/**
 * The integers of an occurrence of a repeated field, whether packed or a single one. Throws XrayError `onnx/damaged`,
 * `onnx/too-large`.
 */
export function integersOf({ bytes }: Field, budget: Budget): number[] {
  spend(budget, countVarints(bytes));
  return [...packedVarints(bytes)].map(Number);
}
