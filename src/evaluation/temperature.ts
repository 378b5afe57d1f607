/**
 * Temperature scaling: all logits are divided by one number, so that no example changes places with another.
 *
 * The loss is convex in β = 1/T, and its derivative Σ z·(σ(βz) − truth) rises: the root is enclosed, then found by
 * Newton's steps, halving the enclosure where a step would leave it.
 *
 * Knows:      numbers. One finding or many: any logits with their truths.
 * Reference:  Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2.
 */

import type { TemperatureCalibration } from "../calibration/calibration.ts";
import { type GatheredScores, gatherScores } from "./gathered-scores.ts";

/** First and second derivative of the summed loss by β, with scores in units of `unit`. */
function derivatives({ scores, positives, negatives }: GatheredScores, unit: number, beta: number) {
  let [first, second] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    const z = scores[i]! / unit;
    const small = 1 / (1 + Math.exp(Math.abs(z * beta)));
    // σ(βz) for negatives, σ(βz) − 1 for positives, neither by a difference from 1 where it is small.
    const over = z > 0 ? 1 - small : small;
    const under = z > 0 ? small : 1 - small;
    first += z * (negatives[i]! * over - positives[i]! * under);
    second += z * z * (positives[i]! + negatives[i]!) * small * (1 - small);
  }
  return { first, second };
}

/** Passes over the scores: some ten are needed, and no enclosure of doubles can be halved much more often than this. */
const MAX_PASSES = 200;

/** Close enough: rounding moves the sums by about as much. */
const TOLERANCE = 1e-14;

/** The β > 0 at which the derivative is 0; it must be negative at 0 and positive in the end. */
function rootOf(gathered: GatheredScores, unit: number): number {
  let [low, high] = [0, 1];
  while (derivatives(gathered, unit, high).first < 0) {
    low = high;
    high *= 2;
  }
  let beta = (low + high) / 2;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const { first, second } = derivatives(gathered, unit, beta);
    if (first < 0) low = beta;
    else high = beta;
    const newton = beta - first / second;
    const next = newton >= low && newton <= high ? newton : (low + high) / 2;
    const isThere = Math.abs(next - beta) <= TOLERANCE * beta;
    beta = next;
    if (isThere) break;
  }
  return beta;
}

/**
 * Fit a temperature: the T > 0 with the lowest binary cross-entropy of σ(logit / T).
 *
 * For one temperature of a whole model, give the logits of all findings in one array.
 *
 * @param logits  Finite where the truth is known. Not modified, as `truths`.
 * @param truths  1, 0, or NaN where nothing is known; of the same length.
 * @returns       Null where there is no positive or no negative; where no T has the lowest loss, because none of the
 *                logits has the wrong sign (the loss falls for ever as T falls to 0) or because they are no better than
 *                chance (it falls for ever as T rises); and where a double cannot hold T.
 * @throws        XrayError `evaluation/bad-input`.
 */
export function fitTemperature(
  logits: ArrayLike<number>,
  truths: ArrayLike<number>,
): TemperatureCalibration | null {
  const gathered = gatherScores(logits, truths);
  if (gathered === null) return null;
  const { scores, positives, negatives } = gathered;
  const isWrong = scores.some((z, i) => (z > 0 && negatives[i]! > 0) || (z < 0 && positives[i]! > 0));
  const largest = Math.max(Math.abs(scores[0]!), Math.abs(scores.at(-1)!));
  if (!isWrong || !(derivatives(gathered, largest, 0).first < 0)) return null;
  const temperature = largest / rootOf(gathered, largest);
  // Logits near the ends of what a double can hold may have a temperature beyond them.
  const isNumber = Number.isFinite(temperature) && temperature > 0;
  return isNumber ? { kind: "temperature", temperature } : null;
}
