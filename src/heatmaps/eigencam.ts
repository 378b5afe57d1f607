/**
 * EigenCAM: the coordinate of each position along the first principal component of the features.
 *
 * It shows what the features have most in common, not what speaks for a finding, so that one map serves all labels.
 *
 * Let X be the positions × channels matrix, with each channel's mean subtracted. The projection on the first right
 * singular vector is X·v₁ = σ₁u₁, where u₁ is the leading eigenvector of X·Xᵀ (positions × positions) and v₁ that of
 * Xᵀ·X (channels × channels); the smaller of the two matrices is used. The sign of a singular vector is arbitrary. Here
 * it is chosen so that positions with stronger features are positive.
 *
 * Reference: Muhammad and Yeasin, 2020; pytorch-grad-cam `get_2d_projection`.
 */

const MAX_ITERATIONS = 5000;
const TOLERANCE = 1e-12;

/** Xᵀ: each channel's values minus their mean, channels × positions. */
function centred(features: Float32Array, channels: number, positions: number): Float64Array {
  const rows = Float64Array.from(features);
  for (let k = 0; k < channels; k++) {
    const row = rows.subarray(k * positions, (k + 1) * positions);
    let mean = 0;
    for (const value of row) mean += value / positions;
    for (let p = 0; p < positions; p++) row[p]! -= mean;
  }
  return rows;
}

function transposed(matrix: Float64Array, count: number, size: number): Float64Array {
  return Float64Array.from(matrix, (_, i) => matrix[(i % count) * size + Math.floor(i / count)]!);
}

/** The sum of each row's outer product with itself, size × size. */
function gramMatrix(rows: Float64Array, count: number, size: number): Float64Array {
  const gram = new Float64Array(size * size);
  for (let k = 0; k < count; k++) {
    const row = rows.subarray(k * size, (k + 1) * size);
    for (let p = 0; p < size; p++) {
      const value = row[p]!;
      for (let q = p; q < size; q++) gram[p * size + q]! += value * row[q]!;
    }
  }
  for (let p = 0; p < size; p++) for (let q = 0; q < p; q++) gram[p * size + q] = gram[q * size + p]!;
  return gram;
}

/** Scale a vector to length 1 in place, and return its former length. */
function normalise(vector: Float64Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  return length;
}

/** The largest eigenvalue and its unit eigenvector, by power iteration. */
function leadingEigenvector(matrix: Float64Array, size: number): { value: number; vector: Float64Array } {
  // The row with the largest diagonal element is a start that is hardly ever orthogonal to the leading eigenvector.
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

/** Each position's coordinate along the first principal component. Its sign is arbitrary. */
function coordinates(features: Float32Array, channels: number, positions: number): Float64Array {
  const rows = centred(features, channels, positions);
  if (positions <= channels) {
    const { value, vector } = leadingEigenvector(gramMatrix(rows, channels, positions), positions);
    return vector.map((coordinate) => Math.sqrt(value) * coordinate);
  }
  const columns = transposed(rows, channels, positions);
  const { vector } = leadingEigenvector(gramMatrix(columns, positions, channels), channels);
  const projected = new Float64Array(positions);
  for (let i = 0; i < columns.length; i++) {
    projected[Math.floor(i / channels)]! += columns[i]! * vector[i % channels]!;
  }
  return projected;
}

/**
 * The EigenCAM map of one image.
 *
 * @param features  Output of a layer, channels × positions, C order. Not modified.
 * @returns         One value per position, ReLU applied.
 */
export function eigencam(features: Float32Array, channels: number, positions: number): Float32Array {
  const strength = new Float64Array(positions);
  for (let i = 0; i < channels * positions; i++) strength[i % positions]! += Math.max(0, features[i]!);
  const mean = strength.reduce((sum, s) => sum + s, 0) / positions;
  const along = coordinates(features, channels, positions);
  let agreement = 0;
  for (let p = 0; p < positions; p++) agreement += along[p]! * (strength[p]! - mean);
  const sign = agreement < 0 ? -1 : 1;
  return Float32Array.from(along, (coordinate) => Math.max(0, sign * coordinate));
}
