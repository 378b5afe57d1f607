/**
 * Gaussian blur of one plane.
 *
 * Knows:      numbers.
 * Reference:  scipy.ndimage.gaussian_filter(mode="nearest", truncate=4): a kernel that is cut off at four standard
 *             deviations and scaled to sum to 1, applied along one axis and then the other; edge values are repeated.
 */

/** Weights from −radius to radius. */
function kernelOf(sigma: number): Float64Array {
  const radius = Math.trunc(4 * sigma + 0.5);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp((-0.5 / (sigma * sigma)) * (i - radius) ** 2),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}

/** Blur `lines` rows of `length` values, and transpose the plane. */
function blurRows(
  values: ArrayLike<number>,
  lines: number,
  length: number,
  kernel: Float64Array,
): Float64Array {
  const radius = (kernel.length - 1) / 2;
  const turned = new Float64Array(lines * length);
  const padded = new Float64Array(length + 2 * radius);
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < padded.length; i++) {
      padded[i] = values[line * length + Math.min(Math.max(i - radius, 0), length - 1)]!;
    }
    for (let at = 0; at < length; at++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += padded[at + k]! * kernel[k]!;
      turned[at * lines + line] = sum;
    }
  }
  return turned;
}

/**
 * Blur a plane.
 *
 * @param plane  height × width, C order. Not modified.
 * @param sigma  Standard deviation in samples, above 0.
 * @returns      New Float64Array of the same height and width.
 */
export function gaussianBlur(
  plane: ArrayLike<number>,
  height: number,
  width: number,
  sigma: number,
): Float64Array {
  const kernel = kernelOf(sigma);
  return blurRows(blurRows(plane, height, width, kernel), width, height, kernel);
}
