/**
 * Occlusion: how far a logit falls when a patch of the image is hidden. It needs nothing of a network but its outputs.
 *
 * Pipeline:   prepared image → **the same image with each patch hidden** → logits → **map**
 * Knows:      arrays. Not networks.
 * Reference:  Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, 2014, section 4.2.
 *
 * The image is divided into 14 × 14 cells, or into its pixels where it has fewer. A patch of 2 × 2 cells slides over it, one
 * cell at a time. It is filled with 0, which is what the mean grey becomes under each way of normalising. The drop of the
 * logit at a patch, or 0 where it rises, counts for each cell under the patch; a cell's value is the mean over the patches
 * that cover it.
 */

/** Cells along each axis. */
const CELLS = 14;

/** Cells that a patch covers along each axis. */
const PATCH = 2;

/** A patch's first cell, and its pixels: from, to (exclusive). */
interface Patch {
  readonly row: number;
  readonly column: number;
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** Number of cells along an axis of so many pixels. */
export const cellsOf = (extent: number): number => Math.min(CELLS, extent);

/** The pixels of the patches along an axis, from the first on. */
function spans(extent: number): (readonly [number, number])[] {
  const cells = cellsOf(extent);
  const edge = (cell: number) => Math.round((cell * extent) / cells);
  const patch = Math.min(PATCH, cells);
  return Array.from({ length: cells - patch + 1 }, (_, cell) => [edge(cell), edge(cell + patch)] as const);
}

/** All patches of an image, row by row. */
export function patchesOf(height: number, width: number): Patch[] {
  return spans(height).flatMap((rows, row) =>
    spans(width).map((columns, column) => ({ row, column, rows, columns })),
  );
}

/**
 * Hide a patch.
 *
 * @param image  channels × height × width, normalised. Modified.
 */
export function hide(image: Float32Array, height: number, width: number, { rows, columns }: Patch): void {
  for (let channel = 0; channel < image.length; channel += height * width) {
    for (let y = rows[0]; y < rows[1]; y++) {
      const start = channel + y * width;
      image.fill(0, start + columns[0], start + columns[1]);
    }
  }
}

/**
 * The map of one logit.
 *
 * @param drops  By how much the logit falls at each of `patchesOf` the image.
 * @returns      Its cells, row by row.
 */
export function occlusionMap(drops: Float32Array, height: number, width: number): Float32Array {
  const [rows, columns] = [cellsOf(height), cellsOf(width)];
  const [sums, counts] = [new Float64Array(rows * columns), new Uint8Array(rows * columns)];
  for (const [i, { row, column }] of patchesOf(height, width).entries()) {
    for (let y = row; y < Math.min(row + PATCH, rows); y++) {
      for (let x = column; x < Math.min(column + PATCH, columns); x++) {
        sums[y * columns + x]! += Math.max(0, drops[i]!);
        counts[y * columns + x]! += 1;
      }
    }
  }
  return Float32Array.from(sums, (sum, cell) => sum / counts[cell]!);
}
