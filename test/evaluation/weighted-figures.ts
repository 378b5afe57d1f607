import { FIGURES, LANES, type RankedRuns, walkDown, widthOf } from "../../src/evaluation/ranked-runs.ts";

/** AUROC and average precision of weighted examples; null where the positives or the negatives have no weight. */
export function weightedFigures(
  runs: RankedRuns,
  weights: Float64Array,
): { readonly auroc: number; readonly averagePrecision: number } | null {
  const figures = new Float64Array(LANES * widthOf(runs));
  walkDown(runs, weights, 53, figures);
  const auroc = figures[FIGURES.auroc]!;
  return Number.isNaN(auroc) ? null : { auroc, averagePrecision: figures[FIGURES.averagePrecision]! };
}
