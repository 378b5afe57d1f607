/**
 * Panels of one size side by side.
 *
 * Knows: pixels. Not what is on a panel.
 */

import { place, type RgbPixels } from "./pixels.ts";

const GAP = 8;

/** Rows and columns of a grid of panels, nearly square. */
export function gridOf(count: number): { columns: number; rows: number } {
  const columns = Math.ceil(Math.sqrt(count));
  return { columns, rows: Math.ceil(count / columns) };
}

/** Tiles of one size in a grid, black between them. One tile is the picture. */
export function joinTiles(tiles: readonly RgbPixels[]): RgbPixels {
  const first = tiles[0]!;
  if (tiles.length === 1) return first;
  const { columns, rows } = gridOf(tiles.length);
  const width = columns * (first.width + GAP) - GAP;
  const height = rows * (first.height + GAP) - GAP;
  const canvas = { width, height, data: new Uint8Array(width * height * 3) };
  for (const [i, tile] of tiles.entries()) {
    place(canvas, tile, (i % columns) * (first.width + GAP), Math.floor(i / columns) * (first.height + GAP));
  }
  return canvas;
}
