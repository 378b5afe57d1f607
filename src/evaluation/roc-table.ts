/**
 * A ROC curve in a few points, small enough for a model's card: sensitivity and specificity by threshold, to be read on
 * straight lines between the points.
 *
 * Thresholds have four digits. For each score, the neighbouring ones are candidates, and so are 0 and 1; between candidates
 * that follow each other, no threshold of four digits separates two scores. From the line between 0 and 1, the candidate at
 * which the lines are furthest off is added until they are close enough everywhere.
 *
 * Knows:      numbers. Unknown truths (NaN) take no part.
 * Reference:  Ramer, An iterative procedure for the polygonal approximation of plane curves, 1972, here with the worst
 *             point of all segments first.
 */

import { rocCounts } from "./roc.ts";

/** A finding's points, in rising order of the threshold. */
export interface RocTable {
  readonly positives: number;
  readonly negatives: number;
  readonly thresholds: readonly number[];
  readonly sensitivity: readonly number[];
  readonly specificity: readonly number[];
}

/** More points take more room than they are worth: 65 take 1.4 KB as JSON. */
const MOST_POINTS = 65;

/** How far the straight lines may be off. Where one image counts for more, they may be off by one image. */
const TOLERANCE = 0.01;

/** The smallest numbers that differ are a billionth apart. */
const LEAST_EXPONENT = -6;

/** The neighbouring thresholds of four digits, at or below a score and above it; 0 and 1 are among them. */
function candidatesOf(scores: Float64Array): Float64Array {
  const found = new Set([0, 1]);
  for (const score of scores) {
    const exponent = score === 0 ? LEAST_EXPONENT : Number(score.toExponential().split("e")[1]);
    const scale = 10 ** (3 - Math.max(LEAST_EXPONENT, exponent));
    const nearest = Math.round(Number(score.toPrecision(4)) * scale);
    for (const one of [nearest - 1, nearest, nearest + 1]) if (one > 0 && one < scale) found.add(one / scale);
  }
  return Float64Array.from(found).sort();
}

const rounded = (share: number): number => Math.round(share * 1e4) / 1e4;

/** Two neighbouring points, and the candidate between them at which their line is furthest off. */
interface Segment {
  readonly from: number;
  readonly to: number;
  readonly worst: number;
  /** In tolerances. */
  readonly error: number;
}

/**
 * Choose points of a ROC curve such that lines between them are within 0.01 of the sensitivity and of the specificity at
 * every threshold of four digits, or within one image where one counts for more than 0.01. At most 65 points are chosen,
 * even if that is too few for these bounds.
 *
 * @param probabilities  0 to 1. A finding is called positive where its probability is at least the threshold, both as float32.
 * @param truths         1, 0, or NaN where nothing is known; of the same length. Neither is modified.
 * @returns              Sensitivity and specificity rounded to four decimals; null where there is no positive or no negative.
 * @throws               XrayError `evaluation/bad-input`.
 */
export function rocTable(probabilities: ArrayLike<number>, truths: ArrayLike<number>): RocTable | null {
  const counts = rocCounts(probabilities, truths);
  const { positives, negatives } = counts;
  if (positives === 0 || negatives === 0) return null;
  const thresholds = candidatesOf(counts.thresholds);
  const sensitivity = new Float64Array(thresholds.length);
  const specificity = new Float64Array(thresholds.length);
  for (let c = thresholds.length - 1, called = 0; c >= 0; c--) {
    const threshold = Math.fround(thresholds[c]!);
    while (called < counts.thresholds.length && Math.fround(counts.thresholds[called]!) >= threshold)
      called++;
    sensitivity[c] = called === 0 ? 0 : counts.truePositives[called - 1]! / positives;
    specificity[c] = called === 0 ? 1 : 1 - counts.falsePositives[called - 1]! / negatives;
  }
  const curves = [
    { values: sensitivity, tolerance: Math.max(TOLERANCE, 1 / positives) },
    { values: specificity, tolerance: Math.max(TOLERANCE, 1 / negatives) },
  ];
  const chosen = chosenPoints(thresholds, curves);
  const at = (values: Float64Array) => chosen.map((c) => rounded(values[c]!));
  return {
    positives,
    negatives,
    thresholds: chosen.map((c) => thresholds[c]!),
    sensitivity: at(sensitivity),
    specificity: at(specificity),
  };
}

/** Values at all candidates, and how far lines may be off. */
interface Curve {
  readonly values: Float64Array;
  readonly tolerance: number;
}

/** The segment between two candidates. */
function segment(thresholds: Float64Array, curves: readonly Curve[], from: number, to: number): Segment {
  let [worst, error] = [from, 0];
  for (const { values, tolerance } of curves) {
    const [low, high] = [rounded(values[from]!), rounded(values[to]!)];
    const slope = (high - low) / (thresholds[to]! - thresholds[from]!);
    for (let c = from + 1; c < to; c++) {
      const line = low + slope * (thresholds[c]! - thresholds[from]!);
      const off = Math.abs(line - values[c]!) / tolerance;
      if (off > error) [worst, error] = [c, off];
    }
  }
  return { from, to, worst, error };
}

/** The candidates that become points, rising. */
function chosenPoints(thresholds: Float64Array, curves: readonly Curve[]): number[] {
  const segments = [segment(thresholds, curves, 0, thresholds.length - 1)];
  while (segments.length + 1 < MOST_POINTS) {
    const widest = segments.reduce((one, other) => (other.error > one.error ? other : one));
    if (widest.error <= 1) break;
    const { from, worst, to } = widest;
    const halves = [segment(thresholds, curves, from, worst), segment(thresholds, curves, worst, to)];
    segments.splice(segments.indexOf(widest), 1, ...halves);
  }
  return [0, ...segments.map(({ to }) => to)];
}

/** Probabilities and truths of one finding, one of each per image. */
interface RocFinding {
  readonly label: string;
  readonly probabilities: ArrayLike<number>;
  readonly truths: ArrayLike<number>;
}

/** The tables by label, without the labels that have no positive or no negative. Throws as `rocTable` does. */
export const rocTables = (findings: readonly RocFinding[]): Readonly<Record<string, RocTable>> =>
  Object.fromEntries(
    findings.flatMap(({ label, probabilities, truths }) => {
      const table = rocTable(probabilities, truths);
      return table === null ? [] : [[label, table]];
    }),
  );
