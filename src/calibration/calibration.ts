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

import { quote, XrayError } from "../errors.ts";

/** p = σ(logit / temperature). */
export interface TemperatureCalibration {
  readonly kind: "temperature";
  /** Over 0, finite. Above 1 it draws probabilities towards 1/2. */
  readonly temperature: number;
}

/** p = σ(slope · logit + intercept). */
export interface PlattCalibration {
  readonly kind: "platt";
  /** Finite. Negative where the logits rank examples the wrong way: the calibration then turns their order round. */
  readonly slope: number;
  readonly intercept: number;
}

/** A score and its probability. */
export type Breakpoint = readonly [score: number, probability: number];

/** Straight lines between breakpoints; below the first its probability, above the last its. */
export interface IsotonicCalibration {
  readonly kind: "isotonic";
  /** One or more. Scores rise, no two equal; probabilities rise or stay equal. */
  readonly breakpoints: readonly Breakpoint[];
}

/** From logits to probabilities. JSON holds it without loss. */
export type Calibration = TemperatureCalibration | PlattCalibration | IsotonicCalibration;

export type CalibrationKind = Calibration["kind"];

type Fields = Readonly<Record<string, unknown>>;

/** What has to be known of a kind of calibration. */
interface Rules<C extends Calibration> {
  /** The function that a calibration stands for; its argument is not NaN. */
  readonly probabilityOf: (calibration: C) => (logit: number) => number;
  /** From fields that a file holds. */
  readonly parse: (fields: Fields) => C;
}

/** Never falling, and exact at both ends: e^−u overflows to ∞ or vanishes. */
const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));

function invalid(problem: string): XrayError {
  return new XrayError("calibration/invalid", `its calibration is not valid: ${problem}`, {});
}

function parseNumber(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw invalid(`${name} must be a number, but is ${quote(value)}`);
  }
  return value;
}

/** A breakpoint behind `before`, checked. */
function parseBreakpoint(value: unknown, index: number, before: Breakpoint | undefined): Breakpoint {
  const wrong = (problem: string) => invalid(`breakpoint ${index + 1} ${problem}`);
  if (!Array.isArray(value) || value.length !== 2) throw wrong("is no pair of score and probability");
  const [score, probability]: unknown[] = value;
  if (typeof score !== "number" || !Number.isFinite(score)) {
    throw wrong(`has ${quote(score)} for a score, but needs a number`);
  }
  if (typeof probability !== "number" || !(probability >= 0 && probability <= 1)) {
    throw wrong(`has ${quote(probability)} for a probability, but needs a number from 0 to 1`);
  }
  if (before !== undefined && !(score > before[0])) throw wrong("has no higher score than the one before it");
  if (before !== undefined && probability < before[1]) {
    throw wrong("has a lower probability than the one before it");
  }
  return [score, probability];
}

function parseBreakpoints(value: unknown): readonly Breakpoint[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid("breakpoints must be a list of one or more");
  const breakpoints: Breakpoint[] = [];
  for (const [i, breakpoint] of value.entries()) {
    breakpoints.push(parseBreakpoint(breakpoint, i, breakpoints.at(-1)));
  }
  return breakpoints;
}

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

const RULES: { readonly [K in CalibrationKind]: Rules<Extract<Calibration, { kind: K }>> } = {
  temperature: {
    probabilityOf:
      ({ temperature }) =>
      (logit) =>
        sigmoid(logit / temperature),
    parse: (fields) => {
      const temperature = parseNumber(fields, "temperature");
      if (temperature <= 0) throw invalid(`temperature must be over 0, but is ${temperature}`);
      return { kind: "temperature", temperature };
    },
  },
  platt: {
    probabilityOf:
      ({ slope, intercept }) =>
      (logit) =>
        // 0 · ∞ is not a number, but a slope of 0 asks for no logit.
        sigmoid(slope === 0 ? intercept : slope * logit + intercept),
    parse: (fields) => ({
      kind: "platt",
      slope: parseNumber(fields, "slope"),
      intercept: parseNumber(fields, "intercept"),
    }),
  },
  isotonic: {
    probabilityOf: ({ breakpoints }) => interpolate(breakpoints),
    parse: ({ breakpoints }) => ({ kind: "isotonic", breakpoints: parseBreakpoints(breakpoints) }),
  },
};

/**
 * Probabilities of logits.
 *
 * They rise with the logit, or stay equal; under Platt's with a negative slope they fall.
 *
 * @param logits  Any numbers, ±∞ included, as the calibration was fitted on. Not modified.
 * @returns       New Float64Array of the same length, 0 to 1, both included.
 * @throws        XrayError `calibration/bad-logit` where one is not a number.
 */
export function calibrate(calibration: Calibration, logits: ArrayLike<number>): Float64Array {
  const { probabilityOf } = RULES[calibration.kind] as Rules<Calibration>;
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
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid("it is no JSON object");
  const fields = value as Fields;
  const kind = fields["kind"];
  if (typeof kind !== "string" || !Object.hasOwn(RULES, kind)) {
    throw invalid(`kind must be one of ${Object.keys(RULES).join(", ")}, but is ${quote(kind)}`);
  }
  return RULES[kind as CalibrationKind].parse(fields);
}
