/**
 * The section that compares two predictors.
 *
 * Knows: figures. Not how they are computed.
 */

import type { ComparisonReport } from "../../../results/comparison.ts";
import type { Predictor } from "../../../results/predictor.ts";
import { counted } from "../../../text.ts";
import { share } from "../../words/table.ts";
import { aurocCells } from "../comparison.ts";
import { signedInterval } from "../figures.ts";
import { inlineForest } from "../plots/forest.ts";
import { comparisonForest } from "../plots/forests.ts";
import { figure, html, type Markup, section, table, wide } from "./markup.ts";

/** Differences of AUROC and average precision on the images that both have. */
export function comparisonSection(report: ComparisonReport, first: Predictor): Markup {
  const { second, images, patients, labels, comparison } = report;
  const { mean } = comparison;
  const row = (label: string, k: number) => {
    const figures = comparison.findings[k]!;
    const { first, second: other, difference } = figures?.averagePrecision ?? {};
    return [
      ...aurocCells(label, figures),
      share(first ?? null),
      share(other ?? null),
      signedInterval(difference ?? null),
    ];
  };
  return section(
    "Comparison",
    html`<p>${first.name} and ${second.name} (sha256 <code>${second.sha256.slice(0, 12)}…</code>) on ${counted(images, "image")} of
${counted(patients, "patient")} that both have, and on the same draws of patients. DeLong’s p treats images as independent, so it is too small if patients have
several. Apart from that, Holm’s p keeps the chance of any false discovery among all findings at its level.</p>`,
    figure(
      wide(inlineForest(comparisonForest(report, first.name, second.name)), "Differences of AUROC"),
      `To the right of the dotted line, ${first.name} is better.`,
    ),
    table({
      name: "Figures of both predictors for each finding",
      groups: [
        ["", 1],
        ["AUROC", 5],
        ["average precision", 3],
      ],
      head: [
        ...["finding", "first", "second", "difference (95 %)", "DeLong’s p", "Holm’s p"],
        ...["first", "second", "difference (95 %)"],
      ],
      rows: [
        ...labels.map(row),
        ...(mean === null
          ? []
          : [
              [
                `mean of ${mean.findings}`,
                ...[share(mean.auroc.first), share(mean.auroc.second), signedInterval(mean.auroc.difference)],
                ...["", "", share(mean.averagePrecision.first), share(mean.averagePrecision.second)],
                signedInterval(mean.averagePrecision.difference),
              ],
            ]),
      ],
      foot: mean === null ? 0 : 1,
    }),
  );
}
