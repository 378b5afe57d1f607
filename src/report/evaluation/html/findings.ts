/**
 * Sections on how well findings are told apart: figures, curves, operating points.
 *
 * Knows: figures. Not how they are computed.
 */

import type { FindingEvaluation } from "../../../evaluation/evaluate.ts";
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

/** Findings that could not be judged, in a sentence. */
function unjudged({ labels, evaluation }: EvaluationReport): Markup | null {
  const names = labels.filter((_, k) => evaluation.findings[k]!.figures === null).map(displayName);
  return names.length === 0
    ? null
    : html`<p>Without figures, for want of images with the finding or of images without it: ${names.join(", ")}.</p>`;
}

/** Discrimination: AUROC and average precision, with curves. */
export function findingSection(report: EvaluationReport): Markup {
  const roc = rocPanels(report);
  return section(
    "How well findings are told apart",
    html`<p>AUROC is the chance that an image with the finding gets a higher probability than one without it: .5 is guessing,
1 is perfect. Average precision is the mean precision over all recalls; guessing gives the prevalence. Intervals draw
patients, with all of their images; DeLong’s takes images for independent. Of many patients they hold the truth 95 times in
100, of forty with the finding 91 to 94 times, of ten 79 to 90 times. There is none of fewer than ${FEWEST_PATIENTS} with the finding,
or without it, and none where every draw gives the same.</p>`,
    findingTable(report),
    unjudged(report),
    isComparable(report)
      ? html`<p class="soft">Published AUROCs stand beside these for orientation: ${PUBLISHED.map(
          ({ citation, images }, i) => html`${i === 0 ? "" : "; "}${citation}, ${images}`,
        )}. Only on the same images, with the same label file, do figures compare.</p>`
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
  given: "the threshold that was given",
  default: "0.5, for want of thresholds of the model’s own: it means little for rare findings",
} as const;

/** Operating points: the given one, and those fitted here. */
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
    html`<p>A finding is called present where its raw probability is at or over the threshold. PPV and NPV hold for the share of
images with the finding here; likelihood ratios carry over to other shares: odds times LR+ after a positive call, times LR−
after a negative one. Intervals keep the threshold where it is.</p>`,
    table({
      name: "Operating points",
      caption: `At ${SOURCES[thresholds]}.`,
      head: ["finding", ...POINT_HEAD],
      rows: rows(({ given }) => given),
    }),
    ...criteria.map((criterion, c) =>
      table({
        name: `Operating points by ${criterionName(criterion)}`,
        caption: `Threshold by ${criterionName(criterion)}, fitted to these very images: figures flatter.`,
        head: ["finding", ...POINT_HEAD],
        rows: rows(({ fitted }) => fitted[c]!.figures),
      }),
    ),
  );
}
