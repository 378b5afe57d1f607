/**
 * Heatmaps at the resolution of an image: scaled to 0 … 1, then interpolated bilinearly.
 *
 * Knows:      maps and sizes. Not images or colours.
 * Reference:  pytorch-grad-cam's post-processing; torch.nn.functional.interpolate(mode="bilinear",
 *             align_corners=False).
 */

/** For each place along an axis: the two cells of a map between which it lies, and the weight of the second. */
interface CellWeights {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly weight: Float64Array;
  /** 1 where the place lies within the map, else 0. */
  readonly inside: Uint8Array;
}

/**
 * Where places lie among a map's cells, along one axis. A cell's value belongs to its centre; beyond the outermost
 * centres the outermost values apply.
 *
 * @param size    Number of places; the centre of place i is at i + ½.
 * @param start   Where the map begins, in places.
 * @param extent  How many places the map covers, above 0.
 * @param count   Number of cells.
 */
export function cellWeights(size: number, start: number, extent: number, count: number): CellWeights {
  const low = new Int32Array(size);
  const high = new Int32Array(size);
  const weight = new Float64Array(size);
  const inside = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const at = ((i + 0.5 - start) / extent) * count - 0.5;
    const clamped = Math.min(Math.max(at, 0), count - 1);
    low[i] = Math.floor(clamped);
    high[i] = Math.min(low[i]! + 1, count - 1);
    weight[i] = clamped - low[i]!;
    inside[i] = i + 0.5 >= start && i + 0.5 <= start + extent ? 1 : 0;
  }
  return { low, high, weight, inside };
}

/** A map scaled so that its smallest value is 0 and its largest 1, as float64; all 0 if it is constant. */
export function minMax(map: ArrayLike<number>): Float64Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < map.length; i++) {
    low = Math.min(low, map[i]!);
    high = Math.max(high, map[i]!);
  }
  const range = high - low;
  return Float64Array.from(map, (value) => (range > 0 ? (value - low) / range : 0));
}

/**
 * Interpolate a map at the places of a grid.
 *
 * @param map      Cells, row by row.
 * @param columns  Number of cells in a row.
 * @param ys, xs   Where the grid's rows and columns lie among the cells.
 * @returns        Rows × columns of the grid, C order.
 */
export function interpolate(
  map: ArrayLike<number>,
  columns: number,
  ys: CellWeights,
  xs: CellWeights,
): Float64Array {
  const [height, width] = [ys.low.length, xs.low.length];
  const out = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    const top = ys.low[y]! * columns;
    const bottom = ys.high[y]! * columns;
    const down = ys.weight[y]!;
    for (let x = 0; x < width; x++) {
      const low = xs.low[x]!;
      const high = xs.high[x]!;
      const right = xs.weight[x]!;
      const above = map[top + low]! * (1 - right) + map[top + high]! * right;
      const below = map[bottom + low]! * (1 - right) + map[bottom + high]! * right;
      out[y * width + x] = above * (1 - down) + below * down;
    }
  }
  return out;
}

/**
 * Interpolate a map of rows × columns cells at height × width places.
 *
 * @returns  height × width values, C order.
 */
export const upsample = (
  map: ArrayLike<number>,
  rows: number,
  columns: number,
  height: number,
  width: number,
): Float64Array =>
  interpolate(map, columns, cellWeights(height, 0, height, rows), cellWeights(width, 0, width, columns));
