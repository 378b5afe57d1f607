/** Damages DICOM files where it hurts: tags, VRs, lengths, numbers, fragments, offset tables, codestreams. */

import { concatBytes } from "../../src/formats/bytes.ts";
import { type DicomMap, mapDicom, type Place } from "./dicom-map.ts";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";

const LENGTHS = [0, 1, 2, 3, 7, 8, 0x7f, 0xff, 0x7fff, 0xfffe, 0xffff, 0x7fffffff, 0xfffffffe, 0xffffffff];
const NUMBERS = [0, 1, 2, 3, 7, 8, 9, 12, 15, 16, 17, 21, 23, 24, 31, 32, 33, 64, 255, 256, 0x7fff, 0xffff];
const VRS = ["AT", "CS", "DS", "FL", "IS", "LO", "OB", "OW", "PN", "SQ", "SS", "UI", "UL", "UN", "US", "UT"];
const TAGS = [0x7fe00010, 0x00280010, 0x00280100, 0x00020010, 0xfffee000, 0xfffee00d, 0xfffee0dd, 0x00280008];
/** Attributes that say how pixels are stored and shown. */
const NUMERIC = /^0028(?:0002|0006|0010|0011|0100|0101|0102|0103|0120|1101|3002)$/;
const UIDS = [
  ...["", ".1", ".2", ".1.99", ".5", ".4.50", ".4.51", ".4.57", ".4.70", ".4.80", ".4.81"],
  ...[".4.90", ".4.91", ".4.92", ".4.100", ".4.201", ".4.202", ".4.203", ".99"],
].map((end) => `1.2.840.10008.1.2${end}`);

const cut = (bytes: Uint8Array, from: number, to: number, ...put: Uint8Array[]): Uint8Array =>
  concatBytes([bytes.subarray(0, from), ...put, bytes.subarray(to)]);
const endOf = ({ valueAt, length }: Place): number => (length === 0xffffffff ? valueAt : valueAt + length);
const number = (value: number, width: number, isBig: boolean): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, !isBig);
  return isBig ? bytes.subarray(4 - width) : bytes.subarray(0, width);
};

type Mutation = (random: Random, bytes: Uint8Array, map: DicomMap) => Uint8Array;

const setLength: Mutation = (random, bytes, { elements, pixels, isBig }) => {
  const { lengthAt, lengthWidth, length } = random.pick(random.below(2) === 0 ? elements : pixels);
  const near = [length - 2, length - 1, length + 1, length + 2, length + 8];
  const value = random.pick(random.below(2) === 0 ? near : LENGTHS) >>> 0;
  return cut(bytes, lengthAt, lengthAt + lengthWidth, number(value, lengthWidth, isBig));
};
const setVr: Mutation = (random, bytes, { elements }) => {
  const { at } = random.pick(elements);
  const vr = random.below(4) === 0 ? "\0\0" : random.pick(VRS);
  return cut(
    bytes,
    at + 4,
    at + 6,
    Uint8Array.from(vr, (c) => c.charCodeAt(0)),
  );
};
const setTag: Mutation = (random, bytes, { elements, isBig }) => {
  const { at } = random.pick(elements);
  const tag = random.below(2) === 0 ? random.pick(TAGS) : random.next();
  return cut(bytes, at, at + 4, number(tag >>> 16, 2, isBig), number(tag & 0xffff, 2, isBig));
};
const setPixelNumber: Mutation = (random, bytes, { elements, isBig }) => {
  const place = random.pick(elements.filter(({ tag }) => NUMERIC.test(tag)));
  if (place === undefined) return bytes;
  return cut(bytes, place.valueAt, place.valueAt + 2, number(random.pick(NUMBERS), 2, isBig));
};
const setSyntax: Mutation = (random, bytes, { elements }) => {
  const place = elements.find(({ tag }) => tag === "00020010")!;
  const uid = random.pick(UIDS);
  const value = Uint8Array.from(uid.length % 2 === 0 ? uid : `${uid}\0`, (c) => c.charCodeAt(0));
  return cut(bytes, place.lengthAt, endOf(place), number(value.length, 2, false), value);
};
const dropElement: Mutation = (random, bytes, { elements }) => {
  const place = random.pick(elements);
  return cut(bytes, place.at, endOf(place));
};
const doubleElement: Mutation = (random, bytes, { elements }) => {
  const place = random.pick(elements);
  const piece = bytes.subarray(place.at, endOf(place));
  return cut(bytes, place.at, place.at, ...Array.from({ length: random.pick([1, 1, 2, 100]) }, () => piece));
};
const moveElement: Mutation = (random, bytes, { elements }) => {
  const [from, to] = [random.pick(elements), random.pick(elements)];
  const piece = bytes.subarray(from.at, endOf(from)).slice();
  return cut(bytes, to.at, to.at, piece);
};
const emptyElement: Mutation = (random, bytes, { elements, isBig }) => {
  const place = random.pick(elements);
  return cut(bytes, place.lengthAt, endOf(place), number(0, place.lengthWidth, isBig));
};
/** A piece of pixel data becomes shorter, and its length with it. */
const shortenPiece: Mutation = (random, bytes, { pixels, isBig }) => {
  const place = random.pick(pixels);
  const length = random.below(place.length);
  const end = place.valueAt + length;
  if (place.lengthAt === place.valueAt) return cut(bytes, end, endOf(place));
  return cut(
    cut(bytes, end, endOf(place)),
    place.lengthAt,
    place.lengthAt + place.lengthWidth,
    number(length, place.lengthWidth, isBig),
  );
};
/** The first bytes of a piece are the headers of its codestream, or the offset table. */
const damageHeader: Mutation = (random, bytes, { pixels }) => {
  const { valueAt, length } = random.pick(pixels);
  const copy = bytes.slice();
  const at = valueAt + random.below(Math.min(length, 96));
  if (at < copy.length)
    copy[at] = random.below(2) === 0 ? copy[at]! ^ (1 << random.below(8)) : random.below(256);
  return copy;
};
const damagePixels: Mutation = (random, bytes, { pixels }) => {
  const { valueAt, length } = random.pick(pixels);
  const copy = bytes.slice();
  const at = valueAt + random.below(length);
  if (at < copy.length) copy[at]! ^= 1 << random.below(8);
  return copy;
};

const MUTATIONS: readonly Mutation[] = [
  ...[setLength, setLength, setVr, setTag, setPixelNumber, setPixelNumber, setSyntax, dropElement],
  ...[doubleElement, moveElement, emptyElement, shortenPiece, damageHeader, damageHeader, damagePixels],
];

/** A map of a seed, unless it is of a kind that the map does not know: without a preamble, or odd in other ways. */
function mapOf(seed: Uint8Array): DicomMap | undefined {
  if (String.fromCharCode(...seed.subarray(128, 132)) !== "DICM") return undefined;
  const map = mapDicom(seed);
  return map.pixels.length > 0 && map.elements.some(({ tag }) => tag === "00020010") ? map : undefined;
}

/** One mutation that knows DICOM and perhaps some that do not, or only the latter. */
export function mutateDicom(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  const seed = random.pick(seeds);
  const map = random.below(3) === 0 ? undefined : mapOf(seed);
  if (map === undefined) return mutate(random, seeds);
  const bytes = random.pick(MUTATIONS)(random, seed, map);
  return random.below(3) === 0 ? mutate(random, [bytes]) : bytes.slice();
}
