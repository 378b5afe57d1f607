/**
 * Sections on how well findings are recognised: figures, curves, operating points.
 *
 * Knows: figures. Not how they are computed.
 */

import { DIAGNOSTIC_FIGURES } from "../../../evaluation/diagnostic-figures.ts";
import type { FindingEvaluation } from "../../../evaluation/evaluate.ts";
import { type FigureRow, sentenceOf } from "../../../evaluation/figure.ts";
import { FINDING_FIGURES } from "../../../evaluation/finding-figures.ts";
import type { PointFigures } from "../../../evaluation/point-figures.ts";
import { FEWEST_PATIENTS } from "../../../evaluation/replicated.ts";
import { displayName } from "../../../findings.ts";
import type { EvaluationReport } from "../../../results/evaluation.ts";
import { count } from "../../../text.ts";
import { share } from "../../words/table.ts";
import { type FindingColumn, findingColumns, pointColumns } from "../figure-columns.ts";
import { criterionName, smallShare } from "../figures.ts";
import { PRECISION_RECALL_LEGEND, precisionRecallPanels, ROC_LEGEND, rocPanels } from "../plots/curves.ts";
import { inlineForest } from "../plots/forest.ts";
import { findingForest, isComparable, isOfAll } from "../plots/forests.ts";
import { inlinePanel, type Panel } from "../plots/panel.ts";
import { PUBLISHED } from "../published.ts";
import { figure, html, type Markup, markup, section, table, wide } from "./markup.ts";

/** Panels side by side, as many as fit. */
export const panelFigure = (panels: readonly Panel[], legend: string): Markup =>
  figure(html`<div class="panels">${panels.map((panel) => markup(inlinePanel(panel)))}</div>`, legend);

/** The columns of AUROC and its intervals, and the others. */
function splitAfterAuroc(columns: readonly FindingColumn[]): [FindingColumn[], FindingColumn[]] {
  const isOfAuroc = ({ name }: FindingColumn) => name === "auroc" || name === "delong";
  return [columns.filter(isOfAuroc), columns.filter((column) => !isOfAuroc(column))];
}

function findingTable(report: EvaluationReport): Markup {
  const { labels, evaluation } = report;
  const withPublished = isComparable(report);
  const published = (label: string) =>
    withPublished ? PUBLISHED.map(({ auroc }) => share(auroc[label] ?? null)) : [];
  // Published AUROCs stand beside ours.
  const [ofAuroc, others] = splitAfterAuroc(findingColumns("html"));
  const row = (label: string, { positives, negatives, figures }: FindingEvaluation) => [
    displayName(label),
    count(positives),
    share(positives + negatives === 0 ? null : positives / (positives + negatives)),
    ...ofAuroc.map(({ cell }) => cell(figures)),
    ...published(label),
    ...others.map(({ cell }) => cell(figures)),
  ];
  const { mean } = evaluation;
  const means = withPublished ? PUBLISHED.map((one) => (isOfAll(report) ? share(one.mean) : "")) : [];
  return table({
    name: "Figures of each finding",
    head: [
      ...["finding", "positive", "prevalence", ...ofAuroc.map(({ head }) => head)],
      ...(withPublished ? PUBLISHED.map(({ name }) => name) : []),
      ...others.map(({ head }) => head),
    ],
    rows: [
      ...labels.map((label, k) => row(label, evaluation.findings[k]!)),
      [
        ...[`mean of ${mean.findings}`, "", ""],
        ...ofAuroc.map((column) => column.mean(mean)),
        ...means,
        ...others.map((column) => column.mean(mean)),
      ],
    ],
    foot: 1,
  });
}

/** What the columns of a table mean. */
const explanations = (rows: readonly FigureRow[]): Markup =>
  html`<ul class="soft">${rows
    .filter(({ shownIn }) => shownIn.includes("html"))
    .map((row) => html`<li>${sentenceOf(row)}</li>`)}</ul>`;

/** Findings that could not be judged, in a sentence. */
function unjudged({ labels, evaluation }: EvaluationReport): Markup | null {
  const names = labels.filter((_, k) => evaluation.findings[k]!.figures === null).map(displayName);
  return names.length === 0
    ? null
    : html`<p>No figures, because all images or no images have the finding: ${names.join(", ")}.</p>`;
}

/** Figures of each finding, with curves. */
export function findingSection(report: EvaluationReport): Markup {
  const roc = rocPanels(report);
  return section(
    "How well findings are recognised",
    html`<p>Intervals are over patients: patients are drawn at random, each with all of their images, and the figure is computed
again. With many patients an interval contains the true value 95 times in 100; with forty patients who have
the finding, 91 to 94 times; with ten, 79 to 90 times. There is no interval if fewer than ${FEWEST_PATIENTS} patients have the finding
or lack it, or if every draw gives the same figure.</p>`,
    findingTable(report),
    explanations(Object.values(FINDING_FIGURES)),
    unjudged(report),
    isComparable(report)
      ? html`<p class="soft">Published AUROCs are shown for orientation: ${PUBLISHED.map(
          ({ citation, images }, i) => html`${i === 0 ? "" : "; "}${citation}, ${images}`,
        )}. Only compare figures that were computed on the same images with the same labels.</p>`
      : null,
    figure(wide(inlineForest(findingForest(report)), "AUROC by finding"), "AUROC by finding."),
    roc.length === 0 ? null : html`<h3>ROC curves</h3>${panelFigure(roc, ROC_LEGEND)}`,
    roc.length === 0
      ? null
      : html`<h3>Precision–recall curves</h3>${panelFigure(precisionRecallPanels(report), PRECISION_RECALL_LEGEND)}`,
  );
}

const COUNTS = ["truePositives", "falsePositives", "trueNegatives", "falseNegatives"] as const;

const POINT_COLUMNS = pointColumns("html");

const POINT_HEAD = [...["threshold", "TP", "FP", "TN", "FN"], ...POINT_COLUMNS.map(({ head }) => head)];

const pointCells = (point: PointFigures): string[] => [
  smallShare(point.threshold),
  ...COUNTS.map((name) => count(point[name])),
  ...POINT_COLUMNS.map(({ cell }) => cell(point)),
];

const SOURCES = {
  card: "the model card’s thresholds",
  given: "the given threshold",
  default: "a threshold of 0.5, because the model card has none; 0.5 means little for rare findings",
} as const;

/** Operating points: the given one and those fitted here. */
export function operatingPointSection(report: EvaluationReport): Markup {
  const { labels, evaluation, thresholds } = report;
  const judged = labels.flatMap((label, k) => {
    const { figures } = evaluation.findings[k]!;
    return figures === null ? [] : [{ label, figures }];
  });
  const criteria = judged[0]?.figures.fitted.map(({ criterion }) => criterion) ?? [];
  const rows = (pointOf: (figures: (typeof judged)[number]["figures"]) => PointFigures | null) =>
    judged.map(({ label, figures }) => {
      const point = pointOf(figures);
      return [displayName(label), ...(point === null ? POINT_HEAD.map(() => "–") : pointCells(point))];
    });
  return section(
    "Operating points",
    html`<p>A finding is called present if its raw probability is at or above the threshold. PPV and NPV depend on how common the
finding is among these images; likelihood ratios do not. Intervals keep the threshold fixed.</p>`,
    table({
      name: "Operating points",
      caption: `At ${SOURCES[thresholds]}.`,
      head: ["finding", ...POINT_HEAD],
      rows: rows(({ given }) => given),
    }),
    ...criteria.map((criterion, c) =>
      table({
        name: `Operating points by ${criterionName(criterion)}`,
        caption: `Threshold by ${criterionName(criterion)}, fitted to these very images, so the figures are optimistic.`,
        head: ["finding", ...POINT_HEAD],
        rows: rows(({ fitted }) => fitted[c]!.figures),
      }),
    ),
    explanations(Object.values(DIAGNOSTIC_FIGURES)),
  );
}
