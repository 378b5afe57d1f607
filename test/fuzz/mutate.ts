/** Damages files as disks, networks and attackers do. Knows: bytes. Not any format. */

import { concatBytes } from "../../src/formats/bytes.ts";
import type { Random } from "./random.ts";

const BYTES = [0, 1, 0x0a, 0x20, 0x28, 0x2e, 0x52, 0x62, 0x7d, 0x7f, 0x80, 0x81, 0xfe, 0xff];
const WIDE = [0n, 1n, 0x7fffn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn, 1n << 40n, (1n << 53n) - 1n];
const WIDEST = [...WIDE, 1n << 60n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n];

/** Write a huge number over 4 or 8 bytes, in either byte order. */
function setNumber(random: Random, bytes: Uint8Array): void {
  const width = random.pick([4, 8]);
  if (bytes.length < width) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = random.below(bytes.length - width + 1);
  const isLittle = random.below(4) > 0;
  if (width === 4) view.setUint32(at, Number(random.pick(WIDE) & 0xffffffffn), isLittle);
  else view.setBigUint64(at, random.pick(WIDEST), isLittle);
}

/** A decimal number in a text becomes another. */
function setDecimal(random: Random, bytes: Uint8Array): Uint8Array {
  const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
  const start = random.below(bytes.length);
  const at = bytes.findIndex((byte, i) => i >= start && isDigit(byte));
  if (at < 0) return bytes;
  let end = at;
  while (isDigit(bytes[end])) end += 1;
  const text = random.pick(["0", "-1", "1e308", "0.5", "4294967296", "9007199254740991", "9".repeat(400)]);
  return concatBytes([bytes.subarray(0, at), new TextEncoder().encode(text), bytes.subarray(end)]);
}

type Mutation = (random: Random, bytes: Uint8Array, other: Uint8Array) => Uint8Array;

/** A mutation in place, on a copy. */
const inPlace =
  (change: (random: Random, bytes: Uint8Array) => void): Mutation =>
  (random, bytes) => {
    const copy = bytes.slice();
    if (copy.length > 0) change(random, copy);
    return copy;
  };

const flipBit = inPlace((random, bytes) => {
  const at = random.below(bytes.length);
  bytes[at]! ^= 1 << random.below(8);
});
const setByte = inPlace((random, bytes) => {
  bytes[random.below(bytes.length)] = random.below(2) === 0 ? random.pick(BYTES) : random.below(256);
});
const fill = inPlace((random, bytes) => {
  const [begin, end] = random.span(bytes.length, 16);
  bytes.fill(random.pick(BYTES), begin, end);
});
const truncate: Mutation = (random, bytes) => bytes.subarray(0, random.below(bytes.length));
const remove: Mutation = (random, bytes) => {
  const [begin, end] = random.span(bytes.length, 32);
  return concatBytes([bytes.subarray(0, begin), bytes.subarray(end)]);
};
const duplicate: Mutation = (random, bytes) => {
  const [begin, end] = random.span(bytes.length, 64);
  const piece = bytes.subarray(begin, end);
  const copies = Array.from({ length: random.pick([1, 1, 2, 50]) }, () => piece);
  return concatBytes([bytes.subarray(0, end), ...copies, bytes.subarray(end)]);
};
const splice: Mutation = (random, bytes, other) =>
  concatBytes([bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length))]);
const transplant: Mutation = (random, bytes, other) => {
  const [begin, end] = random.span(other.length, 64);
  const at = random.below(bytes.length);
  return concatBytes([bytes.subarray(0, at), other.subarray(begin, end), bytes.subarray(at)]);
};

/** The gentle ones stand several times, as they reach further into a reader. */
const MUTATIONS: readonly Mutation[] = [
  ...[flipBit, flipBit, flipBit, setByte, setByte, setByte, fill],
  ...[inPlace(setNumber), inPlace(setNumber), setDecimal, truncate, remove, duplicate, splice, transplant],
];

/** Nothing longer is made of small seeds. */
const MAX_LENGTH = 1 << 20;

/** One to four mutations of one of the seeds. */
export function mutate(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  let bytes: Uint8Array = random.pick(seeds);
  for (let times = 1 + random.below(4); times > 0; times--) {
    bytes = random.pick(MUTATIONS)(random, bytes, random.pick(seeds)).subarray(0, MAX_LENGTH);
  }
  return bytes.slice();
}
