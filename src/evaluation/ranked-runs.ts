/**
 * A ranking in runs, made to be walked down a thousand times: once for each replicate of a bootstrap.
 *
 * From the top, a run of negatives that tie with no positive is followed by the positives of one score, and these by the
 * negatives that tie with them. Along a run there is nothing to do but to add up weights; figures move at its end alone,
 * and there are as few ends as there are positives.
 *
 * Adding up is most of the work, and what costs is fetching the weights of examples that lie anywhere. So the weights of
 * up to three replicates share one number: whole numbers that stay below 2ᵇ in sum, b bits apart (`patient-draws.ts`).
 *
 * Knows:      numbers. Unknown truths (NaN) take no part.
 * Reference:  scikit-learn's roc_auc_score, average_precision_score and confusion_matrix, with sample_weight.
 */

import type { Ranking } from "./ranking.ts";

/** A ranking in runs. */
export interface RankedRuns {
  /** Which example stands at each place, by falling score; of equal scores, positives first. */
  readonly order: Uint32Array;
  /** For each step down: where a run of negatives ends, then the positives of one score, then the negatives of theirs. */
  readonly runEnds: Uint32Array;
  readonly positiveEnds: Uint32Array;
  readonly groupEnds: Uint32Array;
  /** For each threshold, how many steps hold the examples at or over it. */
  readonly marks: Uint32Array;
}

/** Thresholds at which counts are wanted. */
interface Marking {
  /** Those that were ranked. */
  readonly scores: ArrayLike<number>;
  /** Rounded as the scores are. */
  readonly thresholds: readonly number[];
}

/** Gathers examples and closes steps. */
class RunBuilder {
  readonly order: Uint32Array;
  readonly runEnds: number[] = [];
  readonly positiveEnds: number[] = [];
  readonly groupEnds: number[] = [];
  length = 0;

  constructor(length: number) {
    this.order = new Uint32Array(length);
  }

  /** End a step: all examples since the last one are a run of negatives, but for these two counts at its end. */
  close(positives: number, tied: number): void {
    if (this.length === (this.groupEnds.at(-1) ?? 0)) return;
    this.runEnds.push(this.length - positives - tied);
    this.positiveEnds.push(this.length - tied);
    this.groupEnds.push(this.length);
  }

  /** Take the examples of one score. */
  take(positives: readonly number[], negatives: readonly number[]): void {
    for (const example of positives) this.order[this.length++] = example;
    for (const example of negatives) this.order[this.length++] = example;
    if (positives.length > 0) this.close(positives.length, negatives.length);
  }
}

/** Bring a ranking into runs. */
export function rankedRuns(
  { order, isPositive, endsGroup }: Ranking,
  { scores, thresholds }: Marking = { scores: [], thresholds: [] },
): RankedRuns {
  const limits = thresholds.map((threshold) =>
    scores instanceof Float32Array ? Math.fround(threshold) : threshold,
  );
  const marks = new Uint32Array(limits.length);
  const isPassed = limits.map(() => false);
  const runs = new RunBuilder(order.length);
  const mark = (m: number) => {
    runs.close(0, 0);
    marks[m] = runs.groupEnds.length;
    isPassed[m] = true;
  };
  const [positives, negatives]: [number[], number[]] = [[], []];
  for (let k = 0; k < order.length; k++) {
    const example = order[k]!;
    (isPositive[k] === 1 ? positives : negatives).push(example);
    if (endsGroup[k] === 0) continue;
    for (let m = 0; m < limits.length; m++) if (!isPassed[m] && scores[example]! < limits[m]!) mark(m);
    runs.take(positives, negatives);
    positives.length = 0;
    negatives.length = 0;
  }
  runs.close(0, 0);
  for (const m of limits.keys()) if (!isPassed[m]) mark(m);
  return {
    order: runs.order.subarray(0, runs.length),
    runEnds: Uint32Array.from(runs.runEnds),
    positiveEnds: Uint32Array.from(runs.positiveEnds),
    groupEnds: Uint32Array.from(runs.groupEnds),
    marks,
  };
}

/** Replicates whose weights share one number, at most. */
export const LANES = 3;

/** The first figures of a lane; then true and false positives at each mark. */
export const FIGURES = { auroc: 0, averagePrecision: 1, positives: 2, negatives: 3, marks: 4 } as const;

/** How many figures a lane has. */
export const widthOf = ({ marks }: RankedRuns): number => FIGURES.marks + 2 * marks.length;

/**
 * Walk down once: AUROC and average precision of weighted examples, the weights of each class, and at each mark those of
 * true and false positives.
 *
 * AUROC = Σ over pairs of w⁺ · w⁻ · (1 where the positive scores higher, ½ where the same) / (Σ w⁺ · Σ w⁻), and average
 * precision = Σ over groups of equal scores of (rise of recall) · (precision down to and with that group).
 *
 * @param weights  For each example that was ranked, w₀ + 2ᵇ w₁ + 2²ᵇ w₂; not checked. With whole numbers AUROC is exact but
 *                 for its last division. Where b is 53, one weight, which need not be whole.
 * @param bits     b, so that each lane's sum is below 2ᵇ, and all of a number's below 2⁵³.
 * @param figures  Written to: `LANES` times `widthOf(runs)` numbers. AUROC and average precision are NaN in a lane whose
 *                 positives or negatives have no weight.
 */
export function walkDown(runs: RankedRuns, weights: Float64Array, bits: number, figures: Float64Array): void {
  const { order, runEnds, positiveEnds, groupEnds, marks } = runs;
  const width = widthOf(runs);
  const [one, two] = [2 ** bits, 2 ** (2 * bits)];
  const [byOne, byTwo] = [1 / one, 1 / two];
  // Three lanes spelt out: arrays of three would double the time.
  let [p0, p1, p2] = [0, 0, 0];
  let [n0, n1, n2] = [0, 0, 0];
  let [doubled0, doubled1, doubled2] = [0, 0, 0];
  let [precisions0, precisions1, precisions2] = [0, 0, 0];
  let k = 0;
  for (let step = 0; step <= runEnds.length; step++) {
    for (let m = 0; m < marks.length; m++) {
      if (marks[m] !== step) continue;
      const at = FIGURES.marks + 2 * m;
      figures[at] = p0;
      figures[at + 1] = n0;
      figures[width + at] = p1;
      figures[width + at + 1] = n1;
      figures[2 * width + at] = p2;
      figures[2 * width + at + 1] = n2;
    }
    if (step === runEnds.length) break;
    let sum = 0;
    const runEnd = runEnds[step]!;
    for (; k < runEnd; k++) sum += weights[order[k]!]!;
    // Each negative of a run loses to all positives before it.
    let s2 = Math.floor(sum * byTwo);
    sum -= s2 * two;
    let s1 = Math.floor(sum * byOne);
    let s0 = sum - s1 * one;
    doubled0 += 2 * s0 * p0;
    doubled1 += 2 * s1 * p1;
    doubled2 += 2 * s2 * p2;
    n0 += s0;
    n1 += s1;
    n2 += s2;
    sum = 0;
    const positiveEnd = positiveEnds[step]!;
    for (; k < positiveEnd; k++) sum += weights[order[k]!]!;
    const g2 = Math.floor(sum * byTwo);
    sum -= g2 * two;
    const g1 = Math.floor(sum * byOne);
    const g0 = sum - g1 * one;
    const groupEnd = groupEnds[step]!;
    if (groupEnd > positiveEnd) {
      sum = 0;
      for (; k < groupEnd; k++) sum += weights[order[k]!]!;
      s2 = Math.floor(sum * byTwo);
      sum -= s2 * two;
      s1 = Math.floor(sum * byOne);
      s0 = sum - s1 * one;
      // Of those that tie, each loses to the positives before and draws with those of its score.
      doubled0 += s0 * (2 * p0 + g0);
      doubled1 += s1 * (2 * p1 + g1);
      doubled2 += s2 * (2 * p2 + g2);
      n0 += s0;
      n1 += s1;
      n2 += s2;
    }
    p0 += g0;
    p1 += g1;
    p2 += g2;
    if (g0 > 0) precisions0 += (g0 * p0) / (p0 + n0);
    if (g1 > 0) precisions1 += (g1 * p1) / (p1 + n1);
    if (g2 > 0) precisions2 += (g2 * p2) / (p2 + n2);
  }
  writeLane(figures, 0, p0, n0, doubled0, precisions0);
  writeLane(figures, width, p1, n1, doubled1, precisions1);
  writeLane(figures, 2 * width, p2, n2, doubled2, precisions2);
}

function writeLane(
  figures: Float64Array,
  at: number,
  positives: number,
  negatives: number,
  doubled: number,
  precisions: number,
): void {
  const isTwoSided = positives > 0 && negatives > 0;
  figures[at + FIGURES.auroc] = isTwoSided ? doubled / (2 * positives * negatives) : Number.NaN;
  figures[at + FIGURES.averagePrecision] = isTwoSided ? precisions / positives : Number.NaN;
  figures[at + FIGURES.positives] = positives;
  figures[at + FIGURES.negatives] = negatives;
}
