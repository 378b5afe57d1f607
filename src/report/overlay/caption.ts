/**
 * Text as an SVG path, from outlines that are part of this package.
 *
 * Knows: characters. Not images.
 */

import { EM, GLYPHS } from "./glyphs.ts";

const UNKNOWN = GLYPHS.get("?")!;

/** Text set on a baseline. */
export interface Caption {
  /** An SVG group, at the origin of its baseline. */
  readonly svg: string;
  /** In pixels. */
  readonly width: number;
}

/** Set a line of text in `size` pixels per em. Characters without an outline become `?`. */
export function caption(text: string, size: number): Caption {
  const scale = size / EM;
  let x = 0;
  const glyphs = [...text].map((character) => {
    const { advance, outline } = GLYPHS.get(character) ?? UNKNOWN;
    const glyph = outline === "" ? "" : `<path transform="translate(${x} 0)" d="${outline}"/>`;
    x += advance;
    return glyph;
  });
  return { svg: `<g transform="scale(${scale})">${glyphs.join("")}</g>`, width: x * scale };
}
