/**
 * ROC and precision–recall curves of findings, with their bands.
 *
 * Knows: figures and curves. How panels look is in `panel.ts`.
 */

import { area, line } from "d3-shape";
import type { CurveBand, CurvePoints } from "../../../evaluation/curves.ts";
import { BAND_STEPS } from "../../../evaluation/curves.ts";
import { displayName } from "../../../findings.ts";
import type { EvaluationReport } from "../../../results/evaluation.ts";
import { fill, px, stroke } from "../../charts/chart.ts";
import { share } from "../../words/table.ts";
import { withInterval } from "../figures.ts";
import { type Axes, axesTo, type Panel, panelOf } from "./panel.ts";

export const ROC_LEGEND =
  "Shaded: 95 % interval over patients at each false positive rate. Circle: operating point. Dotted: chance.";
export const PRECISION_RECALL_LEGEND =
  "Shaded: 95 % interval over patients at each recall. Circle: operating point. Dotted: the share of positives, which is what chance gives.";

/** A curve upon its band. */
function drawCurve({ x, y }: Axes, curve: CurvePoints, band: CurveBand | null): string {
  const path = line<number>(
    (i) => x(curve.x[i]!),
    (i) => y(curve.y[i]!),
  ).digits(1);
  const shade = area<number>()
    .x((j) => x(j / BAND_STEPS))
    .y0((j) => y(band!.low[j]!))
    .y1((j) => y(band!.high[j]!))
    .digits(1);
  const places = Array.from({ length: BAND_STEPS + 1 }, (_, j) => j);
  return (
    (band === null ? "" : `<path d="${shade(places)}" fill-opacity="0.2" ${fill("blue")}/>`) +
    `<path d="${path([...curve.x.keys()])}" fill="none" stroke-width="1.8" stroke-linejoin="round" ${stroke("blue")}/>`
  );
}

/** A straight dotted line. */
export const dotted = (d: string): string =>
  `<path d="${d}" fill="none" stroke-width="1.2" stroke-dasharray="2 4" ${stroke("mark")}/>`;

const circle = ({ x, y }: Axes, atX: number, atY: number): string =>
  `<circle cx="${px(x(atX))}" cy="${px(y(atY))}" r="4" fill="none" stroke-width="2" ${stroke("orange")}/>`;

/** A ROC panel for each finding that has a curve. */
export function rocPanels({ labels, curves, evaluation }: EvaluationReport): Panel[] {
  const axes = axesTo();
  const side = axes.x.range()[1]!;
  return labels.flatMap((label, k) => {
    const [drawn, figures] = [curves[k], evaluation.findings[k]!.figures];
    if (!drawn || figures === null) return [];
    const { sensitivity, specificity } = figures.given;
    const frame = {
      title: displayName(label),
      remark: `AUROC ${withInterval(figures.auroc)}`,
      xLabel: "1 − specificity",
      yLabel: "sensitivity",
    };
    const point =
      sensitivity === null || specificity === null ? "" : circle(axes, 1 - specificity, sensitivity);
    return [
      panelOf(
        frame,
        axes,
        dotted(`M0 ${side}L${side} 0`) + drawCurve(axes, drawn.roc, drawn.rocBand) + point,
      ),
    ];
  });
}

/** A precision–recall panel for each finding that has a curve. */
export function precisionRecallPanels({ labels, curves, evaluation }: EvaluationReport): Panel[] {
  const axes = axesTo();
  const side = axes.x.range()[1]!;
  return labels.flatMap((label, k) => {
    const [drawn, { figures, positives, negatives }] = [curves[k], evaluation.findings[k]!];
    if (!drawn || figures === null) return [];
    const prevalence = positives / (positives + negatives);
    const { sensitivity, ppv } = figures.given;
    const frame = {
      title: displayName(label),
      remark: `AP ${withInterval(figures.averagePrecision)}, prevalence ${share(prevalence)}`,
      xLabel: "recall (sensitivity)",
      yLabel: "precision (PPV)",
    };
    const chance = dotted(`M0 ${px(axes.y(prevalence))}H${side}`);
    const point = sensitivity === null || ppv === null ? "" : circle(axes, sensitivity, ppv);
    return [
      panelOf(
        frame,
        axes,
        chance + drawCurve(axes, drawn.precisionRecall, drawn.precisionRecallBand) + point,
      ),
    ];
  });
}
