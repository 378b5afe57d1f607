/**
 * Figures at one threshold, with intervals over drawn patients. The threshold itself stays where it is: intervals tell how
 * the figures would stray, not how another fit would.
 *
 * Knows: numbers.
 */

import { type Confusion, type DiagnosticFigures, diagnosticFigures } from "./confusion.ts";
import type { Interval } from "./intervals.ts";
import { combine, figureOf, type RankReplicates, type Replicated, ratioOf } from "./replicated.ts";

/** The figures that have intervals. */
export type PointFigure = "sensitivity" | "specificity" | "ppv" | "npv" | "f1";

/** Figures at one threshold. */
export interface PointFigures extends DiagnosticFigures, Confusion {
  readonly threshold: number;
  /** Null where the figure is, or where most replicates lack it. */
  readonly intervals: Readonly<Record<PointFigure, Interval | null>>;
}

const minus = (all: Replicated, part: Replicated): Replicated => combine([all, part], ([a, b]) => a! - b!);

/** Sensitivity and specificity at a mark of a ranking, with their replicates. */
export function ratesAt(
  { positives, negatives, truePositives, falsePositives }: RankReplicates,
  mark: number,
) {
  return {
    sensitivity: ratioOf(truePositives[mark]!, positives),
    specificity: ratioOf(minus(negatives, falsePositives[mark]!), negatives),
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
  const interval = (figure: Replicated) => figureOf(figure, level)?.interval ?? null;
  const { sensitivity, specificity } = ratesAt(replicates, mark);
  const ppv = ratioOf(
    hits,
    combine([hits, alarms], ([tp, fp]) => tp! + fp!),
  );
  const [misses, passes] = [minus(positives, hits), minus(negatives, alarms)];
  const npv = ratioOf(
    passes,
    combine([passes, misses], ([tn, fn]) => tn! + fn!),
  );
  const f1 = combine([hits, alarms, positives], ([tp, fp, p]) =>
    fp! + p! === 0 && tp === 0 ? Number.NaN : (2 * tp!) / (tp! + fp! + p!),
  );
  return {
    threshold,
    ...confusion,
    ...diagnosticFigures(confusion),
    intervals: {
      sensitivity: interval(sensitivity),
      specificity: interval(specificity),
      ppv: interval(ppv),
      npv: interval(npv),
      f1: interval(f1),
    },
  };
}
