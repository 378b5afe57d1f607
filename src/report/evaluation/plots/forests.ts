/**
 * The forest plots of an evaluation: findings, subgroups, and differences between two predictors.
 *
 * Knows: figures. How a forest looks is in `forest.ts`.
 */

import { TRAITS } from "../../../dataset/subgroups.ts";
import { displayName } from "../../../findings.ts";
import type { ComparisonReport } from "../../../results/comparison.ts";
import type { EvaluationReport } from "../../../results/evaluation.ts";
import { signedInterval, withInterval } from "../figures.ts";
import { PUBLISHED } from "../published.ts";
import type { Forest, ForestRow } from "./forest.ts";

/** Whether figures of papers on ChestX-ray14 may be shown beside these. */
export const isComparable = ({ isPhantom, labels }: EvaluationReport): boolean =>
  !isPhantom && labels.some((label) => Object.hasOwn(PUBLISHED[0]!.auroc, label));

/** Whether the mean is over the same findings as the published means; otherwise they cannot be compared. */
export const isOfAll = (report: EvaluationReport): boolean => {
  const names = Object.keys(PUBLISHED[0]!.auroc);
  const { labels, evaluation } = report;
  const isNih = labels.length === names.length && names.every((name) => labels.includes(name));
  return isComparable(report) && isNih && evaluation.mean.findings === names.length;
};

/** AUROC of each finding, and their mean. */
export function findingForest(report: EvaluationReport): Forest {
  const { labels, evaluation } = report;
  const withPublished = isComparable(report);
  const others = (label: string) => PUBLISHED.map(({ auroc }) => auroc[label] ?? null);
  const rows = labels.map((label, k): ForestRow => {
    const figure = evaluation.findings[k]!.figures?.auroc ?? null;
    return {
      name: displayName(label),
      figure,
      words: withInterval(figure),
      ...(withPublished ? { others: others(label) } : {}),
    };
  });
  const { mean } = evaluation;
  return {
    title: "AUROC by finding",
    axis: "AUROC, with 95 % intervals over patients",
    rows: [
      ...rows,
      {
        name: `mean of ${mean.findings}`,
        figure: mean.auroc,
        words: withInterval(mean.auroc),
        ...(isOfAll(report) ? { others: PUBLISHED.map((one) => one.mean) } : {}),
      },
    ],
    ...(withPublished ? { kinds: PUBLISHED.map(({ name }) => `${name} (published)`) } : {}),
    limits: [0, 1],
  };
}

/** Mean AUROC of each subgroup; null where there is no trait with two groups. */
export function subgroupForest({ subgroups, evaluation }: EvaluationReport): Forest | null {
  const rows = TRAITS.flatMap((trait): ForestRow[] =>
    subgroups[trait].length === 0
      ? []
      : [
          { name: trait },
          ...subgroups[trait].map(({ name, evaluation: part }) => ({
            name,
            figure: part.mean.auroc,
            words: withInterval(part.mean.auroc),
          })),
        ],
  );
  if (rows.length === 0) return null;
  const line = evaluation.mean.auroc?.value;
  return {
    title: "Mean AUROC by subgroup",
    axis: "mean AUROC, with 95 % intervals over patients; dotted line: all images",
    rows,
    ...(line === undefined ? {} : { line }),
    limits: [0, 1],
  };
}

/** Differences of AUROC, first − second. */
export function comparisonForest(
  { labels, comparison }: ComparisonReport,
  first: string,
  second: string,
): Forest {
  const rows = labels.map((label, k): ForestRow => {
    const figure = comparison.findings[k]?.auroc.difference ?? null;
    return { name: displayName(label), figure, words: signedInterval(figure) };
  });
  const mean = comparison.mean?.auroc.difference ?? null;
  return {
    title: "Difference of AUROC",
    axis: `AUROC of ${first} minus that of ${second}, with 95 % intervals over patients`,
    rows: [
      ...rows,
      { name: `mean of ${comparison.mean?.findings ?? 0}`, figure: mean, words: signedInterval(mean) },
    ],
    line: 0,
    limits: [-1, 1],
  };
}
