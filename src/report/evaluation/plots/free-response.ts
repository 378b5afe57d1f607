/**
 * Free-response curves: how many boxes the regions of heatmaps find, and how many false regions that takes.
 *
 * Knows: figures. How panels look is in `panel.ts`.
 */

import { line } from "d3-shape";
import type { MapKind } from "../../../evaluation/control-maps.ts";
import type { FreeResponsePoint, RegionFigures } from "../../../evaluation/region-figures.ts";
import { CURVE_THRESHOLD } from "../../../evaluation/region-tally.ts";
import { displayName } from "../../../findings.ts";
import type { LocalisationReport } from "../../../results/localisation.ts";
import { dashed, fill, type Ink, px, stroke, textAt } from "../../charts/chart.ts";
import { withInterval } from "../figures.ts";
import { shownMatch } from "../regions.ts";
import { type Axes, axesTo, type Panel, panelOf } from "./panel.ts";

export const FREE_RESPONSE_LEGEND =
  "Dots: the model’s maps at levels from 95 % of a map’s maximum down to 5 %. Dotted grey: random maps; dashed orange: maps that are highest in the middle; both may leave the panel on the right. " +
  "Bars: 95 % intervals of the sensitivity over patients. Circle: the level of predict.";

const LINES: Readonly<Record<MapKind, { readonly ink: Ink; readonly dashes?: string }>> = {
  centre: { ink: "orange", dashes: "7 4" },
  random: { ink: "grey", dashes: "2 3" },
  model: { ink: "blue" },
};

/** A curve, broken where it leaves the panel. */
function curvePath({ x, y }: Axes, curve: readonly FreeResponsePoint[], end: number): string {
  const path = line<FreeResponsePoint>(
    ({ falseRegions }) => x(falseRegions),
    ({ sensitivity }) => y(sensitivity!.value),
  )
    .defined(({ falseRegions }) => falseRegions <= end)
    .digits(1);
  return path(curve) ?? "";
}

const dot = ({ x, y }: Axes, atX: number, atY: number, style: string): string =>
  `<circle cx="${px(x(atX))}" cy="${px(y(atY))}" ${style}/>`;

/** A dot at each point, and the level in words at the first. */
function dots(axes: Axes, curve: readonly FreeResponsePoint[]): string {
  const circles = curve.map(({ falseRegions, sensitivity }) =>
    dot(axes, falseRegions, sensitivity!.value, `r="2.6" ${fill("blue")}`),
  );
  const { level, falseRegions, sensitivity } = curve[0]!;
  const [x, y] = [axes.x(falseRegions) + 5, axes.y(sensitivity!.value) - 5];
  return circles.join("") + textAt(x, y, `${Math.round(100 * level)} %`, { size: 10 });
}

/** An upright bar at each point, as long as the interval of its sensitivity. */
function bars({ x, y }: Axes, curve: readonly FreeResponsePoint[]): string {
  const d = curve.flatMap(({ falseRegions, sensitivity }) => {
    const { interval } = sensitivity!;
    return interval === null
      ? []
      : [`M${px(x(falseRegions))} ${px(y(interval.low))}V${px(y(interval.high))}`];
  });
  return `<path d="${d.join("")}" fill="none" stroke-width="3" stroke-opacity="0.2" ${stroke("blue")}/>`;
}

function panel(title: string, { pairs, maps }: RegionFigures): Panel {
  const { curve, regions } = maps.model;
  const { matched, recall } = shownMatch(maps.model);
  const shown = (regions - matched) / pairs;
  // The model's curve fills the panel, with room for words on its right.
  const end = 1.15 * Math.max(1, shown, ...curve.map(({ falseRegions }) => falseRegions));
  const axes = axesTo(end);
  const curves = (Object.keys(LINES) as MapKind[]).map((kind) => {
    const { ink, dashes } = LINES[kind];
    return `<path d="${curvePath(axes, maps[kind].curve, end)}" fill="none" stroke-width="1.2" stroke-linejoin="round"${dashed(dashes)} ${stroke(ink)}/>`;
  });
  const frame = {
    title,
    remark: `recall ${withInterval(recall)} at IoU ${CURVE_THRESHOLD}`,
    xLabel: "false regions per heatmap",
    yLabel: "sensitivity (recall)",
  };
  const circle = dot(axes, shown, recall!.value, `r="5" fill="none" stroke-width="2" ${stroke("blue")}`);
  return panelOf(frame, axes, bars(axes, curve) + curves.join("") + dots(axes, curve) + circle);
}

/** A panel for each finding with boxes, and one for all pairs. */
export const freeResponsePanels = ({ findings, overall }: LocalisationReport): Panel[] => [
  ...findings.map(({ label, regions }) => panel(displayName(label), regions)),
  ...(findings.length > 1 ? [panel("All pairs", overall.regions)] : []),
];
