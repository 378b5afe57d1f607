/**
 * An evaluation's plots as files: vector graphics that a paper can take.
 *
 * Knows: their names.
 */

import type { EvaluationReport } from "../../../results/evaluation.ts";
import { PRECISION_RECALL_LEGEND, precisionRecallPanels, ROC_LEGEND, rocPanels } from "./curves.ts";
import { type Forest, forestSvg } from "./forest.ts";
import { comparisonForest, findingForest, subgroupForest } from "./forests.ts";
import { FREE_RESPONSE_LEGEND, freeResponsePanels } from "./free-response.ts";
import { type Panel, sheetOf } from "./panel.ts";
import { reliabilityLegend, reliabilityPanels } from "./reliability.ts";

/** All names that a plot may have. */
export const PLOT_NAMES = [
  "auroc.svg",
  "roc.svg",
  "precision-recall.svg",
  "reliability.svg",
  "free-response.svg",
  "subgroups.svg",
  "comparison.svg",
] as const;

type PlotName = (typeof PLOT_NAMES)[number];

/** One file: its name, and the text of an SVG. */
export interface PlotFile {
  readonly name: PlotName;
  readonly svg: string;
}

/** All plots that an evaluation has. */
export function plotFiles(report: EvaluationReport): PlotFile[] {
  const { comparison, predictor, localisation } = report;
  const sheet = (name: PlotName, panels: readonly Panel[], title: string, legend: string) =>
    panels.length === 0 ? [] : [{ name, svg: sheetOf(panels, title, legend) }];
  const forest = (name: PlotName, plot: Forest | null) =>
    plot === null ? [] : [{ name, svg: forestSvg(plot) }];
  return [
    ...forest("auroc.svg", findingForest(report)),
    ...sheet("roc.svg", rocPanels(report), "ROC curves", ROC_LEGEND),
    ...sheet(
      "precision-recall.svg",
      precisionRecallPanels(report),
      "Precision–recall curves",
      PRECISION_RECALL_LEGEND,
    ),
    ...sheet("reliability.svg", reliabilityPanels(report), "Reliability", reliabilityLegend(report)),
    ...sheet(
      "free-response.svg",
      localisation === null ? [] : freeResponsePanels(localisation),
      "Free-response curves of heatmaps",
      FREE_RESPONSE_LEGEND,
    ),
    ...forest("subgroups.svg", subgroupForest(report)),
    ...(comparison === null
      ? []
      : forest("comparison.svg", comparisonForest(comparison, predictor.name, comparison.second.name))),
  ];
}
