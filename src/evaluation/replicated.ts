/**
 * Figures with their replicates: what a bootstrap draws, and what can be made of it.
 *
 * A difference or a mean of figures is taken replicate by replicate, on the same draws, so that what is hard for both does
 * not blur what tells them apart.
 *
 * Knows: numbers. Where a replicate lacks a figure, for want of a positive or of a negative, it is NaN.
 */

import { type Interval, percentileInterval } from "./intervals.ts";
import type { PatientDraws } from "./patient-draws.ts";
import { FIGURES, LANES, type RankedRuns, walkDown, widthOf } from "./ranked-runs.ts";

/**
 * Of fewer patients, a figure has no interval: draws of nine or less are too much alike. At ten, intervals that promise 95
 * in 100 hold an AUROC of 0.80 90 times, one of 0.95 79 times; at forty, 94 and 91 times (`coverage.test.ts`).
 */
export const FEWEST_PATIENTS = 10;

/** A figure of the images as they are, and of each draw; NaN where it is missing. */
export interface Replicated {
  readonly value: number;
  readonly draws: Float64Array;
  /** How many different patients it stands on: those with the finding or those without, whichever are fewer. */
  readonly patients: number;
}

/** A figure with the interval that its replicates span. */
export interface BootstrapFigure {
  /** Of the images as they are. */
  readonly value: number;
  /**
   * Percentile interval. Null where it would promise too much: of fewer than `FEWEST_PATIENTS`, where most replicates lack
   * the figure, and where all are equal (an AUROC of 1 of so many images is not sure to stay 1).
   */
  readonly interval: Interval | null;
  /** How many replicates the interval stands on. */
  readonly replicates: number;
  /** Those that lack the figure, for want of a positive or of a negative. */
  readonly leftOut: number;
}

/** A figure with its interval; null where the images themselves have none. */
export function figureOf({ value, draws, patients }: Replicated, level: number): BootstrapFigure | null {
  if (Number.isNaN(value)) return null;
  let [missing, differing] = [0, 0];
  for (const draw of draws) {
    if (Number.isNaN(draw)) missing++;
    else if (draw !== value) differing++;
  }
  // Replicates that have the figure are a choice of them: where they are the fewer, their interval means nothing.
  const isTold = patients >= FEWEST_PATIENTS && 2 * missing <= draws.length && differing > 0;
  return {
    value,
    interval: isTold ? percentileInterval(draws, level) : null,
    replicates: draws.length - missing,
    leftOut: missing,
  };
}

/** Replicate by replicate, a function of several figures of the same draws. */
export function combine(
  figures: readonly Replicated[],
  of: (values: readonly number[]) => number,
): Replicated {
  const [first] = figures;
  return {
    value: of(figures.map(({ value }) => value)),
    draws: (first?.draws ?? new Float64Array(0)).map((_, i) => of(figures.map(({ draws }) => draws[i]!))),
    patients: Math.min(...figures.map(({ patients }) => patients)),
  };
}

/** First − second. */
export const differenceOf = (first: Replicated, second: Replicated): Replicated => ({
  value: first.value - second.value,
  draws: first.draws.map((draw, i) => draw - second.draws[i]!),
  patients: Math.min(first.patients, second.patients),
});

/**
 * The mean; one figure that is missing makes it NaN, for a mean over fewer would be another figure. NaN of none. It stands on
 * the patients of the commonest: a rare finding among many does not make it unsure.
 */
const meanOf = (figures: readonly Replicated[]): Replicated => ({
  ...combine(figures, (values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  patients: Math.max(...figures.map(({ patients }) => patients)),
});

/** The mean over the findings that have the figure. */
export const meanOfPresent = (figures: readonly Replicated[]): Replicated =>
  meanOf(figures.filter(({ value }) => !Number.isNaN(value)));

/** What one ranking gives. */
export interface RankReplicates {
  readonly auroc: Replicated;
  readonly averagePrecision: Replicated;
  /** Weights of the classes. */
  readonly positives: Replicated;
  readonly negatives: Replicated;
  /** At or over each threshold that the runs have marks of. */
  readonly truePositives: readonly Replicated[];
  readonly falsePositives: readonly Replicated[];
}

/** How many different patients the figures of a ranking stand on: those of the positives or of the negatives. */
export function patientsBehind({ order, runEnds, positiveEnds }: RankedRuns, draws: PatientDraws): number {
  const isPositive = new Uint8Array(order.length);
  for (const [step, end] of positiveEnds.entries()) isPositive.fill(1, runEnds[step]!, end);
  return Math.min(
    draws.patientsOf(order.filter((_, k) => isPositive[k] === 1)),
    draws.patientsOf(order.filter((_, k) => isPositive[k] === 0)),
  );
}

/** The figures of one ranking, column by column. */
class Columns {
  readonly #runs: RankedRuns;
  readonly #figures: Float64Array;
  readonly #values: Float64Array;
  readonly #draws: readonly Float64Array[];
  readonly #patients: number;

  constructor(runs: RankedRuns, draws: PatientDraws) {
    this.#runs = runs;
    const width = widthOf(runs);
    this.#figures = new Float64Array(LANES * width);
    walkDown(runs, new Float64Array(draws.images).fill(1), 53, this.#figures);
    this.#values = this.#figures.slice(0, width);
    this.#draws = Array.from({ length: width }, () => new Float64Array(draws.replicates));
    this.#patients = patientsBehind(runs, draws);
  }

  add(weights: Float64Array, bits: number, replicate: number, lanes: number): void {
    walkDown(this.#runs, weights, bits, this.#figures);
    const width = this.#draws.length;
    for (let lane = 0; lane < lanes; lane++) {
      for (let f = 0; f < width; f++) this.#draws[f]![replicate + lane] = this.#figures[lane * width + f]!;
    }
  }

  finish(): RankReplicates {
    const column = (f: number): Replicated => ({
      value: this.#values[f]!,
      draws: this.#draws[f]!,
      patients: this.#patients,
    });
    const everySecond = (from: number) =>
      Array.from(this.#runs.marks, (_, m) => column(FIGURES.marks + 2 * m + from));
    return {
      auroc: column(FIGURES.auroc),
      averagePrecision: column(FIGURES.averagePrecision),
      positives: column(FIGURES.positives),
      negatives: column(FIGURES.negatives),
      truePositives: everySecond(0),
      falsePositives: everySecond(1),
    };
  }
}

/** Walk down all rankings, of examples that are the drawn images, with the weights of every draw. */
export function resample(rankings: readonly RankedRuns[], draws: PatientDraws): RankReplicates[] {
  const all = rankings.map((runs) => new Columns(runs, draws));
  draws.forEachPacked((weights, bits, replicate, lanes) => {
    for (const columns of all) columns.add(weights, bits, replicate, lanes);
  });
  return all.map((columns) => columns.finish());
}
