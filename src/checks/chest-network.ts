/**
 * The network that says how much a thumbnail looks like an upright frontal chest X-ray.
 *
 * Three convolutions with stride 2 and two dense layers, ReLU between them; 16 channels at most. It is fitted, and its
 * numbers are written, by scripts/reference/frontal_chest.py.
 *
 * Knows: numbers. Not poses, nor what follows from a score.
 */

import { activate, convolution, convolve, fill, type Layer } from "./convolution.ts";
import { SCALES, WEIGHTS } from "./frontal-chest-network.ts";
import { SIDE } from "./thumbnail.ts";

/** The layers in order, decoded. */
function decode() {
  const bytes = Uint8Array.from(atob(WEIGHTS), (byte) => byte.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  let tensor = 0;
  const next = (length: number): Float64Array => {
    const scale = SCALES[tensor++]!;
    return Float64Array.from({ length }, () => view.getInt16(2 * at++, true) * scale);
  };
  const layer = (from: number, to: number): Layer => ({ weight: next(from * to), bias: next(to) });
  return {
    first: convolution(layer(25, 6), SIDE, 1, 5),
    second: convolution(layer(54, 12), SIDE / 2, 6, 3),
    third: convolution(layer(108, 16), SIDE / 4, 12, 3),
    features: { values: new Float64Array(256), side: SIDE / 8, border: 0 },
    hidden: layer(256, 16),
    last: layer(16, 1),
  };
}

let layers: ReturnType<typeof decode> | undefined;

function dense(x: Float64Array, { weight, bias }: Layer): Float64Array {
  const out = bias.slice();
  for (let o = 0, at = 0; o < out.length; o++) {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += weight[at++]! * x[i]!;
    out[o]! += sum;
  }
  return out;
}

/**
 * How much a thumbnail and its inverted one look like an upright frontal chest X-ray.
 *
 * The first convolution is computed once for both, because that of −x has the sums of x with the other sign.
 *
 * @param values  SIDE·SIDE values of mean 0 and deviation 1. Not modified.
 * @returns       Two logits: above 0 where it looks like one.
 */
export function chestScores(values: Float64Array): { upright: number; inverted: number } {
  layers ??= decode();
  const { first, second, third, features, hidden, last } = layers;
  fill(values, first.input);
  const sums = convolve(first);
  const scoreOf = (sign: 1 | -1): number => {
    activate(sums, first.bias, sign, second.input);
    activate(convolve(second), second.bias, 1, third.input);
    activate(convolve(third), third.bias, 1, features);
    return dense(
      dense(features.values, hidden).map((value) => Math.max(0, value)),
      last,
    )[0]!;
  };
  return { upright: scoreOf(1), inverted: scoreOf(-1) };
}
