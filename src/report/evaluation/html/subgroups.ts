/**
 * The section on groups of people and of views.
 *
 * Knows: figures. Not how they are computed.
 */

import { TRAITS } from "../../../dataset/subgroups.ts";
import { type BootstrapFigure, FEWEST_PATIENTS } from "../../../evaluation/replicated.ts";
import { displayName } from "../../../findings.ts";
import type { EvaluationReport } from "../../../results/evaluation.ts";
import { count } from "../../../text.ts";
import { share } from "../../words/table.ts";
import { signed, signedInterval, withInterval } from "../figures.ts";
import { inlineForest } from "../plots/forest.ts";
import { subgroupForest } from "../plots/forests.ts";
import { figure, html, type Markup, type Part, section, table, wide } from "./markup.ts";

/** Whether an interval leaves 0 out. */
const isApart = ({ interval }: BootstrapFigure): boolean =>
  interval !== null && (interval.low > 0 || interval.high < 0);

/** A figure with its gap; marked where the gap's interval leaves 0 out. */
function cell(value: number | null, gap: BootstrapFigure | null): Part {
  if (value === null) return "–";
  if (gap === null) return share(value);
  const words = html`${share(value)} <small>${signed(gap.value)}</small>`;
  return isApart(gap) ? html`<b>${words} *</b>` : words;
}

function meanTable({ subgroups }: EvaluationReport): Markup {
  return table({
    name: "Means of each group",
    head: [
      ...["group", "images", "patients", "findings", "mean AUROC (95 %)", "findings compared"],
      ...["gap of AUROC (95 %)", "gap of sensitivity (95 %)", "gap of specificity (95 %)"],
    ],
    rows: TRAITS.flatMap((trait) =>
      subgroups[trait].map(({ name, evaluation, gaps }) => [
        `${trait} ${name}`,
        count(evaluation.images),
        count(evaluation.patients),
        String(evaluation.mean.findings),
        withInterval(evaluation.mean.auroc),
        String(gaps.mean.findings),
        signedInterval(gaps.mean.auroc),
        signedInterval(gaps.mean.sensitivity),
        signedInterval(gaps.mean.specificity),
      ]),
    ),
  });
}

/** A row for each finding, a column for each group. */
function findingTable(report: EvaluationReport, kind: "auroc" | "sensitivity", caption: Part): Markup {
  const { labels, subgroups } = report;
  const groups = TRAITS.flatMap((trait) => subgroups[trait].map((group) => ({ trait, ...group })));
  return table({
    name: kind === "auroc" ? "AUROC of each finding and group" : "Sensitivity of each finding and group",
    caption,
    head: ["finding", ...groups.map(({ trait, name }) => `${trait} ${name}`)],
    rows: labels.map((label, k) => [
      displayName(label),
      ...groups.map(({ evaluation, gaps }) => {
        const { figures } = evaluation.findings[k]!;
        const value = kind === "auroc" ? figures?.auroc.value : figures?.given.sensitivity;
        return cell(value ?? null, gaps.findings[k]![kind]);
      }),
    ]),
  });
}

/** Figures by sex, age and view; null where no trait has two groups. */
export function subgroupSection(report: EvaluationReport): Markup | null {
  const forest = subgroupForest(report);
  if (forest === null) return null;
  return section(
    "Subgroups",
    html`<p>A gap is a group’s figure less the other group’s or, of more than two groups, less the median of all. Sensitivity and
specificity are at the operating point. An interval that leaves 0 out is a gap that other patients would hardly close; yet of
many gaps some look so by chance: one in twenty of large groups, one in eight or nine of groups with ten positives. Groups
with fewer than ${FEWEST_PATIENTS} patients with a finding, or without it, are not compared. A gap may come from what goes with
a group (how ill it is, how it was imaged) and not from the group.</p>`,
    figure(wide(inlineForest(forest), "Mean AUROC by subgroup"), "Mean AUROC by subgroup."),
    meanTable(report),
    findingTable(
      report,
      "auroc",
      html`AUROC of each finding, and its gap. <b>*</b> The gap’s 95 % interval leaves 0 out.`,
    ),
    findingTable(
      report,
      "sensitivity",
      "Sensitivity at the operating point, and its gap: below 0, the group’s findings are missed more often.",
    ),
  );
}
