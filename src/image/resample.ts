/**
 * PIL's antialiased bilinear resize, bit for bit.
 *
 * Pipeline:   decode → 8 bits → **resize** → crop → normalise → tensor
 * Knows:      8-bit samples. Not files or colours.
 * Reference:  Pillow, src/libImaging/Resample.c: two passes, a triangle filter that is widened by the ratio of
 *             shrinking, coefficients in 22-bit fixed point, rounding to 8 bits after each pass.
 */

const PRECISION_BITS = 32 - 8 - 2;
const HALF = 1 << (PRECISION_BITS - 1);

/** Which input samples make up each output sample, and with what weights. */
interface Coefficients {
  /** Taps per output sample; unused ones are 0. */
  readonly taps: number;
  /** Index of the first input sample of each output sample. */
  readonly first: Int32Array;
  /** Number of input samples of each output sample. */
  readonly count: Int32Array;
  /** outputs × taps weights in units of 2⁻²². */
  readonly weights: Int32Array;
}

const triangle = (x: number): number => Math.max(0, 1 - Math.abs(x));

/** `precompute_coeffs` and `normalize_coeffs_8bpc` for the triangle filter. */
function coefficients(inSize: number, outSize: number): Coefficients {
  const scale = inSize / outSize;
  const support = Math.max(scale, 1);
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const weights = new Int32Array(outSize * taps);
  const exact = new Float64Array(taps);
  for (let i = 0; i < outSize; i++) {
    const center = (i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(center - support + 0.5));
    const to = Math.min(inSize, Math.trunc(center + support + 0.5));
    let total = 0;
    for (let x = 0; x < to - from; x++) {
      exact[x] = triangle((x + from - center + 0.5) * (1 / support));
      total += exact[x]!;
    }
    first[i] = from;
    count[i] = to - from;
    for (let x = 0; x < to - from; x++) {
      const weight = total === 0 ? exact[x]! : exact[x]! / total;
      weights[i * taps + x] = Math.trunc(0.5 + weight * (1 << PRECISION_BITS));
    }
  }
  return { taps, first, count, weights };
}

function resizeRows(
  source: Uint8Array,
  width: number,
  rows: number,
  channels: number,
  outWidth: number,
): Uint8Array {
  const { taps, first, count, weights } = coefficients(width, outWidth);
  const out = new Uint8Array(rows * outWidth * channels);
  for (let y = 0; y < rows; y++) {
    const row = y * width * channels;
    let to = y * outWidth * channels;
    for (let x = 0; x < outWidth; x++) {
      const n = count[x]!;
      const k = x * taps;
      const from = row + first[x]! * channels;
      for (let c = 0; c < channels; c++) {
        let sum = HALF;
        for (let i = 0, at = from + c; i < n; i++, at += channels) {
          sum = (sum + source[at]! * weights[k + i]!) | 0;
        }
        // The weights are not negative and sum to one within taps/2 units, so the result stays within 0 … 255.
        out[to++] = sum >> PRECISION_BITS;
      }
    }
  }
  return out;
}

function resizeColumns(source: Uint8Array, stride: number, height: number, outHeight: number): Uint8Array {
  const { taps, first, count, weights } = coefficients(height, outHeight);
  const out = new Uint8Array(outHeight * stride);
  const sums = new Int32Array(stride);
  for (let y = 0; y < outHeight; y++) {
    sums.fill(HALF);
    for (let i = 0; i < count[y]!; i++) {
      const weight = weights[y * taps + i]!;
      const from = (first[y]! + i) * stride;
      for (let x = 0; x < stride; x++) sums[x] = (sums[x]! + source[from + x]! * weight) | 0;
    }
    const to = y * stride;
    for (let x = 0; x < stride; x++) out[to + x] = sums[x]! >> PRECISION_BITS;
  }
  return out;
}

/** 8-bit samples, row by row, channels interleaved. */
export interface Raster8 {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/**
 * Resize as `PIL.Image.resize((width, height), Image.BILINEAR)` does.
 *
 * @param image  Not modified. A pass that changes nothing is skipped, as in PIL.
 * @returns      Samples equal to PIL's in every bit.
 */
export function resizeBilinear(image: Raster8, width: number, height: number): Raster8 {
  let { data } = image;
  const { channels } = image;
  if (width !== image.width) data = resizeRows(data, image.width, image.height, channels, width);
  if (height !== image.height) data = resizeColumns(data, width * channels, image.height, height);
  return { width, height, channels, data };
}
