/**
 * PNG files as chunks: those that determine samples, and all others.
 *
 * Knows:      chunks. Not pixels.
 * Reference:  ISO/IEC 15948 (PNG), sections 5 and 11.
 */

import { quote } from "../../errors.ts";
import { concatBytes } from "../bytes.ts";
import { crc32 } from "../crc32.ts";
import type { Mended } from "./mended.ts";

const SIGNATURE_BYTES = 8;
/** Bytes of a chunk's length, type and checksum. */
const FRAME_BYTES = 12;

/** Chunks that determine samples or the orientation. */
const NEEDED = new Set(["IHDR", "PLTE", "tRNS", "eXIf", "IDAT", "IEND"]);

interface Chunk {
  readonly type: string;
  /** The whole chunk. */
  readonly bytes: Uint8Array;
  readonly data: Uint8Array;
}

/** The chunks up to IEND, or up to the first that is not complete in the file. */
function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  let at = SIGNATURE_BYTES;
  while (at + FRAME_BYTES <= bytes.length) {
    const end = at + FRAME_BYTES + view.getUint32(at);
    if (end > bytes.length) break;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.push({ type, bytes: bytes.subarray(at, end), data: bytes.subarray(at + 8, end - 4) });
    if (type === "IEND") break;
    at = end;
  }
  return chunks;
}

function isIntact({ bytes }: Chunk): boolean {
  const { length } = bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  return view.getUint32(length - 4) === crc32(bytes.subarray(4, length - 4));
}

function makeChunk(type: string, data: Uint8Array): Chunk {
  const bytes = new Uint8Array(FRAME_BYTES + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return { type, bytes, data };
}

/** How many colours a palette needs so that every index has one; undefined if the picture has no palette. */
function paletteSize(chunks: readonly Chunk[]): number | undefined {
  const header = chunks[0]?.data;
  return header?.[9] === 3 ? 2 ** header[8]! : undefined;
}

/** Complete a palette with greys as PIL does: the colour of a missing index is the index itself. */
function wholePalette(chunk: Chunk, size: number): Chunk {
  if (chunk.data.length >= 3 * size || chunk.data.length % 3 !== 0) return chunk;
  const data = new Uint8Array(3 * size);
  for (let i = chunk.data.length; i < data.length; i++) data[i] = Math.floor(i / 3);
  data.set(chunk.data);
  return makeChunk("PLTE", data);
}

/** The chunks with only the last of several palettes, which is the one that PIL uses. */
function lastPalette(chunks: readonly Chunk[]): Chunk[] {
  const last = chunks.findLast(({ type }) => type === "PLTE");
  return chunks.filter((chunk) => chunk.type !== "PLTE" || chunk === last);
}

/**
 * The chunks that determine samples, in their order, with an orientation from the end of the file before the pixels.
 */
function needed(bytes: Uint8Array, chunks: readonly Chunk[]): Uint8Array {
  const size = paletteSize(chunks);
  const kept = lastPalette(chunks)
    .filter(({ type }) => NEEDED.has(type))
    .map((chunk) => (chunk.type === "PLTE" && size !== undefined ? wholePalette(chunk, size) : chunk));
  const exif = kept.filter((chunk) => chunk.type === "eXIf" && isIntact(chunk)).slice(0, 1);
  const [header, ...rest] = kept.filter(({ type }) => type !== "eXIf");
  const order = header === undefined ? [] : [header, ...exif, ...rest];
  return concatBytes([bytes.subarray(0, SIGNATURE_BYTES), ...order.map((chunk) => chunk.bytes)]);
}

/** What must be known about a PNG before it is decoded. */
interface PngFacts {
  /**
   * The file, changed so that a decoder reads it as PIL does: an eXIf chunk after the pixels counts, and an index
   * beyond a short palette is a grey.
   */
  readonly bytes: Uint8Array;
  /** How many frames it says it holds: several in an animation (acTL), otherwise 1. */
  readonly frames: number;
  /** Types of ancillary chunks whose checksums are wrong, on which no sample depends. */
  readonly broken: readonly string[];
}

const isExtra = ({ type }: Chunk): boolean => type !== "IDAT" && (type.charCodeAt(0) & 0x20) !== 0;

function framesOf(chunks: readonly Chunk[]): number {
  const control = chunks.find(({ type, data }) => type === "acTL" && data.length === 8);
  return control === undefined ? 1 : new DataView(control.data.buffer, control.data.byteOffset).getUint32(0);
}

/** Inspect a PNG's chunks. The same bytes are returned if nothing has to be changed. */
export function inspectPng(bytes: Uint8Array): PngFacts {
  const chunks = chunksOf(bytes);
  const pixels = chunks.findIndex(({ type }) => type === "IDAT");
  const isExifLate = pixels >= 0 && chunks.slice(pixels).some(({ type }) => type === "eXIf");
  const size = paletteSize(chunks);
  const palette = chunks.find(({ type }) => type === "PLTE");
  const isShort = size !== undefined && palette !== undefined && palette.data.length < 3 * size;
  const broken = chunks.filter((chunk) => isExtra(chunk) && !isIntact(chunk)).map(({ type }) => type);
  return {
    bytes: isExifLate || isShort ? needed(bytes, chunks) : bytes,
    frames: framesOf(chunks),
    broken: [...new Set(broken)],
  };
}

/**
 * The same picture without the chunks on which no sample depends, one of which a strict decoder has complained about.
 *
 * @returns  Undefined if there are none, or if a checksum before the pixels is wrong, which PIL refuses, too.
 */
export function mendPng(bytes: Uint8Array): Mended | undefined {
  const chunks = chunksOf(bytes);
  const pixels = chunks.findIndex(({ type }) => type === "IDAT");
  if (pixels < 0 || !chunks.slice(0, pixels).every(isIntact)) return undefined;
  const plain = needed(bytes, chunks);
  const faults = ["unknown or misplaced chunks"];
  return plain.length < bytes.length ? { bytes: plain, faults } : undefined;
}

/** What is visibly wrong with a PNG that cannot be decoded; undefined if the fault can only be in its pixels. */
export function findPngDamage(bytes: Uint8Array): string | undefined {
  const chunks = chunksOf(bytes);
  const broken = chunks.find((chunk) => !isIntact(chunk));
  if (broken !== undefined) return `the checksum of its ${quote(broken.type)} chunk is wrong`;
  if (chunks[0]?.type !== "IHDR") return "it does not begin with an IHDR chunk";
  if (!chunks.some(({ type }) => type === "IDAT")) return "it has no whole IDAT chunk";
  const end = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, SIGNATURE_BYTES);
  const isOver = chunks.at(-1)?.type === "IEND";
  return isOver || end === bytes.length
    ? undefined
    : `it ends in the middle of a chunk, at byte ${bytes.length}`;
}
