/**
 * scikit-image's antialiased linear resize, with which torchxrayvision's models were trained.
 *
 * Pipeline:   decode → 8 bits → grey → normalise → centre square → **resize**
 * Knows:      one channel of float samples. Not files.
 * Reference:  skimage.transform.resize(order=1, mode="constant", preserve_range=True): where an axis shrinks, a
 *             Gaussian of σ = (ratio − 1)/2 that is cut off at 4σ, with zeros beyond the edge; then linear
 *             interpolation at (i + ½)·ratio − ½ (scipy.ndimage.gaussian_filter and zoom with grid_mode).
 */

/** Samples of one channel, row by row. */
interface RasterFloat {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** For each output sample: the first input sample it reads, and the weights from there on. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/** A normalised Gaussian of radius ⌊4σ + ½⌋; `[1]` for σ = 0. */
function gaussian(sigma: number): Float64Array {
  if (sigma === 0) return Float64Array.of(1);
  const radius = Math.trunc(4 * sigma + 0.5);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp((-0.5 / (sigma * sigma)) * (i - radius) ** 2),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  return kernel.map((value) => value / total);
}

/** Blur and interpolation along one axis, combined into one set of weights per output sample. */
function axisTaps(inSize: number, outSize: number, blurs: boolean): Taps[] {
  const ratio = inSize / outSize;
  const kernel = gaussian(blurs ? Math.max(0, (ratio - 1) / 2) : 0);
  const radius = (kernel.length - 1) / 2;
  return Array.from({ length: outSize }, (_, i) => {
    const at = (i + 0.5) * ratio - 0.5;
    const left = Math.floor(at);
    const fraction = at - left;
    const weights = new Float64Array(kernel.length + 1);
    for (let k = 0; k < kernel.length; k++) {
      weights[k]! += kernel[k]! * (1 - fraction);
      weights[k + 1]! += kernel[k]! * fraction;
    }
    const from = left - radius;
    const low = Math.max(0, -from);
    const high = Math.min(weights.length, inSize - from);
    return { first: from + low, weights: weights.subarray(low, high) };
  });
}

/** Smallest and largest sample. */
function range(data: Float32Array): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

/** Clip the output in place to the input's range; zeros from beyond the edge stay (`_clip_warp_output`). */
function clip(output: Float32Array, input: Float32Array): void {
  let { low, high } = range(input);
  const out = range(output);
  const hasZeros = out.low <= 0 && out.high >= 0;
  if (hasZeros) {
    low = Math.min(low, 0);
    high = Math.max(high, 0);
  }
  for (let i = 0; i < output.length; i++) output[i] = Math.min(Math.max(output[i]!, low), high);
}

/**
 * Resize one channel as `skimage.transform.resize` does.
 *
 * @param image  Not modified.
 * @returns      New samples, equal to scikit-image's to float32 rounding.
 */
export function resizeSkimage(image: RasterFloat, width: number, height: number): RasterFloat {
  const blurs = width < image.width || height < image.height;
  const rows = axisTaps(image.height, height, blurs);
  const columns = axisTaps(image.width, width, blurs);
  const tall = new Float64Array(height * image.width);
  for (const [y, { first, weights }] of rows.entries()) {
    for (let k = 0; k < weights.length; k++) {
      const from = (first + k) * image.width;
      for (let x = 0; x < image.width; x++) tall[y * image.width + x]! += image.data[from + x]! * weights[k]!;
    }
  }
  const data = new Float32Array(height * width);
  for (const [x, { first, weights }] of columns.entries()) {
    for (let y = 0; y < height; y++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += tall[y * image.width + first + k]! * weights[k]!;
      data[y * width + x] = sum;
    }
  }
  clip(data, image.data);
  return { width, height, data };
}
