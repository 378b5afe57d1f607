/**
 * The cells of a grid over a picture.
 *
 * Knows: rectangles.
 */

import type { Place, ViewerPicture, ViewGrid } from "./picture.ts";

/** The network's own grid: 7 × 7 for an input of 224 × 224. */
const SIDE = 7;

/** A grid of 7 × 7 cells over a whole picture. */
export const wholeGrid = ({ width, height }: Pick<ViewerPicture, "width" | "height">): ViewGrid => ({
  rows: SIDE,
  columns: SIDE,
  region: { x: 0, y: 0, width, height },
});

/** The cell that a place lies in, in pixels of the picture; undefined outside the grid. */
export function cellAt({ rows, columns, region }: ViewGrid, { x, y }: Place): ViewGrid["region"] | undefined {
  const [width, height] = [region.width / columns, region.height / rows];
  const [column, row] = [Math.floor((x - region.x) / width), Math.floor((y - region.y) / height)];
  if (column < 0 || row < 0 || column >= columns || row >= rows) return undefined;
  return { x: region.x + column * width, y: region.y + row * height, width, height };
}
