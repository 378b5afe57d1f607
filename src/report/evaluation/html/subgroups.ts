/**
 * The section on subgroups of patients and views.
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

/** Whether an interval excludes 0. */
const isApart = ({ interval }: BootstrapFigure): boolean =>
  interval !== null && (interval.low > 0 || interval.high < 0);

/** A figure with its gap, marked if the gap's interval excludes 0. */
function cell(value: number | null, gap: BootstrapFigure | null): Part {
  if (value === null) return "–";
  if (gap === null) return share(value);
  const words = html`${share(value)} <small>${signed(gap.value)}</small>`;
  return isApart(gap) ? html`<b>${words} *</b>` : words;
}

function meanTable({ subgroups }: EvaluationReport): Markup {
  return table({
    name: "Means by group",
    head: [
      ...["group", "images", "patients", "findings", "mean AUROC (95 %)", "findings compared"],
      ...["AUROC gap (95 %)", "sensitivity gap (95 %)", "specificity gap (95 %)"],
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

/** Figures by sex, age and view; null if no trait has two groups. */
export function subgroupSection(report: EvaluationReport): Markup | null {
  const forest = subgroupForest(report);
  if (forest === null) return null;
  return section(
    "Subgroups",
    html`<p>A gap is a group’s figure minus that of the other group or, with more than two groups, minus the median of all. Sensitivity
and specificity are taken at the operating point. If the interval of a gap excludes 0, other patients would probably show the gap
too. Some gaps look like that by chance: one in twenty between large groups, one in eight or nine between groups with ten
positives. A group is not compared on a finding that fewer than ${FEWEST_PATIENTS} of its patients have or lack. A gap can come from
something that differs between the groups, such as how ill they are or how they were imaged.</p>`,
    figure(wide(inlineForest(forest), "Mean AUROC by subgroup"), "Mean AUROC by subgroup."),
    meanTable(report),
    findingTable(
      report,
      "auroc",
      html`AUROC of each finding, with its gap. <b>*</b> The gap’s 95 % interval excludes 0.`,
    ),
    findingTable(
      report,
      "sensitivity",
      "Sensitivity at the operating point, with its gap. Below 0, the finding is missed more often in this group.",
    ),
  );
}
