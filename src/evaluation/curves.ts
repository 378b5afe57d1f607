/**
 * ROC and precision–recall curves for a picture: few points, and a band around each.
 *
 * The band holds, at each false positive rate (or recall), the middle 95 % of what the curves of drawn patients reach
 * there. It is pointwise: a whole curve lies within it less often than that.
 *
 * Knows:      numbers.
 * Reference:  scikit-learn's roc_curve and precision_recall_curve, whose points these are; Fawcett, An introduction to ROC
 *             analysis, 2006 (vertical averaging).
 */

import { percentileInterval } from "./intervals.ts";
import type { PatientDraws } from "./patient-draws.ts";
import type { RankedRuns } from "./ranked-runs.ts";
import { FEWEST_PATIENTS, patientsBehind } from "./replicated.ts";

/** Points of a curve from left to right; `x` rises, and is the same twice where the curve is upright. */
export interface CurvePoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A pointwise interval around a curve, at `x` = 0, 0.01, … 1. */
export interface CurveBand {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** One finding's curves. */
export interface FindingCurves {
  /** False positive rate and sensitivity, joined by straight lines. */
  readonly roc: CurvePoints;
  /** Null where there are too few patients. */
  readonly rocBand: CurveBand | null;
  /** Recall and precision, in steps whose area is the average precision. */
  readonly precisionRecall: CurvePoints;
  readonly precisionRecallBand: CurveBand | null;
}

/** Places of a band. */
export const BAND_STEPS = 100;

/** True and false positives on the way down a ranking: after each run of negatives, and after each group of a score. */
class Descent {
  readonly hits: Float64Array;
  readonly alarms: Float64Array;
  readonly #runs: RankedRuns;

  constructor(runs: RankedRuns) {
    this.#runs = runs;
    const length = 1 + 2 * runs.runEnds.length;
    this.hits = new Float64Array(length);
    this.alarms = new Float64Array(length);
  }

  /** Weights, one for each example that was ranked. */
  walk(weights: Float64Array): void {
    const { order, runEnds, positiveEnds, groupEnds } = this.#runs;
    let [k, hits, alarms] = [0, 0, 0];
    for (let step = 0; step < runEnds.length; step++) {
      for (const end = runEnds[step]!; k < end; k++) alarms += weights[order[k]!]!;
      this.hits[2 * step + 1] = hits;
      this.alarms[2 * step + 1] = alarms;
      for (const end = positiveEnds[step]!; k < end; k++) hits += weights[order[k]!]!;
      for (const end = groupEnds[step]!; k < end; k++) alarms += weights[order[k]!]!;
      this.hits[2 * step + 2] = hits;
      this.alarms[2 * step + 2] = alarms;
    }
  }

  get positives(): number {
    return this.hits.at(-1)!;
  }

  get negatives(): number {
    return this.alarms.at(-1)!;
  }
}

/** The highest sensitivity at each false positive rate of a band, between points in proportion. */
function sensitivities(
  { hits, alarms, positives, negatives }: Descent,
  into: Float32Array,
  at: number,
): void {
  let v = 0;
  for (let j = 0; j <= BAND_STEPS; j++) {
    // A whole number where it is one, which a product with j / 100 may miss.
    const wanted = (j * negatives) / BAND_STEPS;
    while (v + 1 < alarms.length && alarms[v + 1]! <= wanted) v++;
    const next = Math.min(v + 1, alarms.length - 1);
    const share = next === v ? 0 : (wanted - alarms[v]!) / (alarms[next]! - alarms[v]!);
    into[at + j] = (hits[v]! + share * (hits[next]! - hits[v]!)) / positives;
  }
}

/** The precision where each recall of a band is first reached. */
function precisions({ hits, alarms, positives }: Descent, into: Float32Array, at: number): void {
  let v = 0;
  for (let j = 0; j <= BAND_STEPS; j++) {
    const wanted = (j * positives) / BAND_STEPS;
    while (v + 1 < hits.length && (hits[v]! < wanted || hits[v] === 0)) v++;
    into[at + j] = hits[v]! / (hits[v]! + alarms[v]!);
  }
}

const PLACES = BAND_STEPS + 1;

/** The interval at each place of replicates that stand one behind the other. */
function bandOf(curves: Float32Array, level: number): CurveBand | null {
  const count = curves.length / PLACES;
  if (count === 0) return null;
  const band = { low: new Float64Array(PLACES), high: new Float64Array(PLACES) };
  const column = new Float64Array(count);
  for (let j = 0; j < PLACES; j++) {
    for (let i = 0; i < count; i++) column[i] = curves[i * PLACES + j]!;
    const interval = percentileInterval(column, level);
    if (interval === null) return null;
    band.low[j] = interval.low;
    band.high[j] = interval.high;
  }
  return band;
}

/** Where there are more points than this, neighbours nearer than that are one: less than a pixel of any picture. */
const MANY = 500;
const NEAR = 1 / 400;

/** Leave out points that lie upon the one before, or of many near it; the first and the last stay. */
function thinned(x: readonly number[], y: readonly number[]): CurvePoints {
  const kept: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const last = kept.at(-1);
    // The very last point stays, however near it is.
    const near = x.length <= MANY || i === x.length - 1 ? 0 : NEAR;
    const isFar =
      last === undefined || Math.abs(x[i]! - x[last]!) > near || Math.abs(y[i]! - y[last]!) > near;
    if (isFar) kept.push(i);
  }
  return { x: Float64Array.from(kept, (i) => x[i]!), y: Float64Array.from(kept, (i) => y[i]!) };
}

function rocPoints({ hits, alarms, positives, negatives }: Descent): CurvePoints {
  return thinned(
    Array.from(alarms, (count) => count / negatives),
    Array.from(hits, (count) => count / positives),
  );
}

/** Steps: precision holds from one recall to the next. */
function precisionRecallPoints({ hits, alarms, positives }: Descent): CurvePoints {
  const [x, y]: [number[], number[]] = [[], []];
  let before = 0;
  for (let v = 0; v < hits.length; v++) {
    if (hits[v] === before) continue;
    const precision = hits[v]! / (hits[v]! + alarms[v]!);
    x.push(before / positives, hits[v]! / positives);
    y.push(precision, precision);
    before = hits[v]!;
  }
  return thinned(x, y);
}

/**
 * Curves of rankings.
 *
 * @param rankings  Of examples that are the drawn images, each with a positive and a negative.
 * @param draws     A band has those in which no class is missing.
 */
export function curvesOf(rankings: readonly RankedRuns[], draws: PatientDraws): FindingCurves[] {
  const ones = new Float64Array(draws.images).fill(1);
  const all = rankings.map((runs) => {
    const descent = new Descent(runs);
    descent.walk(ones);
    const size = draws.replicates * PLACES;
    return {
      descent,
      roc: rocPoints(descent),
      precisionRecall: precisionRecallPoints(descent),
      patients: patientsBehind(runs, draws),
      sensitivities: new Float32Array(size),
      precisions: new Float32Array(size),
      count: 0,
    };
  });
  draws.forEach((weights) => {
    for (const one of all) {
      one.descent.walk(weights);
      if (one.descent.positives === 0 || one.descent.negatives === 0) continue;
      sensitivities(one.descent, one.sensitivities, one.count * PLACES);
      precisions(one.descent, one.precisions, one.count * PLACES);
      one.count += 1;
    }
  });
  return all.map(({ roc, precisionRecall, patients, count, ...bands }) => {
    // As with other intervals: of few patients, or of the fewer replicates, it would mean nothing.
    const isTold = patients >= FEWEST_PATIENTS && 2 * count >= draws.replicates;
    const band = (curves: Float32Array) =>
      isTold ? bandOf(curves.subarray(0, count * PLACES), draws.level) : null;
    return {
      roc,
      rocBand: band(bands.sensitivities),
      precisionRecall,
      precisionRecallBand: band(bands.precisions),
    };
  });
}
