/**
 * Figures at one threshold, with intervals over drawn patients. The threshold itself stays where it is: intervals tell how
 * the figures would stray, not how another fit would.
 *
 * Knows: numbers.
 */

import type { Confusion } from "./confusion.ts";
import {
  DIAGNOSTIC_FIGURES,
  type DiagnosticFigure,
  type DiagnosticFigures,
  diagnosticFigures,
  POINT_FIGURES,
  type PointFigure,
} from "./diagnostic-figures.ts";
import type { Interval } from "./intervals.ts";
import { figureOf, type RankReplicates, type Replicated } from "./replicated.ts";

/** Figures at one threshold. */
export interface PointFigures extends DiagnosticFigures, Confusion {
  readonly threshold: number;
  /** Null where the figure is, or where most replicates lack it. */
  readonly intervals: Readonly<Record<PointFigure, Interval | null>>;
}

/** A figure at a mark of a ranking, with its replicates. */
export function replicatedAt(
  { positives, negatives, truePositives, falsePositives }: RankReplicates,
  mark: number,
  { of }: DiagnosticFigure,
): Replicated {
  const [hits, alarms] = [truePositives[mark]!, falsePositives[mark]!];
  const at = (hit: number, alarm: number, positive: number, negative: number) =>
    of({
      truePositives: hit,
      falsePositives: alarm,
      trueNegatives: negative - alarm,
      falseNegatives: positive - hit,
    }) ?? Number.NaN;
  return {
    value: at(hits.value, alarms.value, positives.value, negatives.value),
    draws: hits.draws.map((hit, i) => at(hit, alarms.draws[i]!, positives.draws[i]!, negatives.draws[i]!)),
    patients: hits.patients,
  };
}

/**
 * All figures at a mark of a ranking.
 *
 * @param threshold  That of the mark.
 * @param level      Of the intervals.
 */
export function pointFigures(
  replicates: RankReplicates,
  mark: number,
  threshold: number,
  level: number,
): PointFigures {
  const { positives, negatives } = replicates;
  const [hits, alarms] = [replicates.truePositives[mark]!, replicates.falsePositives[mark]!];
  const confusion = {
    truePositives: hits.value,
    falsePositives: alarms.value,
    trueNegatives: negatives.value - alarms.value,
    falseNegatives: positives.value - hits.value,
  };
  const intervals = POINT_FIGURES.map((name) => {
    const figure = figureOf(replicatedAt(replicates, mark, DIAGNOSTIC_FIGURES[name]), level);
    return [name, figure?.interval ?? null] as const;
  });
  return {
    threshold,
    ...confusion,
    ...diagnosticFigures(confusion),
    intervals: Object.fromEntries(intervals) as PointFigures["intervals"],
  };
}
