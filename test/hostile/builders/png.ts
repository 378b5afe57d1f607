/** A PNG assembler. Reference: W3C Portable Network Graphics (PNG) Specification, third edition. */

import { deflateSync } from "node:zlib";
import { crc32 } from "../../../src/formats/crc32.ts";
import { concat, latin1, u8, u32BigEndian } from "./bytes.ts";

export const PNG_SIGNATURE = latin1("\x89PNG\r\n\x1a\n");

/** Length, type, data and a checksum that is right. */
export function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat(latin1(type), data);
  return concat(u32BigEndian(data.length), body, u32BigEndian(crc32(body)));
}

/** What a PNG claims to be and what it holds. */
export interface PngSpec {
  readonly width: number;
  readonly height: number;
  /** Bits per sample; 8. */
  readonly depth?: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA; 0. */
  readonly colour?: number;
  readonly interlace?: number;
  /** Uncompressed scan lines with their filter bytes. All zeros of the right length unless given. */
  readonly rows?: Uint8Array;
  /** Chunks between IHDR and IDAT. */
  readonly before?: readonly Uint8Array[];
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Bytes of all scan lines, filter bytes included, without interlacing. */
export function rowsLength({ width, height, depth = 8, colour = 0 }: PngSpec): number {
  return (1 + Math.ceil((width * depth * (CHANNELS[colour] ?? 1)) / 8)) * height;
}

export function ihdr({ width, height, depth = 8, colour = 0, interlace = 0 }: PngSpec): Uint8Array {
  const settings = concat(u8(depth), u8(colour), u8(0), u8(0), u8(interlace));
  return chunk("IHDR", concat(u32BigEndian(width), u32BigEndian(height), settings));
}

/** Put a PNG together. */
export function png(spec: PngSpec): Uint8Array {
  const rows = spec.rows ?? new Uint8Array(rowsLength(spec));
  const data = chunk("IDAT", deflateSync(rows, { level: 9 }));
  return concat(PNG_SIGNATURE, ihdr(spec), ...(spec.before ?? []), data, chunk("IEND", new Uint8Array(0)));
}

/** A PNG whose data has nothing to do with its header. */
export function liar(spec: Omit<PngSpec, "rows">): Uint8Array {
  return png({ ...spec, rows: new Uint8Array(64) });
}
