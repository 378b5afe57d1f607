/**
 * Platt scaling: a logistic regression on the logit, fitted by Newton's method with backtracking.
 *
 * Logits are centred and scaled first, so that slope and intercept can be told apart wherever they lie, and loss and
 * gradient are summed without differences of almost equal numbers.
 *
 * Knows:      numbers. One finding's logits with their truths.
 * Reference:  Platt, Probabilistic Outputs for Support Vector Machines, 1999; Lin, Lin and Weng, A Note on Platt's
 *             Probabilistic Outputs for Support Vector Machines, 2007 (algorithm 1; its A and B are −slope and −intercept).
 */

import type { PlattCalibration } from "../calibration/calibration.ts";
import { type GatheredScores, gatherScores } from "./gathered-scores.ts";

/**
 * What the probabilities are drawn to. `plain`: 1 and 0. `smoothed`: (N₊ + 1) / (N₊ + 2) for the N₊ positives and
 * 1 / (N₋ + 2) for the N₋ negatives, so that classes that do not overlap have a finite slope as well.
 */
type PlattTargets = "smoothed" | "plain";

/** At each place x, how much weighs for a finding and how much against it. */
interface Weights {
  readonly x: Float64Array;
  readonly toward: Float64Array;
  readonly against: Float64Array;
}

function weightsOf(gathered: GatheredScores, x: Float64Array, targets: PlattTargets): Weights {
  const { positives, negatives, totalPositives, totalNegatives } = gathered;
  const [up, down] = targets === "plain" ? [0, 0] : [1 / (totalPositives + 2), 1 / (totalNegatives + 2)];
  return {
    x,
    toward: x.map((_, i) => positives[i]! * (1 - up) + negatives[i]! * down),
    against: x.map((_, i) => negatives[i]! * (1 - down) + positives[i]! * up),
  };
}

/** Σ toward · ln(1 + e^−u) + against · ln(1 + e^u), with u = slope · x + intercept. */
function lossOf({ x, toward, against }: Weights, slope: number, intercept: number): number {
  let loss = 0;
  for (let i = 0; i < x.length; i++) {
    const u = slope * x[i]! + intercept;
    const rest = Math.log1p(Math.exp(-Math.abs(u)));
    loss += toward[i]! * (rest + Math.max(-u, 0)) + against[i]! * (rest + Math.max(u, 0));
  }
  return loss;
}

/** A small multiple of the identity keeps the Hessian invertible (Lin, Lin and Weng, section 2); it moves no root. */
const RIDGE = 1e-12;

/** Newton's step, and how fast the loss falls along it: −gᵀH⁻¹g, so 0 at the minimum. */
function newtonStep({ x, toward, against }: Weights, slope: number, intercept: number) {
  let [gSlope, gIntercept, hSlope, hMixed, hIntercept] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const u = slope * x[i]! + intercept;
    const small = 1 / (1 + Math.exp(Math.abs(u)));
    const gradient =
      u > 0 ? against[i]! * (1 - small) - toward[i]! * small : against[i]! * small - toward[i]! * (1 - small);
    const curvature = (toward[i]! + against[i]!) * small * (1 - small);
    gSlope += gradient * x[i]!;
    gIntercept += gradient;
    hSlope += curvature * x[i]! * x[i]!;
    hMixed += curvature * x[i]!;
    hIntercept += curvature;
  }
  const ridge = RIDGE * (hSlope + hIntercept);
  const determinant = (hSlope + ridge) * (hIntercept + ridge) - hMixed * hMixed;
  const bySlope = (hMixed * gIntercept - (hIntercept + ridge) * gSlope) / determinant;
  const byIntercept = (hMixed * gSlope - (hSlope + ridge) * gIntercept) / determinant;
  return { bySlope, byIntercept, fall: gSlope * bySlope + gIntercept * byIntercept };
}

const MAX_STEPS = 200;
/** Of an example's loss. A step that promises less is the last: the one after it would be its square. */
const LAST_FALL = 1e-18;
/** The share of the promised fall that a step must bring, and the shortest part of a step (their algorithm 1). */
const SUFFICIENT = 1e-4;
/** Of the loss: what the rounding of its sum may hide. */
const SLACK = 1e-12;
const SHORTEST = 1e-10;

/** The slope and intercept with the lowest loss, on x that are centred and of unit spread. */
function minimise(weights: Weights, gathered: GatheredScores): { slope: number; intercept: number } {
  const { totalPositives, totalNegatives } = gathered;
  let [slope, intercept] = [0, Math.log((totalPositives + 1) / (totalNegatives + 1))];
  let loss = lossOf(weights, slope, intercept);
  for (let step = 0; step < MAX_STEPS; step++) {
    const { bySlope, byIntercept, fall } = newtonStep(weights, slope, intercept);
    if (-fall <= LAST_FALL * (totalPositives + totalNegatives)) {
      return { slope: slope + bySlope, intercept: intercept + byIntercept };
    }
    const bound = loss + SLACK * loss;
    let part = 1;
    let next = lossOf(weights, slope + bySlope, intercept + byIntercept);
    while (next > bound + SUFFICIENT * part * fall && part > SHORTEST) {
      part /= 2;
      next = lossOf(weights, slope + part * bySlope, intercept + part * byIntercept);
    }
    if (part <= SHORTEST) break;
    [slope, intercept, loss] = [slope + part * bySlope, intercept + part * byIntercept, next];
  }
  return { slope, intercept };
}

/** Whether some negative scores above a positive and some positive above a negative. */
function overlaps({ positives, negatives }: GatheredScores): boolean {
  const isThere = (count: number) => count > 0;
  return (
    positives.findIndex(isThere) < negatives.findLastIndex(isThere) &&
    negatives.findIndex(isThere) < positives.findLastIndex(isThere)
  );
}

/** Mean and standard deviation, in units of the largest |score|, so that no square overflows. */
function spreadOf({ scores, positives, negatives, totalPositives, totalNegatives }: GatheredScores) {
  const unit = Math.max(Math.abs(scores[0]!), Math.abs(scores.at(-1)!));
  const count = totalPositives + totalNegatives;
  let [sum, squares] = [0, 0];
  for (const [i, score] of scores.entries()) sum += (positives[i]! + negatives[i]!) * (score / unit);
  const mean = sum / count;
  for (const [i, score] of scores.entries()) {
    squares += (positives[i]! + negatives[i]!) * (score / unit - mean) ** 2;
  }
  return { unit, mean, deviation: Math.sqrt(squares / count) };
}

/**
 * Fit slope and intercept by maximum likelihood.
 *
 * @param logits   Finite where the truth is known. Not modified, as `truths`.
 * @param truths   1, 0, or NaN where nothing is known; of the same length.
 * @param targets  Default `smoothed`, as Platt and as Lin, Lin and Weng have it: it has an answer whatever the data, it
 *                 leaves the sum of the probabilities within 1 of the number of positives, and with many examples
 *                 differs little. A logit far out of all others' range weighs on it even where it is right.
 * @returns        Where all logits are equal, slope 0. Null where there is no positive or no negative; with plain targets
 *                 where the classes do not overlap, as the likelihood then rises for ever with the slope; and where
 *                 a double cannot hold the slope.
 * @throws         XrayError `evaluation/bad-input`.
 */
export function fitPlatt(
  logits: ArrayLike<number>,
  truths: ArrayLike<number>,
  targets: PlattTargets = "smoothed",
): PlattCalibration | null {
  const gathered = gatherScores(logits, truths);
  if (gathered === null) return null;
  if (gathered.scores.length === 1) {
    const { toward, against } = weightsOf(gathered, gathered.scores, targets);
    return { kind: "platt", slope: 0, intercept: Math.log(toward[0]! / against[0]!) };
  }
  if (targets === "plain" && !overlaps(gathered)) return null;
  const { unit, mean, deviation } = spreadOf(gathered);
  const x = gathered.scores.map((score) => (score / unit - mean) / deviation);
  const fitted = minimise(weightsOf(gathered, x, targets), gathered);
  const slope = fitted.slope / deviation / unit;
  const intercept = fitted.intercept - (fitted.slope * mean) / deviation;
  // Logits near the ends of what a double can hold may have a slope beyond them.
  const areNumbers = Number.isFinite(slope) && Number.isFinite(intercept);
  return areNumbers ? { kind: "platt", slope: slope + 0, intercept: intercept + 0 } : null;
}
