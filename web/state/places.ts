/**
 * What a place of the image says for and against each finding.
 *
 * Knows: the terms of HiResCAM at norm5. For each finding, their sum and its bias make its logit.
 * Reference: `PlacesRead` in src/engine/full-reading.ts.
 */

import type { KnownPlaces } from "./item.ts";

/** A cell of the terms. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** A rectangle in pixels of the image. */
interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The cell at a point of the image.
 *
 * @param x, y    In pixels of the image; its top left corner is 0, 0.
 * @param region  The part of the image that the network saw.
 * @param shape   labels, rows, columns.
 * @returns       Undefined outside the region.
 */
export function cellAt(
  x: number,
  y: number,
  region: Rectangle,
  [, rows, columns]: KnownPlaces["shape"],
): Cell | undefined {
  const column = Math.floor(((x - region.x) / region.width) * columns);
  const row = Math.floor(((y - region.y) / region.height) * rows);
  return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : undefined;
}

/** What the terms of one finding come to. */
export interface Sum {
  /** The term of the cell: above 0 it speaks for the finding, below against it. */
  readonly here: number;
  /** The sum of all cells. */
  readonly all: number;
  readonly bias: number;
  /** The logit that the sum and the bias make. */
  readonly logit: number;
}

/** The terms of each label at a cell, in the order of the labels. */
export function sumsAt(cell: Cell, { terms, bias, termLogits, shape }: KnownPlaces): readonly Sum[] {
  const [labels, rows, columns] = shape;
  const size = rows * columns;
  return Array.from({ length: labels }, (_, label) => {
    const own = terms.subarray(label * size, (label + 1) * size);
    return {
      here: own[cell.row * columns + cell.column]!,
      all: own.reduce((sum, term) => sum + term, 0),
      bias: bias[label]!,
      logit: termLogits[label]!,
    };
  });
}

/** The largest term of any finding and place, by its size: what the bars are measured by. Never 0. */
export const largestTerm = ({ terms }: Pick<KnownPlaces, "terms">): number =>
  terms.reduce((largest, term) => Math.max(largest, Math.abs(term)), Number.EPSILON);
