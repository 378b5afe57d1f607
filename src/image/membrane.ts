/**
 * Solves Laplace's equation on the unknown places of a grid by full multigrid.
 *
 * Knows:      numbers.
 * Reference:  Briggs, Henson and McCormick, A Multigrid Tutorial, 2nd edition, 2000, chapters 3 and 5.
 *
 * Places are vertices; a coarser grid has every second one along each axis. The solution on the coarser grid is the first guess;
 * then V-cycles follow, with a step of Gauss and Seidel before and after each correction. The cost per place hardly depends on
 * how large a part is.
 */

/** One grid of the hierarchy. */
interface Level {
  readonly width: number;
  readonly height: number;
  /** Indices of the unknown places. */
  readonly places: Int32Array;
  /** For each unknown place, its neighbours left, right, above and below; beyond the border, the place itself. */
  readonly neighbours: Int32Array;
  readonly isUnknown: Uint8Array;
  /** The solution on the finest grid, corrections on the others. 0 at known places of coarser grids. */
  readonly values: Float32Array;
  /** f in 4·u − (the sum of the neighbours) = f. */
  readonly right: Float32Array;
}

function levelOf(isUnknown: Uint8Array, width: number, height: number, values: Float32Array): Level {
  let count = 0;
  for (const flag of isUnknown) if (flag !== 0) count++;
  const places = new Int32Array(count);
  const neighbours = new Int32Array(4 * count);
  for (let y = 0, i = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (isUnknown[i] === 0) continue;
      places[k] = i;
      neighbours[4 * k] = x > 0 ? i - 1 : i;
      neighbours[4 * k + 1] = x < width - 1 ? i + 1 : i;
      neighbours[4 * k + 2] = y > 0 ? i - width : i;
      neighbours[4 * k + 3] = y < height - 1 ? i + width : i;
      k++;
    }
  }
  return { width, height, places, neighbours, isUnknown, values, right: new Float32Array(values.length) };
}

/** Every second vertex of a grid. */
function coarser(fine: Level): Level {
  const [width, height] = [(fine.width + 1) >> 1, (fine.height + 1) >> 1];
  const isUnknown = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) isUnknown[y * width + x] = fine.isUnknown[2 * y * fine.width + 2 * x]!;
  return levelOf(isUnknown, width, height, new Float32Array(width * height));
}

function hierarchy(finest: Level): Level[] {
  const levels = [finest];
  for (let last = finest; Math.min(last.width, last.height) > 4; ) {
    const next = coarser(last);
    if (next.places.length === 0) break;
    levels.push(next);
    last = next;
  }
  return levels;
}

/** The sum of the neighbours of the k-th unknown place. */
function around({ neighbours, values }: Level, k: number): number {
  return (
    values[neighbours[4 * k]!]! +
    values[neighbours[4 * k + 1]!]! +
    values[neighbours[4 * k + 2]!]! +
    values[neighbours[4 * k + 3]!]!
  );
}

/** One step of Gauss and Seidel, forwards or backwards. */
function smooth(level: Level, isForwards: boolean): void {
  const { places, values, right } = level;
  const last = places.length - 1;
  for (let step = 0; step <= last; step++) {
    const k = isForwards ? step : last - step;
    const at = places[k]!;
    values[at] = (around(level, k) + right[at]!) * 0.25;
  }
}

/** Write the residuals of a grid's unknown places into `out`, which is 0 elsewhere. */
function residuals(level: Level, out: Float32Array): void {
  const { places, values, right } = level;
  for (let k = 0; k < places.length; k++) {
    const at = places[k]!;
    out[at] = right[at]! + around(level, k) - 4 * values[at]!;
  }
}

/**
 * Restrict residuals to the next coarser grid, whose corrections begin at 0. A coarse vertex gathers from the 3 × 3 fine places
 * around it. Beyond the last vertex of a grid the picture is level, so a place there counts in full.
 */
function restrict(from: Float32Array, fine: Level, coarse: Level): void {
  coarse.values.fill(0);
  const [lastColumn, lastRow] = [coarse.width - 1, coarse.height - 1];
  for (let k = 0; k < coarse.places.length; k++) {
    const to = coarse.places[k]!;
    const row = Math.floor(to / coarse.width);
    const column = to - row * coarse.width;
    const [x, y] = [2 * column, 2 * row];
    let sum = 0;
    for (let dy = y > 0 ? -1 : 0; dy <= 1 && y + dy < fine.height; dy++) {
      const at = (y + dy) * fine.width + x;
      let line = from[at]!;
      if (x > 0) line += from[at - 1]! / 2;
      if (x + 1 < fine.width) line += column === lastColumn ? from[at + 1]! : from[at + 1]! / 2;
      sum += dy === 0 || (dy === 1 && row === lastRow) ? line : line / 2;
    }
    coarse.right[to] = sum;
  }
}

/** Interpolate the corrections of a coarse grid bilinearly to the unknown places of the finer one. */
function interpolate(coarse: Level, fine: Level, to: Float32Array): void {
  const { values, width, height } = coarse;
  for (let k = 0; k < fine.places.length; k++) {
    const at = fine.places[k]!;
    const y = Math.floor(at / fine.width);
    const x = at - y * fine.width;
    const [top, left] = [(y >> 1) * width, x >> 1];
    const bottom = Math.min((y + 1) >> 1, height - 1) * width;
    const right = Math.min((x + 1) >> 1, width - 1);
    to[at] =
      (values[top + left]! + values[top + right]! + values[bottom + left]! + values[bottom + right]!) / 4;
  }
}

/**
 * Correct a grid. The correction is scaled so that it lowers the energy most: with residual r and correction e by
 * ⟨r, e⟩ / ⟨e, A e⟩. So a cycle never makes anything worse, whatever the mask's shape.
 *
 * @returns  The largest change.
 */
function correct(fine: Level, residual: Float32Array, correction: Float32Array): number {
  const { places, values } = fine;
  const step: Level = { ...fine, values: correction };
  let [gain, curvature, largest] = [0, 0, 0];
  for (let k = 0; k < places.length; k++) {
    const at = places[k]!;
    const own = correction[at]!;
    gain += residual[at]! * own;
    curvature += (4 * own - around(step, k)) * own;
    largest = Math.max(largest, Math.abs(own));
  }
  const scale = curvature > 0 ? gain / curvature : 0;
  for (let k = 0; k < places.length; k++) {
    const at = places[k]!;
    values[at] = values[at]! + scale * correction[at]!;
  }
  return Math.abs(scale) * largest;
}

/** A grid with room for its residuals and corrections. Both are 0 at known places. */
interface Stage {
  readonly level: Level;
  readonly residual: Float32Array;
  readonly correction: Float32Array;
}

/** One cycle from a grid down to the coarsest and back. Returns the largest correction of the grid. */
function cycle(stages: readonly Stage[], at: number): number {
  const { level, residual, correction } = stages[at]!;
  const coarse = stages[at + 1]?.level;
  if (coarse === undefined) {
    for (let i = 0; i < 8; i++) smooth(level, i % 2 === 0);
    return 0;
  }
  smooth(level, true);
  residuals(level, residual);
  restrict(residual, level, coarse);
  cycle(stages, at + 1);
  interpolate(coarse, level, correction);
  const most = correct(level, residual, correction);
  smooth(level, false);
  return most;
}

/** Cycles end when no correction is larger than this, in grey levels; what is left is less than half of it. */
const ENOUGH = 0.2;
const MOST_CYCLES = 20;

/** A grid of fewer places than this is not made coarser for a first guess. */
const SMALL = 64;

/** Set the unknown places to the mean of the known ones. */
function guessMean(values: Float32Array, isUnknown: Uint8Array): void {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (isUnknown[i] !== 0) continue;
    sum += values[i]!;
    count++;
  }
  for (let i = 0; i < values.length; i++) if (isUnknown[i] !== 0) values[i] = sum / count;
}

/** Set the unknown places by the solution on the next coarser grid, if that has known places at all. */
function guess(values: Float32Array, finest: Level, coarse: Level | undefined): void {
  if (!coarse?.isUnknown.includes(0) || finest.places.length < SMALL) {
    guessMean(values, finest.isUnknown);
    return;
  }
  const { width, height } = coarse;
  const solution = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) solution[i] = values[2 * y * finest.width + 2 * x]!;
  fillSmoothly(solution, coarse.isUnknown, width, height);
  interpolate({ ...coarse, values: solution }, finest, values);
}

/**
 * Fill the unknown places of a grid so that each is the mean of its four neighbours.
 *
 * @param values     width × height. Known ones are kept, unknown ones are replaced, to about a tenth of a grey level.
 * @param isUnknown  Not 0 at unknown places; at least one place is known.
 */
export function fillSmoothly(
  values: Float32Array,
  isUnknown: Uint8Array,
  width: number,
  height: number,
): void {
  const finest = levelOf(isUnknown, width, height, values);
  const levels = hierarchy(finest);
  guess(values, finest, levels[1]);
  const room = (level: Level) => new Float32Array(level.values.length);
  const stages = levels.map((level) => ({ level, residual: room(level), correction: room(level) }));
  for (let i = 0; i < MOST_CYCLES; i++) if (cycle(stages, 0) < ENOUGH) return;
}
