/**
 * Outlines of the characters in captions.
 *
 * Knows: how scripts/make-glyphs.mjs packs them. Not where letters are written.
 */

import { inflateSync, strFromU8 } from "fflate";
import { GLYPH_DATA } from "./glyph-data.ts";

/** One character. */
export interface Glyph {
  /** In units of 1/EM em. */
  readonly advance: number;
  /**
   * SVG path data, baseline at 0, y downwards, in units of 1/EM em: contours that close by themselves, of M, L and Q with
   * whole coordinates, filled by the non-zero rule.
   */
  readonly outline: string;
}

let known: ReadonlyMap<string, Glyph> | undefined;

/** All characters, unpacked on first use. */
export function glyphs(): ReadonlyMap<string, Glyph> {
  if (known === undefined) {
    const packed = Uint8Array.from(atob(GLYPH_DATA), (byte) => byte.charCodeAt(0));
    const rows: readonly (readonly [string, number, string])[] = JSON.parse(strFromU8(inflateSync(packed)));
    known = new Map(rows.map(([character, advance, outline]) => [character, { advance, outline }]));
  }
  return known;
}
