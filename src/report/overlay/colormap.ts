/**
 * Colormaps: a heat from 0 to 1 as a colour.
 *
 * Knows:      numbers and colours. Not images.
 * Reference:  Inferno and viridis by S. van der Walt and N. Smith (matplotlib), uniform in lightness; turbo by
 *             A. Mikhailov; JET as MATLAB and OpenCV draw it, offered for comparison: its bands of lightness show
 *             edges that are not in the data (Borland and Taylor, 2007).
 */

import { COLORMAP_TABLES } from "./colormap-tables.ts";

/** A colour map for heatmaps: matplotlib's, and OpenCV's `jet`. */
export type ColormapName = keyof typeof COLORMAP_TABLES | "jet";

export const DEFAULT_COLORMAP: ColormapName = "inferno";

/** The names of the colour maps. */
export const COLORMAP_NAMES: readonly ColormapName[] = ["inferno", "viridis", "turbo", "jet"];

/** Piecewise linear in each channel: blue, cyan, yellow, red. */
function jet(heat: number): [number, number, number] {
  const channel = (centre: number) =>
    Math.round(255 * Math.min(1, Math.max(0, 1.5 - Math.abs(4 * heat - centre))));
  return [channel(3), channel(2), channel(1)];
}

/** 256 colours from cold to hot, interleaved RGB. */
export function colourTable(name: ColormapName): Uint8Array {
  const table = new Uint8Array(256 * 3);
  if (name === "jet") {
    for (let i = 0; i < 256; i++) table.set(jet(i / 255), i * 3);
    return table;
  }
  const digits = COLORMAP_TABLES[name];
  for (let i = 0; i < table.length; i++) table[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  return table;
}
