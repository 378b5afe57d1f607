/**
 * Principal components: the directions of the largest variances, and those variances.
 *
 * Knows:      numbers. Not images or features.
 * Reference:  Halko, Martinsson and Tropp, Finding Structure with Randomness, 2011 (iteration of a random subspace with
 *             some directions to spare); Jacobi's method for the small problem within it (Golub and Van Loan, 8.5).
 */

import { Random } from "../random.ts";

/** Directions that are iterated beside the wanted ones, so that the last of these converge as well. */
const SPARE = 16;

/** The iteration ends when no wanted variance changes by more than this share of itself, or after so many rounds. */
const TOLERANCE = 1e-8;
const MOST_ROUNDS = 60;
const MOST_SWEEPS = 60;

/** A square matrix, or rows of vectors, in C order. */
type Matrix = Float64Array;

/** Make rows perpendicular to one another and of length 1 (Gram and Schmidt, twice for accuracy). */
function orthonormalise(rows: Matrix, width: number): void {
  for (let i = 0; i * width < rows.length; i++) {
    const row = rows.subarray(i * width, (i + 1) * width);
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < i; k++) {
        const other = rows.subarray(k * width, (k + 1) * width);
        const along = dot(row, other);
        for (let j = 0; j < width; j++) row[j]! -= along * other[j]!;
      }
    }
    const length = Math.sqrt(dot(row, row)) || 1;
    for (let j = 0; j < width; j++) row[j]! /= length;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

/** Rows times a symmetric matrix. */
function times(rows: Matrix, symmetric: Matrix, width: number): Matrix {
  const product = new Float64Array(rows.length);
  for (let from = 0; from < rows.length; from += width) {
    const row = rows.subarray(from, from + width);
    for (let k = 0; k < width; k++)
      product[from + k] = dot(row, symmetric.subarray(k * width, (k + 1) * width));
  }
  return product;
}

/** Turn columns p and q of a matrix by an angle, given as cosine and sine. */
function turn(
  matrix: Matrix,
  size: number,
  [p, q]: readonly [number, number],
  cos: number,
  sin: number,
): void {
  for (let k = 0; k < size; k++) {
    const [a, b] = [matrix[k * size + p]!, matrix[k * size + q]!];
    matrix[k * size + p] = cos * a - sin * b;
    matrix[k * size + q] = sin * a + cos * b;
  }
}

/** Turn rows p and q likewise. */
function turnRows(
  matrix: Matrix,
  size: number,
  [p, q]: readonly [number, number],
  cos: number,
  sin: number,
): void {
  for (let k = 0; k < size; k++) {
    const [a, b] = [matrix[p * size + k]!, matrix[q * size + k]!];
    matrix[p * size + k] = cos * a - sin * b;
    matrix[q * size + k] = sin * a + cos * b;
  }
}

/** Eigenvalues, descending, and eigenvectors (columns) of a small symmetric matrix. */
function jacobi(symmetric: Matrix, size: number): { values: number[]; vectors: Matrix; order: number[] } {
  const a = symmetric.slice();
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let isDone = true;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = a[p * size + q]!;
        const [first, second] = [a[p * size + p]!, a[q * size + q]!];
        if (Math.abs(off) <= 1e-15 * Math.sqrt(Math.abs(first * second)) || off === 0) continue;
        isDone = false;
        const theta = (second - first) / (2 * off);
        const tan = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const cos = 1 / Math.sqrt(tan * tan + 1);
        turn(a, size, [p, q], cos, tan * cos);
        turnRows(a, size, [p, q], cos, tan * cos);
        turn(vectors, size, [p, q], cos, tan * cos);
      }
    }
    if (isDone) break;
  }
  const values = Array.from({ length: size }, (_, i) => a[i * size + i]!);
  const order = values.map((_, i) => i).sort((i, k) => values[k]! - values[i]!);
  return { values: order.map((i) => values[i]!), vectors, order };
}

/** One component. */
export interface Component {
  readonly variance: number;
  /** Of length 1. Its sign is arbitrary. */
  readonly direction: Float64Array;
}

/**
 * The principal components of a covariance.
 *
 * @param covariance  [size, size], symmetric. Not modified.
 * @param count       Number of components; at most `size`.
 * @returns           By descending variance.
 */
export function principalComponents(covariance: Float64Array, size: number, count: number): Component[] {
  const width = Math.min(size, count + SPARE);
  const random = Random.of(0, "principal components");
  let rows: Matrix = Float64Array.from({ length: width * size }, () => random.normal());
  orthonormalise(rows, size);
  let before: readonly number[] = [];
  for (let round = 1; ; round++) {
    const moved = times(rows, covariance, size);
    const small = new Float64Array(width * width);
    for (let i = 0; i < width; i++) {
      for (let k = 0; k < width; k++)
        small[i * width + k] = dot(
          rows.subarray(i * size, (i + 1) * size),
          moved.subarray(k * size, (k + 1) * size),
        );
    }
    const { values, vectors, order } = jacobi(small, width);
    const wanted = values.slice(0, count);
    const isStill = wanted.every(
      (value, i) => Math.abs(value - (before[i] ?? 0)) <= TOLERANCE * Math.abs(value),
    );
    if (isStill || round === MOST_ROUNDS) {
      return wanted.map((variance, i) => {
        const direction = new Float64Array(size);
        for (let k = 0; k < width; k++) {
          const share = vectors[k * width + order[i]!]!;
          for (let j = 0; j < size; j++) direction[j]! += share * rows[k * size + j]!;
        }
        return { variance, direction };
      });
    }
    before = wanted;
    rows = moved;
    orthonormalise(rows, size);
  }
}
