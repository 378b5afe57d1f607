/**
 * Calibration: logits in, probabilities out that come true as often as they say.
 *
 * A calibration is plain data, fitted on one set of examples (`temperature.ts`, `platt.ts`, `isotonic.ts`), kept with a
 * model, and used on others.
 *
 * Knows:      numbers. Not findings, models or files.
 * Reference:  Niculescu-Mizil and Caruana, Predicting Good Probabilities with Supervised Learning, ICML 2005; Guo et al.,
 *             On Calibration of Modern Neural Networks, ICML 2017.
 */

import { quote, XrayError } from "../errors.ts";
import { badScore } from "./gathered-scores.ts";
import { type Breakpoint, fitIsotonic, type IsotonicCalibration, interpolate } from "./isotonic.ts";
import { fitPlatt, type PlattCalibration } from "./platt.ts";
import { fitTemperature, type TemperatureCalibration } from "./temperature.ts";

/** From logits to probabilities. JSON holds it without loss. */
export type Calibration = TemperatureCalibration | PlattCalibration | IsotonicCalibration;

export type CalibrationKind = Calibration["kind"];

type Fields = Readonly<Record<string, unknown>>;

/** What has to be known of a kind of calibration. */
interface Rules<C extends Calibration> {
  readonly fit: (logits: ArrayLike<number>, truths: ArrayLike<number>) => C | null;
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

const RULES: { readonly [K in CalibrationKind]: Rules<Extract<Calibration, { kind: K }>> } = {
  temperature: {
    fit: fitTemperature,
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
    fit: fitPlatt,
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
    fit: fitIsotonic,
    probabilityOf: ({ breakpoints }) => interpolate(breakpoints),
    parse: ({ breakpoints }) => ({ kind: "isotonic", breakpoints: parseBreakpoints(breakpoints) }),
  },
};

/**
 * Fit a calibration of one kind; Platt's with smoothed targets.
 *
 * @param logits  Finite where the truth is known. One finding's, or for one temperature of a whole model those of all
 *                findings in one array. Not modified, as `truths`.
 * @param truths  1, 0, or NaN where nothing is known; of the same length.
 * @returns       Null where there is no positive or no negative: nothing then says where probabilities should lie. Null
 *                also where no temperature is the best one (see `fitTemperature`).
 * @throws        XrayError `evaluation/bad-input`.
 */
export function fitCalibration(
  kind: CalibrationKind,
  logits: ArrayLike<number>,
  truths: ArrayLike<number>,
): Calibration | null {
  return RULES[kind].fit(logits, truths);
}

/**
 * Probabilities of logits.
 *
 * They rise with the logit, or stay equal; under Platt's with a negative slope they fall.
 *
 * @param logits  Any numbers, ±∞ included, as the calibration was fitted on. Not modified.
 * @returns       New Float64Array of the same length, 0 to 1, both included.
 * @throws        XrayError `evaluation/bad-input` where a logit is not a number.
 */
export function calibrate(calibration: Calibration, logits: ArrayLike<number>): Float64Array {
  const { probabilityOf } = RULES[calibration.kind] as Rules<Calibration>;
  const probability = probabilityOf(calibration);
  const probabilities = new Float64Array(logits.length);
  for (let i = 0; i < logits.length; i++) {
    if (Number.isNaN(logits[i])) throw badScore(`number ${i} is not a number`, { index: i });
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
