/**
 * The network that says how much a thumbnail looks like an upright frontal chest X-ray.
 *
 * Three convolutions with stride 2 and two dense layers, ReLU between them; 16 channels at most. It is fitted, and its
 * numbers are written, by scripts/reference/frontal_chest.py.
 *
 * Knows: numbers. Not poses, nor what follows from a score.
 */

import { SCALES, WEIGHTS } from "./frontal-chest-network.ts";
import { SIDE } from "./thumbnail.ts";

/** Channels in and out (an even number), kernel size; each with stride 2 and zeros for padding, so that a side becomes half as long. */
const CONVOLUTIONS = [
  { from: 1, to: 6, kernel: 5 },
  { from: 6, to: 12, kernel: 3 },
  { from: 12, to: 16, kernel: 3 },
] as const;

/** Units in and out. */
const DENSE = [
  { from: 256, to: 16 },
  { from: 16, to: 1 },
] as const;

interface Layer {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

/** The layers, decoded: weights and biases in turn. */
function decode(): readonly Layer[] {
  const bytes = Uint8Array.from(atob(WEIGHTS), (byte) => byte.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  let tensor = 0;
  const next = (length: number): Float64Array => {
    const scale = SCALES[tensor++]!;
    return Float64Array.from({ length }, () => view.getInt16(2 * at++, true) * scale);
  };
  return [
    ...CONVOLUTIONS.map(({ from, to, kernel }) => ({
      weight: next(from * to * kernel ** 2),
      bias: next(to),
    })),
    ...DENSE.map(({ from, to }) => ({ weight: next(from * to), bias: next(to) })),
  ];
}

let layers: readonly Layer[] | undefined;

/** Set everything below 0 to 0, in place. */
function relu(x: Float64Array): Float64Array {
  for (let i = 0; i < x.length; i++) if (x[i]! < 0) x[i] = 0;
  return x;
}

/**
 * What the kernel sees at each place of the output, one place after the other: channels × kernel × kernel values, with
 * zeros where it reaches over the edge.
 */
function patches(x: Float64Array, side: number, channels: number, kernel: number): Float64Array {
  const border = (kernel - 1) / 2;
  const half = side / 2;
  const out = new Float64Array(half * half * channels * kernel * kernel);
  let at = 0;
  for (let y = -border; y < side - border; y += 2) {
    for (let c = -border; c < side - border; c += 2) {
      for (let channel = 0; channel < channels; channel++) {
        for (let row = y; row < y + kernel; row++) {
          const start = (channel * side + row) * side;
          const inside = row >= 0 && row < side;
          for (let column = c; column < c + kernel; column++, at++) {
            if (inside && column >= 0 && column < side) out[at] = x[start + column]!;
          }
        }
      }
    }
  }
  return out;
}

/** A convolution and its ReLU. Two channels of the output are summed at a time, because that is faster. */
function convolve(x: Float64Array, side: number, index: number, { weight, bias }: Layer): Float64Array {
  const { from, to, kernel } = CONVOLUTIONS[index]!;
  const seen = patches(x, side, from, kernel);
  const length = from * kernel * kernel;
  const places = (side * side) / 4;
  const out = new Float64Array(to * places);
  for (let o = 0; o < to; o += 2) {
    const first = o * length;
    const second = first + length;
    for (let place = 0, at = 0; place < places; place++) {
      let a = bias[o]!;
      let b = bias[o + 1]!;
      for (let i = 0; i < length; i++, at++) {
        a += weight[first + i]! * seen[at]!;
        b += weight[second + i]! * seen[at]!;
      }
      out[o * places + place] = a;
      out[(o + 1) * places + place] = b;
    }
  }
  return relu(out);
}

function dense(x: Float64Array, { weight, bias }: Layer): Float64Array {
  return bias.map((start, o) => {
    let sum = start;
    for (let i = 0; i < x.length; i++) sum += weight[o * x.length + i]! * x[i]!;
    return sum;
  });
}

/**
 * How much a thumbnail looks like an upright frontal chest X-ray.
 *
 * @param values  SIDE·SIDE values of mean 0 and deviation 1.
 * @returns       A logit: above 0 where it looks like one.
 */
export function chestScore(values: Float64Array): number {
  layers ??= decode();
  let x = values;
  for (let i = 0, side = SIDE; i < CONVOLUTIONS.length; i++, side /= 2) x = convolve(x, side, i, layers[i]!);
  return dense(relu(dense(x, layers[3]!)), layers[4]!)[0]!;
}
