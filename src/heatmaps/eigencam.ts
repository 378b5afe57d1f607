/**
 * EigenCAM: the positions' coordinates along the first principal component of the features.
 *
 * It asks what the features have most in common, not what speaks for a finding: one map serves all labels.
 *
 * With X the positions × channels matrix, each channel's mean taken off, the projection on the first right
 * singular vector is σ₁u₁, and u₁ is the leading eigenvector of X·Xᵀ, a small positions × positions matrix.
 * A singular vector's sign is arbitrary: here positions with stronger features come out positive.
 *
 * Reference: Muhammad and Yeasin, 2020; pytorch-grad-cam `get_2d_projection`.
 */

const MAX_ITERATIONS = 5000;
const TOLERANCE = 1e-12;

/** X·Xᵀ of the centred features, P × P. */
function gramMatrix(features: Float32Array, channels: number, positions: number): Float64Array {
  const gram = new Float64Array(positions * positions);
  const row = new Float64Array(positions);
  for (let k = 0; k < channels; k++) {
    let mean = 0;
    for (let p = 0; p < positions; p++) mean += features[k * positions + p]! / positions;
    for (let p = 0; p < positions; p++) row[p] = features[k * positions + p]! - mean;
    for (let p = 0; p < positions; p++) {
      const value = row[p]!;
      for (let q = 0; q < positions; q++) gram[p * positions + q]! += value * row[q]!;
    }
  }
  return gram;
}

/** Scale to length 1 and return the length before. */
function normalise(vector: Float64Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  return length;
}

/** The largest eigenvalue and its unit eigenvector, by power iteration. */
function leadingEigenvector(matrix: Float64Array, size: number): { value: number; vector: Float64Array } {
  // The row of the largest diagonal element is never orthogonal to all that matters.
  let start = 0;
  for (let i = 1; i < size; i++) if (matrix[i * size + i]! > matrix[start * size + start]!) start = i;
  let vector = matrix.slice(start * size, (start + 1) * size);
  normalise(vector);
  let value = 0;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += matrix[i * size + j]! * vector[j]!;
      next[i] = sum;
    }
    value = normalise(next);
    let change = 0;
    for (let i = 0; i < size; i++) change = Math.max(change, Math.abs(next[i]! - vector[i]!));
    vector = next;
    if (change < TOLERANCE) break;
  }
  return { value, vector };
}

/**
 * The EigenCAM map of one image.
 *
 * @param features  Output of norm5, channels × positions, C order. Not modified.
 * @returns         Positions values, ReLU applied.
 */
export function eigencam(features: Float32Array, channels: number, positions: number): Float32Array {
  const { value, vector } = leadingEigenvector(gramMatrix(features, channels, positions), positions);
  const strength = new Float64Array(positions);
  for (let i = 0; i < channels * positions; i++) strength[i % positions]! += Math.max(0, features[i]!);
  const mean = strength.reduce((sum, s) => sum + s, 0) / positions;
  let agreement = 0;
  for (let p = 0; p < positions; p++) agreement += vector[p]! * (strength[p]! - mean);
  const scale = Math.sqrt(value) * (agreement < 0 ? -1 : 1);
  return Float32Array.from(vector, (coordinate) => Math.max(0, scale * coordinate));
}
