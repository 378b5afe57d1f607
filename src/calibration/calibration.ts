/**
 * Calibration: logits in, probabilities out that come true as often as they say.
 *
 * A calibration is plain data, fitted on one set of examples (`evaluation/fit-calibration.ts`), kept with a model, and used on
 * others.
 *
 * Knows:      numbers. Not findings or files.
 * Reference:  Niculescu-Mizil and Caruana, Predicting Good Probabilities with Supervised Learning, ICML 2005; Guo et al.,
 *             On Calibration of Modern Neural Networks, ICML 2017.
 */

import { XrayError } from "../errors.ts";
import {
  about,
  above,
  between,
  check,
  inOrder,
  just,
  number,
  type Of,
  object,
  oneKind,
  pair,
  some,
} from "../schema/schema.ts";

const TEMPERATURE = about(
  "probability = σ(logit / temperature)",
  object({
    kind: just("temperature"),
    temperature: about("A temperature above 1 moves probabilities towards 1/2.", above(0)),
  }),
);

const PLATT = about(
  "probability = σ(slope · logit + intercept)",
  object({
    kind: just("platt"),
    slope: about(
      "Negative if the logits rank examples the wrong way round; the calibration then reverses their order.",
      number(),
    ),
    intercept: number(),
  }),
);

const BREAKPOINT = pair(number(), between(0, 1), "score and probability");

/** What keeps a breakpoint from following the one before it. */
function fallOf([score, probability]: Breakpoint, [before, lower]: Breakpoint): string | undefined {
  if (!(score > before)) return "has no higher score than the one before it";
  return probability < lower ? "has a lower probability than the one before it" : undefined;
}

const ISOTONIC = about(
  "Straight lines between breakpoints; constant below the first and above the last.",
  object({
    kind: just("isotonic"),
    breakpoints: about(
      "Pairs of score and probability. Scores rise, no two equal; probabilities rise or stay equal.",
      inOrder(some(BREAKPOINT), fallOf),
    ),
  }),
);

/** The kinds of calibration. */
export const CALIBRATION_KINDS = ["temperature", "platt", "isotonic"] as const;

/** From logits to probabilities. JSON holds it without loss. */
export const CALIBRATION = oneKind("kind", [TEMPERATURE, PLATT, ISOTONIC], CALIBRATION_KINDS);

/** A fitted calibration: it turns a logit into a probability. */
export type Calibration = Of<typeof CALIBRATION>;

/** p = σ(logit / temperature). */
export type TemperatureCalibration = Of<typeof TEMPERATURE>;

/** p = σ(slope · logit + intercept). */
export type PlattCalibration = Of<typeof PLATT>;

/** A score and its probability. */
export type Breakpoint = Of<typeof BREAKPOINT>;

/** Straight lines between breakpoints, one or more. */
export type IsotonicCalibration = Of<typeof ISOTONIC>;

/** The kinds of calibration. */
export type CalibrationKind = Calibration["kind"];

/** Never falling, and exact at both ends: e^−u overflows to ∞ or vanishes. */
const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));

/** How far x lies from `low` to `high`, 0 to 1; all of them finite. */
function shareOf(x: number, low: number, high: number): number {
  const gap = high - low;
  // The gap between two doubles may be none.
  return Number.isFinite(gap) ? (x - low) / gap : (x / 2 - low / 2) / (high / 2 - low / 2);
}

/** The function that breakpoints stand for. It takes any score but NaN, ±∞ included. */
function interpolate(breakpoints: readonly Breakpoint[]): (score: number) => number {
  const top = breakpoints.length - 1;
  return (score) => {
    if (score <= breakpoints[0]![0]) return breakpoints[0]![1];
    if (score >= breakpoints[top]![0]) return breakpoints[top]![1];
    let [low, high] = [0, top];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (breakpoints[middle]![0] <= score) low = middle;
      else high = middle;
    }
    const [x, p] = breakpoints[low]!;
    const [nextX, nextP] = breakpoints[high]!;
    // Rounding must not lead past the next breakpoint: probabilities rise.
    return Math.min(nextP, p + (nextP - p) * shareOf(score, x, nextX));
  };
}

/** The function that a calibration stands for; its argument is not NaN. */
const PROBABILITY_OF: {
  readonly [K in CalibrationKind]: (
    calibration: Extract<Calibration, { kind: K }>,
  ) => (logit: number) => number;
} = {
  temperature:
    ({ temperature }) =>
    (logit) =>
      sigmoid(logit / temperature),
  platt:
    ({ slope, intercept }) =>
    (logit) =>
      // 0 · ∞ is not a number, but a slope of 0 asks for no logit.
      sigmoid(slope === 0 ? intercept : slope * logit + intercept),
  isotonic: ({ breakpoints }) => interpolate(breakpoints),
};

/**
 * Probabilities of logits.
 *
 * They rise with the logit, or stay equal; under Platt's with a negative slope they fall.
 *
 * @param logits  Any numbers, ±∞ included, as the calibration was fitted on. Not modified.
 * @returns       New Float64Array of the same length, 0 to 1, both included.
 * @throws        XrayError `calibration/bad-logit` where one is not a number.
 *
 * @example
 * calibrate({ kind: "temperature", temperature: 2 }, [0, 2]); // [0.5, 0.7311]
 */
export function calibrate(calibration: Calibration, logits: ArrayLike<number>): Float64Array {
  const probabilityOf = PROBABILITY_OF[calibration.kind] as (
    calibration: Calibration,
  ) => (logit: number) => number;
  const probability = probabilityOf(calibration);
  const probabilities = new Float64Array(logits.length);
  for (let i = 0; i < logits.length; i++) {
    if (Number.isNaN(logits[i])) {
      const problem = `scores cannot be calibrated: number ${i} is not a number`;
      throw new XrayError("calibration/bad-logit", problem, { index: i });
    }
    probabilities[i] = probability(logits[i]!);
  }
  return probabilities;
}

/**
 * Check a calibration that came from a file.
 *
 * @param value  Parsed JSON. Fields that are not known are left out.
 * @returns      A copy.
 * @throws       XrayError `calibration/invalid` that names what is wrong.
 */
export function parseCalibration(value: unknown): Calibration {
  return check(CALIBRATION, value, { code: "calibration/invalid", what: "its calibration is not valid" });
}
