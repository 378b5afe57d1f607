/**
 * Reliability diagrams: how many images have a finding, among those with about the same probability.
 *
 * Knows: bins of figures. How panels look is in `panel.ts`.
 */

import { wilsonInterval } from "../../../evaluation/intervals.ts";
import type { ReliabilityBin } from "../../../evaluation/reliability.ts";
import { displayName } from "../../../findings.ts";
import type { EvaluationReport } from "../../../results/evaluation.ts";
import { dashed, fill, type Ink, px, stroke } from "../../charts/chart.ts";
import { share } from "../../words/table.ts";
import { dotted } from "./curves.ts";
import { type Axes, axesTo, type Panel, panelOf } from "./panel.ts";

/** What a diagram shows, in words. */
export const reliabilityLegend = ({ calibrated }: EvaluationReport): string =>
  [
    ...(calibrated === null ? [] : ["Solid blue: raw. Dashed orange: calibrated."]),
    "Ten bins with equal numbers of images, with Wilson’s 95 % intervals, which treat images as independent.",
    "On the dotted line, probabilities mean what they say; below it, they are too high. Axes end where the bins end.",
    "ECE uses bins of a tenth each.",
  ].join(" ");

type Filled = ReliabilityBin & { readonly meanProbability: number; readonly observedShare: number };

const filled = (bins: readonly ReliabilityBin[]): Filled[] =>
  bins.filter((bin): bin is Filled => bin.meanProbability !== null && bin.observedShare !== null);

function drawBins({ x, y }: Axes, bins: readonly Filled[], ink: Ink, dashes?: string): string {
  const end = y.domain()[1]!;
  const marks = bins.map(({ meanProbability, observedShare, count }) => {
    const { low, high } = wilsonInterval(observedShare * count, count);
    const at = px(x(meanProbability));
    return (
      `<path d="M${at} ${px(y(low))}V${px(y(Math.min(high, end)))}" stroke-width="1.2" stroke-opacity="0.6" ${stroke(ink)}/>` +
      `<circle cx="${at}" cy="${px(y(observedShare))}" r="3.2" ${fill(ink)}/>`
    );
  });
  const line = bins.map(
    (bin, i) => `${i === 0 ? "M" : "L"}${px(x(bin.meanProbability))} ${px(y(bin.observedShare))}`,
  );
  return `<path d="${line.join("")}" fill="none" stroke-width="1.4"${dashed(dashes)} ${stroke(ink)}/>${marks.join("")}`;
}

/** A panel for each finding with figures: raw probabilities blue, calibrated ones orange. */
export function reliabilityPanels({ labels, evaluation, calibrated }: EvaluationReport): Panel[] {
  return labels.flatMap((label, k) => {
    const { figures } = evaluation.findings[k]!;
    if (figures === null) return [];
    const other = calibrated?.findings[k] ?? null;
    const raw = filled(figures.massBins);
    const changed = filled(other?.massBins ?? []);
    const values = [...raw, ...changed].flatMap((bin) => [bin.meanProbability, bin.observedShare]);
    const end = axesTo(1)
      .x.domain([0, Math.min(1, Math.max(...values) * 1.08)])
      .nice(4)
      .domain()[1]!;
    const axes = axesTo(Math.min(1, end), Math.min(1, end));
    const side = axes.x.range()[1]!;
    const frame = {
      title: displayName(label),
      remark:
        other === null
          ? `ECE ${share(figures.ece)}`
          : `ECE ${share(figures.ece)}, calibrated ${share(other.ece)}`,
      xLabel: "mean probability",
      yLabel: "share with the finding",
    };
    const drawing = dotted(`M0 ${side}L${side} 0`) + drawBins(axes, raw, "blue");
    return [
      panelOf(frame, axes, drawing + (changed.length === 0 ? "" : drawBins(axes, changed, "orange", "5 3"))),
    ];
  });
}
