/**
 * Lines of text, from outlines that are part of this package.
 *
 * Knows: characters. Not colours or images.
 */

import { EM } from "./glyph-data.ts";
import { type Glyph, glyphs } from "./glyphs.ts";
import type { Mask } from "./mask.ts";

/** The outline of a character, or of `?` if there is none. */
const glyphOf = (character: string): Glyph => glyphs().get(character) ?? glyphs().get("?")!;

/** A line of text at its place. */
export interface Line {
  readonly text: string;
  /** Pixels per em. */
  readonly size: number;
  /** Where the baseline begins, in pixels. */
  readonly x: number;
  readonly baseline: number;
}

/** The width of a text in pixels. Characters without an outline count as `?`. */
export function textWidth(text: string, size: number): number {
  const units = [...text].reduce((sum, character) => sum + glyphOf(character).advance, 0);
  return (units * size) / EM;
}

/** Fill the letters of a line. Characters without an outline become `?`. */
export function fillText(mask: Mask, { text, size, x, baseline }: Line): void {
  const scale = size / EM;
  let units = 0;
  for (const character of text) {
    const { advance, outline } = glyphOf(character);
    fillOutline(mask, outline, scale, x + units * scale, baseline);
    units += advance;
  }
}

/**
 * Fill a path.
 *
 * @param outline  SVG path data of M, L and Q with whole coordinates.
 * @param scale    Pixels per unit.
 * @param x, y     Where the path's origin comes to lie, in pixels.
 */
export function fillOutline(mask: Mask, outline: string, scale: number, x: number, y: number): void {
  const tokens = outline.match(/[MLQ]|-?\d+/g) ?? [];
  let at = 0;
  const nextX = () => Number(tokens[at++]) * scale + x;
  const nextY = () => Number(tokens[at++]) * scale + y;
  while (at < tokens.length) {
    const kind = tokens[at++];
    if (kind === "M") mask.moveTo(nextX(), nextY());
    else if (kind === "L") mask.lineTo(nextX(), nextY());
    else mask.quadraticTo(nextX(), nextY(), nextX(), nextY());
  }
}
