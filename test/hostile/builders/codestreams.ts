/**
 * Headers of compressed pictures that promise much and hold little.
 *
 * Reference: ITU-T T.81 annex B (JPEG), T.87 annex C (JPEG-LS), T.800 annex A (JPEG 2000), T.814 (HTJ2K).
 */

import { concat, latin1, repeat, u8 } from "./bytes.ts";

const be16 = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value & 0xff);
const be32 = (value: number): Uint8Array => concat(be16(value >>> 16), be16(value & 0xffff));
const marker = (code: number, body?: Uint8Array): Uint8Array =>
  body === undefined
    ? Uint8Array.of(0xff, code)
    : concat(Uint8Array.of(0xff, code), be16(body.length + 2), body);

/** A frame header of one component: 0xc0 baseline, 0xc2 progressive, 0xc3 lossless, 0xf7 JPEG-LS. */
const frame = (code: number, bits: number, width: number, height: number): Uint8Array =>
  marker(code, concat(u8(bits), be16(height), be16(width), Uint8Array.of(1, 1, 0x11, 0)));

/** A Huffman table whose only code, the bit 0, means `symbol`. */
const oneCode = (kind: number, symbol: number): Uint8Array =>
  marker(0xc4, concat(u8(kind), u8(1), new Uint8Array(15), u8(symbol)));

const QUANTISATION = marker(0xdb, concat(u8(0), repeat(u8(1), 64)));
const scan = (start: number, end: number, bit: number): Uint8Array =>
  marker(0xda, Uint8Array.of(1, 1, 0, start, end, bit));

/** A JPEG with these scans. */
export const jpeg = (
  code: number,
  bits: number,
  width: number,
  height: number,
  ...scans: Uint8Array[]
): Uint8Array => concat(marker(0xd8), QUANTISATION, frame(code, bits, width, height), ...scans, marker(0xd9));

/** Scans of a progressive JPEG that change nothing in 8000×8000 pixels: each block costs a decoder time. */
export function idleScans(count: number, blocks: number): Uint8Array {
  // The first scan has the DC differences, all 0. Then runs of 2^14 blocks without AC coefficients (EOBn with n = 14).
  const dc = concat(oneCode(0x00, 0), scan(0, 0, 0), repeat(u8(0), Math.ceil(blocks / 8)));
  const runs = Math.ceil(blocks / 2 ** 15);
  const bits = `${"0".repeat(1)}${"1".repeat(14)}`.repeat(runs).padEnd(Math.ceil((runs * 15) / 8) * 8, "1");
  const bytes = Uint8Array.from({ length: bits.length / 8 }, (_, i) =>
    Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2),
  );
  const stuffed = Uint8Array.from([...bytes].flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])));
  const ac = concat(scan(1, 63, 0), stuffed);
  return concat(dc, oneCode(0x10, 0xe0), repeat(ac, count));
}

/** A baseline or lossless scan without data. */
export const emptyScan = (code: number): Uint8Array =>
  concat(oneCode(0x00, 0), oneCode(0x10, 0), code === 0xc3 ? scan(1, 0, 0) : scan(0, 63, 0));

/** A JPEG-LS of one component without data. */
export const jpegLs = (
  bits: number,
  width: number,
  height: number,
  data: Uint8Array = new Uint8Array(0),
): Uint8Array =>
  concat(
    ...[marker(0xd8), frame(0xf7, bits, width, height), marker(0xda, Uint8Array.of(1, 1, 0, 0, 0, 0))],
    ...[data, marker(0xd9)],
  );

export interface Jpeg2000Spec {
  readonly width: number;
  readonly height: number;
  readonly tile?: number;
  readonly layers?: number;
  readonly levels?: number;
  readonly isHt?: boolean;
  /** Components whose size is 8 bits. */
  readonly components?: number;
  /** Tile parts: the index of each, with its data. */
  readonly tiles?: readonly { readonly index: number; readonly data: Uint8Array }[];
}

/** A JPEG 2000 codestream. */
export function jpeg2000(spec: Jpeg2000Spec): Uint8Array {
  const { width, height, layers = 1, levels = 5, isHt = false, components = 1 } = spec;
  const tile = spec.tile ?? Math.max(width, height);
  const size = marker(
    0x51,
    concat(
      be16(isHt ? 0x4000 : 0),
      ...[width, height, 0, 0, tile, tile, 0, 0].map(be32),
      be16(components),
      repeat(Uint8Array.of(7, 1, 1), components),
    ),
  );
  const capabilities = isHt ? marker(0x50, concat(be32(0x00020000), be16(0))) : new Uint8Array(0);
  const coding = marker(
    0x52,
    concat(u8(0), u8(0), be16(layers), u8(0), Uint8Array.of(levels, 4, 4, isHt ? 0x40 : 0, 1)),
  );
  const quantisation = marker(0x5c, concat(u8(0x40), repeat(u8(0x48), 3 * levels + 1)));
  const parts = (spec.tiles ?? [{ index: 0, data: new Uint8Array(0) }]).map(({ index, data }) =>
    concat(marker(0x90, concat(be16(index), be32(14 + data.length), u8(0), u8(1))), marker(0x93), data),
  );
  return concat(marker(0x4f), size, capabilities, coding, quantisation, ...parts, marker(0xd9));
}

/** A comment segment of JPEG. */
export const comment = (text: string): Uint8Array => marker(0xfe, latin1(text));
