/**
 * Colormaps: a heat from 0 to 1 as a colour.
 *
 * Knows:      numbers and colours. Not images.
 * Reference:  Inferno and viridis by S. van der Walt and N. Smith (matplotlib), uniform in lightness, through
 *             d3-scale-chromatic; JET as MATLAB and OpenCV draw it, offered for comparison: its bands of
 *             lightness show edges that are not in the data (Borland and Taylor, 2007).
 */

import { interpolateInferno, interpolateTurbo, interpolateViridis } from "d3-scale-chromatic";

export type ColormapName = "inferno" | "viridis" | "turbo" | "jet";

export const DEFAULT_COLORMAP: ColormapName = "inferno";

/** `#rrggbb` or `rgb(r, g, b)` as three bytes. */
function parseColour(text: string): [number, number, number] {
  if (text.startsWith("#")) {
    const value = Number.parseInt(text.slice(1), 16);
    return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
  }
  const [r = 0, g = 0, b = 0] = (text.match(/\d+/g) ?? []).map(Number);
  return [r, g, b];
}

/** Piecewise linear in each channel: blue, cyan, yellow, red. */
function jet(heat: number): [number, number, number] {
  const channel = (centre: number) =>
    Math.round(255 * Math.min(1, Math.max(0, 1.5 - Math.abs(4 * heat - centre))));
  return [channel(3), channel(2), channel(1)];
}

const COLORMAPS: { readonly [C in ColormapName]: (heat: number) => [number, number, number] } = {
  inferno: (heat) => parseColour(interpolateInferno(heat)),
  viridis: (heat) => parseColour(interpolateViridis(heat)),
  turbo: (heat) => parseColour(interpolateTurbo(heat)),
  jet,
};

export const COLORMAP_NAMES = Object.keys(COLORMAPS) as readonly ColormapName[];

/** 256 colours from cold to hot, interleaved RGB. */
export function colourTable(name: ColormapName): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) table.set(COLORMAPS[name](i / 255), i * 3);
  return table;
}
